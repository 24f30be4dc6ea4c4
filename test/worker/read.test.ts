import { exports } from 'cloudflare:workers'
import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { readResponse } from '../../worker/schemas.ts'
import { digits, png, pngFile, post, postJson, problemOf, SEVEN, send } from './support.ts'

const HEIGHT = 84
const STEP = 64

/** MNIST test digits in rows, dark on white, twice their size, well apart. */
function numbers(...rows: number[][]): { file: Uint8Array<ArrayBuffer>; width: number; height: number; text: string } {
  const width = 40 + STEP * Math.max(...rows.map((row) => row.length))
  const height = 30 + HEIGHT * rows.length
  const out = new Uint8Array(width * height).fill(250)
  const text = rows.map((row, line) =>
    row
      .map((index, k) => {
        const { pixels, labels } = digits(index, 1)
        for (let y = 0; y < 56; y++) {
          for (let x = 0; x < 56; x++) {
            const ink = pixels[(y >> 1) * 28 + (x >> 1)]
            out[(15 + line * HEIGHT + y) * width + 20 + k * STEP + x] = 250 - (ink * 230) / 255
          }
        }
        return labels[0]
      })
      .join(''),
  )
  return { file: png(out, width, height), width, height, text: text.join('\n') }
}

async function read(file: Uint8Array<ArrayBuffer>) {
  const response = await post('/v1/read', 'image/png', file)
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  return v.parse(readResponse, await response.json())
}

describe('POST /v1/read', () => {
  test('reads a number from left to right, with a box around each digit in the picture’s pixels', async () => {
    const { file, width, height, text } = numbers([0, 1, 2, 3, 4, 5, 6])
    const answer = await read(file)
    expect(answer).toMatchObject({ text, accepted: true, width, height })
    const found = answer.lines.flatMap((line) => line.digits)
    expect(answer.confidence).toBe(Math.min(...found.map(({ confidence }) => confidence)))
    found.forEach(({ box }, k) => {
      expect(box.x).toBeGreaterThanOrEqual(20 + k * STEP - 4)
      expect(box.x + box.width).toBeLessThanOrEqual(20 + k * STEP + 60)
      expect(box.y).toBeGreaterThanOrEqual(10)
      expect(box.y + box.height).toBeLessThanOrEqual(height)
    })
  })

  test('reads lines from the top down', async () => {
    const { file, text } = numbers([0, 1, 2, 3], [4, 5, 6], [7, 9, 10, 11])
    const answer = await read(file)
    expect(answer.text).toBe(text)
    expect(answer.lines.map((line) => line.text)).toEqual(text.split('\n'))
  })

  test('takes JPEG and WebP, base64, data: URLs and a form, all with the same answer', async () => {
    const { file } = numbers([0, 1, 2])
    const expected = await read(file)
    const form = new FormData()
    form.append('picture', new File([file], 'number.png', { type: 'image/png' }))
    const answers = [
      await postJson('/v1/read', { image: file.toBase64() }),
      await postJson('/v1/read', { image: `data:image/png;base64,${file.toBase64()}` }),
      await send('/v1/read', { method: 'POST', body: form }),
    ]
    for (const response of answers) expect(await response.json()).toEqual(expected)
    for (const format of ['jpeg', 'webp'] as const) {
      const response = await post('/v1/read', `image/${format}`, SEVEN[format])
      expect(await response.json()).toMatchObject({ text: '7' })
    }
  })

  test('another Worker gets the same answer by its binding', async () => {
    const { file } = numbers([3, 2, 1])
    expect(await exports.EdgeDigits.read(file)).toEqual(await read(file))
  })

  test('says that empty paper is blank', async () => {
    const answer = await read(png(new Uint8Array(300 * 100).fill(240), 300, 100))
    expect(answer).toMatchObject({ text: '', confidence: 0, accepted: false, reason: 'blank', lines: [] })
  })
})

