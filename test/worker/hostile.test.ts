/** Whatever is sent, the answer is never a 5xx, and good requests in between are answered as before. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { concat, digits, page, png, post, postJson, RARE, row, SEVEN, send } from './support.ts'

/** Together at least 20,000 requests. */
const RUNS = { bytes: 5500, json: 4000, protocol: 4000, files: 6000, forms: 1500, routes: 2500 }

const { pixels } = digits(0, 1)
const TYPES = [
  'application/octet-stream',
  'application/json',
  'image/png',
  'image/jpeg',
  'image/webp',
  'multipart/form-data; boundary=x',
] as const
const INFER = '/v2/models/digits/infer'
/** The routes that take pictures. */
const route = fc.constantFrom('/v1/predict', '/v1/read')

/** The first test digits, 7210, in a row. */
const number = row([0, 1, 2, 3])

/** The answers to good requests before anything else was asked. */
const before = new Map<string, string>()
const good: Record<string, () => Promise<Response>> = {
  pixels: () => post('/v1/predict?top_k=3', 'application/octet-stream', pixels),
  png: () => post('/v1/predict?include=input', 'image/png', page(pixels)),
  jpeg: () => post('/v1/predict', 'image/jpeg', SEVEN.jpeg),
  lossless: () => post('/v1/predict', 'image/webp', RARE.losslessWebp),
  webp: () => postJson('/v1/predict', { image: SEVEN.webp.toBase64() }),
  infer: () => postJson(INFER, { inputs: [{ name: 'image', datatype: 'UINT8', shape: [1, 784], data: [...pixels] }] }),
  read: () => post('/v1/read', 'image/png', number),
  model: () => send('/v1/model'),
}

beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  for (const [name, ask] of Object.entries(good)) {
    const response = await ask()
    expect(response.status, name).toBe(200)
    before.set(name, await response.text())
  }
})

let sent = 0

/** Whatever was asked: no 5xx, an error in words, and every now and then a good request in between. */
async function survives(response: Response): Promise<void> {
  const text = await response.text()
  if (response.status >= 500) throw new Error(`${response.status} ${text}`)
  if (response.status >= 400) {
    const { detail, error } = JSON.parse(text || '{"detail":"HEAD"}')
    if (typeof (detail ?? error) !== 'string') throw new Error(`No words: ${text}`)
  }
  if (++sent % 100 !== 0) return
  const names = [...before.keys()]
  const name = names[(sent / 100) % names.length]
  expect(await (await good[name]()).text(), name).toBe(before.get(name))
}

afterAll(() => expect(sent).toBeGreaterThanOrEqual(20_000))

const check = (runs: number, property: fc.IAsyncProperty<unknown[]>) =>
  fc.assert(property as fc.IAsyncProperty<[unknown]>, { numRuns: runs, seed: 20_261_123 })

/** A real file or body, cut, changed in places, or followed by something else. */
const mutated = (originals: readonly Uint8Array[]) =>
  fc
    .tuple(
      fc.constantFrom(...originals),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }),
      fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: 1, freq: 3 }),
      fc.uint8Array({ maxLength: 12 }),
    )
    .map(([original, changes, kept, tail]) => {
      const bytes = new Uint8Array(original)
      for (const [at, value] of changes) bytes[at % bytes.length] = value
      return concat([bytes.subarray(0, Math.ceil(bytes.length * kept)), tail])
    })

/** JSON with anything in the places where pixels, texts and lists belong. */
const anything = fc.oneof(
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  fc.constantFrom(
    [...pixels],
    [[...pixels]],
    Array(28).fill(Array(28).fill(0.5)),
    pixels.toBase64(),
    SEVEN.jpeg.toBase64(),
  ),
  fc.constantFrom<unknown>(
    1e308,
    -0,
    1e-320,
    '',
    'data:',
    'data:,',
    'data:;base64,',
    'data:image/png;base64,AAAA',
    '\u0000',
    '__proto__',
  ),
  fc.array(fc.double(), { minLength: 783, maxLength: 785 }).map((list) => list.slice(0, 784)),
)

