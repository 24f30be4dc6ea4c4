/**
 * The four TensorFlow.js WASM kernels that training needs, called without the public operations around them: no tape, no
 * tidy, no broadcasting; results are memory on the WASM heap that JavaScript reads and writes in place.
 *
 * Why not `tf.grads`: gradients multiply by transposed matrices, and the WASM backend has fast (XNNPACK) code only for
 * untransposed ones. Here a matrix is transposed first and then multiplied plainly, which is several times faster.
 * Never pass transpose flags to `_FusedMatMul`: with an inner dimension above 48, tfjs-backend-wasm 4.22 adds the bias
 * once per block.
 */
import '@tensorflow/tfjs-backend-wasm'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'

/** A matrix on the WASM heap, row by row. Belongs to whoever made it until `release`. */
export interface Matrix extends tf.TensorInfo {
  shape: [number, number]
}

export interface Kernels {
  /** A matrix with the given values, or with whatever the memory held. */
  matrix(rows: number, columns: number, values?: Float32Array): Matrix
  /** The matrix's numbers in place. Read it anew after making another matrix: the heap may have moved. */
  view(matrix: tf.TensorInfo): Float32Array
  /** A vector, as `affine` wants its bias. */
  vector(values: Float32Array): tf.TensorInfo
  /** x·w */
  multiply(x: Matrix, w: Matrix): Matrix
  /** x·w + bias, then max(0, ·) if `relu`. */
  affine(x: Matrix, w: Matrix, bias: tf.TensorInfo, relu: boolean): Matrix
  transpose(x: Matrix): Matrix
  release(...infos: tf.TensorInfo[]): void
  /** Matrices and vectors not released yet, by anyone on this backend. */
  live(): number
}

/** Starts the WASM backend, one thread of it: how XNNPACK would share work among several depends on the machine. */
export async function startKernels(): Promise<Kernels> {
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  await tf.setBackend('wasm')
  await tf.ready()
  const backend = tf.backend() as BackendWasm
  const run = (name: string, inputs: tf.NamedTensorInfoMap, attrs: tf.NamedAttrMap) =>
    tf.getKernel(name, 'wasm').kernelFunc({ inputs, attrs, backend }) as tf.TensorInfo
  const as3d = (m: Matrix): tf.TensorInfo => ({ ...m, shape: [1, ...m.shape] })
  const as2d = (info: tf.TensorInfo): Matrix => ({ ...info, shape: [info.shape[1], info.shape[2]] })
  const fused = (x: Matrix, w: Matrix, bias: tf.TensorInfo | undefined, activation: string): Matrix =>
    as2d(
      run(
        tf._FusedMatMul,
        { a: as3d(x), b: as3d(w), ...(bias && { bias }) },
        { transposeA: false, transposeB: false, activation },
      ),
    )
  return {
    matrix: (rows, columns, values) => backend.makeOutput([rows, columns], 'float32', undefined, values) as Matrix,
    vector: (values) => backend.makeOutput([values.length], 'float32', undefined, values),
    view: (info) => backend.typedArrayFromHeap(info) as Float32Array,
    multiply: (x, w) => fused(x, w, undefined, 'linear'),
    affine: (x, w, bias, relu) => fused(x, w, bias, relu ? 'relu' : 'linear'),
    transpose: (x) => run(tf.Transpose, { x }, { perm: [1, 0] }) as Matrix,
    release: (...infos) => {
      for (const info of infos) backend.disposeData(info.dataId)
    },
    live: () => backend.numDataIds(),
  }
}
