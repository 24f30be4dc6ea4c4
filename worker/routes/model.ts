/** GET /v1/model: the model card as JSON. */
import type { Context } from 'hono'
import { parameterCount } from '../../model/artifact.ts'
import { card, layers, weightsBytes } from '../digits.ts'

const body = JSON.stringify({
  ...card,
  layers: layers.map(({ inputs, units, activation }) => ({ inputs, units, activation })),
  parameters: parameterCount(layers),
  weightsBytes,
})

export const model = (c: Context): Response => c.body(body, 200, { 'content-type': 'application/json' })
