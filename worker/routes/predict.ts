/** POST /v1/predict: one digit per picture. */
import type { Context } from 'hono'
import { type Prediction, recognizeDigits } from '../../recognize/digit.ts'
import { readBody } from '../body.ts'
import { card, classifier } from '../digits.ts'
import { type Batch, batchFromBytes, batchFromJson } from '../pixels.ts'
import { type Outcome, problemResponse, refuse } from '../problems.ts'

/** The answer of POST /v1/predict; predictions come in the order of the images. */
export interface PredictResponse {
  model: { name: string; version: string }
  predictions: (Prediction & { top?: { digit: number; probability: number }[] })[]
}

const MODEL = { name: card.name, version: card.version }

export async function predict(c: Context): Promise<Response> {
  const topK = readTopK(c.req.query('top_k'))
  if (!topK.ok) return problemResponse(c, topK.problem)
  const batch = await readBatch(c.req.raw)
  if (!batch.ok) return problemResponse(c, batch.problem)
  const { images, count } = batch.value
  const predictions = recognizeDigits(classifier, card.calibration, images, count)
  const k = topK.value
  const answer: PredictResponse = {
    model: MODEL,
    predictions: k === null ? predictions : predictions.map((one) => ({ ...one, top: topOf(one, k) })),
  }
  return c.json(answer)
}

async function readBatch(request: Request): Promise<Outcome<Batch>> {
  const type = mediaType(request)
  if (type !== 'application/octet-stream' && type !== 'application/json') {
    const found = type === '' ? 'no content type' : type
    return refuse('unsupported-type', `Send application/octet-stream or application/json; this request has ${found}.`)
  }
  const body = await readBody(request)
  if (!body.ok) return body
  if (type === 'application/octet-stream') return batchFromBytes(body.value)
  const json = parseJson(body.value)
  return json.ok ? batchFromJson(json.value) : json
}

function parseJson(bytes: Uint8Array): Outcome<unknown> {
  try {
    return { ok: true, value: JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)) }
  } catch (cause) {
    return refuse('malformed', `The body is no valid JSON: ${cause instanceof Error ? cause.message : cause}.`)
  }
}

const mediaType = (request: Request) =>
  (request.headers.get('content-type') ?? '').split(';', 1)[0].trim().toLowerCase()

function readTopK(value: string | undefined): Outcome<number | null> {
  if (value === undefined) return { ok: true, value: null }
  const k = /^\d{1,2}$/.test(value) ? Number(value) : 0
  return k >= 1 && k <= 10
    ? { ok: true, value: k }
    : refuse('malformed', `top_k must be 1 to 10, not ${JSON.stringify(value)}.`)
}

function topOf({ digit, probabilities }: Prediction, k: number): { digit: number; probability: number }[] {
  if (digit === null) return []
  return probabilities
    .map((probability, digit) => ({ digit, probability }))
    .sort((a, b) => b.probability - a.probability || a.digit - b.digit)
    .slice(0, k)
}
