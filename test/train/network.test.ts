import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Kernels, startKernels } from '../../train/kernels.ts'
import { initialise, type Layout, layersOf, layoutOf, network, score } from '../../train/network.ts'
import { randomOf } from '../../train/random.ts'

let kernels: Kernels
beforeAll(async () => {
  kernels = await startKernels()
})

/** A batch with soft targets, and parameters with biases that are not zero. */
function example(widths: number[], count: number) {
  const random = randomOf(3, 'example')
  const layout = layoutOf(widths)
  const parameters = initialise(layout, 'he', 1)
  for (const { bias } of layersOf(layout, parameters))
    for (let i = 0; i < bias.length; i++) bias[i] = random.symmetric(0.2)
  const x = Float32Array.from({ length: count * widths[0] }, () => random.uniform())
  const classes = widths.at(-1)!
  const targets = new Float32Array(count * classes)
  for (let row = 0; row < count; row++) {
    targets[row * classes + random.below(classes)] += 0.75
    targets[row * classes + random.below(classes)] += 0.25
  }
  return { layout, parameters, x, targets, count, classes }
}

function backpropagated(
  layout: Layout,
  values: Float32Array,
  x: Float32Array,
  targets: Float32Array,
  count: number,
): { loss: number; gradient: Float32Array } {
  const parameters = kernels.floats(values)
  const filled = kernels.floats(layout.size)
  const { loss } = network(kernels, layout).backpropagate(parameters, x, targets, count, filled)
  const gradient = kernels.view(filled).slice()
  kernels.release(parameters, filled)
  return { loss, gradient }
}

it('leaves out of accuracy what is of no class', () => {
  const { layout, parameters, x, targets, classes } = example([30, 20, 10], 8)
  for (const row of [0, 3, 4]) targets.fill(1 / classes, row * classes, (row + 1) * classes)
  const [onHeap, gradient] = [kernels.floats(parameters), kernels.floats(layout.size)]
  const net = network(kernels, layout)
  const logits = net.logits(onHeap, x, 8)
  const top = (values: Float32Array, row: number) => {
    const own = [...values.subarray(row * classes, (row + 1) * classes)]
    return own.indexOf(Math.max(...own))
  }
  const right = [1, 2, 5, 6, 7].filter((row) => top(logits, row) === top(targets, row))
  const { classed, correct } = net.backpropagate(onHeap, x, targets, 8, gradient)
  expect({ classed, correct }).toEqual({ classed: 5, correct: right.length })
  kernels.release(onHeap, gradient)
})

describe.each([
  { widths: [784, 342, 68, 10], count: 33 },
  { widths: [784, 20, 10], count: 128 },
  { widths: [60, 50, 40, 30, 7], count: 1 },
  { widths: [50, 3], count: 5 },
])('backpropagation through $widths, batch of $count', ({ widths, count }) => {
  it('agrees with the automatic differentiation of the plain CPU backend', async () => {
    const { layout, parameters, x, targets } = example(widths, count)
    const { loss, gradient } = backpropagated(layout, parameters, x, targets, count)

    await tf.setBackend('cpu')
    const layers = layersOf(layout, parameters)
    const variables = layers.flatMap((l) => [tf.tensor2d(l.kernel, [l.in, l.out]), tf.tensor1d(l.bias)])
    const lossOf = (...v: tf.Tensor[]): tf.Scalar => {
      let h: tf.Tensor = tf.tensor2d(x, [count, widths[0]])
      for (let i = 0; i < layers.length; i++) {
        h = tf.add(tf.matMul(h as tf.Tensor2D, v[2 * i] as tf.Tensor2D), v[2 * i + 1])
        if (i < layers.length - 1) h = tf.relu(h)
      }
      const t = tf.tensor2d(targets, [count, widths.at(-1)!])
      return tf.neg(tf.mean(tf.sum(tf.mul(t, tf.logSoftmax(h)), 1)))
    }
    const { value, grads } = tf.valueAndGrads(lossOf)(variables)
    const expected = Float32Array.from(grads.flatMap((g) => [...g.dataSync()]))
    expect(loss / count).toBeCloseTo(value.dataSync()[0], 4)
    await tf.setBackend('wasm')

    expect(largestDifference(gradient, expected)).toBeLessThan(1e-5)
  })
})

describe('network', () => {
  it('has the gradient of finite differences', () => {
    const { layout, parameters, x, targets } = example([30, 20, 15, 5], 8)
    const lossAt = (p: Float32Array) => backpropagated(layout, p, x, targets, 8).loss / 8
    const { gradient } = backpropagated(layout, parameters, x, targets, 8)
    const h = 1e-2
    for (let i = 0; i < layout.size; i += 37) {
      const [up, down] = [h, -h].map((d) => {
        const moved = parameters.slice()
        moved[i] += d
        return lossAt(moved)
      })
      expect(gradient[i]).toBeCloseTo((up - down) / (2 * h), 2)
    }
  })

  it('leaves nothing behind in memory', () => {
    const { layout, x, targets, count, ...values } = example([784, 342, 68, 10], 16)
    const net = network(kernels, layout)
    const parameters = kernels.floats(values.parameters)
    const gradient = kernels.floats(layout.size)
    const before = kernels.live()
    net.backpropagate(parameters, x, targets, count, gradient)
    net.logits(parameters, x, count)
    expect(kernels.live()).toBe(before)
  })

  it('starts as TFLearn does: standard deviation 0.02, nothing beyond two of them, biases zero', () => {
    const layout = layoutOf([784, 342, 10])
    for (const { kernel, bias } of layersOf(layout, initialise(layout, 'tflearn', 1))) {
      expect(kernel.reduce((most, v) => Math.max(most, Math.abs(v)), 0)).toBeLessThanOrEqual(0.04)
      // A normal distribution cut at two deviations has 0.88 of its deviation left.
      expect(Math.sqrt(kernel.reduce((s, v) => s + v * v, 0) / kernel.length)).toBeCloseTo(0.0176, 3)
      expect(bias.every((v) => v === 0)).toBe(true)
    }
  })
})

describe('score', () => {
  it('is cross-entropy and accuracy, worked by hand', () => {
    // Softmax of (0, ln 3) is (1/4, 3/4).
    const logits = Float32Array.of(0, Math.log(3), 0, Math.log(3))
    const { loss, accuracy } = score(logits, Uint8Array.of(1, 0), 2)
    expect(loss).toBeCloseTo((-Math.log(3 / 4) - Math.log(1 / 4)) / 2, 6)
    expect(accuracy).toBe(0.5)
  })

  it('bears logits far apart', () => {
    expect(score(Float32Array.of(5000, -5000), Uint8Array.of(0), 2)).toEqual({ loss: 0, accuracy: 1 })
    expect(score(Float32Array.of(5000, -5000), Uint8Array.of(1), 2)).toEqual({ loss: 10000, accuracy: 0 })
  })
})

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length)
  return a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0)
}
