import { expect, inject, test } from 'vitest'
import modelJson from '../../model/digits/model.json'
import { digits, post, predictionsOf } from './support.ts'

const answers = async (start: number, count: number) =>
  predictionsOf(await post('/v1/predict', 'application/octet-stream', digits(start, count).pixels))

test('the Worker equals the training side to 1e-3 in every probability over 1,000 test images', async () => {
  const expected = inject('trainingSide')
  let largest = 0
  for (let start = 0; start < 1000; start += 100) {
    const predictions = await answers(start, 100)
    predictions.forEach(({ probabilities }, i) => {
      probabilities.forEach((probability, digit) => {
        largest = Math.max(largest, Math.abs(probability - expected[start + i][digit]))
      })
    })
  }
  expect(largest).toBeLessThan(1e-3)
})

test('the Worker is right on the 10,000 test images as often as the model card says', async () => {
  let right = 0
  for (let start = 0; start < 10_000; start += 125) {
    const { labels } = digits(start, 125)
    const predictions = await answers(start, 125)
    right += predictions.filter(({ digit }, i) => digit === labels[i]).length
  }
  expect(right / 10_000).toBe(modelJson.userDefinedMetadata.metrics.test.accuracy)
})

test('answers come in the order of the images, whatever is asked at the same time', async () => {
  const batches = await Promise.all(Array.from({ length: 20 }, (_, i) => answers(50 * i, 50)))
  for (const [i, predictions] of batches.entries()) expect(predictions).toEqual(await answers(50 * i, 50))
})
