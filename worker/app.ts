/** The HTTP routes and what surrounds them. */
import { Hono } from 'hono'
import { admitted } from './admission.ts'
import { answer } from './answer.ts'
import { constant } from './constant.ts'
import type { Handler, RouteEnv } from './context.ts'
import { openApi } from './openapi.ts'
import { refusal } from './refusal.ts'
import { infer, live, modelMetadata, modelReady, ready, server } from './routes/inference.ts'
import { model, topology, weightsFile } from './routes/model.ts'
import { predict } from './routes/predict.ts'
import { read } from './routes/read.ts'
import { surrounded } from './surroundings.ts'

export const app = new Hono<RouteEnv>()

const get = (path: string, handler: Handler) => app.get(path, surrounded(handler))
/** What computes, not everyone may ask for. */
const post = (path: string, handler: Handler) => app.post(path, surrounded(admitted(handler)))

post('/v1/predict', predict)
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
  surrounded((c) => {
    const { method, path } = c.req
    const methods = methodsOf(path)
    if (methods.length === 0) {
      return refusal(c, { kind: 'not-found', detail: `Nothing is served at ${path.slice(0, 200)}.` })
    }
    const allow = [...methods, 'OPTIONS'].join(', ')
    // OPTIONS asks just this.
    if (method === 'OPTIONS') return answer(null, { allow }, 204)
    return refusal(
      c,
      { kind: 'method-not-allowed', detail: `${method} is not possible here: use ${methods.join(' or ')}.` },
      { allow },
    )
  }),
)

/** The methods that a path takes. Asked when none was found: Hono's middleware for it would stand around every answer. */
function methodsOf(path: string): string[] {
  const takes = (method: string) => app.router.match(method, path)[0].length > 0
  return [takes('GET') ? ['GET', 'HEAD'] : [], takes('POST') ? ['POST'] : []].flat()
}