describe('pictures without a number never get an accepted one, and end quickly', () => {
  const [width, height] = [600, 200]
  const draw = (paint: (x: number, y: number) => number) =>
    png(
      Uint8Array.from({ length: width * height }, (_, i) => paint(i % width, Math.floor(i / width))),
      width,
      height,
    )
  // A fixed sequence: noise that is the same at every run.
  let state = 1
  const noise = () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
  /** An M, 12 wide and 18 high. */
  const inLetter = (x: number, y: number) =>
    y >= 5 && y < 23 && x < 12 && (x < 2 || x >= 10 || (y < 14 && Math.abs(Math.abs(x - 6) - (14 - y)) < 2))
  const cases: [string, Uint8Array<ArrayBuffer>][] = [
    ['all black', draw(() => 0)],
    ['all white', draw(() => 255)],
    ['noise', draw(() => 255 * noise())],
    ['one pixel', png(Uint8Array.of(0), 1, 1)],
    ['one dark pixel on white', draw((x, y) => (x === 300 && y === 100 ? 0 : 255))],
    ['a checkerboard', draw((x, y) => (((x >> 3) + (y >> 3)) % 2 ? 0 : 255))],
    ['hatching', draw((x, y) => ((x + y) % 14 < 3 ? 0 : 255))],
    ['a page of letters', draw((x, y) => (inLetter(x % 24, y % 33) ? 0 : 255))],
    ['a single row', png(new Uint8Array(500).fill(255).fill(0, 200, 260), 500, 1)],
    ['a single column', png(new Uint8Array(500).fill(255).fill(0, 200, 260), 1, 500)],
  ]
  test.each(cases)('%s', async (_, file) => {
    expect((await read(file)).accepted).toBe(false)
  })

  test('10,000 specks', async () => {
    const response = await post(
      '/v1/read',
      'image/png',
      draw(() => (noise() < 10_000 / (width * height) ? 0 : 255)),
    )
    if (response.status === 200) expect(v.parse(readResponse, await response.json()).accepted).toBe(false)
    else expect((await problemOf(response)).status).toBe(422)
  })

  test('any picture gets an answer of the contract’s form', async () => {
    const picture = fc
      .record({ width: fc.integer({ min: 1, max: 60 }), height: fc.integer({ min: 1, max: 60 }), seed: fc.nat() })
      .map(({ width, height, seed }) => {
        const pixels = Uint8Array.from(
          { length: width * height },
          (_, i) => ((i * (seed % 251) + (i >> 5) * seed) % 5) * 60,
        )
        return png(pixels, width, height)
      })
    await fc.assert(
      fc.asyncProperty(picture, async (file) => {
        const response = await post('/v1/read', 'image/png', file)
        if (response.status === 200) v.parse(readResponse, await response.json())
        else expect(response.status).toBe(422)
      }),
      { numRuns: 100 },
    )
  })
})

describe('what POST /v1/read refuses', () => {
  test.each<[string, () => Promise<Response>, number, RegExp]>([
    ['784 pixels', () => postJson('/v1/read', { image: Array(784).fill(0) }), 422, /ask \/v1\/predict/],
    ['raw bytes', () => post('/v1/read', 'application/octet-stream', new Uint8Array(784)), 415, /Send image\/png/],
    ['nothing', () => post('/v1/read', 'image/png', new Uint8Array()), 400, /empty/],
    ['no image', () => postJson('/v1/read', { picture: '' }), 400, /image/],
    ['a broken file', () => post('/v1/read', 'image/png', numbers([1]).file.subarray(0, 200)), 422, /./],
    ['a wrong label', () => post('/v1/read', 'image/png', SEVEN.jpeg), 415, /declare it as image\/jpeg/],
    ['too many pixels', () => post('/v1/read', 'image/png', pngFile(9000, 9000, new Uint8Array(10))), 413, /pixel/],
  ])('%s', async (_, ask, status, detail) => {
    const problem = await problemOf(await ask())
    expect([problem.status, problem.detail]).toEqual([status, expect.stringMatching(detail)])
  })

  test('more digits than are read at once', async () => {
    const rows = Array.from({ length: 6 }, (_, line) => Array.from({ length: 12 }, (_, k) => 12 * line + k))
    const problem = await problemOf(await post('/v1/read', 'image/png', numbers(...rows).file))
    expect([problem.status, problem.detail]).toEqual([
      422,
      expect.stringMatching(/digits; at most 64 are read at once/),
    ])
  })

  test('two pictures at once', async () => {
    const form = new FormData()
    for (const name of ['a', 'b']) form.append(name, new File([SEVEN.jpeg], name, { type: 'image/jpeg' }))
    const problem = await problemOf(await send('/v1/read', { method: 'POST', body: form }))
    expect([problem.status, problem.detail]).toEqual([400, 'Send one picture; this form has 2 files.'])
  })
})
