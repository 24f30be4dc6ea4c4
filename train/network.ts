/**
 * The multilayer perceptron as training sees it: one flat vector of parameters, its gradient by explicit
 * backpropagation, and its logits. ReLU between layers, softmax and categorical cross-entropy at the end.
 */
import type { Floats, Kernels } from './kernels.ts'
import { expOfNegative } from './math.ts'
import { randomOf } from './random.ts'

/** One dense layer. `kernel` is in×out, row by row (as TensorFlow.js keeps it); `bias` has `out` numbers. */
export interface LayerWeights {
  in: number
  out: number
  kernel: Float32Array
  bias: Float32Array
}

/** Where each layer's numbers lie in the flat vector of parameters. */
export interface Layout {
  widths: number[]
  layers: { in: number; out: number; kernelAt: number; biasAt: number }[]
  /** Parameters in all. */
  size: number
}

/** @param widths numbers of neurons from input to output: [784, 342, 68, 10] */
export function layoutOf(widths: number[]): Layout {
  let size = 0
  const layers = widths.slice(1).map((out, i) => {
    const kernelAt = size
    const biasAt = kernelAt + widths[i] * out
    size = biasAt + out
    return { in: widths[i], out, kernelAt, biasAt }
  })
  return { widths, layers, size }
}

/** The layers of a parameter vector, as views of it. */
export function layersOf(layout: Layout, parameters: Float32Array): LayerWeights[] {
  return layout.layers.map((layer) => ({
    in: layer.in,
    out: layer.out,
    kernel: parameters.subarray(layer.kernelAt, layer.biasAt),
    bias: parameters.subarray(layer.biasAt, layer.biasAt + layer.out),
  }))
}

/**
 * First weights. `he`: normal with variance 2/inputs (He et al. 2015), made for ReLU.
 * `tflearn`: TFLearn's default, normal with standard deviation 0.02 cut at two of them. Biases are zero.
 */
export type Initialisation = 'he' | 'tflearn'

export function initialise(layout: Layout, how: Initialisation, seed: number): Float32Array {
  const parameters = new Float32Array(layout.size)
  layersOf(layout, parameters).forEach(({ kernel, in: inputs }, index) => {
    const random = randomOf(seed, 'weights', index)
    const deviation = how === 'he' ? Math.sqrt(2 / inputs) : 0.02
    for (let i = 0; i < kernel.length; i++) {
      let value = random.normal()
      while (how === 'tflearn' && (value < -2 || value > 2)) value = random.normal()
      kernel[i] = value * deviation
    }
  })
  return parameters
}

/** Loss summed over a batch, natural units, how many images have a strongest target, and how many were classified as it. */
export interface BatchScore {
  loss: number
  /** The others are of no class: all their targets are the same. */
  classed: number
  correct: number
}

/** `parameters` and `gradient` are as long as the layout says. */
export interface Network {
  layout: Layout
  /**
   * Loss of a batch and the gradient of its mean.
   * @param x count×784, 0..1
   * @param targets count×classes, each row a distribution
   * @param gradient filled
   */
  backpropagate(parameters: Floats, x: Float32Array, targets: Float32Array, count: number, gradient: Floats): BatchScore
  /**
   * Logits of any number of images, count×classes.
   * @param images count×784, 0..1
   */
  logits(parameters: Floats, images: Float32Array, count: number): Float32Array
}

/** Images whose logits are computed at once: bounds the memory, costs no speed. */
const CHUNK = 1000

