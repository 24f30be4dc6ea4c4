import { exports } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import { type Canvas, createClient, EdgeDigitsError, type Image, type Picture } from '../../client/index.ts'
import { app } from '../../worker/app.ts'
import { digits, page, SEVEN } from './support.ts'

const { pixels } = digits(0, 2)
const seven = pixels.subarray(0, 784)
const two = pixels.subarray(784)
const worker = (input: string, init: RequestInit) => exports.default.fetch(input, init)
const client = createClient('http://localhost/', { fetch: worker })
const rows = Array.from({ length: 28 }, (_, y) => [...seven.subarray(y * 28, y * 28 + 28)])

const failureOf = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(error instanceof EdgeDigitsError)) throw new Error(`No EdgeDigitsError: ${error}`)
  return error.failure
}

/** Answers by a script, one step for each request. */
const scripted = (...steps: ((input: string, init: RequestInit) => Promise<Response>)[]) => {
  let asked = 0
  const fetch = (input: string, init: RequestInit) => steps[Math.min(asked++, steps.length - 1)](input, init)
  return { fetch, asked: () => asked }
}
const busy = async () => new Response('{}', { status: 429, headers: { 'retry-after': '0' } })
const offline = async () => Promise.reject(new TypeError('connection refused'))
const never = (_: string, init: RequestInit) =>
  new Promise<Response>((_, reject) => init.signal!.addEventListener('abort', () => reject(init.signal!.reason)))

describe('The client', () => {
  const canvas: Canvas = { toBlob: (callback) => callback(new Blob([page(seven)])) }
  const offscreen: Canvas = { convertToBlob: async () => new Blob([page(seven)]) }
  const images: Record<string, Image> = {
    'a Blob': new Blob([SEVEN.webp]),
    'a File that is named wrongly': new File([SEVEN.jpeg], 'seven.png', { type: 'image/png' }),
    'an ArrayBuffer': page(seven).buffer,
    'bytes of a file': page(seven),
    'bytes of pixels': seven,
    'a canvas': canvas,
    'an offscreen canvas': offscreen,
    base64: SEVEN.webp.toBase64(),
    'a data: URL': `data:image/webp;base64,${SEVEN.webp.toBase64()}`,
    numbers: [...seven],
    rows,
    floats: Float32Array.from(seven, (value) => value / 255),
  }

  test.each(Object.entries(images))('predicts %s', async (_, image) => {
    const { predictions } = await client.predict(image)
    expect(predictions.map(({ digit }) => digit)).toEqual([7])
  })

  test('predicts many at once, in their order', async () => {
    const { predictions } = await client.predict([two, ...Object.values(images), two, rows])
    expect(predictions.map(({ digit }) => digit)).toEqual([2, ...Object.keys(images).map(() => 7), 2, 7])
    expect((await client.predict([rows])).predictions).toHaveLength(1)
    expect((await client.predict([[...seven], [...two]])).predictions).toHaveLength(2)
  })

  test('passes the options on', async () => {
    const options = { topK: 2, normalize: 'always', includeInput: true } as const
    const { predictions } = await client.predict(
      seven.map((value) => 255 - value),
      options,
    )
    expect(predictions[0].top).toHaveLength(2)
    expect(Uint8Array.fromBase64(predictions[0].input!)).toHaveLength(784)
    expect(predictions[0].digit).toBe(7)
  })

  test('gives the model card', async () => {
    expect((await client.model()).name).toBe('digits')
  })

  test.each<[string, Picture]>([
    ['a File that is named wrongly', new File([SEVEN.jpeg], 'seven.png', { type: 'image/png' })],
    ['bytes', page(seven)],
    ['a canvas', canvas],
    ['base64', SEVEN.webp.toBase64()],
    ['a data: URL', `data:image/webp;base64,${SEVEN.webp.toBase64()}`],
  ])('reads %s', async (_, picture) => {
    const { text, accepted, lines, model } = await client.read(picture)
    expect([text, accepted, model.name]).toEqual(['7', true, 'digits'])
    expect(lines[0].digits[0].box.width).toBeGreaterThan(5)
  })

  test('throws what POST /v1/read refuses', async () => {
    const failure = await failureOf(client.read(page(seven).subarray(0, 100)))
    expect(failure).toMatchObject({
      kind: 'problem',
      problem: { status: 422, detail: expect.stringContaining('ends') },
    })
  })

  test('asks /v1/read with the picture as it is', async () => {
    const asked: unknown[] = []
    const answer = { text: '7' }
    const fetch = async (url: string, init: RequestInit) => {
      asked.push(url, new Headers(init.headers).get('content-type'))
      return Response.json(answer)
    }
    expect(await createClient('https://a.example', { fetch }).read(new Blob([SEVEN.jpeg]))).toEqual(answer)
    expect(asked).toEqual(['https://a.example/v1/read', 'image/jpeg'])
  })

  test('throws the problem that the server tells, and does not try again', async () => {
    const { fetch, asked } = scripted(worker)
    const failure = await failureOf(createClient('http://localhost', { fetch }).predict(new Uint8Array(783)))
    expect(failure).toMatchObject({ kind: 'problem', problem: { status: 422, type: '/docs#unusable' } })
    expect(asked()).toBe(1)
  })

  test('sends its key', async () => {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode('secret'))
    const env = { API_KEY_HASHES: new Uint8Array(digest).toHex() }
    const fetch = async (input: string, init: RequestInit) => app.request(input, init, env)
    expect(
      (await createClient('http://localhost', { fetch, apiKey: 'secret' }).predict(seven)).predictions,
    ).toHaveLength(1)
    const failure = await failureOf(createClient('http://localhost', { fetch }).predict(seven))
    expect(failure).toMatchObject({ problem: { status: 401 } })
  })

  test('tries again after 429 and after a failure of the network, as often as it is told', async () => {
    const recovering = scripted(busy, offline, worker)
    expect(
      (await createClient('http://localhost', { fetch: recovering.fetch }).predict(seven)).predictions,
    ).toHaveLength(1)
    expect(recovering.asked()).toBe(3)
    const down = scripted(offline)
    const failure = await failureOf(createClient('http://localhost', { fetch: down.fetch, retries: 1 }).predict(seven))
    expect([failure, down.asked()]).toEqual([{ kind: 'network', detail: 'connection refused' }, 2])
  })

  test('gives up when it takes too long, and at once when it is told to stop', async () => {
    const slow = createClient('http://localhost', { fetch: never, timeout: 20, retries: 0 })
    expect(await failureOf(slow.predict(seven))).toMatchObject({ kind: 'timeout' })
    const controller = new AbortController()
    const reason = new Error('the user went on')
    const waiting = createClient('http://localhost', { fetch: never }).predict(seven, { signal: controller.signal })
    controller.abort(reason)
    await expect(waiting).rejects.toBe(reason)
  })
})
