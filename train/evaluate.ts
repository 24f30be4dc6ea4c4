/** How well a network reads labelled images, in the figures that the model card and the report show. */
import type { Score } from '../model/artifact.ts'
import { type Classifier, softmax } from '../model/classifier.ts'
import { type Split, slice, toInput } from './data/dataset.ts'

/** What a network says of every image of a split. */
export interface Judged {
  classes: number
  labels: Uint8Array
  /** count × classes, before softmax. */
  logits: Float32Array
}

export interface Evaluation extends Score {
  /** 95 % interval of the accuracy (Wilson 1927), as shares. */
  interval: [low: number, high: number]
  /** Expected calibration error with 15 equal bins of confidence (Guo et al. 2017), as a share. */
  calibrationError: number
  /** Those bins, from low to high confidence. */
  bins: CalibrationBin[]
  /** confusion[truth][answer], numbers of images. */
  confusion: number[][]
  digits: { digit: number; count: number; accuracy: number; precision: number; recall: number }[]
}

/** What was claimed and what held, over the images whose confidence lies within a fifteenth. */
export interface CalibrationBin {
  count: number
  /** Mean confidence; 0 where there is no image. */
  confidence: number
  right: number
}

const BATCH = 1000
const BINS = 15

/** Runs the network over all images. */
export function judge(classifier: Classifier, split: Split): Judged {
  const logits = new Float32Array(split.count * classifier.classes)
  for (let start = 0; start < split.count; start += BATCH) {
    const part = slice(split, start, Math.min(start + BATCH, split.count))
    logits.set(classifier.logits(toInput(part.images), part.count), start * classifier.classes)
  }
  return { classes: classifier.classes, labels: split.labels, logits }
}

/** @param temperature divides the logits before softmax */
export function evaluate({ classes, labels, logits }: Judged, temperature: number): Evaluation {
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  const bins = Array.from({ length: BINS }, (): CalibrationBin => ({ count: 0, confidence: 0, right: 0 }))
  let loss = 0
  let right = 0
  for (let i = 0; i < labels.length; i++) {
    const probabilities = softmax(logits.subarray(i * classes, (i + 1) * classes), temperature)
    const answer = argmax(probabilities)
    const correct = answer === labels[i]
    confusion[labels[i]][answer]++
    loss -= Math.log(Math.max(probabilities[labels[i]], Number.MIN_VALUE))
    if (correct) right++
    const bin = bins[Math.min(BINS - 1, Math.floor(probabilities[answer] * BINS))]
    bin.count++
    bin.confidence += probabilities[answer]
    if (correct) bin.right++
  }
  const count = labels.length
  const gap = sum(bins.map((bin) => Math.abs(bin.confidence - bin.right)))
  for (const bin of bins) bin.confidence /= Math.max(1, bin.count)
  return {
    count,
    accuracy: right / count,
    loss: loss / count,
    interval: wilson(right, count),
    calibrationError: gap / count,
    bins,
    confusion,
    digits: confusion.map((row, digit) => digitFigures(confusion, row, digit)),
  }
}

/** Index of the largest element; the first if several are as large. */
export function argmax(row: ArrayLike<number>): number {
  let best = 0
  for (let i = 1; i < row.length; i++) if (row[i] > row[best]) best = i
  return best
}

function digitFigures(confusion: number[][], row: number[], digit: number) {
  const count = sum(row)
  const answered = sum(confusion.map((other) => other[digit]))
  const right = row[digit]
  const others = sum(confusion.map(sum)) - count - answered + right
  const total = sum(confusion.map(sum))
  return {
    digit,
    count,
    accuracy: (right + others) / total,
    precision: answered > 0 ? right / answered : 0,
    recall: count > 0 ? right / count : 0,
  }
}

/** Wilson's score interval at 95 % for a share of `right` in `count`. */
export function wilson(right: number, count: number): [number, number] {
  const z = 1.959964
  const share = right / count
  const middle = share + z ** 2 / (2 * count)
  const margin = z * Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2))
  return [(middle - margin) / (1 + z ** 2 / count), (middle + margin) / (1 + z ** 2 / count)]
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
