/** Everything that is measured on labelled images: answers, confidence, refusal, and the mistakes one by one. */
import { INPUT_PIXELS, type ModelCard } from '../model/artifact.ts'
import { type Classifier, softmax } from '../model/classifier.ts'
import { scores } from './calibrate.ts'
import type { Split } from './data/dataset.ts'
import { argmax, type Evaluation, evaluate, type Judged, judge, wilson } from './evaluate.ts'
import { makeNonDigits, type NonDigits } from './non-digits.ts'

/** What a network says of images, one number each. */
export interface Answers {
  /** Calibrated probability of the answer, 0..1. */
  confidence: Float64Array
  /** The rejection score: the largest logit. */
  score: Float32Array
  /** Share refused as unfamiliar, 0..1; 0 where the artifact refuses nothing. */
  refused: number
}

export interface Mistake {
  /** Place in the split. */
  index: number
  truth: number
  answer: number
  /** Calibrated, 0..1. */
  confidence: number
  accepted: boolean
}

export type NonDigitsMeasured = NonDigits & Answers

export interface Measured {
  /** Of all images, those in which nothing was found included: none of these is right. */
  total: { count: number; right: number; accuracy: number; interval: [low: number, high: number] }
  evaluation: Evaluation
  /** As it would be without the temperature that calibration found. */
  uncalibrated: Evaluation
  answers: Answers
  /** Share of right answers among the accepted images. */
  acceptedAccuracy: number
  /** The most confident first. */
  mistakes: Mistake[]
}

/** Non-digits of each kind in the report. */
const NON_DIGITS = 1000
const NON_DIGITS_SEED = 1

type Calibration = ModelCard['calibration']

/**
 * Judges every image of a split and measures the answers.
 * @param blank number of further pictures in which nothing was found
 */
export function measure(classifier: Classifier, calibration: Calibration, split: Split, blank = 0): Measured {
  const judged = judge(classifier, split)
  const { temperature, fittedTemperature } = calibration
  const answers = answersOf(judged, calibration)
  const threshold = calibration.rejection?.threshold ?? Number.NEGATIVE_INFINITY
  const mistakes: Mistake[] = []
  let acceptedCount = 0
  let acceptedRight = 0
  for (let i = 0; i < split.count; i++) {
    const answer = argmax(judged.logits.subarray(i * judged.classes, (i + 1) * judged.classes))
    const accepted = answers.score[i] >= threshold
    const truth = split.labels[i]
    if (accepted) acceptedCount++
    if (accepted && answer === truth) acceptedRight++
    if (answer !== truth) mistakes.push({ index: i, truth, answer, confidence: answers.confidence[i], accepted })
  }
  const count = split.count + blank
  const right = split.count - mistakes.length
  return {
    total: { count, right, accuracy: right / count, interval: wilson(right, count) },
    evaluation: evaluate(judged, temperature),
    uncalibrated: evaluate(judged, fittedTemperature === undefined ? 1 : temperature / fittedTemperature),
    answers,
    acceptedAccuracy: acceptedCount === 0 ? 0 : acceptedRight / acceptedCount,
    mistakes: mistakes.sort((a, b) => b.confidence - a.confidence || a.index - b.index),
  }
}

/** The made-up non-digits with the network's answers to them. */
export function measureNonDigits(classifier: Classifier, calibration: Calibration, digits: Split): NonDigitsMeasured[] {
  return makeNonDigits(digits, NON_DIGITS, NON_DIGITS_SEED).map((kind) => {
    const split = { count: kind.count, images: kind.images, labels: new Uint8Array(kind.count) }
    return { ...kind, ...answersOf(judge(classifier, split), calibration) }
  })
}

/** The image at `index` of n × 784. */
export const imageAt = (images: Uint8Array, index: number) =>
  images.subarray(index * INPUT_PIXELS, (index + 1) * INPUT_PIXELS)

function answersOf(judged: Judged, { temperature, rejection }: Calibration): Answers {
  const { classes, labels, logits } = judged
  const confidence = Float64Array.from(labels, (_, i) =>
    Math.max(...softmax(logits.subarray(i * classes, (i + 1) * classes), temperature)),
  )
  const score = scores(judged)
  const refused = rejection === null ? 0 : score.filter((value) => value < rejection.threshold).length / labels.length
  return { confidence, score, refused }
}
