/**
 * onnxruntime-web in a Worker of its own. Its calls are asynchronous, so it cannot take the place of worker/digits.ts; in
 * return it is spared all that the project's Worker does around a prediction (routes, ids, headers, log line).
 */

import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm'
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm'
import { INPUT_PIXELS } from '../../model/artifact.ts'
import { softmax } from '../../model/classifier.ts'
import { onnxModel } from './onnx-model.ts'
import { card, layers } from './shipped.ts'

// Workers compile WASM at deployment only; the runtime hands its glue bytes, which are answered with the ready module.
Object.assign(WebAssembly, {
  instantiate: async (_: unknown, imports: WebAssembly.Imports) => ({
    module: wasm,
    instance: new WebAssembly.Instance(wasm, imports),
  }),
})
env.wasm.numThreads = 1
env.wasm.wasmBinary = new ArrayBuffer(8)

const session = await InferenceSession.create(onnxModel(layers), { executionProviders: ['wasm'] })
const classes = layers[layers.length - 1].units

export default {
  async fetch(request: Request): Promise<Response> {
    const bytes = new Uint8Array(await request.arrayBuffer())
    const images = new Float32Array(bytes.length)
    for (let i = 0; i < bytes.length; i++) images[i] = bytes[i] / 255
    const count = bytes.length / INPUT_PIXELS
    const { logits } = await session.run({ images: new Tensor('float32', images, [count, INPUT_PIXELS]) })
    const values = logits.data as Float32Array
    const predictions = Array.from({ length: count }, (_, i) => {
      const row = softmax(values.subarray(i * classes, (i + 1) * classes), card.calibration.temperature)
      const digit = row.indexOf(Math.max(...row))
      return { digit, confidence: row[digit], probabilities: Array.from(row, (p) => Math.round(p * 1e6) / 1e6) }
    })
    return Response.json({ predictions })
  },
}
