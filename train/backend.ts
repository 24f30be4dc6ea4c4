/** TensorFlow.js's WASM backend in Node. */
import '@tensorflow/tfjs-backend-wasm'
import { env, ready, setBackend } from '@tensorflow/tfjs-core'

/** Makes the WASM backend current, one thread of it: how XNNPACK shares work among several depends on the machine. */
export async function startBackend(): Promise<void> {
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  await setBackend('wasm')
  await ready()
}
