/** From a network's logits on validation images to a confidence that means something, and to a threshold for refusing. */
import type { Calibration } from '../model/artifact.ts'
import { softmax } from '../model/classifier.ts'
import type { Judged } from './evaluate.ts'

/** Share of real digits that the threshold may refuse. */
const REFUSED_DIGITS = 0.01

const LEAST_TEMPERATURE = 0.05
const MOST_TEMPERATURE = 20

/**
 * The temperature with the least cross-entropy on these images (Guo et al., On Calibration of Modern Neural Networks,
 * 2017). The loss has a single minimum in the logarithm's range, found by golden-section search.
 */
export function fitTemperature(judged: Judged): number {
  const ratio = (Math.sqrt(5) - 1) / 2
  const at = (logarithm: number) => crossEntropy(judged, Math.exp(logarithm))
  let low = Math.log(LEAST_TEMPERATURE)
  let high = Math.log(MOST_TEMPERATURE)
  let left = high - ratio * (high - low)
  let right = low + ratio * (high - low)
  let leftLoss = at(left)
  let rightLoss = at(right)
  while (high - low > 1e-4) {
    if (leftLoss <= rightLoss) {
      high = right
      right = left
      rightLoss = leftLoss
      left = high - ratio * (high - low)
      leftLoss = at(left)
    } else {
      low = left
      left = right
      leftLoss = rightLoss
      right = low + ratio * (high - low)
      rightLoss = at(right)
    }
  }
  return Math.exp((low + high) / 2)
}

/** The largest logit of each image: how much the image is like any digit at all. */
export function scores({ classes, labels, logits }: Judged): Float32Array {
  return Float32Array.from(labels, (_, i) => {
    let most = Number.NEGATIVE_INFINITY
    for (let k = 0; k < classes; k++) most = Math.max(most, logits[i * classes + k])
    return most
  })
}

/** The threshold below which one in a hundred of these digits is refused. */
export function fitRejection(judged: Judged): NonNullable<Calibration['rejection']> {
  const sorted = scores(judged).sort()
  return { score: 'max-logit', threshold: sorted[Math.floor(sorted.length * REFUSED_DIGITS)] }
}

function crossEntropy({ classes, labels, logits }: Judged, temperature: number): number {
  let loss = 0
  for (let i = 0; i < labels.length; i++) {
    const probabilities = softmax(logits.subarray(i * classes, (i + 1) * classes), temperature)
    loss -= Math.log(Math.max(probabilities[labels[i]], Number.MIN_VALUE))
  }
  return loss / labels.length
}
