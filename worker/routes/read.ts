/** POST /v1/read: every digit of a picture, in reading order. */
import { decode } from '../../image/decode.ts'
import { readNumber } from '../../recognize/number.ts'
import { type Answer, answerJson } from '../answer.ts'
import type { Exchange } from '../context.ts'
import { card, classifier } from '../digits.ts'
import { readFile } from '../images.ts'
import { LIMITS } from '../limits.ts'
import { CODECS, pictureProblem } from '../pictures.ts'
import { type Outcome, refuse } from '../problems.ts'
import { refusal } from '../refusal.ts'
import type { ReadResponse } from '../schemas.ts'

export async function read(exchange: Exchange): Promise<Answer> {
  const file = await readFile(exchange)
  if (!file.ok) return refusal(exchange, file.problem)
  const answer = readingOf(file.value)
  if (!answer.ok) return refusal(exchange, answer.problem)
  exchange.predictions = answer.value.lines.flatMap(({ digits }) => digits)
  return answerJson(answer.value)
}

/** What a picture says. @param file the bytes of a PNG, JPEG or WebP file */
export function readingOf(file: Uint8Array): Outcome<ReadResponse> {
  const decoded = decode(file, { maxPixels: LIMITS.pixels }, CODECS)
  if (!decoded.ok) return { ok: false, problem: pictureProblem(decoded.error) }
  const reading = readNumber(classifier, card.calibration, decoded.picture)
  return reading.ok
    ? { ok: true, value: { model: { name: card.name, version: card.version }, ...reading.value } }
    : refuse('unusable', reading.error.message)
}
