import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { readArtifact } from '../../model/artifact.ts'
import { createClassifier, softmax } from '../../model/classifier.ts'
import { startBackend } from '../../train/backend.ts'
import { slice, toInput } from '../../train/data/dataset.ts'
import { exportArtifact } from '../../train/export.ts'
import { modelJson, weights } from '../support/artifact.ts'
import { mnist } from '../support/mnist.ts'

beforeAll(startBackend)

test('stock tf.loadLayersModel loads the artifact by its address and agrees with the classifier', async () => {
  const server = createServer((request, response) =>
    response.end(request.url === '/model.json' ? JSON.stringify(modelJson()) : weights()),
  ).listen(0)
  const { port } = server.address() as AddressInfo
  const stock = await tf.loadLayersModel(`http://localhost:${port}/model.json`)
  server.close()
  const read = readArtifact(modelJson(), weights())
  if (!read.ok) throw new Error(read.error.where)
  const { layers, card } = read.value

  const images = toInput(slice(mnist.test, 0, 1000).images)
  const expected = (stock.predict(tf.tensor2d(images, [1000, 784])) as tf.Tensor).dataSync()
  const logits = createClassifier(layers).logits(images, 1000)
  let largest = 0
  for (let i = 0; i < 1000; i++) {
    const probabilities = softmax(logits.subarray(10 * i, 10 * i + 10), card.calibration.temperature)
    probabilities.forEach((p, k) => {
      largest = Math.max(largest, Math.abs(p - expected[10 * i + k]))
    })
  }
  expect(largest).toBeLessThan(1e-5)
})

test('weights beyond float16 are refused, not written as infinity', async () => {
  const layer = {
    name: 'output',
    inputs: 784,
    units: 2,
    activation: 'softmax' as const,
    kernel: new Float32Array(784 * 2).fill(70_000),
    bias: new Float32Array(2),
  }
  const score = { count: 1, accuracy: 1, loss: 0 }
  const exported = await exportArtifact([layer], {
    labels: ['0', '1'],
    training: {},
    metrics: { validation: score, test: score },
    calibration: { temperature: 1, rejection: null },
  })
  expect(!exported.ok && exported.error.reason).toMatch(/65,504/)
})
