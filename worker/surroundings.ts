/** What every request and answer has around it: id, CORS, one line in the log. */
import { type Answer, responseOf } from './answer.ts'
import { discardBody } from './body.ts'
import type { Bindings, Exchange, Handler } from './context.ts'
import { LIMITS } from './limits.ts'
import { refusal } from './refusal.ts'

/** What a page's script may send beyond what every script may. */
const ALLOW_HEADERS = 'authorization, content-type, inference-header-content-length, x-request-id'
const DAY = '86400'

/** What the path of a route without parameters has for them. */
const NONE: Exchange['params'] = {}

export function exchangeOf(
  request: Request,
  env: Bindings,
  method: string,
  path: string,
  query: Exchange['query'],
  params = NONE,
): Exchange {
  const { headers } = request
  const requestId = requestIdOf(headers.get('x-request-id'))
  return { request, env, method, headers, path, query, params, requestId, predictions: undefined }
}

/** Answers a request by a route's handler, whatever happens there. */
export async function respond(handler: Handler, exchange: Exchange): Promise<Response> {
  const { request, env, method, headers, path, requestId } = exchange
  let answer: Answer
  try {
    answer = method === 'OPTIONS' && isPreflight(headers) ? preflight(headers) : await handler(exchange)
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
    console.error(JSON.stringify({ requestId, error: why }))
    answer = refusal(exchange, { kind: 'internal', detail: 'Please report this with the request id.' })
  }
  if (answer.status >= 400) await discardBody(request)
  const response = responseOf(answer, requestId)
  const allowed = env.ALLOWED_ORIGINS ?? '*'
  // The artifact is open to all: its users load it from anywhere.
  if (allowed !== '*' && !path.startsWith('/model/')) {
    narrowOrigin(headers.get('origin'), allowed, response.headers)
  }
  log(exchange, answer.status)
  return response
}

/** The client's own id if it has one that can stand in a log. */
function requestIdOf(sent: string | null): string {
  return sent !== null && sent.length <= LIMITS.requestIdLength && /^[\w.=:-]+$/.test(sent) ? sent : crypto.randomUUID()
}

const isPreflight = (headers: Headers) => headers.has('origin') && headers.has('access-control-request-method')

const preflight = (headers: Headers): Answer => ({
  status: 204,
  body: null,
  headers: {
    'access-control-allow-methods':
      headers.get('access-control-request-method') === 'POST' ? 'POST' : 'GET, HEAD, POST',
    'access-control-allow-headers': ALLOW_HEADERS,
    'access-control-max-age': DAY,
  },
})

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
function log({ env, method, path, requestId, predictions }: Exchange, status: number): void {
  console.log(
    JSON.stringify({
      requestId,
      method,
      path: path.slice(0, 200),
      status,
      images: predictions?.length,
      accepted: predictions && acceptedOf(predictions),
    }),
  )
  if (predictions !== undefined && env.ANALYTICS) count(env.ANALYTICS, path, predictions)
}

function acceptedOf(predictions: NonNullable<Exchange['predictions']>): number {
  let accepted = 0
  for (let i = 0; i < predictions.length; i++) if (predictions[i].accepted) accepted++
  return accepted
}

/** Analytics Engine takes 250 data points of a request; 128 images are within. */
function count(
  analytics: NonNullable<Bindings['ANALYTICS']>,
  route: string,
  predictions: NonNullable<Exchange['predictions']>,
): void {
  for (const { digit, confidence, accepted } of predictions) {
    analytics.writeDataPoint({
      indexes: [route],
      blobs: [route, digit === null ? '' : `${digit}`],
      doubles: [confidence, accepted ? 1 : 0],
    })
  }
}
