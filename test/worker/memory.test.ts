import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { backend, getBackend } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { digits, page, post } from './support.ts'

const send = async (body: BodyInit, type = 'application/octet-stream') =>
  (await post('/v1/predict', type, body)).arrayBuffer()

/** Tensors alive, and bytes of the WASM heap, which never shrinks. */
function memory() {
  const { wasm } = backend() as BackendWasm
  // The backend's own type leaves out what Emscripten gives every module.
  const { HEAPU8 } = wasm as typeof wasm & { HEAPU8: Uint8Array }
  return { tensors: backend().numDataIds(), heap: HEAPU8.byteLength }
}

test('no tensor outlives its request, answered or refused', async () => {
  await send(digits(0, 1).pixels)
  expect(getBackend()).toBe('wasm')
  const { tensors } = memory()
  expect(tensors).toBeGreaterThan(0)
  for (let i = 0; i < 200; i++) {
    await send(digits(i, 1 + (i % 7)).pixels)
    await send(new Uint8Array(5))
    await send('{"image": [1]}', 'application/json')
    if (i % 20 === 0) await send(page(digits(i, 1).pixels), 'image/png')
  }
  expect(memory().tensors).toBe(tensors)
})

test('one image is answered as before when the heap has grown, and so has moved', async () => {
  const one = async () => (await post('/v1/predict', 'application/octet-stream', digits(0, 1).pixels)).text()
  const before = await one()
  const { wasm } = backend() as BackendWasm
  const { _malloc, _free } = wasm as typeof wasm & { _malloc(bytes: number): number; _free(address: number): void }
  const { heap } = memory()
  _free(_malloc(heap))
  expect(memory().heap).toBeGreaterThan(heap)
  expect(await one()).toBe(before)
})

test('memory stays flat over 100,000 predictions', async () => {
  const batch = digits(0, 125).pixels
  await send(batch)
  const before = memory()
  for (let i = 0; i < 800; i++) await send(batch)
  expect(memory()).toEqual(before)
})
