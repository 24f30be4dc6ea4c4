/**
 * TensorFlow.js's WASM backend inside a Worker. Workers compile WASM at deployment only, so the SIMD binary comes in as a
 * ready `WebAssembly.Module` and Emscripten's glue is handed it instead of fetching and compiling one.
 */
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm.js'
import { _fusedMatMulConfig } from '@tensorflow/tfjs-backend-wasm/dist/kernels/_FusedMatMul.js'
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'
import createGlue, { type BackendWasmModule } from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js'
import { registerBackend, registerKernel, setBackend, type TensorInfo } from '@tensorflow/tfjs-core'
import { INPUT_PIXELS } from '../model/artifact.ts'
import { type BindKernels, type BoundKernels, type Pixels, UNITS } from '../model/classifier.ts'
import denseModule from './kernels/dense.wasm'

/** The functions in kernels/dense.wat; addresses are offsets into the backend's memory. */
interface Kernels {
  dense(...layer: Layer): void
  /** @param inputs a multiple of 8 */
  denseOfBytes(...layer: [...Layer, values: number]): void
}
type Layer = [
  x: number,
  inputs: number,
  kernel: number,
  bias: number,
  units: number,
  relu: 0 | 1,
  out: number,
  list: number,
]
type Bind = (name: string, returns: 'number' | null, takes: 'number'[]) => never
/** Emscripten's module, with what the backend's own types leave out. */
type Glue = BackendWasmModule & { cwrap: Bind; _malloc(bytes: number): number; HEAPU8: Uint8Array<ArrayBuffer> }

/**
 * Makes the WASM backend the current one, with the one of its kernels that serving uses.
 * @returns what binds those of our own
 */
export async function startBackend(): Promise<BindKernels> {
  let memory: WebAssembly.Memory | undefined
  const glue = (await createGlue({
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
      const instance = new WebAssembly.Instance(simd, imports)
      // Emscripten's minified export has a name that changes with each of its builds.
      memory = Object.values(instance.exports).find((one) => one instanceof WebAssembly.Memory)
      done(instance)
      return instance.exports
    },
  })) as Glue
  bindFunctions(glue)
  registerKernel(_fusedMatMulConfig)
  const backend = new BackendWasm(glue)
  registerBackend('wasm', () => backend)
  await setBackend('wasm')
  const { exports } = new WebAssembly.Instance(denseModule, { backend: { memory: memory! } })
  return (layers, buffers) => bindKernels(glue, backend, exports as unknown as Kernels, layers, buffers)
}

/**
 * For one image, and for the first layer of many, a kernel of our own, on the backend's tensors where they lie: it skips
 * inputs that are 0, four fifths of a drawn digit. The weights are larger than a core's cache, so it is their reading that
 * costs.
 */
function bindKernels(
  glue: Glue,
  backend: BackendWasm,
  { dense, denseOfBytes }: Kernels,
  layers: Parameters<BindKernels>[0],
  buffers: Parameters<BindKernels>[1],
): BoundKernels {
  const addressOf = ({ dataId }: TensorInfo) => backend.getMemoryOffset(dataId)
  const list = glue._malloc(8 * (3 + Math.max(...layers.map(({ inputs }) => inputs))))
  const [first, ...rest] = layers.map(
    ({ inputs, units, activation, kernel, bias }, i): Layer => [
      ...([addressOf(buffers[i]), inputs, addressOf(kernel), addressOf(bias), units] as const),
      ...([activation === 'relu' ? 1 : 0, addressOf(buffers[i + 1]), list] as const),
    ],
  )
  const bytes = glue._malloc(INPUT_PIXELS)
  const values = glue._malloc(UNITS.byteLength)
  glue.HEAPU8.set(new Uint8Array(UNITS.buffer), values)
  const viewOf = (buffer: TensorInfo) => backend.typedArrayFromHeap(buffer) as Float32Array
  const [input, output] = [buffers[0], buffers[layers.length]]
  let logits = viewOf(output)
  const [inputAt, inputs, kernel, bias, units, relu, outputAt] = first
  /** The first layer of one image, into the row at an address. */
  const firstInto = (image: Pixels, row: number) => {
    if (image instanceof Uint8Array) {
      glue.HEAPU8.set(image, bytes)
      denseOfBytes(bytes, inputs, kernel, bias, units, relu, row, list, values)
    } else {
      viewOf(input).set(image)
      dense(inputAt, inputs, kernel, bias, units, relu, row, list)
    }
  }
  return {
    one: (image) => {
      firstInto(image, outputAt)
      for (const layer of rest) dense(...layer)
      // When the heap grows it moves, and views of it are empty.
      if (logits.length === 0) logits = viewOf(output)
      return logits.slice()
    },
    first: (images, count) => {
      const rows = backend.makeOutput([1, count, units], 'float32')
      const at = addressOf(rows)
      for (let i = 0; i < count; i++) {
        const image = images.subarray(i * INPUT_PIXELS, (i + 1) * INPUT_PIXELS)
        firstInto(image, at + i * units * Float32Array.BYTES_PER_ELEMENT)
      }
      return rows
    },
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