export function network(kernels: Kernels, layout: Layout): Network {
  const { layers, widths } = layout
  const inputs = widths[0]
  const classes = widths.at(-1)!
  const last = layers.length - 1

  /** Input and every layer's activation; the last are the logits. */
  const forward = (parameters: Floats, x: Float32Array, count: number): Floats[] => {
    const activations = [kernels.floats(x.subarray(0, count * inputs))]
    layers.forEach((layer, i) => {
      const values = kernels.floats(count * layer.out)
      kernels.product(
        { values: activations[i], rows: count, columns: layer.in },
        { values: parameters, at: layer.kernelAt, rows: layer.in, columns: layer.out },
        { values, at: 0 },
        { bias: { values: parameters, at: layer.biasAt }, relu: i < last },
      )
      activations.push(values)
    })
    return activations
  }

  /** Gradient of a layer's input, before the activation that made it, from that of its sums. */
  const backward = (parameters: Floats, i: number, delta: Floats, input: Floats, count: number): Floats => {
    const layer = layers[i]
    const kernel = kernels.floats(layer.in * layer.out)
    const all = kernels.view(parameters).subarray(layer.kernelAt, layer.biasAt)
    transpose(all, layer.in, layer.out, kernels.view(kernel))
    const values = kernels.floats(count * layer.in)
    kernels.product(
      { values: delta, rows: count, columns: layer.out },
      { values: kernel, rows: layer.out, columns: layer.in },
      { values, at: 0 },
    )
    kernels.whereActive(values, input, values.length)
    kernels.release(kernel)
    return values
  }

  return {
    layout,
    backpropagate: (parameters, x, targets, count, gradient) => {
      const activations = forward(parameters, x, count)
      let delta = activations[last + 1]
      const score = softmaxCrossEntropy(kernels.view(delta), targets, count, classes)
      for (let i = last; i >= 0; i--) {
        const { kernelAt, biasAt, in: rows, out } = layers[i]
        kernels.product(
          { values: activations[i], rows, columns: count, transposed: true },
          { values: delta, rows: count, columns: out },
          { values: gradient, at: kernelAt },
        )
        sumRows(kernels.view(delta), count, out, kernels.view(gradient), biasAt)
        if (i > 0) {
          const next = backward(parameters, i, delta, activations[i], count)
          kernels.release(delta)
          delta = next
        }
      }
      kernels.release(delta, ...activations.slice(0, -1))
      return score
    },
    logits: (parameters, images, count) => {
      const result = new Float32Array(count * classes)
      for (let start = 0; start < count; start += CHUNK) {
        const n = Math.min(CHUNK, count - start)
        const activations = forward(parameters, images.subarray(start * inputs), n)
        result.set(kernels.view(activations[last + 1]), start * classes)
        kernels.release(...activations)
      }
      return result
    },
  }
}

/** @param matrix rows×columns @param out columns×rows */
function transpose(matrix: Float32Array, rows: number, columns: number, out: Float32Array): void {
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < columns; i++) out[i * rows + row] = matrix[row * columns + i]
  }
}

/**
 * Softmax, categorical cross-entropy and its gradient in one pass.
 * @param logits count×classes; on return the gradient of the mean loss, (softmax − target) / count
 */
function softmaxCrossEntropy(logits: Float32Array, targets: Float32Array, count: number, classes: number): BatchScore {
  let loss = 0
  let classed = 0
  let correct = 0
  for (let row = 0; row < count; row++) {
    const start = row * classes
    let top = start
    let wanted = start
    let least = start
    for (let i = start + 1; i < start + classes; i++) {
      if (logits[i] > logits[top]) top = i
      if (targets[i] > targets[wanted]) wanted = i
      if (targets[i] < targets[least]) least = i
    }
    const greatest = logits[top]
    let sum = 0
    let fit = 0
    for (let i = start; i < start + classes; i++) {
      fit += targets[i] * (logits[i] - greatest)
      const power = expOfNegative(logits[i] - greatest)
      sum += power
      logits[i] = power
    }
    for (let i = start; i < start + classes; i++) logits[i] = (logits[i] / sum - targets[i]) / count
    loss += Math.log(sum) - fit
    if (targets[wanted] === targets[least]) continue
    classed++
    if (top === wanted) correct++
  }
  return { loss, classed, correct }
}

/** Turns rows of logits into rows of probabilities, in place. @param logits count×classes */
export function softmax(logits: Float32Array, count: number, classes: number): void {
  for (let start = 0; start < count * classes; start += classes) {
    const row = logits.subarray(start, start + classes)
    let greatest = row[0]
    for (let i = 1; i < classes; i++) if (row[i] > greatest) greatest = row[i]
    let sum = 0
    for (let i = 0; i < classes; i++) {
      const power = expOfNegative(row[i] - greatest)
      sum += power
      row[i] = power
    }
    for (let i = 0; i < classes; i++) row[i] /= sum
  }
}

/** Column sums of a rows×columns matrix. */
function sumRows(matrix: Float32Array, rows: number, columns: number, out: Float32Array, offset: number): void {
  const sums = new Float64Array(columns)
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < columns; i++) sums[i] += matrix[row * columns + i]
  }
  for (let i = 0; i < columns; i++) out[offset + i] = sums[i]
}

/** Mean cross-entropy and accuracy of logits. @param labels count bytes, each below `classes` */
export function score(logits: Float32Array, labels: Uint8Array, classes: number): { loss: number; accuracy: number } {
  const count = labels.length
  const gradient = logits.slice()
  const targets = new Float32Array(count * classes)
  for (let i = 0; i < count; i++) targets[i * classes + labels[i]] = 1
  const { loss, correct } = softmaxCrossEntropy(gradient, targets, count, classes)
  return { loss: loss / count, accuracy: correct / count }
}
