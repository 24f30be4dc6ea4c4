import { env } from 'cloudflare:workers'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { predictResponse } from '../../worker/schemas.ts'
import {
  digits,
  digitsOf,
  GIF,
  page,
  png,
  pngFile,
  post,
  postJson,
  predictionsOf,
  problemOf,
  RARE,
  SEVEN,
  send,
} from './support.ts'

const { pixels, labels } = digits(0, 128)
const seven = pixels.subarray(0, 784)
const rowsOf = (bytes: Uint8Array) => Array.from({ length: 28 }, (_, y) => [...bytes.subarray(y * 28, y * 28 + 28)])
const form = (...files: [Uint8Array, string][]) => {
  const data = new FormData()
  files.forEach(([bytes, type], i) => {
    data.append('file', new File([bytes as Uint8Array<ArrayBuffer>], `${i}`, { type }))
  })
  return data
}

describe('POST /v1/predict', () => {
  test('answers raw pixels as the contract words it', async () => {
    const response = await post('/v1/predict', 'application/octet-stream', seven)
    expect(response.headers.get('content-type')).toBe('application/json')
    const answer = v.parse(v.strictObject(predictResponse.entries), await response.json())
    expect(answer.model.name).toBe('digits')
    expect(answer.predictions).toHaveLength(1)
    const [one] = answer.predictions
    expect(one).toMatchObject({ digit: 7, accepted: true })
    expect(Object.keys(one)).toEqual(expect.arrayContaining(['digit', 'confidence', 'probabilities', 'accepted']))
    expect(one.confidence).toBe(one.probabilities[7])
    expect(one.probabilities.reduce((sum, p) => sum + p)).toBeCloseTo(1, 4)
  })

  test('answers an image alone as in a batch, to the last digit', async () => {
    const odd = Uint8Array.from(
      { length: 3 * 784 },
      (_, i) => [255, (i * 37) % 256, i % 11 === 0 ? 1 : 0][Math.floor(i / 784)],
    )
    const images = new Uint8Array([...pixels.subarray(0, 60 * 784), ...odd])
    const batch = await predictionsOf(await post('/v1/predict', 'application/octet-stream', images))
    for (const [i, one] of batch.entries()) {
      const alone = images.subarray(i * 784, (i + 1) * 784)
      expect(await predictionsOf(await post('/v1/predict', 'application/octet-stream', alone)), `${i}`).toEqual([one])
    }
  })

  test('answers a batch in its order, the same whichever way the pixels come', async () => {
    const raw = await predictionsOf(await post('/v1/predict', 'application/octet-stream', pixels))
    expect(raw.filter(({ digit }, i) => digit === labels[i]).length).toBeGreaterThan(120)
    const images = labels.map((_, i) => pixels.subarray(i * 784, (i + 1) * 784))
    const ways = {
      flat: images.map((image) => [...image]),
      unit: images.map((image) => [...image].map((value) => value / 255)),
      rows: images.map(rowsOf),
      base64: images.map((image) => image.toBase64()),
      mixed: images.map((image, i) => (i % 2 ? rowsOf(image) : image.toBase64())),
    }
    for (const [way, list] of Object.entries(ways)) {
      expect(await predictionsOf(await postJson('/v1/predict', { images: list })), way).toEqual(raw)
    }
    const parts = form(...images.map((image): [Uint8Array, string] => [image, 'application/octet-stream']))
    expect(await predictionsOf(await send('/v1/predict', { method: 'POST', body: parts }))).toEqual(raw)
  })

  test.each(Object.entries(RARE))('reads a digit off a file in a rarer form: %s', async (_, file) => {
    expect(await digitsOf(await postJson('/v1/predict', { image: file.toBase64() }))).toEqual([7])
  })

  test('reads a digit off a page as PNG, JPEG and WebP, raw, as base64, as data: URL and in a form', async () => {
    const files = { png: page(seven), jpeg: SEVEN.jpeg, webp: SEVEN.webp }
    for (const [format, file] of Object.entries(files)) {
      const type = `image/${format}`
      expect(await digitsOf(await post('/v1/predict', type, file)), format).toEqual([7])
      expect(await digitsOf(await postJson('/v1/predict', { image: file.toBase64() })), format).toEqual([7])
      const url = `data:${type};base64,${file.toBase64()}`
      expect(await digitsOf(await postJson('/v1/predict', { images: [url, rowsOf(seven)] })), format).toEqual([7, 7])
    }
    const body = form(
      [files.png, 'image/png'],
      [files.webp, 'image/webp'],
      [pixels.subarray(784, 1568), ''],
      [files.jpeg, ''],
    )
    expect(await digitsOf(await send('/v1/predict', { method: 'POST', body }))).toEqual([7, 7, 2, 7])
  })

  test('reads PNGs of any size, and refuses those that hold more than they say', async () => {
    // Inflated they have from 2 bytes to 9 MiB, which fill the runtime's buffers in every way.
    for (const side of [1, 60, 127, 128, 180, 205, 223, 250, 316, 511, 700, 1024, 3070]) {
      const answer = await post('/v1/predict', 'image/png', png(new Uint8Array(side * side).fill(255), side, side))
      expect((await predictionsOf(answer))[0].reason, `${side}`).toBe('blank')
      for (const more of [1, 100_000]) {
        const file = pngFile(side, side, new Uint8Array(side * (side + 1) + more))
        const { status, detail } = await problemOf(await post('/v1/predict', 'image/png', file))
        expect([status, detail], `${side} and ${more}`).toEqual([422, expect.stringContaining('its header says')])
      }
    }
  })

  test('says that blank paper is blank and has no digit', async () => {
    const blank = {
      digit: null,
      confidence: 0,
      accepted: false,
      reason: 'blank',
      probabilities: Array(10).fill(0),
    }
    const paper = png(new Uint8Array(100 * 80).fill(250), 100, 80)
    expect(await predictionsOf(await post('/v1/predict', 'image/png', paper))).toEqual([blank])
    expect(await predictionsOf(await post('/v1/predict', 'application/octet-stream', new Uint8Array(784)))).toEqual([
      blank,
    ])
    const [top] = await predictionsOf(await post('/v1/predict?top_k=3', 'image/png', paper))
    expect(top).toEqual({ ...blank, top: [] })
  })

  test('top_k adds the likeliest digits, best first', async () => {
    const [one] = await predictionsOf(await post('/v1/predict?top_k=3', 'application/octet-stream', seven))
    expect(one.top).toHaveLength(3)
    expect(one.top![0]).toEqual({ digit: 7, probability: one.confidence })
    expect(one.top!.map(({ probability }) => probability)).toEqual(
      one.probabilities.toSorted((a, b) => b - a).slice(0, 3),
    )
    for (const k of ['0', '11', '-1', '1.5', 'x', '', '01']) {
      const problem = await problemOf(await post(`/v1/predict?top_k=${k}`, 'application/octet-stream', seven))
      expect([problem.status, problem.detail]).toEqual([400, `top_k must be 1 to 10, not "${k}".`])
    }
  })

  test('include=input gives back the 28×28 that the model saw', async () => {
    const [raw] = await predictionsOf(await post('/v1/predict?include=input', 'application/octet-stream', seven))
    expect(Uint8Array.fromBase64(raw.input!)).toEqual(new Uint8Array(seven))
    const [read] = await predictionsOf(await post('/v1/predict?include=input', 'image/png', page(seven)))
    const again = await predictionsOf(await postJson('/v1/predict', { image: read.input }))
    expect(again[0].probabilities).toEqual(read.probabilities)
    const problem = await problemOf(await post('/v1/predict?include=all', 'application/octet-stream', seven))
    expect([problem.status, problem.detail]).toEqual([400, 'include must be input, not "all".'])
  })

  test('normalize=always reads raw pixels of the other polarity, normalize=never takes a 28×28 picture as it is', async () => {
    const dark = seven.map((value) => 255 - value)
    expect(await digitsOf(await post('/v1/predict?normalize=always', 'application/octet-stream', dark))).toEqual([7])
    const rows = { image: rowsOf(dark) }
    expect(await digitsOf(await postJson('/v1/predict?normalize=always', rows))).toEqual([7])
    const raw = await predictionsOf(await post('/v1/predict', 'application/octet-stream', seven))
    const never = await post('/v1/predict?normalize=never', 'image/png', png(seven, 28, 28))
    expect(await predictionsOf(never)).toEqual(raw)
    const refused = await problemOf(
      await post('/v1/predict?normalize=never', 'image/png', png(new Uint8Array(870), 30, 29)),
    )
    expect(refused.status).toBe(422)
    expect(refused.detail).toContain('30×29')
    const unknown = await problemOf(await post('/v1/predict?normalize=maybe', 'image/png', page(seven)))
    expect(unknown.detail).toBe('normalize must be auto, always or never, not "maybe".')
  })
})

