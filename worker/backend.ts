/**
 * TensorFlow.js's WASM backend inside a Worker. Workers compile WASM at deployment only, so the SIMD binary comes in as a
 * ready `WebAssembly.Module` and Emscripten's glue is handed it instead of fetching and compiling one.
 */
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm.js'
import { _fusedMatMulConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/_FusedMatMul.js'
import { FusableActivation } from '@tensorflow/tfjs-backend-wasm/dist/kernels/types.js'
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'
import createGlue, { type BackendWasmModule } from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js'
import { registerBackend, registerKernel, setBackend, type TensorInfo } from '@tensorflow/tfjs-core'
import type { BindOne } from '../model/classifier.ts'

type Bind = (name: string, returns: 'number' | null, takes: 'number'[]) => never
/** Emscripten's module, with what the backend's own types leave out. */
type Glue = BackendWasmModule & { cwrap: Bind; _malloc(bytes: number): number; HEAPU8: Uint8Array<ArrayBuffer> }

/**
 * Makes the WASM backend, with the one kernel that serving uses, the current backend.
 * @returns its shortest way for one image
 */
export async function startBackend(): Promise<BindOne> {
  const glue = (await createGlue({
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
      const instance = new WebAssembly.Instance(simd, imports)
      done(instance)
      return instance.exports
    },
  })) as Glue
  bindFunctions(glue)
  registerKernel(_fusedMatMulConfig)
  const backend = new BackendWasm(glue)
  registerBackend('wasm', () => backend)
  await setBackend('wasm')
  return (layers, buffers) => bindOne(glue, backend, layers, buffers)
}

/**
 * The kernel's own function called with arguments that never change. What the kernel does around it for every layer
 * (tensors registered and freed, shapes copied in) costs half as much as the arithmetic for one image.
 */
function bindOne(
  glue: Glue,
  backend: BackendWasm,
  layers: Parameters<BindOne>[0],
  buffers: Parameters<BindOne>[1],
): ReturnType<BindOne> {
  const fusedMatMul: (...args: number[]) => void = glue.cwrap('_FusedMatMul', null, new Array(13).fill('number'))
  const idOf = ({ dataId }: TensorInfo) => backend.dataIdMap.get(dataId).id
  const shapeOf = ({ shape }: TensorInfo) => {
    const address = glue._malloc(shape.length * Int32Array.BYTES_PER_ELEMENT)
    new Int32Array(glue.HEAPU8.buffer, address).set(shape)
    return [address, shape.length]
  }
  const calls = layers.map(({ kernel, bias, activation }, i) => [
    ...[idOf(buffers[i]), ...shapeOf(buffers[i]), idOf(kernel), ...shapeOf(kernel)],
    // No transposition; no PReLU weights, no leak.
    ...[0, 0, FusableActivation[activation], idOf(bias), 0, 0, idOf(buffers[i + 1])],
  ])
  const [input, output] = [buffers[0], buffers[layers.length]]
  return (image) => {
    // The heap is looked up each time: it moves when it grows.
    backend.typedArrayFromHeap(input).set(image)
    for (const call of calls) fusedMatMul(...call)
    return backend.typedArrayFromHeap(output).slice() as Float32Array
  }
}

/** The functions that the backend's own loader binds (`init` in tfjs-backend-wasm's backend_wasm.ts). */
function bindFunctions(glue: Glue): void {
  const bind = glue.cwrap
  glue.tfjs = {
    init: bind('init', null, []),
    initWithThreadsCount: bind('init_with_threads_count', null, ['number']),
    getThreadsCount: bind('get_threads_count', 'number', []),
    registerTensor: bind('register_tensor', null, ['number', 'number', 'number']),
    disposeData: bind('dispose_data', null, ['number']),
    dispose: bind('dispose', null, []),
  }
}
