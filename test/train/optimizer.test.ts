import { beforeAll, describe, expect, it } from 'vitest'
import { type Kernels, startKernels } from '../../train/kernels.ts'
import { layoutOf } from '../../train/network.ts'
import { firstState, type OptimizerSettings, type OptimizerState, optimizer } from '../../train/optimizer.ts'
import { randomOf } from '../../train/random.ts'

/** One kernel weight, one bias. */
const layout = layoutOf([1, 1])

let kernels: Kernels
beforeAll(async () => {
  kernels = await startKernels()
})

/** Parameters, and an optimizer that changes them. */
function begin(settings: OptimizerSettings, values: Float32Array, of = layout, state = firstState(settings, of)) {
  const own = optimizer(settings, of, kernels, state)
  const parameters = kernels.floats(values)
  return {
    step: (gradient: Float32Array, rate: number) => own.step(parameters, kernels.floats(gradient), rate),
    values: () => kernels.view(parameters).slice(),
    state: (): OptimizerState => own.state(),
  }
}

describe('optimizer', () => {
  it('sgd: minus rate times gradient', () => {
    const sgd = begin({ kind: 'sgd' }, Float32Array.of(1, 2))
    sgd.step(Float32Array.of(10, -10), 0.1)
    expect([...sgd.values()]).toEqual([0, 3])
  })

  it('adamw: the first step is the learning rate against the sign, decay on the kernel only', () => {
    const adamw = begin({ kind: 'adamw', beta1: 0.9, beta2: 0.99, weightDecay: 0.5 }, Float32Array.of(1, 1))
    adamw.step(Float32Array.of(3, -0.002), 0.1)
    expect(adamw.values()[0]).toBeCloseTo(1 * (1 - 0.1 * 0.5) - 0.1, 5)
    expect(adamw.values()[1]).toBeCloseTo(1 + 0.1, 5)
  })

  it('adamw: the second step, worked by hand', () => {
    const adamw = begin({ kind: 'adamw', beta1: 0.5, beta2: 0.75, weightDecay: 0 }, Float32Array.of(0, 0))
    adamw.step(Float32Array.of(2, 0), 0)
    adamw.step(Float32Array.of(4, 0), 1)
    // mean (0.5·1 + 0.5·4)/0.75 = 10/3; square (0.75·1 + 0.25·16)/0.4375 = 10.857…
    expect(adamw.values()[0]).toBeCloseTo(-(10 / 3) / Math.sqrt(4.75 / 0.4375), 5)
  })

  it('goes on from a kept state as if it had never stopped', () => {
    const settings = { kind: 'adamw', beta1: 0.9, beta2: 0.99, weightDecay: 0.1 } as const
    const start = Float32Array.of(1, 1)
    const whole = begin(settings, start)
    const first = begin(settings, start)
    for (let i = 0; i < 5; i++) whole.step(Float32Array.of(i, -i), 0.1)
    for (let i = 0; i < 3; i++) first.step(Float32Array.of(i, -i), 0.1)
    const second = begin(settings, first.values(), layout, first.state())
    for (let i = 3; i < 5; i++) second.step(Float32Array.of(i, -i), 0.1)
    expect(second.values()).toEqual(whole.values())
  })

  it('adamw: is the formula in single precision, bit for bit, whatever the number of parameters', () => {
    const settings = { kind: 'adamw', beta1: 0.9, beta2: 0.99, weightDecay: 0.1 } as const
    for (const widths of [
      [1, 1],
      [3, 1],
      [5, 6],
      [2, 1, 3],
    ]) {
      const of = layoutOf(widths)
      const random = randomOf(4, 'adamw', of.size)
      const values = Float32Array.from({ length: of.size }, () => random.normal())
      const adamw = begin(settings, values, of)
      const expected = { values: values.slice(), mean: new Float32Array(of.size), square: new Float32Array(of.size) }
      for (let step = 1; step <= 3; step++) {
        const gradient = Float32Array.from({ length: of.size }, () => random.normal())
        adamw.step(gradient, 0.01)
        const [rate, scale] = [0.01 / (1 - power(0.9, step)), 1 / (1 - power(0.99, step))].map(Math.fround)
        of.layers.forEach(({ kernelAt, biasAt, out }) => {
          for (let i = kernelAt; i < biasAt + out; i++) {
            const keep = Math.fround(i < biasAt ? 1 - 0.01 * 0.1 : 1)
            stepOf(expected, i, gradient[i], rate, scale, keep)
          }
        })
        expect(adamw.values()).toEqual(expected.values)
      }
    }
  })
})

/** By repeated multiplication, as training counts. */
const power = (base: number, exponent: number) =>
  Array(exponent)
    .fill(base)
    .reduce((product, one) => product * one, 1)

/** One parameter's step; Math.fround after each operation makes it single precision. */
function stepOf(
  { values, mean, square }: Record<'values' | 'mean' | 'square', Float32Array>,
  i: number,
  g: number,
  rate: number,
  scale: number,
  keep: number,
): void {
  const f = Math.fround
  const [b1, a1, b2, a2] = [0.9, 1 - 0.9, 0.99, 1 - 0.99].map(f)
  mean[i] = f(f(b1 * mean[i]) + f(a1 * g))
  square[i] = f(f(b2 * square[i]) + f(a2 * f(g * g)))
  values[i] = f(f(keep * values[i]) - f(f(rate * mean[i]) / f(f(Math.sqrt(f(scale * square[i]))) + f(1e-8))))
}
