/** The model card as JSON, and the artifact itself for stock TensorFlow.js. */
import { parameterCount } from '../../model/artifact.ts'
import modelJson from '../../model/digits/model.json'
import weights from '../../model/digits/weights.bin'
import { constant } from '../constant.ts'
import { card, layers } from '../digits.ts'
import type { ModelResponse } from '../schemas.ts'

/** GET /v1/model */
export const model = constant('application/json', () => {
  const answer: ModelResponse = {
    ...card,
    layers: layers.map(({ inputs, units, activation }) => ({ inputs, units, activation })),
    parameters: parameterCount(layers),
    weightsBytes: weights.byteLength,
  }
  return JSON.stringify(answer)
})

/** GET /model/model.json, for `tf.loadLayersModel` */
export const topology = constant('application/json', () => JSON.stringify(modelJson))

/** GET /model/weights.bin, which model.json names */
export const weightsFile = constant('application/octet-stream', () => new Uint8Array(weights))
