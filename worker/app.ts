/** The HTTP routes. */
import { type Context, Hono } from 'hono'
import { admitted } from './admission.ts'
import { constant } from './constant.ts'
import type { Bindings, Handler } from './context.ts'
import { openApi } from './openapi.ts'
import { refusal } from './refusal.ts'
import { infer, live, modelMetadata, modelReady, ready, server } from './routes/inference.ts'
import { model, topology, weightsFile } from './routes/model.ts'
import { predict } from './routes/predict.ts'
import { read } from './routes/read.ts'
import { exchangeOf, respond } from './surroundings.ts'

type Env = { Bindings: Bindings }

export const app = new Hono<Env>()

/** A handler as Hono calls it. What stands around it is no middleware: Hono calls a route's only handler straight. */
const routed = (handler: Handler) => (c: Context<Env>) => {
  const { raw, method, url, path } = c.req
  const query = url.includes('?') ? c.req.query() : undefined
  return respond(handler, exchangeOf(raw, c.env, method, path, query, c.req.param()))
}

const get = (path: string, handler: Handler) => app.get(path, routed(handler))
/** What computes, not everyone may ask for. */
const post = (path: string, handler: Handler) => app.post(path, routed(admitted(handler)))

const PREDICT = '/v1/predict'
post(PREDICT, predict)
post('/v1/read', read)
get('/v1/model', model)
get(
  '/v1/openapi.json',
  constant('application/json', () => JSON.stringify(openApi())),
)

get('/model/model.json', topology)
get('/model/weights.bin', weightsFile)

get('/v2', server)
get('/v2/health/live', live)
get('/v2/health/ready', ready)
for (const path of ['/v2/models/:model', '/v2/models/:model/versions/:version']) {
  get(path, modelMetadata)
  get(`${path}/ready`, modelReady)
  post(`${path}/infer`, infer)
}

app.notFound(
  routed((exchange) => {
    const { method, path } = exchange
    const methods = methodsOf(path)
    if (methods.length === 0) {
      return refusal(exchange, { kind: 'not-found', detail: `Nothing is served at ${path.slice(0, 200)}.` })
    }
    const allow = [...methods, 'OPTIONS'].join(', ')
    // OPTIONS asks just this.
    if (method === 'OPTIONS') return { status: 204, body: null, headers: { allow } }
    return refusal(
      exchange,
      { kind: 'method-not-allowed', detail: `${method} is not possible here: use ${methods.join(' or ')}.` },
      { allow },
    )
  }),
)

const admittedPredict = admitted(predict)

/** Answers a request. Hono would find the commonest one's handler too, but takes several microseconds for it. */
export function handle(request: Request, env: Bindings, context: ExecutionContext): Response | Promise<Response> {
  const { method } = request
  return method === 'POST' && isAt(PREDICT, request.url)
    ? respond(admittedPredict, exchangeOf(request, env, method, PREDICT, undefined))
    : app.fetch(request, env, context)
}

/** Whether an absolute URL, as a Request has it, has this path and no query. Its host follows http:// or https://. */
const isAt = (path: string, url: string) => url.endsWith(path) && url.indexOf('/', 8) === url.length - path.length

/** The methods that a path takes. Asked when none was found: Hono's middleware for it would stand around every answer. */
function methodsOf(path: string): string[] {
  const takes = (method: string) => app.router.match(method, path)[0].length > 0
  return [takes('GET') ? ['GET', 'HEAD'] : [], takes('POST') ? ['POST'] : []].flat()
}
