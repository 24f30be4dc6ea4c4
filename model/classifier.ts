/** From images to logits: the network's forward pass on whatever TensorFlow.js backend is current. */
import {
  _FusedMatMul,
  backend,
  getBackend,
  getKernel,
  type KernelBackend,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { type DenseLayer, INPUT_PIXELS } from './artifact.ts'

export interface Classifier {
  /** Length of a row of logits. */
  classes: number
  /**
   * @param images count × 784, row-major, 0..1, light ink on dark
   * @returns count × classes, before softmax
   */
  logits(images: Float32Array, count: number): Float32Array
  /** Gives the weights' memory back. */
  dispose(): void
}

/**
 * Puts the weights on the current backend, where they stay: the WASM backend packs them once and keeps the packed form.
 *
 * Calls the fused kernel directly. Going through the public ops costs as much again as the arithmetic for one image,
 * in bookkeeping for tensors that live for microseconds.
 */
export function createClassifier(layers: DenseLayer[]): Classifier {
  const store = backend()
  const kernel = getKernel(_FusedMatMul, getBackend())
  if (!kernel) throw new Error(`The TensorFlow.js backend ${getBackend()} has no ${_FusedMatMul} kernel.`)
  const dense = layers.map((layer) => ({
    units: layer.units,
    kernel: upload(store, layer.kernel, [1, layer.inputs, layer.units]),
    bias: upload(store, layer.bias, [layer.units]),
    attrs: attributes(layer),
  }))
  const classes = layers[layers.length - 1].units

  function logits(images: Float32Array, count: number): Float32Array {
    let hidden = upload(store, images, [1, count, INPUT_PIXELS])
    for (const layer of dense) {
      const inputs = { a: hidden, b: layer.kernel, bias: layer.bias }
      const output = kernel!.kernelFunc({ inputs, backend: store, attrs: layer.attrs }) as TensorInfo
      store.disposeData(hidden.dataId)
      hidden = output
    }
    const values = store.readSync(hidden.dataId) as Float32Array
    store.disposeData(hidden.dataId)
    return values
  }

  function dispose(): void {
    for (const layer of dense) {
      store.disposeData(layer.kernel.dataId)
      store.disposeData(layer.bias.dataId)
    }
  }

  return { classes, logits, dispose }
}

/**
 * Softmax of a row of logits, shifted by the largest so that it cannot overflow.
 * @param temperature divides the logits first (Guo et al., On Calibration of Modern Neural Networks, 2017)
 */
export function softmax(logits: Float32Array, temperature: number): Float64Array {
  let most = Number.NEGATIVE_INFINITY
  for (const logit of logits) if (logit > most) most = logit
  const probabilities = new Float64Array(logits.length)
  let sum = 0
  for (let i = 0; i < logits.length; i++) sum += probabilities[i] = Math.exp((logits[i] - most) / temperature)
  for (let i = 0; i < logits.length; i++) probabilities[i] /= sum
  return probabilities
}

function upload(store: KernelBackend, values: Float32Array, shape: number[]): TensorInfo {
  return { dataId: store.write(values, shape, 'float32'), shape, dtype: 'float32' }
}

function attributes(layer: DenseLayer) {
  const activation = layer.activation === 'relu' ? 'relu' : 'linear'
  return { transposeA: false, transposeB: false, activation, leakyreluAlpha: 0 }
}
