import { expect, test } from 'vitest'
import { fitLogistic } from '../../bench/support/logistic.ts'
import { randomOf } from '../../train/random.ts'

test('the weights that labels were drawn by are found again', () => {
  const random = randomOf('logistic')
  const [first, second, one] = [1.5, -20, 0.5]
  const examples = Array.from({ length: 20_000 }, () => {
    // Inputs of unlike size: they are standardized.
    const inputs = [random.normal(), 3 + 0.1 * random.normal(), 7]
    const likelihood = 1 / (1 + Math.exp(-(first * inputs[0] + second * (inputs[1] - 3) + one)))
    return { inputs, label: random.uniform() < likelihood ? 1 : 0 }
  })
  const weights = fitLogistic(examples)
  expect(weights[0]).toBeCloseTo(first, 0)
  expect(weights[1] / second).toBeCloseTo(1, 1)
  const atMean = 3 * weights[1] + 7 * weights[2] + weights[3]
  expect(atMean).toBeCloseTo(one, 0)
})