describe('What POST /v1/predict refuses, and what it says', () => {
  const file = page(seven)
  const huge = pngFile(5000, 5000, seven)
  const json = 'application/json'
  const octets = 'application/octet-stream'
  const cases: [string, number, string, string, BodyInit][] = [
    ['783 pixels', 422, '783 bytes are no whole number of images', octets, new Uint8Array(783)],
    ['129 images', 413, '129 images in one request: send at most 128.', octets, new Uint8Array(129 * 784)],
    ['no content type that is read', 415, 'this request has text/html', 'text/html', 'x'],
    ['broken JSON', 400, 'no valid JSON', json, '{"image": ['],
    ['JSON that is no UTF-8', 400, 'no valid JSON', json, Uint8Array.of(0x22, 0xff, 0x22)],
    ['a list instead of an object', 400, 'Send an object with either image', json, '[]'],
    ['neither image nor images', 400, 'Send an object with either image', json, '{}'],
    ['both image and images', 400, 'either image', json, JSON.stringify({ image: [...seven], images: [[...seven]] })],
    ['images that are no list', 400, 'images must be a list', json, '{"images": "x"}'],
    ['no images', 422, 'images is empty', json, '{"images": []}'],
    [
      'an image of the wrong length',
      422,
      'images[1] has 783 numbers: send 784.',
      json,
      JSON.stringify({ images: [[...seven], Array(783).fill(0)] }),
    ],
    [
      'a row of the wrong length',
      422,
      'image row 3 has 27 numbers',
      json,
      JSON.stringify({ image: rowsOf(seven).map((row, y) => (y === 3 ? row.slice(1) : row)) }),
    ],
    [
      'a pixel that is no number',
      422,
      'image has string at index 5',
      json,
      JSON.stringify({ image: [...seven].map((value, i) => (i === 5 ? '7' : value)) }),
    ],
    [
      'a pixel out of range',
      422,
      'image has 256 at index 0',
      json,
      JSON.stringify({ image: [256, ...seven.subarray(1)] }),
    ],
    ['an image that is null', 422, 'image must be 784 numbers', json, '{"image": null}'],
    ['broken base64', 422, 'image is no valid base64', json, '{"image": "*"}'],
    ['base64 of something else', 422, 'image has 3 bytes that are no PNG', json, '{"image": "AAAA"}'],
    [
      'a data: URL of another format',
      422,
      'declared as image/gif',
      json,
      JSON.stringify({ image: `data:image/gif;base64,${GIF.toBase64()}` }),
    ],
    ['a GIF', 415, 'this request has image/gif', 'image/gif', GIF],
    ['a GIF that is called a PNG', 415, 'no PNG, JPEG or WebP', 'image/png', GIF],
    ['a JPEG that is called a PNG', 415, 'declare it as image/jpeg', 'image/png', SEVEN.jpeg],
    [
      'a WebP that is called a JPEG in a data: URL',
      415,
      'images[0]: It is declared as image/jpeg',
      json,
      JSON.stringify({ images: [`data:image/jpeg;base64,${SEVEN.webp.toBase64()}`] }),
    ],
    ['a PNG that ends early', 422, 'ends too early', 'image/png', file.subarray(0, file.length >> 1)],
    ['a JPEG that ends early', 422, 'JPEG', 'image/jpeg', SEVEN.jpeg.subarray(0, 300)],
    ['a WebP that ends early', 422, 'WebP', 'image/webp', SEVEN.webp.subarray(0, 100)],
    ['25 megapixels by the header', 413, 'megapixels', 'image/png', huge],
    [
      'many pictures that are too much together',
      413,
      'together',
      json,
      JSON.stringify({ images: Array(128).fill(png(new Uint8Array(320 * 320), 320, 320).toBase64()) }),
    ],
    ['no body', 400, 'empty', 'image/png', new Uint8Array()],
    ['a form without its boundary', 400, 'multipart', 'multipart/form-data', 'x'],
  ]

  test.each(cases)('%s: %i', async (_, status, detail, type, body) => {
    const response = await post('/v1/predict', type, body)
    const problem = await problemOf(response)
    expect([response.status, problem.status, problem.detail]).toEqual([status, status, expect.stringContaining(detail)])
    expect(problem.type).toMatch(/^\/docs#[a-z-]+$/)
    expect(problem.requestId).toBe(response.headers.get('x-request-id'))
  })

  test('a form without files, or with text for a file: 400', async () => {
    expect((await problemOf(await send('/v1/predict', { method: 'POST', body: form() }))).status).toBe(400)
    const text = new FormData()
    text.append('file', 'seven')
    expect((await problemOf(await send('/v1/predict', { method: 'POST', body: text }))).detail).toContain(
      '"file" is no file',
    )
  })

  test('a body beyond 8 MiB: 413, declared or streamed', async () => {
    const declared = await post('/v1/predict', octets, new Uint8Array(8 * 2 ** 20 + 1))
    expect((await problemOf(declared)).status).toBe(413)
    let sent = 0
    const stream = new ReadableStream({
      pull(controller) {
        sent += 2 ** 16
        controller.enqueue(new Uint8Array(2 ** 16))
      },
    })
    const streamed = await post('/v1/predict', octets, stream)
    expect((await problemOf(streamed)).detail).toContain('more than 8388608 bytes')
    // Read on for its sender to see the answer, but not for ever.
    expect(sent).toBeGreaterThan(30 * 2 ** 20)
    expect(sent).toBeLessThan(50 * 2 ** 20)
  })

  test('a body with a content encoding: 415', async () => {
    const response = await post('/v1/predict', octets, seven, { 'content-encoding': 'br' })
    expect((await problemOf(response)).status).toBe(415)
  })
})

test('recognizes all 10,000 test digits as often as the model card says', async () => {
  const card = (await (await send('/v1/model')).json()) as { metrics: { test: { accuracy: number; count: number } } }
  const all = digits(0, 10_000)
  let right = 0
  for (let first = 0; first < 10_000; first += 125) {
    const batch = all.pixels.subarray(first * 784, (first + 125) * 784)
    const found = await digitsOf(await post('/v1/predict', 'application/octet-stream', batch))
    found.forEach((digit, i) => {
      if (digit === all.labels[first + i]) right++
    })
  }
  if (card.metrics.test.count === 10_000) expect(right / 10_000).toBeCloseTo(card.metrics.test.accuracy, 4)
  else expect(right).toBeGreaterThan(9_700)
  expect(env.MNIST_TEST_LABELS.byteLength).toBe(10_008)
})

test('MNIST’s digits sent as PNG are recognized as well as their pixels', async () => {
  const { pixels, labels } = digits(1000, 256)
  const files = labels.map((_, i) => png(pixels.subarray(i * 784, (i + 1) * 784), 28, 28).toBase64())
  let right = 0
  for (const first of [0, 128]) {
    const found = await digitsOf(await postJson('/v1/predict', { images: files.slice(first, first + 128) }))
    found.forEach((digit, i) => {
      if (digit === labels[first + i]) right++
    })
  }
  expect(right).toBeGreaterThan(245)
})
