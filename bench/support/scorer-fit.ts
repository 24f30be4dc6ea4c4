/**
 * Fits the scorer of readings: the likelihood of the right paths through lines' graphs is climbed by Adam with decoupled
 * weight decay (Loshchilov and Hutter, 2019).
 */
import { CANDIDATE_INPUTS, INPUTS, type ScorerWeights } from '../../recognize/scorer.ts'
import { randomOf, shuffled } from '../../train/random.ts'
import { type Line, likelihood, type Row } from './field.ts'
import type { Progress } from './progress.ts'

const UNITS = 48
/** Perceptrons that differ by their first weights and their order of lines only: their mean reads better than most do. */
const FITS = 3
const EPOCHS = 20
/** Lines between steps, and the fewest that a fit is made on. */
export const BATCH = 64
/** The rate falls to 0 over the second half. */
const RATE = 0.01
const DECAY = 0.01
const [BETA1, BETA2] = [0.9, 0.999]

/** An arc, with what it adds to its candidate's inputs. */
export interface ScoredRow extends Row {
  readonly candidate: number
  readonly manner: Float32Array
}
export interface Example {
  readonly line: Line<ScoredRow>
  readonly candidates: readonly Float32Array[]
}

/** The perceptron's parameters: of each unit its inputs' weights and its bias, and at last the output's weights. */
const STRIDE = INPUTS + 1
const OUTPUT = UNITS * STRIDE

/**
 * Fits a scorer.
 * @returns its weights, to four decimals
 * @throws where an input, and with it the likelihood, is no number: weights would come to nothing
 */
export function fitScorer(examples: readonly Example[], progress: Progress): ScorerWeights {
  const fits = Array.from({ length: FITS }, (_, k) => {
    const part: Progress = {
      ...progress,
      update: (share, doing) => progress.update((k + share) / FITS, `${doing}, fit ${k + 1} of ${FITS}`),
    }
    return fitPerceptron(examples, k, part)
  })
  return meanOf(fits)
}

/** Fits one perceptron. @returns its parameters */
function fitPerceptron(examples: readonly Example[], seed: number, progress: Progress): Float64Array {
  const parameters = new Float64Array(OUTPUT + UNITS)
  const random = randomOf('weigh', seed)
  // The output starts at nought, so that all paths are alike.
  for (let p = 0; p < OUTPUT; p++) parameters[p] = random.symmetric(1 / Math.sqrt(INPUTS))
  const [first, second] = [new Float64Array(parameters.length), new Float64Array(parameters.length)]
  const batches = Math.floor(examples.length / BATCH)
  const steps = EPOCHS * batches
  let step = 0
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    const order = shuffled(examples.length, randomOf('weigh', seed, 'order', epoch))
    let sum = 0
    for (let b = 0; b < batches; b++) {
      const gradient = new Float64Array(parameters.length)
      for (const e of order.subarray(b * BATCH, (b + 1) * BATCH)) sum += climb(examples[e], parameters, gradient)
      const rate = RATE * Math.min(1, (2 * (steps - step)) / steps)
      step++
      for (let p = 0; p < parameters.length; p++) {
        const g = gradient[p] / BATCH
        first[p] = BETA1 * first[p] + (1 - BETA1) * g
        second[p] = BETA2 * second[p] + (1 - BETA2) * g * g
        const move = first[p] / (1 - BETA1 ** step) / (Math.sqrt(second[p] / (1 - BETA2 ** step)) + 1e-8)
        parameters[p] += rate * (move - DECAY * parameters[p])
      }
      if (!Number.isFinite(sum))
        throw new Error('The likelihood of some line is no number: an input of the scorer is none.')
      progress.update(step / steps, `fitting, epoch ${epoch} of ${EPOCHS}`)
    }
    progress.say(`${epoch}: log-likelihood ${(sum / batches / BATCH).toFixed(4)} a line`)
  }
  return parameters
}

/** Adds one line's gradient. @returns its log-likelihood */
function climb({ line, candidates }: Example, parameters: Float64Array, gradient: Float64Array): number {
  const { rows } = line
  const own = new Map<number, Float64Array>()
  for (const { candidate } of rows)
    if (!own.has(candidate)) own.set(candidate, ownSums(candidates[candidate], parameters))
  const units = new Float64Array(rows.length * UNITS)
  const scores = Float64Array.from(rows, ({ candidate, manner }, r) => {
    const sums = own.get(candidate)!
    let score = 0
    for (let j = 0; j < UNITS; j++) {
      const base = j * STRIDE + CANDIDATE_INPUTS
      let sum = sums[j]
      for (let i = 0; i < manner.length; i++) if (manner[i] !== 0) sum += manner[i] * parameters[base + i]
      if (sum <= 0) continue
      units[r * UNITS + j] = sum
      score += sum * parameters[OUTPUT + j]
    }
    return score
  })
  const { value, gradient: byScore } = likelihood(line, scores)
  const back = new Map<number, Float64Array>()
  rows.forEach(({ candidate, manner }, r) => {
    if (Math.abs(byScore[r]) < 1e-9) return
    const sums = back.get(candidate) ?? new Float64Array(UNITS)
    back.set(candidate, sums)
    for (let j = 0; j < UNITS; j++) {
      const unit = units[r * UNITS + j]
      if (unit === 0) continue
      gradient[OUTPUT + j] += byScore[r] * unit
      const off = byScore[r] * parameters[OUTPUT + j]
      sums[j] += off
      const base = j * STRIDE + CANDIDATE_INPUTS
      for (let i = 0; i < manner.length; i++) if (manner[i] !== 0) gradient[base + i] += off * manner[i]
    }
  })
  for (const [candidate, sums] of back) {
    const inputs = candidates[candidate]
    for (let j = 0; j < UNITS; j++) {
      if (sums[j] === 0) continue
      for (let i = 0; i < inputs.length; i++) gradient[j * STRIDE + i] += sums[j] * inputs[i]
      gradient[j * STRIDE + INPUTS] += sums[j]
    }
  }
  return value
}

/** What a candidate's own inputs and the biases make of the hidden units. */
function ownSums(inputs: Float32Array, parameters: Float64Array): Float64Array {
  const sums = new Float64Array(UNITS)
  for (let j = 0; j < UNITS; j++) {
    let sum = parameters[j * STRIDE + INPUTS]
    for (let i = 0; i < inputs.length; i++) sum += inputs[i] * parameters[j * STRIDE + i]
    sums[j] = sum
  }
  return sums
}

/** The perceptron of all units of some, whose output is the mean of theirs. */
function meanOf(fits: readonly Float64Array[]): ScorerWeights {
  const round = (value: number) => Number(value.toFixed(4))
  const unit = (fit: Float64Array, j: number) => Array.from(fit.subarray(j * STRIDE, (j + 1) * STRIDE), round)
  return {
    hidden: fits.flatMap((fit) => Array.from({ length: UNITS }, (_, j) => unit(fit, j))),
    output: fits.flatMap((fit) => Array.from(fit.subarray(OUTPUT), (value) => round(value / fits.length))),
  }
}
