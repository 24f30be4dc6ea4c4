import { loadLayersModel, type Tensor, tensor2d } from '@tensorflow/tfjs'
import { expect, inject, test } from 'vitest'
import { createClient } from '../../client/index.ts'
import { mnist } from '../support/mnist.ts'

const COUNT = 128

test('stock TensorFlow.js loads the model from the running Worker and reads the same digits', async () => {
  const model = await loadLayersModel(`${inject('open')}/model/model.json`)
  const pixels = mnist.test.images.slice(0, COUNT * 784)
  const images = tensor2d(
    Float32Array.from(pixels, (value) => value / 255),
    [COUNT, 784],
  )
  const outputs = model.predict(images) as Tensor
  const digits = [...(await outputs.argMax(1).data())]
  const { predictions } = await createClient(inject('open')).predict(
    Array.from({ length: COUNT }, (_, i) => pixels.slice(i * 784, (i + 1) * 784)),
  )
  expect(digits).toEqual(predictions.map(({ digit }) => digit))
  expect(digits.filter((digit, i) => digit === mnist.test.labels[i]).length).toBeGreaterThan(COUNT * 0.98)
})
