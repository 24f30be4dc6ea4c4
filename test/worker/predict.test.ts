import { exports } from 'cloudflare:workers'
import { describe, expect, inject, test } from 'vitest'
import modelJson from '../../model/digits/model.json'
import type { PredictResponse } from '../../worker/routes/predict.ts'
import { digits, labels } from './mnist.ts'

const URL = 'http://localhost/v1/predict'

async function send(body: BodyInit, type: string, query = ''): Promise<{ status: number; answer: PredictResponse }> {
  const response = await exports.default.fetch(URL + query, { method: 'POST', headers: { 'content-type': type }, body })
  return { status: response.status, answer: await response.json() }
}

const sendBytes = (bytes: Uint8Array<ArrayBuffer>, query = '') => send(bytes, 'application/octet-stream', query)
const sendJson = (value: unknown, query = '') => send(JSON.stringify(value), 'application/json', query)

describe('the answer', () => {
  test('equals the training side’s to 1e-3 in every probability over 1,000 test images', async () => {
    const expected = inject('trainingSide')
    let largest = 0
    for (let start = 0; start < 1000; start += 100) {
      const { answer } = await sendBytes(digits(start, 100))
      answer.predictions.forEach(({ probabilities }, i) => {
        probabilities.forEach((probability, digit) => {
          largest = Math.max(largest, Math.abs(probability - expected[start + i][digit]))
        })
      })
    }
    expect(largest).toBeLessThan(1e-3)
  })

  test('is right on the 10,000 test images as often as the model card says', async () => {
    let right = 0
    for (let start = 0; start < 10_000; start += 125) {
      const { answer } = await sendBytes(digits(start, 125))
      answer.predictions.forEach(({ digit }, i) => {
        if (digit === labels[start + i]) right++
      })
    }
    expect(right / 10_000).toBe(modelJson.userDefinedMetadata.metrics.test.accuracy)
  })

  test('has the form of the contract', async () => {
    const { status, answer } = await sendBytes(digits(0), '?top_k=3')
    expect(status).toBe(200)
    expect(answer.model).toEqual({ name: 'digits', version: modelJson.userDefinedMetadata.version })
    const [prediction] = answer.predictions
    expect(prediction).toMatchObject({ digit: 7, accepted: true })
    expect(prediction.probabilities).toHaveLength(10)
    expect(prediction.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 4)
    expect(prediction.confidence).toBe(prediction.probabilities[7])
    expect(prediction.top?.[0]).toEqual({ digit: 7, probability: prediction.confidence })
    const falling = prediction.top!.map(({ probability }) => probability)
    expect(falling).toEqual([...falling].sort((a, b) => b - a))
    expect(falling).toHaveLength(3)
  })

  test('does not depend on the form in which the pixels come', async () => {
    const bytes = digits(3)
    const { answer } = await sendBytes(bytes)
    const flat = Array.from(bytes)
    const rows = Array.from({ length: 28 }, (_, y) => flat.slice(28 * y, 28 * y + 28))
    const shares = flat.map((value) => value / 255)
    for (const image of [flat, rows, shares, bytes.toBase64()]) {
      expect((await sendJson({ image })).answer).toEqual(answer)
    }
    expect((await sendJson({ images: [flat, rows] })).answer.predictions).toEqual([
      answer.predictions[0],
      answer.predictions[0],
    ])
  })

  test('says that a blank image is blank', async () => {
    const { answer } = await sendBytes(new Uint8Array(784 * 2).fill(255, 784))
    const blank = { digit: null, confidence: 0, accepted: false, reason: 'blank', probabilities: Array(10).fill(0) }
    expect(answer.predictions).toEqual([blank, blank])
  })

  test('comes in the order of the images, whatever is asked at the same time', async () => {
    const batches = Array.from({ length: 20 }, (_, i) => sendBytes(digits(i * 50, 50)))
    for (const [i, { answer }] of (await Promise.all(batches)).entries()) {
      const right = answer.predictions.filter(({ digit }, k) => digit === labels[50 * i + k])
      expect(right.length).toBeGreaterThanOrEqual(47)
    }
  })
})

