import { backend, getBackend } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { digits, post } from './support.ts'

const send = (body: BodyInit, type = 'application/octet-stream') => post('/v1/predict', type, body)

test('no tensor outlives its request, answered or refused', async () => {
  await send(digits(0, 1).pixels)
  expect(getBackend()).toBe('wasm')
  const before = backend().numDataIds()
  expect(before).toBeGreaterThan(0)
  for (let i = 0; i < 200; i++) {
    await send(digits(i, 1 + (i % 7)).pixels)
    await send(new Uint8Array(5))
    await send('{"image": [1]}', 'application/json')
  }
  expect(backend().numDataIds()).toBe(before)
})
