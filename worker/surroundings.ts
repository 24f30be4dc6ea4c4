/** What every request and answer has around it: id, CORS, one line in the log. One middleware: each costs. */
import type { MiddlewareHandler } from 'hono'
import { answer } from './answer.ts'
import { discardBody } from './body.ts'
import type { Bindings, RouteContext, RouteEnv } from './context.ts'
import { LIMITS } from './limits.ts'
import { type Problem, problemResponse, protocolErrorResponse } from './problems.ts'

/** What a page's script may send beyond what every script may. */
const ALLOW_HEADERS = 'authorization, content-type, inference-header-content-length, x-request-id'
const DAY = '86400'

/** Wraps every route. */
export const surround: MiddlewareHandler<RouteEnv> = async (c, next) => {
  const requestId = requestIdOf(c.req.header('x-request-id'))
  c.set('requestId', requestId)
  c.set('refuse', (problem, headers) => refuseAs(c, problem, headers))
  if (isPreflight(c)) c.res = preflight(c.req.header('access-control-request-method')!)
  else await next()
  if (c.res.status >= 400) await discardBody(c.req.raw)
  const { headers } = c.res
  headers.set('x-request-id', requestId)
  const allowed = c.env.ALLOWED_ORIGINS ?? '*'
  // The artifact is open to all: its users load it from anywhere.
  if (allowed !== '*' && !c.req.path.startsWith('/model/')) narrowOrigin(c.req.header('origin'), allowed, headers)
  log(c, requestId)
}

/** A problem in the form of the route's protocol. */
function refuseAs(c: RouteContext, problem: Problem, headers?: Record<string, string>): Response {
  return isProtocolPath(c.req.path)
    ? protocolErrorResponse(problem, headers)
    : problemResponse(problem, c.var.requestId, headers)
}

const isProtocolPath = (path: string) => path === '/v2' || path.startsWith('/v2/')

/** The client's own id if it has one that can stand in a log. */
function requestIdOf(sent: string | undefined): string {
  return sent !== undefined && sent.length <= LIMITS.requestIdLength && /^[\w.=:-]+$/.test(sent)
    ? sent
    : crypto.randomUUID()
}

const isPreflight = (c: RouteContext) =>
  c.req.method === 'OPTIONS' &&
  c.req.header('origin') !== undefined &&
  c.req.header('access-control-request-method') !== undefined

const preflight = (method: string) =>
  answer(
    null,
    {
      'access-control-allow-methods': method === 'POST' ? 'POST' : 'GET, HEAD, POST',
      'access-control-allow-headers': ALLOW_HEADERS,
      'access-control-max-age': DAY,
    },
    204,
  )

/** Lets pages of the listed origins alone read the answer (CORS). */
function narrowOrigin(origin: string | undefined, list: string, headers: Headers): void {
  headers.append('vary', 'Origin')
  if (origin !== undefined && isListed(origin, list)) {
    headers.set('access-control-allow-origin', origin)
  } else {
    headers.delete('access-control-allow-origin')
    headers.delete('access-control-expose-headers')
  }
}

const isListed = (origin: string, list: string) => list.split(',').some((one) => one.trim() === origin)

/** One line of JSON; never a pixel, a key or a query. */
function log(c: RouteContext, requestId: string): void {
  // Not `c.var`, which copies all variables.
  const predictions = c.get('predictions')
  console.log(
    JSON.stringify({
      requestId,
      method: c.req.method,
      path: c.req.path.slice(0, 200),
      status: c.res.status,
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
