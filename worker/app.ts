/** The HTTP routes and what surrounds them. */
import { Hono } from 'hono'
import { etag } from 'hono/etag'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { type RequestIdVariables, requestId } from 'hono/request-id'
import { problemResponse } from './problems.ts'
import { live, ready } from './routes/health.ts'
import { model } from './routes/model.ts'
import { predict } from './routes/predict.ts'

export const app = new Hono<{ Bindings: Env; Variables: RequestIdVariables }>()

app.use(requestId())
app.use(
  methodNotAllowed({
    app,
    onMethodNotAllowed: (c, allowed) =>
      problemResponse(
        c,
        { kind: 'method-not-allowed', detail: `${c.req.method} is not possible here: use ${allowed.join(', ')}.` },
        { allow: allowed.join(', ') },
      ),
  }),
)

app.post('/v1/predict', predict)
app.get('/v1/model', etag(), model)
app.get('/v2/health/live', live)
app.get('/v2/health/ready', ready)

app.notFound((c) => problemResponse(c, { kind: 'not-found', detail: `Nothing is served at ${c.req.path}.` }))

app.onError((error, c) => {
  console.error(JSON.stringify({ requestId: c.get('requestId'), error: error.stack ?? String(error) }))
  return problemResponse(c, { kind: 'internal', detail: 'Please report this with the request id.' })
})