describe('a request that cannot be answered is told what is wrong', () => {
  const zeros = Array(784).fill(0)
  const problem = async (body: BodyInit | null, type: string | undefined, query = '') => {
    const response = await exports.default.fetch(URL + query, {
      method: 'POST',
      headers: type === undefined ? {} : { 'content-type': type },
      body,
    })
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const answer = await response.json<{ status: number; detail: string; requestId: string; type: string }>()
    expect(answer.status).toBe(response.status)
    expect(answer.requestId).toBe(response.headers.get('x-request-id'))
    expect(answer.type).toMatch(/^\/docs#/)
    return { status: response.status, detail: answer.detail }
  }
  const octets = 'application/octet-stream'
  const json = 'application/json'

  test.each<[string, BodyInit | null, string | undefined, number, RegExp]>([
    ['an empty body', null, octets, 400, /empty/],
    ['783 bytes', new Uint8Array(783), octets, 422, /783 bytes are no whole number of images/],
    ['129 images', new Uint8Array(129 * 784), octets, 413, /129 images in one request: send at most 128/],
    ['another type', 'x', 'text/csv', 415, /this request has text\/csv/],
    ['no JSON', '{"image": [0,', json, 400, /no valid JSON/],
    ['no UTF-8', new Uint8Array([0xff, 0xfe, 0x7b]), json, 400, /no valid JSON/],
    ['null', 'null', json, 400, /either image .* or images/],
    ['neither image nor images', '{"picture": []}', json, 400, /either image .* or images/],
    ['both', JSON.stringify({ image: zeros, images: [zeros] }), json, 400, /either/],
    ['images that are no list', '{"images": 5}', json, 400, /images must be a list/],
    ['no images', '{"images": []}', json, 422, /images is empty/],
    ['783 numbers', JSON.stringify({ image: zeros.slice(1) }), json, 422, /image has 783 numbers: send 784/],
    ['27 rows', JSON.stringify({ image: Array(27).fill(Array(28).fill(0)) }), json, 422, /image has 27 rows/],
    [
      'a short row',
      JSON.stringify({ image: [...Array(27).fill(Array(28).fill(0)), [1]] }),
      json,
      422,
      /image row 27 has 1 numbers/,
    ],
    [
      'a text as a pixel',
      JSON.stringify({ images: [zeros, [...zeros.slice(1), '5']] }),
      json,
      422,
      /images\[1\] has string at index 783/,
    ],
    ['a pixel of 256', JSON.stringify({ image: [256, ...zeros.slice(1)] }), json, 422, /image has 256 at index 0/],
    ['a negative pixel', JSON.stringify({ image: [-1, ...zeros.slice(1)] }), json, 422, /has -1 at index 0/],
    ['a number beyond all', `{"image": [1e999${',0'.repeat(783)}]}`, json, 422, /has Infinity at index 0/],
    ['no base64', '{"image": "%%%"}', json, 422, /no valid base64/],
    ['base64 of 3 bytes', '{"image": "AAAA"}', json, 422, /3 bytes/],
  ])('%s', async (_, body, type, status, detail) => {
    const answer = await problem(body, type)
    expect(answer.status).toBe(status)
    expect(answer.detail).toMatch(detail)
  })

  test.each(['0', '11', 'x', '', '1.5', '-1'])('top_k=%s', async (k) => {
    expect(await problem(digits(0), octets, `?top_k=${k}`)).toMatchObject({ status: 400 })
  })

  test('a body over 8 MiB, declared or streamed', async () => {
    const large = new Uint8Array(8 * 2 ** 20 + 1)
    expect((await problem(large, octets)).status).toBe(413)
    const stream = new Blob([large]).stream()
    expect((await problem(stream, octets)).status).toBe(413)
  })
})
