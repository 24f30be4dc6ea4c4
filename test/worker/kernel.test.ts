import { expect, test } from 'vitest'
import { createClassifier, UNITS, unitPixels } from '../../model/classifier.ts'
import { classifier, layers } from '../../worker/digits.ts'
import module from '../../worker/kernels/dense.wasm'
import { digits } from './support.ts'

const memory = new WebAssembly.Memory({ initial: 16 })
const heap = new Float32Array(memory.buffer)
const { exports } = new WebAssembly.Instance(module, { backend: { memory } })
const { dense, denseOfBytes } = exports as Record<string, (...args: number[]) => void>

/** max(0, x · kernel + bias), or without max, in float32, summed input by input. */
function expected(x: Float32Array, kernel: Float32Array, bias: Float32Array, relu: boolean): Float32Array {
  const out = bias.slice()
  x.forEach((value, i) => {
    for (let j = 0; j < out.length; j++) out[j] = Math.fround(out[j] + Math.fround(value * kernel[i * out.length + j]))
  })
  return relu ? out.map((sum) => Math.max(sum, 0)) : out
}

test('computes a layer of any size, and writes nothing beyond it', () => {
  for (const units of [1, 2, 10, 31, 32, 33, 63, 64, 68, 100, 342]) {
    for (const [inputs, relu] of [
      [1, true],
      [7, false],
      [40, true],
      [300, false],
    ] as const) {
      const wave = (length: number, step: number) => Float32Array.from({ length }, (_, i) => ((i * step) % 17) / 8 - 1)
      // Every third input is there; then none, then all.
      for (const share of [3, Number.POSITIVE_INFINITY, 1]) {
        const x = wave(inputs, 5).map((value, i) => (i % share === share - 1 ? value : 0))
        const kernel = wave(inputs * units, 7)
        const bias = wave(units, 3)
        heap.fill(Number.NaN)
        let end = 4
        const place = (values: Float32Array) => {
          const at = end
          heap.set(values, at)
          end += values.length
          return at * 4
        }
        const [xAt, kernelAt, biasAt] = [place(x), place(kernel), place(bias)]
        const listAt = place(new Float32Array(2 * inputs + 6))
        const outAt = place(new Float32Array(units))
        dense(xAt, inputs, kernelAt, biasAt, units, relu ? 1 : 0, outAt, listAt)
        const found = heap.slice(outAt / 4, end)
        expect(found, `${inputs} × ${units}, one in ${share}`).toEqual(expected(x, kernel, bias, relu))
        expect(heap[end]).toBeNaN()
      }
    }
  }
})

test('computes of bytes what it does of the numbers that they stand for', () => {
  const place = (values: Float32Array | Uint8Array, at: number) =>
    new Uint8Array(memory.buffer).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at)
  const [units, kernelAt, biasAt, valuesAt, listAt, outAt] = [13, 4096, 65_536, 69_632, 73_728, 81_920]
  place(UNITS, valuesAt)
  for (const inputs of [8, 16, 784]) {
    // None, one at each end, all, and some of any value.
    for (const bytes of [
      new Uint8Array(inputs),
      new Uint8Array(inputs).fill(1, 0, 1),
      new Uint8Array(inputs).fill(255, inputs - 1),
      new Uint8Array(inputs).fill(128),
      Uint8Array.from({ length: inputs }, (_, i) => (i % 3 === 0 ? (i * 7) % 256 : 0)),
    ]) {
      const kernel = Float32Array.from({ length: inputs * units }, (_, i) => ((i * 7) % 17) / 8 - 1)
      const bias = Float32Array.from({ length: units }, (_, i) => i / 4 - 1)
      place(bytes, 1024)
      place(kernel, kernelAt)
      place(bias, biasAt)
      denseOfBytes(1024, inputs, kernelAt, biasAt, units, 1, outAt, listAt, valuesAt)
      expect(heap.slice(outAt / 4, outAt / 4 + units)).toEqual(expected(unitPixels(bytes), kernel, bias, true))
    }
  }
})

test('gives the bits of the backend’s own kernel, for one image and in a batch', () => {
  const plain = createClassifier(layers)
  const bytes = digits(0, 100).pixels
  for (const images of [bytes, unitPixels(bytes)]) {
    const expected = [...plain.logits(images, 100)]
    const alone = Array.from({ length: 100 }, (_, i) => [...classifier.logits(images.slice(i * 784, (i + 1) * 784), 1)])
    expect(alone.flat()).toEqual(expected)
    expect([...classifier.logits(images, 100)]).toEqual(expected)
  }
  plain.dispose()
})

test('takes bytes for what they are as numbers', () => {
  const { pixels } = digits(0, 10)
  for (let count = 1; count <= 10; count += 9) {
    const bytes = pixels.subarray(0, count * 784)
    expect([...classifier.logits(bytes, count)]).toEqual([...classifier.logits(unitPixels(bytes), count)])
  }
})
