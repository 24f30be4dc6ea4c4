/**
 * The arithmetic of training, on tensors of the TensorFlow.js WASM backend: kernels of our own (kernels/training.wat), called
 * on its memory without the operations around its own ones. Results are numbers on the heap that JavaScript reads in place.
 *
 * Why not the backend's: its kernels multiply every zero, and most of a digit's pixels and of what relu leaves are zeros;
 * and gradients (`tf.grads`) multiply by transposed matrices, for which it has no fast (XNNPACK) code.
 */
import { readFileSync } from 'node:fs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { backend as currentBackend, type DataId } from '@tensorflow/tfjs-core'
import { compile, instantiate } from '../image/wasm.ts'
import { startBackend } from './backend.ts'

/** float32s on the WASM heap: a vector, or a matrix row by row. They belong to whoever made them until `release`. */
export interface Floats {
  readonly dataId: DataId
  /** In bytes from the heap's start. */
  readonly address: number
  readonly length: number
}

/** A matrix within a heap's numbers: the first of its numbers, and how far it is to those below and beside it. */
export interface Matrix {
  readonly values: Floats
  readonly at?: number
  readonly rows: number
  readonly columns: number
  /** Whether the numbers lie column by column. */
  readonly transposed?: boolean
}

export interface ProductOptions {
  bias?: { values: Floats; at: number }
  /** Whether to take max(0, ·) at the end. */
  relu?: boolean
}

/** What one AdamW step multiplies by, see kernels/training.wat. */
export interface AdamwStep {
  beta1: number
  beta2: number
  rate: number
  scale: number
  keep: number
}

export interface Kernels {
  /** New numbers: the given ones, or as many as are asked for, of any value. */
  floats(values: Float32Array | number): Floats
  /** The numbers in place. Look anew after making others: the heap may have moved. */
  view(floats: Floats): Float32Array
  release(...floats: Floats[]): void
  /**
   * x·w (+ bias), into `out`. Zeros of x cost nothing. Each sum begins with the bias and goes through x's columns in order.
   * @param x may be transposed
   * @param w as many rows as x has columns; not transposed
   * @param out as many rows as x, as many columns as w; not transposed
   */
  product(x: Matrix, w: Matrix, out: { values: Floats; at: number }, options?: ProductOptions): void
  /** The gradient of relu: the first `count` of `values` become 0 where those of `active` are not above 0. */
  whereActive(values: Floats, active: Floats, count: number): void
  /** One step of AdamW on `count` parameters from `at` on. */
  adamw(
    parameters: Floats,
    gradient: Floats,
    mean: Floats,
    square: Floats,
    at: number,
    count: number,
    step: AdamwStep,
  ): void
  /** average += share · (values − average) */
  average(average: Floats, values: Floats, share: number): void
  /** Blocks of the heap not released yet, by anyone on this backend. */
  live(): number
}

/** The functions of kernels/training.wat; addresses and steps are bytes. */
interface Exports {
  product(
    ...args: [
      ...x: [address: number, count: number, countStep: number, inputs: number, inputStep: number],
      ...w: [kernel: number, units: number, bias: number, relu: 0 | 1],
      ...[out: number, list: number],
    ]
  ): void
  whereActive(values: number, active: number, bytes: number): void
  adamw(
    ...args: [
      ...[parameters: number, gradient: number, mean: number, square: number, bytes: number],
      ...[beta1: number, rest1: number, beta2: number, rest2: number, rate: number, scale: number, keep: number],
    ]
  ): void
  average(average: number, values: number, bytes: number, share: number): void
}

const module = compile(readFileSync(new URL('./kernels/training.wasm', import.meta.url)))
const BYTES = Float32Array.BYTES_PER_ELEMENT

/** Starts the WASM backend, and the kernels on its memory. */
export async function startKernels(): Promise<Kernels> {
  await startBackend()
  const backend = currentBackend() as BackendWasm
  // Emscripten keeps its memory among the binary's exports.
  const { asm } = backend.wasm as unknown as { asm: { memory: object } }
  const run = instantiate<Exports>(module, { backend: { memory: asm.memory } })

  const floats: Kernels['floats'] = (values) => {
    const [length, given] = typeof values === 'number' ? [values] : [values.length, values]
    const { dataId } = backend.makeOutput([length], 'float32', undefined, given)
    return { dataId, address: backend.getMemoryOffset(dataId), length }
  }
  const release: Kernels['release'] = (...all) => {
    for (const { dataId } of all) backend.disposeData(dataId)
  }
  return {
    floats,
    release,
    view: ({ dataId, length }) =>
      backend.typedArrayFromHeap({ dataId, shape: [length], dtype: 'float32' }) as Float32Array,
    product: (x, w, out, { bias, relu = false } = {}) => {
      const list = floats(2 * (x.columns + 1))
      const [down, across] = x.transposed ? [BYTES, x.rows * BYTES] : [x.columns * BYTES, BYTES]
      const place = ({ values, at = 0 }: { values: Floats; at?: number }) => values.address + at * BYTES
      run.product(
        ...([place(x), x.rows, down, x.columns, across] as const),
        ...([place(w), w.columns, bias ? place(bias) : 0, relu ? 1 : 0, place(out), list.address] as const),
      )
      release(list)
    },
    whereActive: (values, active, count) => run.whereActive(values.address, active.address, count * BYTES),
    adamw: (parameters, gradient, mean, square, at, count, { beta1, beta2, rate, scale, keep }) => {
      const [p, g, m, s] = [parameters, gradient, mean, square].map(({ address }) => address + at * BYTES)
      run.adamw(p, g, m, s, count * BYTES, beta1, 1 - beta1, beta2, 1 - beta2, rate, scale, keep)
    },
    average: (average, values, share) => run.average(average.address, values.address, average.length * BYTES, share),
    live: () => backend.numDataIds(),
  }
}
