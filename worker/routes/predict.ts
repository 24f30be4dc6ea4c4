/** POST /v1/predict: one digit per picture. */
import { INPUT_PIXELS } from '../../model/artifact.ts'
import { recognizeDigits } from '../../recognize/digit.ts'
import { type Answer, answerJson } from '../answer.ts'
import { readBody } from '../body.ts'
import type { Exchange } from '../context.ts'
import { card, classifier } from '../digits.ts'
import { batchIn, batchType } from '../images.ts'
import type { Batch } from '../pictures.ts'
import type { Outcome } from '../problems.ts'
import { refusal } from '../refusal.ts'
import { type Prediction, type PredictQuery, type PredictResponse, predictQuery, validate } from '../schemas.ts'

const MODEL = { name: card.name, version: card.version }
const BY_DEFAULT: Outcome<PredictQuery> = { ok: true, value: { normalize: 'auto' } }

export async function predict(exchange: Exchange): Promise<Answer> {
  const query = exchange.query === undefined ? BY_DEFAULT : validate(predictQuery, exchange.query)
  if (!query.ok) return refusal(exchange, query.problem)
  const type = batchType(exchange)
  if (!type.ok) return refusal(exchange, type.problem)
  const body = await readBody(exchange)
  if (!body.ok) return refusal(exchange, body.problem)
  const found = batchIn(exchange, type.value, body.value, query.value.normalize)
  const batch = found instanceof Promise ? await found : found
  if (!batch.ok) return refusal(exchange, batch.problem)
  const answer = answerOf(batch.value, query.value)
  exchange.predictions = answer.predictions
  return answerJson(answer)
}

/** What the model says of a batch. */
export function answerOf(batch: Batch, { top_k, include }: PredictQuery): PredictResponse {
  const predictions: Prediction[] = recognizeDigits(classifier, card.calibration, batch.images, batch.count)
  if (top_k !== undefined) for (const one of predictions) one.top = topOf(one, top_k)
  if (include !== undefined)
    predictions.forEach((one, i) => {
      one.input = inputOf(batch, i)
    })
  return { model: MODEL, predictions }
}

function topOf({ digit, probabilities }: Prediction, k: number): { digit: number; probability: number }[] {
  if (digit === null) return []
  return probabilities
    .map((probability, digit) => ({ digit, probability }))
    .sort((a, b) => b.probability - a.probability || a.digit - b.digit)
    .slice(0, k)
}

function inputOf({ images }: Batch, index: number): string {
  const values = images.slice(index * INPUT_PIXELS, (index + 1) * INPUT_PIXELS)
  const bytes = values instanceof Uint8Array ? values : Uint8Array.from(values, (value) => Math.round(value * 255))
  return bytes.toBase64()
}
