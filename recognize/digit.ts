/** One digit in each image: what the network sees of it, what it says, and whether to believe it. */
import { type Codecs, type DecodeLimits, decode } from '../image/decode.ts'
import { type DigitInPicture, digitFromPicture, digitFromPixels } from '../image/digit.ts'
import type { DecodeError } from '../image/errors.ts'
import type { Picture } from '../image/picture.ts'
import { type Calibration, INPUT_PIXELS, INPUT_SIDE } from '../model/artifact.ts'
import { type Classifier, type Pixels, softmax } from '../model/classifier.ts'

/** Why an answer should not be relied on: nothing is there, or nothing like a digit. */
export type Reason = 'blank' | 'unfamiliar'

export interface Prediction {
  /** The most probable class; null for a blank image. */
  digit: number | null
  /** The calibrated probability of `digit`, 0..1; 0 for a blank image. */
  confidence: number
  accepted: boolean
  reason?: Reason
  /** Calibrated, one per class, rounded to six decimals; all 0 for a blank image. */
  probabilities: number[]
}

/** `always` brings whatever ink there is to MNIST's form; `never` takes the pixels as they are. */
export type Normalization = 'always' | 'never'

/** Why a picture gives the network nothing to see. */
export type PictureError =
  | DecodeError
  | { readonly kind: 'not-normalized'; readonly width: number; readonly height: number; readonly message: string }

/** Ink must differ from paper by this much of the whole range, or the image counts as blank. */
const LEAST_CONTRAST = 0.1

/**
 * Brings a PNG, JPEG or WebP file to what the network sees.
 * @returns 784 bytes, 0..255, light ink on dark; all 0 when the picture is blank
 */
export function inputFromPicture(
  file: Uint8Array,
  normalization: Normalization,
  limits: DecodeLimits,
  codecs: Codecs,
): { ok: true; input: Uint8Array } | { ok: false; error: PictureError } {
  const decoded = decode(file, limits, codecs)
  if (!decoded.ok) return decoded
  const { picture } = decoded
  if (normalization === 'always') return { ok: true, input: inputOf(digitFromPicture(picture)) }
  const { width, height } = picture.source
  if (width === INPUT_SIDE && height === INPUT_SIDE) return { ok: true, input: grey(picture) }
  const message = `The picture has ${width}×${height} pixels: without normalization it must have 28×28.`
  return { ok: false, error: { kind: 'not-normalized', width, height, message } }
}

/**
 * Brings 784 raw pixels, of either polarity, to MNIST's form.
 * @returns 784 bytes, 0..255, light ink on dark; all 0 when there is no ink
 */
export const inputFromPixels = (pixels: Uint8Array): Uint8Array => inputOf(digitFromPixels(pixels))

const inputOf = (found: DigitInPicture): Uint8Array =>
  found.kind === 'digit' ? found.input : new Uint8Array(INPUT_PIXELS)

/** Luma (ITU-R BT.601) over black, the colour around MNIST's ink. */
function grey({ data }: Picture): Uint8Array {
  const out = new Uint8Array(data.length / 4)
  for (let i = 0, p = 0; p < out.length; p++, i += 4) {
    const luma = 0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]
    out[p] = Math.round((luma * data[i + 3]) / 255)
  }
  return out
}

/**
 * @param images count × 784, normalized as in MNIST
 * @returns one prediction per image, in order
 */
export function recognizeDigits(
  classifier: Classifier,
  calibration: Calibration,
  images: Pixels,
  count: number,
): Prediction[] {
  const { classes } = classifier
  const logits = classifier.logits(images, count)
  const predictions: Prediction[] = []
  for (let i = 0; i < count; i++) {
    // Cut out only where there are more: a small array's first view makes it a buffer of its own.
    const row = count === 1 ? logits : logits.subarray(i * classes, (i + 1) * classes)
    predictions.push(isBlank(images, i) ? blank(classes) : judge(row, calibration))
  }
  return predictions
}

function judge(logits: Float32Array, { temperature, rejection }: Calibration): Prediction {
  const probabilities = softmax(logits, temperature)
  const digit = argmax(logits)
  // In place, by a loop: Array.from with a function takes ten times as long.
  for (let i = 0; i < probabilities.length; i++) probabilities[i] = Math.round(probabilities[i] * 1e6) / 1e6
  const confidence = probabilities[digit]
  return rejection && logits[digit] < rejection.threshold
    ? { digit, confidence, accepted: false, reason: 'unfamiliar', probabilities }
    : { digit, confidence, accepted: true, probabilities }
}

const blank = (classes: number): Prediction => ({
  digit: null,
  confidence: 0,
  accepted: false,
  reason: 'blank',
  probabilities: new Array(classes).fill(0),
})

function isBlank(images: Pixels, index: number): boolean {
  const white = images instanceof Uint8Array ? 255 : 1
  let least = white
  let most = 0
  for (let i = index * INPUT_PIXELS; i < (index + 1) * INPUT_PIXELS; i++) {
    if (images[i] < least) least = images[i]
    if (images[i] > most) most = images[i]
    if (most - least >= LEAST_CONTRAST * white) return false
  }
  return true
}

function argmax(row: ArrayLike<number>): number {
  let best = 0
  for (let i = 1; i < row.length; i++) if (row[i] > row[best]) best = i
  return best
}
