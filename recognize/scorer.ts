/**
 * How much speaks for reading a candidate as one digit, or for passing over it: a small perceptron over its shape and what
 * the classifier says of it. Of all paths through a graph, each as likely as e to its summed score, the right ones shall be
 * likely: a conditional random field with a neural potential (Do and Artières, 2010), which `bench/weigh.ts` fits.
 */
import type { Candidate, JudgedGraph, Opinion } from './lattice.ts'
import fitted from './scorer.json' with { type: 'json' }

/** The perceptron's weights: of each hidden unit those of its inputs, in their order, and its bias; and of the output. */
export interface ScorerWeights {
  readonly hidden: readonly (readonly number[])[]
  readonly output: readonly number[]
}

/** How an arc takes its candidate. */
export interface Manner {
  /** The digit that it is read as; where it is passed over, the likeliest. */
  readonly digit: number
  /** Ink in common with the digit before, in squares of a stroke. */
  readonly shared: number
  readonly isSkip: boolean
}

const CLASSES = 10
/** Inputs that are a candidate's, and all of them. */
export const CANDIDATE_INPUTS = 31
export const INPUTS = CANDIDATE_INPUTS + CLASSES + 5

/** A second digit is considered where it is at least this share as likely as the first. */
const NEARLY = 0.05

/** The digits that a candidate may be read as, the likeliest first. */
export function digitsOf({ digit, probabilities }: Opinion): number[] {
  let second = -1
  for (let i = 0; i < probabilities.length; i++) {
    if (i !== digit && (second < 0 || probabilities[i] > probabilities[second])) second = i
  }
  return second >= 0 && probabilities[second] >= NEARLY * probabilities[digit] ? [digit, second] : [digit]
}

const clip = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value))
/** Logits beyond these say no more. */
const LEAST_LOGIT = -1
const MOST_LOGIT = 5

/**
 * What a candidate itself gives the perceptron.
 * @param stroke the usual width of a stroke over the line's usual height
 * @returns {@link CANDIDATE_INPUTS} numbers, most of them −3..5
 */
export function candidateInputs(candidate: Candidate, opinion: Opinion, stroke: number): Float32Array {
  const { ink, height, width, hang, lift, bow, gap, joined, top, bottom, left, right } = candidate
  const { logits, probabilities, digit, scraps } = opinion
  const sorted = [...logits].sort((a, b) => b - a)
  const lineHeight = ink.height / height
  const length = ink.pixels.length / (stroke * lineHeight ** 2)
  const [tall, wide] = [Math.log(Math.max(0.05, height)), Math.log(Math.max(0.02, width))]
  return Float32Array.of(
    ...sorted.slice(0, 3).map((logit) => clip(logit, LEAST_LOGIT, MOST_LOGIT)),
    Math.max(-3, Math.log(probabilities[digit])),
    tall,
    wide,
    wide - tall,
    hang,
    lift,
    10 * bow,
    5 * gap,
    joined,
    Math.log(Math.max(0.05, length)),
    10 * stroke,
    5 * scraps,
    clip(3 * top, -3, 3),
    clip(3 * bottom, -3, 3),
    left ?? 0,
    right ?? 0,
    left === null ? 1 : 0,
    right === null ? 1 : 0,
    ...logits.map((logit) => 0.3 * clip(logit, -3, MOST_LOGIT)),
  )
}

/** What an arc adds to its candidate's inputs. @returns INPUTS − CANDIDATE_INPUTS numbers */
export function mannerInputs({ logits, digit: likeliest }: Opinion, { digit, shared, isSkip }: Manner): Float32Array {
  const inputs = new Float32Array(INPUTS - CANDIDATE_INPUTS)
  inputs[digit] = 1
  inputs[CLASSES] = clip(logits[digit], LEAST_LOGIT, MOST_LOGIT)
  inputs[CLASSES + 1] = logits[likeliest] - logits[digit]
  inputs[CLASSES + 2] = shared
  inputs[CLASSES + 3] = shared > 0 ? 1 : 0
  inputs[CLASSES + 4] = isSkip ? 1 : 0
  return inputs
}

/** Weights as they are used: of each input, and at last the biases, those of all hidden units. */
export interface Perceptron {
  readonly byInput: readonly Float32Array[]
  readonly output: readonly number[]
}

/** Lays weights out for use. */
export const perceptronOf = ({ hidden, output }: ScorerWeights): Perceptron => ({
  byInput: Array.from({ length: INPUTS + 1 }, (_, i) => Float32Array.from(hidden, (weights) => weights[i])),
  output,
})

const FITTED = perceptronOf(fitted)

/**
 * Scores the ways in which a graph's candidates may be taken.
 * @returns of a candidate, by its index, and a manner the logarithm of the weight
 */
export function createScorer(
  { candidates, opinions, stroke }: JudgedGraph,
  { byInput, output }: Perceptron = FITTED,
): (candidate: number, manner: Manner) => number {
  const add = (sums: Float32Array, inputs: Float32Array, first: number) => {
    for (let i = 0; i < inputs.length; i++) {
      if (inputs[i] === 0) continue
      const weights = byInput[first + i]
      for (let j = 0; j < sums.length; j++) sums[j] += inputs[i] * weights[j]
    }
  }
  // What a candidate's own inputs make of the hidden units is the same for all its arcs.
  const own = new Map<number, Float32Array>()
  const ownOf = (k: number): Float32Array => {
    const known = own.get(k)
    if (known !== undefined) return known
    const sums = byInput[INPUTS].slice()
    add(sums, candidateInputs(candidates[k], opinions[k], stroke), 0)
    own.set(k, sums)
    return sums
  }
  const units = new Float32Array(output.length)
  return (candidate, manner) => {
    units.set(ownOf(candidate))
    add(units, mannerInputs(opinions[candidate], manner), CANDIDATE_INPUTS)
    let score = 0
    for (let j = 0; j < units.length; j++) if (units[j] > 0) score += units[j] * output[j]
    return score
  }
}