describe('Answers, never a 5xx, to', () => {
  test('any bytes under any content type', async () => {
    const body = fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.uint8Array({ minLength: 784, maxLength: 784 }))
    const property = fc.asyncProperty(route, fc.constantFrom(...TYPES), body, (path, type, bytes) =>
      post(path, type, bytes as Uint8Array<ArrayBuffer>).then(survives),
    )
    await check(RUNS.bytes, property)
  })

  test('any JSON', async () => {
    const requests = fc.oneof(
      anything,
      fc.record({ image: anything, images: anything }, { requiredKeys: [] }),
      fc.record({ image: anything }),
      fc.record({ images: fc.array(anything, { maxLength: 4 }) }),
    )
    await check(
      RUNS.json,
      fc.asyncProperty(route, requests, (path, value) => postJson(path, value ?? null).then(survives)),
    )
  })

  test('any inference request', async () => {
    const or = <T>(right: T) => fc.oneof({ weight: 6, arbitrary: fc.constant(right as unknown) }, anything)
    const tensor = fc.record(
      {
        name: or('image'),
        datatype: fc.oneof(fc.constantFrom<unknown>('FP32', 'UINT8'), anything),
        shape: fc.oneof(
          fc.constantFrom<unknown>([1, 784], [1, 28, 28], [1e9, 784], [-1, 784], [2 ** 53, 28, 28]),
          anything,
        ),
        data: fc.oneof(fc.constant<unknown>([...pixels]), anything),
        parameters: or({ binary_data_size: 784 }),
      },
      { requiredKeys: ['name', 'datatype'] },
    )
    const request = fc.record(
      {
        id: or('1'),
        parameters: or({ binary_data_output: true }),
        inputs: fc.oneof({ weight: 6, arbitrary: fc.tuple(tensor) as fc.Arbitrary<unknown> }, anything),
        outputs: or([{ name: 'digit', parameters: { binary_data: true } }]),
      },
      { requiredKeys: ['inputs'] },
    )
    const length = fc.option(fc.oneof(fc.nat(900).map(String), fc.constantFrom('-1', 'x', '1e3', '')), { freq: 3 })
    const property = fc.asyncProperty(fc.oneof(request, anything), length, fc.boolean(), (value, header, tail) => {
      const json = new TextEncoder().encode(JSON.stringify(value ?? null))
      const headers: Record<string, string> = header === null ? {} : { 'inference-header-content-length': header }
      if (tail) headers['inference-header-content-length'] ??= `${json.length}`
      return post(INFER, 'application/octet-stream', tail ? concat([json, pixels]) : json, headers).then(survives)
    })
    await check(RUNS.protocol, property)
  })

  test('real files, cut and changed', async () => {
    const files = mutated([
      page(pixels, 1),
      png(pixels, 28, 28),
      number,
      ...Object.values(SEVEN),
      ...Object.values(RARE),
    ])
    const type = fc.constantFrom('image/png', 'image/jpeg', 'image/webp')
    const normalize = fc.constantFrom('', '?normalize=never', '?normalize=always&include=input')
    const property = fc.asyncProperty(
      route,
      files,
      type,
      normalize,
      fc.boolean(),
      (path, file, declared, query, base64) =>
        (base64 ? postJson(path + query, { image: file.toBase64() }) : post(path + query, declared, file)).then(
          survives,
        ),
    )
    await check(RUNS.files, property)
  })

  test('forms, cut and changed', async () => {
    const form = new FormData()
    form.append('a', new File([SEVEN.webp], 'a.webp', { type: 'image/webp' }))
    const single = new Response(form)
    form.append('b', new File([pixels], 'b', { type: 'application/octet-stream' }))
    const whole = new Response(form)
    const bodies = await Promise.all(
      [single, whole].map(async (response) => ({
        type: response.headers.get('content-type')!,
        body: new Uint8Array(await response.arrayBuffer()),
      })),
    )
    const forms = fc.constantFrom(...bodies).chain(({ type, body }) => {
      const wrong = ['', '; boundary="', '; boundary='].map((end) => `multipart/form-data${end}`)
      return fc.tuple(mutated([body]), fc.constantFrom(type, type, ...wrong))
    })
    const property = fc.asyncProperty(route, forms, (path, [bytes, declared]) =>
      post(path, declared, bytes).then(survives),
    )
    await check(RUNS.forms, property)
  })

  test('any method, path, query and headers', async () => {
    const segment = fc.constantFrom(
      'v1',
      'v2',
      'predict',
      'read',
      'model',
      'models',
      'digits',
      'infer',
      'ready',
      'versions',
      'health',
      '',
      '..',
      '%00',
      '%',
      '%E0%A4',
      'weights.bin',
      'model.json',
      'openapi.json',
      '*',
      ':x',
    )
    const path = fc.array(segment, { maxLength: 6 }).map((parts) => `/${parts.join('/')}`)
    const query = fc.webQueryParameters()
    const known = fc.tuple(
      fc.constantFrom('top_k', 'normalize', 'include', '__proto__', 'constructor'),
      fc.constantFrom('', '1', '10', 'always', 'never', 'input', '%', '%FF', 'a&b=c', 'toString'),
    )
    const header = fc.stringMatching(/^[\t -~]{0,40}$/).map((text) => text.trim())
    const names = fc.constantFrom(
      'content-type',
      'accept',
      'authorization',
      'origin',
      'x-request-id',
      'if-none-match',
      'content-encoding',
      'access-control-request-method',
      'inference-header-content-length',
      'range',
    )
    const request = fc.record({
      method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'PURGE'),
      path: fc.oneof(
        path,
        fc.webPath().map((text) => text || '/'),
        fc.constantFrom('/v1/predict', '/v1/read', INFER, '/v1/model', '//'),
      ),
      query: fc.oneof(
        query,
        known.map(([name, value]) => `${name}=${value}`),
        fc.constant(''),
      ),
      headers: fc.dictionary(names, header, { maxKeys: 4 }),
      body: fc.option(fc.uint8Array({ maxLength: 30 })),
    })
    const property = fc.asyncProperty(request, ({ method, path, query, headers, body }) => {
      const takesBody = method !== 'GET' && method !== 'HEAD'
      const init = { method, headers, body: takesBody ? (body as Uint8Array<ArrayBuffer> | null) : null }
      return send(`${path}?${query}`, init).then(survives)
    })
    await check(RUNS.routes, property)
  })

  test('files that say they are large and nested JSON that is deep', async () => {
    const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`
    for (const path of ['/v1/predict', '/v1/read', INFER]) {
      for (const text of [deep, `{"image":${deep}}`, `{"images":${deep}}`, `{"inputs":${deep}}`]) {
        await survives(await post(path, 'application/json', text))
      }
    }
    const millions = `{"images":[${'0,'.repeat(2_000_000)}0]}`
    await survives(await post('/v1/predict', 'application/json', millions))
  })
})
