/** Logistic regression. */

export interface LabelledInputs {
  readonly inputs: readonly number[]
  /** 0 or 1. */
  readonly label: number
}

const STEPS = 3000
const RATE = 1
const DECAY = 1e-3

/**
 * Fits the weights by gradient descent on the mean cross-entropy, inputs standardized meanwhile.
 * @returns the inputs' weights and at last that of 1
 */
export function fitLogistic(examples: readonly LabelledInputs[]): number[] {
  const inputs = examples[0].inputs.length
  const meanOf = (of: (example: LabelledInputs) => number) =>
    examples.reduce((sum, example) => sum + of(example), 0) / examples.length
  const means = Array.from({ length: inputs }, (_, i) => meanOf((example) => example.inputs[i]))
  const spreads = means.map((mean, i) => Math.sqrt(meanOf((example) => (example.inputs[i] - mean) ** 2)) || 1)
  const rows = examples.map((example) => [...example.inputs.map((value, i) => (value - means[i]) / spreads[i]), 1])
  const weights = new Array<number>(inputs + 1).fill(0)
  for (let step = 0; step < STEPS; step++) {
    const gradient = weights.map((weight) => DECAY * weight)
    for (const [e, row] of rows.entries()) {
      const sum = row.reduce((sum, value, i) => sum + value * weights[i], 0)
      const error = (1 / (1 + Math.exp(-sum)) - examples[e].label) / rows.length
      for (let i = 0; i < row.length; i++) gradient[i] += error * row[i]
    }
    for (let i = 0; i < weights.length; i++) weights[i] -= RATE * gradient[i]
  }
  const scaled = weights.slice(0, inputs).map((weight, i) => weight / spreads[i])
  return [...scaled, weights[inputs] - scaled.reduce((sum, weight, i) => sum + weight * means[i], 0)]
}
