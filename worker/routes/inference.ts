/** The Open Inference Protocol's routes, version 2, with Triton's binary tensors: https://github.com/kserve/open-inference-protocol */
import { type Prediction, recognizeDigits } from '../../recognize/digit.ts'
import { type Answer, answerJson } from '../answer.ts'
import { readBody } from '../body.ts'
import type { Exchange } from '../context.ts'
import { card, classifier } from '../digits.ts'
import { composeAnswer, INPUT, type Inference, OUTPUTS, readInferRequest, wireAnswer } from '../inference-protocol.ts'
import { type Problem, refuse } from '../problems.ts'
import type { InferResponse, ModelMetadata, ServerMetadata } from '../protocol-schemas.ts'
import { refusal } from '../refusal.ts'

const SERVER: ServerMetadata = { name: 'edge-digits', version: '2', extensions: ['binary_tensor_data'] }

const METADATA: ModelMetadata = {
  name: card.name,
  versions: [card.version],
  platform: 'tensorflowjs_layersmodel',
  inputs: [{ name: INPUT, datatype: 'FP32', shape: [-1, 784] }],
  outputs: OUTPUTS,
}

export const server = (): Answer => answerJson(SERVER)
// A Worker that answers at all has loaded its model.
export const live = (): Answer => answerJson({ live: true })
export const ready = (): Answer => answerJson({ ready: true })

export const modelMetadata = (exchange: Exchange): Answer => {
  const problem = checkModel(exchange)
  return problem ? refusal(exchange, problem) : answerJson(METADATA)
}

export const modelReady = (exchange: Exchange): Answer => {
  const problem = checkModel(exchange)
  return problem ? refusal(exchange, problem) : answerJson({ name: card.name, ready: true })
}

export async function infer(exchange: Exchange): Promise<Answer> {
  const problem = checkModel(exchange)
  if (problem) return refusal(exchange, problem)
  const body = await readBody(exchange)
  if (!body.ok) return refusal(exchange, body.problem)
  const request = readInferRequest(body.value, exchange.headers.get('inference-header-content-length'))
  if (!request.ok) return refusal(exchange, request.problem)
  const predictions = predict(request.value)
  exchange.predictions = predictions
  return wireAnswer(compose(request.value, predictions))
}

/** What the model says to a request. */
export const answerOf = (request: Inference): InferResponse => compose(request, predict(request)).answer

const predict = ({ batch }: Inference) => recognizeDigits(classifier, card.calibration, batch.images, batch.count)

const compose = ({ id, outputs }: Inference, predictions: Prediction[]) =>
  composeAnswer({ model_name: card.name, model_version: card.version, id }, outputs, predictions)

function checkModel({ params }: Exchange): Problem | undefined {
  const { model, version } = params as { model?: string; version?: string }
  if (model !== card.name) {
    return refuse('not-found', `There is no model ${shown(model)} here: use ${card.name}.`).problem
  }
  if (version !== undefined && version !== card.version) {
    return refuse('not-found', `Model ${card.name} has no version ${shown(version)}: use ${card.version}, or none.`)
      .problem
  }
}

const shown = (text: string | undefined) => JSON.stringify((text ?? '').slice(0, 40))
