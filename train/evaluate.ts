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
  /** confusion[truth][answer], numbers of images. */
  confusion: number[][]
  digits: { digit: number; count: number; accuracy: number; precision: number; recall: number }[]
}

const BATCH = 1000

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
  const bins = new CalibrationBins()
  let loss = 0
  let right = 0
  for (let i = 0; i < labels.length; i++) {
    const probabilities = softmax(logits.subarray(i * classes, (i + 1) * classes), temperature)
    const answer = argmax(probabilities)
    const correct = answer === labels[i]
    confusion[labels[i]][answer]++
    loss -= Math.log(Math.max(probabilities[labels[i]], Number.MIN_VALUE))
    if (correct) right++
    bins.add(probabilities[answer], correct)
  }
  const count = labels.length
  return {
    count,
    accuracy: right / count,
    loss: loss / count,
    interval: wilson(right, count),
    calibrationError: bins.error(count),
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

/** Wilson's score interval at 95 %. */
function wilson(right: number, count: number): [number, number] {
  const z = 1.959964
  const share = right / count
  const middle = share + z ** 2 / (2 * count)
  const margin = z * Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2))
  return [(middle - margin) / (1 + z ** 2 / count), (middle + margin) / (1 + z ** 2 / count)]
}

class CalibrationBins {
  static readonly COUNT = 15
  private readonly confidence = new Float64Array(CalibrationBins.COUNT)
  private readonly right = new Float64Array(CalibrationBins.COUNT)

  add(confidence: number, correct: boolean): void {
    const bin = Math.min(CalibrationBins.COUNT - 1, Math.floor(confidence * CalibrationBins.COUNT))
    this.confidence[bin] += confidence
    if (correct) this.right[bin]++
  }

  error(count: number): number {
    return this.confidence.reduce((total, confidence, bin) => total + Math.abs(confidence - this.right[bin]), 0) / count
  }
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
