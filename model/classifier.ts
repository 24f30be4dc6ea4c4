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

/** Images, row-major, light ink on dark: numbers of 0..1, or bytes of 0..255 as they came. */
export type Pixels = Float32Array | Uint8Array

/** The number of 0..1 that each byte stands for. */
export const UNITS = Float32Array.from({ length: 256 }, (_, byte) => byte / 255)

/** Pixels as numbers of 0..1. */
export function unitPixels(images: Pixels): Float32Array {
  if (images instanceof Float32Array) return images
  const units = new Float32Array(images.length)
  // Looked up, as divisions take four times as long.
  for (let i = 0; i < images.length; i++) units[i] = UNITS[images[i]]
  return units
}

export interface Classifier {
  /** Length of a row of logits. */
  classes: number
  /**
   * @param images count × 784
   * @returns count × classes, before softmax
   */
  logits(images: Pixels, count: number): Float32Array
  /** Gives the weights' memory back. */
  dispose(): void
}

/** A layer whose weights are on the backend. */
export interface PlacedLayer {
  inputs: number
  units: number
  activation: 'relu' | 'linear'
  kernel: TensorInfo
  bias: TensorInfo
}

/** A backend's own kernels, bound to a network's layers: made for images, most of whose pixels are 0. */
export interface BoundKernels {
  /** The whole forward pass of one image, through buffers that stay. */
  one(image: Pixels): Float32Array
  /** The first layer of `count` images, as a tensor [1, count, units] of whoever asks. */
  first(images: Pixels, count: number): TensorInfo
}

/** @param buffers the input, then each layer's output, one row each */
export type BindKernels = (layers: readonly PlacedLayer[], buffers: readonly TensorInfo[]) => BoundKernels

/**
 * Puts the weights on the current backend, where they stay: the WASM backend packs them once and keeps the packed form.
 *
 * Calls the fused kernel directly. Going through the public ops costs as much again as the arithmetic for one image,
 * in bookkeeping for tensors that live for microseconds.
 *
 * @param bindKernels what the backend has beside its own kernels
 */
export function createClassifier(layers: DenseLayer[], bindKernels?: BindKernels): Classifier {
  const store = backend()
  const kernel = getKernel(_FusedMatMul, getBackend())
  if (!kernel) throw new Error(`The TensorFlow.js backend ${getBackend()} has no ${_FusedMatMul} kernel.`)
  const dense = layers.map(
    ({ inputs, units, activation, kernel, bias }): PlacedLayer => ({
      inputs,
      units,
      activation: activation === 'relu' ? 'relu' : 'linear',
      kernel: upload(store, kernel, [1, inputs, units]),
      bias: upload(store, bias, [units]),
    }),
  )
  const sizes = bindKernels ? [INPUT_PIXELS, ...dense.map(({ units }) => units)] : []
  const buffers = sizes.map((size) => upload(store, new Float32Array(size), [1, 1, size]))
  const own = bindKernels?.(dense, buffers)
  const classes = layers[layers.length - 1].units

  function logits(images: Pixels, count: number): Float32Array {
    if (own && count === 1) return own.one(images)
    let hidden = own ? own.first(images, count) : upload(store, unitPixels(images), [1, count, INPUT_PIXELS])
    for (const layer of own ? dense.slice(1) : dense) {
      const inputs = { a: hidden, b: layer.kernel, bias: layer.bias }
      const output = kernel!.kernelFunc({ inputs, backend: store, attrs: attributes(layer) }) as TensorInfo
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
    for (const buffer of buffers) store.disposeData(buffer.dataId)
  }

  return { classes, logits, dispose }
}

/**
 * Softmax of a row of logits, shifted by the largest so that it cannot overflow.
 * @param temperature divides the logits first (Guo et al., On Calibration of Modern Neural Networks, 2017)
 */
export function softmax(logits: Float32Array, temperature: number): number[] {
  let most = Number.NEGATIVE_INFINITY
  for (let i = 0; i < logits.length; i++) if (logits[i] > most) most = logits[i]
  const probabilities = new Array<number>(logits.length)
  let sum = 0
  for (let i = 0; i < logits.length; i++) {
    probabilities[i] = Math.exp((logits[i] - most) / temperature)
    sum += probabilities[i]
  }
  for (let i = 0; i < logits.length; i++) probabilities[i] /= sum
  return probabilities
}

function upload(store: KernelBackend, values: Float32Array, shape: number[]): TensorInfo {
  return { dataId: store.write(values, shape, 'float32'), shape, dtype: 'float32' }
}

function attributes({ activation }: PlacedLayer) {
  return { transposeA: false, transposeB: false, activation, leakyreluAlpha: 0 }
}
