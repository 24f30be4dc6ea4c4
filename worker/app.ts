/** The HTTP routes and what surrounds them. */
import { Hono } from 'hono'
import { admitted } from './admission.ts'
import { answer } from './answer.ts'
import { constant } from './constant.ts'
import type { RouteEnv } from './context.ts'
import { openApi } from './openapi.ts'
import { infer, live, modelMetadata, modelReady, ready, server } from './routes/inference.ts'
import { model, topology, weightsFile } from './routes/model.ts'
import { predict } from './routes/predict.ts'
import { read } from './routes/read.ts'
import { surround } from './surroundings.ts'

export const app = new Hono<RouteEnv>()

app.use(surround)
app.post('/v1/predict', admitted(predict))
app.post('/v1/read', admitted(read))
app.get('/v1/model', model)
app.get(
  '/v1/openapi.json',
  constant('application/json', () => JSON.stringify(openApi())),
)

app.get('/model/model.json', topology)
app.get('/model/weights.bin', weightsFile)

app.get('/v2', server)
app.get('/v2/health/live', live)
app.get('/v2/health/ready', ready)
for (const path of ['/v2/models/:model', '/v2/models/:model/versions/:version']) {
  app.get(path, modelMetadata)
  app.get(`${path}/ready`, modelReady)
  app.post(`${path}/infer`, admitted(infer))
}

app.notFound((c) => {
  const { method, path } = c.req
  const methods = methodsOf(path)
  if (methods.length === 0) {
    return c.var.refuse({ kind: 'not-found', detail: `Nothing is served at ${path.slice(0, 200)}.` })
  }
  const allow = [...methods, 'OPTIONS'].join(', ')
  // OPTIONS asks just this.
  if (method === 'OPTIONS') return answer(null, { allow }, 204)
  return c.var.refuse(
    { kind: 'method-not-allowed', detail: `${method} is not possible here: use ${methods.join(' or ')}.` },
    { allow },
  )
})

app.onError((error, c) => {
  console.error(JSON.stringify({ requestId: c.var.requestId, error: error.stack ?? String(error) }))
  return c.var.refuse({ kind: 'internal', detail: 'Please report this with the request id.' })
})

/** The methods that a path takes. Asked when none was found: Hono's middleware for it would stand around every answer. */
function methodsOf(path: string): string[] {
  // `surround` matches always; a route comes on top of it.
  const takes = (method: string) => app.router.match(method, path)[0].length > 1
  return [takes('GET') ? ['GET', 'HEAD'] : [], takes('POST') ? ['POST'] : []].flat()
}
