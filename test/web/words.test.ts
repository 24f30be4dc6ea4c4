import { expect, test } from 'vitest'
import { failureWords, percent, predictionWords } from '../../web/answer/words.ts'

const prediction = (digit: number, confidence: number, rest: Record<number, number> = {}) => ({
  digit,
  confidence,
  accepted: true,
  probabilities: Array.from({ length: 10 }, (_, other) => (other === digit ? confidence : (rest[other] ?? 0))),
})

test('never rounds up to certainty nor down to none, and shows tenths where they matter', () => {
  expect([1, 0.99996, 0.9987, 0.87654, 0.0312, 0.0006, 0.0004, 0].map(percent)).toEqual([
    '99.9 %',
    '99.9 %',
    '99.9 %',
    '88 %',
    '3.1 %',
    '0.1 %',
    'less than 0.1 %',
    'less than 0.1 %',
  ])
})

test('sounds as sure as the model is', () => {
  expect(predictionWords(prediction(7, 0.998)).title).toBe('Clearly seven')
  expect(predictionWords(prediction(7, 0.95)).title).toBe('Almost certainly seven')
  expect(predictionWords(prediction(7, 0.7)).title).toBe('Probably seven')
  expect(predictionWords(prediction(7, 0.4)).title).toBe('Perhaps seven')
})

test('names the second likeliest digit where there is a doubt', () => {
  expect(predictionWords(prediction(7, 0.7, { 1: 0.1, 2: 0.2 })).text).toBe('70 % confident, or else two')
  expect(predictionWords(prediction(7, 0.98, { 1: 0.02 })).text).toBe('98 % confident')
})

test('says of an unfamiliar shape that it is none it knows', () => {
  expect(predictionWords({ ...prediction(7, 0.9), accepted: false, reason: 'unfamiliar' })).toEqual({
    title: 'No digit I know',
    text: 'If it must be one, then seven.',
  })
})

test('repeats what the server says about a picture it refuses', () => {
  const detail = 'The PNG ends after 12 of 300 rows.'
  expect(failureWords({ kind: 'refused', status: 422, detail }, true)).toEqual({
    title: 'This picture cannot be read',
    text: detail,
  })
})
