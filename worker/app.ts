/** The HTTP routes and what surrounds them. */
import { Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { admit } from './admission.ts'
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
app.use(
  methodNotAllowed({
    app,
    onMethodNotAllowed: (c, allowed) => {
      const allow = [...allowed, 'OPTIONS'].join(', ')
      // OPTIONS asks just this.
      if (c.req.method === 'OPTIONS') return answer(null, { allow }, 204)
      const detail = `${c.req.method} is not possible here: use ${allowed.join(' or ')}.`
      return c.var.refuse({ kind: 'method-not-allowed', detail }, { allow })
    },
  }),
)

app.post('/v1/predict', admit, predict)
app.post('/v1/read', admit, read)
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
  app.post(`${path}/infer`, admit, infer)
}

app.notFound((c) => c.var.refuse({ kind: 'not-found', detail: `Nothing is served at ${c.req.path.slice(0, 200)}.` }))

app.onError((error, c) => {
  console.error(JSON.stringify({ requestId: c.var.requestId, error: error.stack ?? String(error) }))
  return c.var.refuse({ kind: 'internal', detail: 'Please report this with the request id.' })
})
