/** The Worker with stock TensorFlow.js on the WASM backend: takes the place of worker/digits.ts. */
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm.js'
import '@tensorflow/tfjs-backend-wasm/dist/register_all_kernels.js'
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'
import createGlue, { type BackendWasmModule } from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js'
import { registerBackend, setBackend } from '@tensorflow/tfjs-core'
import { INPUT_PIXELS } from '../../model/artifact.ts'
import { modelJson, weights } from './shipped.ts'
import { stockClassifier } from './tfjs.ts'

type Glue = BackendWasmModule & { cwrap(name: string, returns: 'number' | null, takes: 'number'[]): never }

// Workers compile WASM at deployment only, so the backend's own loader cannot be used: the rest of it is this.
const glue = (await createGlue({
  instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
    const instance = new WebAssembly.Instance(simd, imports)
    done(instance)
    return instance.exports
  },
})) as Glue
glue.tfjs = {
  init: glue.cwrap('init', null, []),
  initWithThreadsCount: glue.cwrap('init_with_threads_count', null, ['number']),
  getThreadsCount: glue.cwrap('get_threads_count', 'number', []),
  registerTensor: glue.cwrap('register_tensor', null, ['number', 'number', 'number']),
  disposeData: glue.cwrap('dispose_data', null, ['number']),
  dispose: glue.cwrap('dispose', null, []),
}
registerBackend('wasm', () => new BackendWasm(glue))
await setBackend('wasm')

export { card, layers } from './shipped.ts'
export const classifier = await stockClassifier(modelJson, weights)
classifier.logits(new Float32Array(INPUT_PIXELS), 1)
