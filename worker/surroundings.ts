/** What every request and answer has around it: id, CORS, one line in the log. */
import { answer } from './answer.ts'
import { discardBody } from './body.ts'
import type { Bindings, Handler, RouteContext } from './context.ts'
import { LIMITS } from './limits.ts'
import { refusal } from './refusal.ts'

/** What a page's script may send beyond what every script may. */
const ALLOW_HEADERS = 'authorization, content-type, inference-header-content-length, x-request-id'
const DAY = '86400'

/**
 * Stands around every route's handler. Not a middleware: each layer of Hono's costs several microseconds, and without any
 * it calls the handler straight.
 */
export const surrounded =
  (handler: Handler) =>
  async (c: RouteContext): Promise<Response> => {
    const request = c.req.raw
    const requestId = requestIdOf(request.headers.get('x-request-id'))
    c.set('requestId', requestId)
    let response: Response
    try {
      response = request.method === 'OPTIONS' && isPreflight(request) ? preflight(request) : await handler(c)
    } catch (error) {
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
      console.error(JSON.stringify({ requestId, error: why }))
      response = refusal(c, { kind: 'internal', detail: 'Please report this with the request id.' })
    }
    if (response.status >= 400) await discardBody(request)
    const { headers } = response
    headers.set('x-request-id', requestId)
    const allowed = c.env.ALLOWED_ORIGINS ?? '*'
    // The artifact is open to all: its users load it from anywhere.
    if (allowed !== '*' && !c.req.path.startsWith('/model/')) {
      narrowOrigin(request.headers.get('origin'), allowed, headers)
    }
    log(c, requestId, response.status)
    return response
  }

/** The client's own id if it has one that can stand in a log. */
function requestIdOf(sent: string | null): string {
  return sent !== null && sent.length <= LIMITS.requestIdLength && /^[\w.=:-]+$/.test(sent) ? sent : crypto.randomUUID()
}

const isPreflight = ({ headers }: Request) => headers.has('origin') && headers.has('access-control-request-method')

const preflight = ({ headers }: Request) =>
  answer(
    null,
    {
      'access-control-allow-methods':
        headers.get('access-control-request-method') === 'POST' ? 'POST' : 'GET, HEAD, POST',
      'access-control-allow-headers': ALLOW_HEADERS,
      'access-control-max-age': DAY,
    },
    204,
  )

/** Lets pages of the listed origins alone read the answer (CORS). */
function narrowOrigin(origin: string | null, list: string, headers: Headers): void {
  headers.append('vary', 'Origin')
  if (origin !== null && isListed(origin, list)) {
    headers.set('access-control-allow-origin', origin)
  } else {
    headers.delete('access-control-allow-origin')
    headers.delete('access-control-expose-headers')
  }
}

const isListed = (origin: string, list: string) => list.split(',').some((one) => one.trim() === origin)

/** One line of JSON; never a pixel, a key or a query. */
function log(c: RouteContext, requestId: string, status: number): void {
  // Not `c.var`, which copies all variables.
  const predictions = c.get('predictions')
  console.log(
    JSON.stringify({
      requestId,
      method: c.req.raw.method,
      path: c.req.path.slice(0, 200),
      status,
      images: predictions?.length,
      accepted: predictions?.reduce((count, one) => count + (one.accepted ? 1 : 0), 0),
    }),
  )
  if (predictions !== undefined && c.env.ANALYTICS) count(c.env.ANALYTICS, c.req.path, predictions)
}

/** Analytics Engine takes 250 data points of a request; 128 images are within. */
function count(
  analytics: NonNullable<Bindings['ANALYTICS']>,
  route: string,
  predictions: NonNullable<RouteContext['var']['predictions']>,
): void {
  for (const { digit, confidence, accepted } of predictions) {
    analytics.writeDataPoint({
      indexes: [route],
      blobs: [route, digit === null ? '' : `${digit}`],
      doubles: [confidence, accepted ? 1 : 0],
    })
  }
}
