import { exports } from 'cloudflare:workers'
import { backend, getBackend } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { digits } from './mnist.ts'

const send = (body: BodyInit, type = 'application/octet-stream') =>
  exports.default.fetch('http://localhost/v1/predict', { method: 'POST', headers: { 'content-type': type }, body })

test('no tensor outlives its request, answered or refused', async () => {
  await send(digits(0))
  expect(getBackend()).toBe('wasm')
  const before = backend().numDataIds()
  expect(before).toBeGreaterThan(0)
  for (let i = 0; i < 200; i++) {
    await send(digits(i, 1 + (i % 7)))
    await send(new Uint8Array(5))
    await send('{"image": [1]}', 'application/json')
  }
  expect(backend().numDataIds()).toBe(before)
})
