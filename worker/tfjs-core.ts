/**
 * What the WASM backend and the classifier use of `@tensorflow/tfjs-core`, in whose stead this is bundled (wrangler.toml).
 * The package's own entry runs all of it at start-up: platforms, loaders, optimizers, gradients.
 */
import { bytesPerElement, fetch, now, sizeFromShape } from '@tensorflow/tfjs-core/dist/util.js'

export { DataStorage, KernelBackend } from '@tensorflow/tfjs-core/dist/backends/backend.js'
export { env } from '@tensorflow/tfjs-core/dist/environment.js'
export {
  backend,
  deprecationWarn,
  engine,
  getBackend,
  registerBackend,
  setBackend,
} from '@tensorflow/tfjs-core/dist/globals.js'
export { _FusedMatMul } from '@tensorflow/tfjs-core/dist/kernel_names.js'
export { getKernel, registerKernel } from '@tensorflow/tfjs-core/dist/kernel_registry.js'
export * as broadcast_util from '@tensorflow/tfjs-core/dist/ops/broadcast_util.js'

/** Not the whole of it: hashes of strings bring 64-bit integers along. */
export const util = { bytesPerElement, fetch, now, sizeFromShape }
