/**
 * TensorFlow.js's WASM backend inside a Worker. Workers compile WASM at deployment only, so the SIMD binary comes in as a
 * ready `WebAssembly.Module` and Emscripten's glue is handed it instead of fetching and compiling one.
 */
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm.js'
import { _fusedMatMulConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/_FusedMatMul.js'
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'
import createGlue, { type BackendWasmModule } from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js'
import { registerBackend, registerKernel, setBackend } from '@tensorflow/tfjs-core'

/** Makes the WASM backend, with the one kernel that serving uses, the current backend. */
export async function startBackend(): Promise<void> {
  const glue = await createGlue({
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
      const instance = new WebAssembly.Instance(simd, imports)
      done(instance)
      return instance.exports
    },
  })
  bindFunctions(glue)
  registerKernel(_fusedMatMulConfig)
  registerBackend('wasm', () => new BackendWasm(glue))
  await setBackend('wasm')
}

/** The functions that the backend's own loader binds (`init` in tfjs-backend-wasm's backend_wasm.ts). */
function bindFunctions(glue: BackendWasmModule & { cwrap?: unknown }): void {
  const bind = glue.cwrap as (name: string, returns: 'number' | null, takes: 'number'[]) => never
  glue.tfjs = {
    init: bind('init', null, []),
    initWithThreadsCount: bind('init_with_threads_count', null, ['number']),
    getThreadsCount: bind('get_threads_count', 'number', []),
    registerTensor: bind('register_tensor', null, ['number', 'number', 'number']),
    disposeData: bind('dispose_data', null, ['number']),
    dispose: bind('dispose', null, []),
  }
}
