/** One digit in each image: what the network says of it, and whether to believe it. */
import { type Calibration, INPUT_PIXELS } from '../model/artifact.ts'
import { type Classifier, softmax } from '../model/classifier.ts'

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

/** Ink must differ from paper by this much of the whole range, or the image counts as blank. */
const LEAST_CONTRAST = 0.1

/**
 * @param images count × 784, row-major, 0..1, light ink on dark, normalized as in MNIST
 * @returns one prediction per image, in order
 */
export function recognizeDigits(
  classifier: Classifier,
  calibration: Calibration,
  images: Float32Array,
  count: number,
): Prediction[] {
  const logits = classifier.logits(images, count)
  return Array.from({ length: count }, (_, index) =>
    isBlank(images, index)
      ? blank(classifier.classes)
      : judge(logits.subarray(index * classifier.classes, (index + 1) * classifier.classes), calibration),
  )
}

function judge(logits: Float32Array, { temperature, rejection }: Calibration): Prediction {
  const exact = softmax(logits, temperature)
  const digit = argmax(logits)
  const probabilities = Array.from(exact, (probability) => Math.round(probability * 1e6) / 1e6)
  const prediction = { digit, confidence: probabilities[digit], probabilities }
  return rejection && logits[digit] < rejection.threshold
    ? { ...prediction, accepted: false, reason: 'unfamiliar' }
    : { ...prediction, accepted: true }
}

const blank = (classes: number): Prediction => ({
  digit: null,
  confidence: 0,
  accepted: false,
  reason: 'blank',
  probabilities: new Array(classes).fill(0),
})

function isBlank(images: Float32Array, index: number): boolean {
  let least = 1
  let most = 0
  for (let i = index * INPUT_PIXELS; i < (index + 1) * INPUT_PIXELS; i++) {
    if (images[i] < least) least = images[i]
    if (images[i] > most) most = images[i]
    if (most - least >= LEAST_CONTRAST) return false
  }
  return true
}

function argmax(row: ArrayLike<number>): number {
  let best = 0
  for (let i = 1; i < row.length; i++) if (row[i] > row[best]) best = i
  return best
}
