import { createExecutionContext } from 'cloudflare:test'
import { exports } from 'cloudflare:workers'
import { backend, getBackend } from '@tensorflow/tfjs-core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { handle } from '../../worker/app.ts'
import type { Bindings } from '../../worker/context.ts'
import { EdgeDigits } from '../../worker/index.ts'
import { digits, HOST, page, post, postJson, predictionsOf, problemOf, SEVEN, send } from './support.ts'

const { pixels } = digits(0, 1)
const octets = { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: pixels }

/** A request to a deployment with other settings. */
const deployed = async (bindings: Bindings, path: string, init?: RequestInit): Promise<Response> =>
  handle(new Request(HOST + path, init), { ...bindings }, createExecutionContext())

afterEach(() => vi.restoreAllMocks())

describe('Keys', () => {
  const hash = async (key: string) =>
    new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key))).toHex()

  test('a deployment with keys lets in who has one, whichever it is', async () => {
    const API_KEY_HASHES = `${await hash('first')}, ${(await hash('second')).toUpperCase()},,not-hex`
    const ask = (authorization?: string, path = '/v1/predict') =>
      deployed({ API_KEY_HASHES }, path, {
        ...octets,
        headers: { ...octets.headers, ...(authorization ? { authorization } : {}) },
      })
    expect((await ask('Bearer first')).status).toBe(200)
    expect((await ask('bearer second')).status).toBe(200)
    const missing = await ask()
    expect([missing.status, missing.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="edge-digits"'])
    expect((await problemOf(missing)).type).toBe('/docs#unauthorized')
    for (const wrong of ['Bearer third', `Bearer ${await hash('first')}`, 'Bearer not-hex']) {
      expect((await problemOf(await ask(wrong))).status, wrong).toBe(403)
    }
    expect((await ask('Basic first')).status).toBe(401)
    const protocol = await ask(undefined, '/v2/models/digits/infer')
    expect([protocol.status, await protocol.json()]).toEqual([401, { error: expect.any(String) }])
    expect((await deployed({ API_KEY_HASHES }, '/v1/model')).status).toBe(200)
  })
})

describe('The rate limit', () => {
  test('holds for each client address by itself, and says when to come back', async () => {
    const ask = (address: string) =>
      send('/v1/predict', { ...octets, headers: { ...octets.headers, 'cf-connecting-ip': address } })
    // A window may end in between: two windows' worth of requests are enough, at once, so that no third begins.
    const answers = await Promise.all(Array.from({ length: 602 }, () => ask('203.0.113.1')))
    const refused = answers.find(({ status }) => status === 429)
    expect(refused?.headers.get('retry-after')).toBe('10')
    expect((await problemOf(refused!)).type).toBe('/docs#rate-limited')
    expect((await ask('203.0.113.2')).status).toBe(200)
  })
})

describe('CORS', () => {
  test('every page may read the answers unless the deployment says otherwise', async () => {
    const { headers } = await send('/v1/predict', {
      ...octets,
      headers: { ...octets.headers, origin: 'https://a.example' },
    })
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('access-control-expose-headers')).toContain('x-request-id')
  })

  test('a deployment with listed origins answers these alone; the artifact stays open', async () => {
    const bindings = { ALLOWED_ORIGINS: 'https://a.example, https://b.example' }
    const from = (origin: string, path = '/v1/model') => deployed(bindings, path, { headers: { origin } })
    const listed = (await from('https://b.example')).headers
    expect([listed.get('access-control-allow-origin'), listed.get('vary')]).toEqual(['https://b.example', 'Origin'])
    const other = (await from('https://c.example')).headers
    expect([other.get('access-control-allow-origin'), other.get('vary')]).toEqual([null, 'Origin'])
    expect((await from('https://c.example', '/model/model.json')).headers.get('access-control-allow-origin')).toBe('*')
  })

  test('a preflight is answered on every path, without a key', async () => {
    const headers = {
      origin: 'https://a.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    }
    for (const path of ['/v1/predict', '/v2/models/digits/infer']) {
      const response = await deployed({ API_KEY_HASHES: 'x' }, path, { method: 'OPTIONS', headers })
      expect(response.status).toBe(204)
      expect(response.headers.get('access-control-allow-methods')).toContain('POST')
      expect(response.headers.get('access-control-allow-headers')).toContain('authorization')
      expect(response.headers.get('access-control-allow-origin')).toBe('*')
    }
  })
})

describe('Methods', () => {
  test('HEAD answers like GET, without the body', async () => {
    const head = await send('/v1/model', { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect(head.headers.get('etag')).toBe((await send('/v1/model')).headers.get('etag'))
  })

  test('a method that a path does not take: 405 with Allow', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD']) {
      const response = await send('/v1/predict', { method })
      expect([method, response.status, response.headers.get('allow')]).toEqual([method, 405, 'POST, OPTIONS'])
    }
    const options = await send('/v1/model', { method: 'OPTIONS' })
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS'])
  })

  test('an unknown path: 404', async () => {
    expect(await problemOf(await send('/v1/nothing'))).toMatchObject({ status: 404, type: '/docs#not-found' })
  })
})

describe('What stands around every answer', () => {
  test('the request’s own id if it can stand in a log, else a new one', async () => {
    const idOf = async (id?: string) =>
      (await send('/v1/model', id === undefined ? {} : { headers: { 'x-request-id': id } })).headers.get('x-request-id')
    expect(await idOf('order-17:a')).toBe('order-17:a')
    for (const id of [undefined, '', 'a b', '"}', 'x'.repeat(129)]) expect(await idOf(id)).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('security headers, on answers and refusals alike', async () => {
    for (const path of ['/v1/model', '/v1/nothing', '/v2/nothing', '/model/weights.bin']) {
      const { headers } = await send(path)
      expect(headers.get('content-security-policy'), path).toBe("default-src 'none'; frame-ancestors 'none'")
      expect(headers.get('x-content-type-options'), path).toBe('nosniff')
      expect(headers.get('referrer-policy'), path).toBe('no-referrer')
      expect(headers.get('strict-transport-security'), path).toContain('max-age=')
    }
  })

  test('the same on the short way of the commonest request as on the way of all others', async () => {
    const lines: string[] = []
    vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
    const [short, long] = await Promise.all(
      ['/v1/predict', '/v1/predict?'].map((path) =>
        post(path, 'application/octet-stream', pixels, { 'x-request-id': 'way' }),
      ),
    )
    expect([...short.headers]).toEqual([...long.headers])
    expect(short.headers.get('content-type')).toBe('application/json')
    expect(await short.text()).toBe(await long.text())
    expect(lines[0]).toBe(lines[1])
    // What ends as that path does, or names it elsewhere, is another.
    for (const path of ['/v2/v1/predict', '/?/v1/predict', '/v1/predict/', '//v1/predict']) {
      expect((await post(path, 'application/octet-stream', pixels)).status, path).toBe(404)
    }
    expect((await post('/v1/%70redict', 'application/octet-stream', pixels)).status).toBe(200)
  })

  test('an id of its own for each of many requests at once', async () => {
    const ids = await Promise.all(
      Array.from({ length: 100 }, async (_, i) => {
        const sent = i % 2 === 0 ? { 'x-request-id': `own-${i}` } : undefined
        const id = (await post('/v1/predict', 'application/octet-stream', pixels, sent)).headers.get('x-request-id')
        if (sent) expect(id).toBe(sent['x-request-id'])
        return id
      }),
    )
    expect(new Set(ids).size).toBe(100)
  })

  test('one line of JSON in the log, without a pixel, a query or a key', async () => {
    const lines: string[] = []
    vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
    await post('/v1/predict?top_k=2', 'image/png', page(pixels), {
      'x-request-id': 'log-1',
      authorization: 'Bearer secret',
    })
    await postJson('/v1/predict', {}, { 'x-request-id': 'log-2' })
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { requestId: 'log-1', method: 'POST', path: '/v1/predict', status: 200, images: 1, accepted: 1 },
      { requestId: 'log-2', method: 'POST', path: '/v1/predict', status: 400 },
    ])
  })

  test('with Analytics Engine, a data point for each prediction: route, digit, confidence, accepted', async () => {
    const points: AnalyticsEngineDataPoint[] = []
    const ANALYTICS = { writeDataPoint: (point?: AnalyticsEngineDataPoint) => void points.push(point!) }
    await deployed({ ANALYTICS }, '/v1/predict', octets)
    expect(points).toEqual([
      { indexes: ['/v1/predict'], blobs: ['/v1/predict', '7'], doubles: [expect.closeTo(1, 1), 1] },
    ])
  })
})

describe('The model itself', () => {
  test('the card says what serves, and need not be sent twice', async () => {
    const response = await send('/v1/model')
    const card = (await response.json()) as { name: string; layers: { units: number }[]; weightsBytes: number }
    expect(card.name).toBe('digits')
    expect(card.layers.at(-1)!.units).toBe(10)
    const etag = response.headers.get('etag')!
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      expect((await send('/v1/model', { headers: { 'if-none-match': tag } })).status).toBe(304)
    }
    expect((await send('/v1/model', { headers: { 'if-none-match': '"x"' } })).status).toBe(200)
  })

  test('the artifact is served as it is, open to every page', async () => {
    const json = await send('/model/model.json')
    expect(json.headers.get('access-control-allow-origin')).toBe('*')
    const { weightsManifest } = (await json.json()) as { weightsManifest: { paths: string[] }[] }
    expect(weightsManifest[0].paths).toEqual(['weights.bin'])
    const weights = await send('/model/weights.bin')
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await weights.arrayBuffer())).toHex()
    const { version } = (await (await send('/v1/model')).json()) as { version: string }
    expect(digest.slice(0, 12)).toBe(version)
  })
})

describe('Other Workers, by a service binding', () => {
  test('call predict with files, bytes, numbers or base64', async () => {
    const images = [pixels, page(pixels), [...pixels], pixels.toBase64(), SEVEN.webp.buffer]
    const { model, predictions } = await exports.EdgeDigits.predict(images)
    expect(model.name).toBe('digits')
    expect(predictions.map(({ digit }) => digit)).toEqual([7, 7, 7, 7, 7])
  })

  test('get an error with the words of the HTTP problem', () => {
    const worker = new EdgeDigits(createExecutionContext(), {})
    expect(() => worker.predict([new Uint8Array(3)])).toThrow('unusable: images[0] has 3 bytes')
    expect(() => worker.predict(null as never)).toThrow('predict takes a list')
  })
})

test('no tensor outlives its request, whatever the request was', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  expect(getBackend()).toBe('wasm')
  const one = await predictionsOf(await post('/v1/predict', 'application/octet-stream', pixels))
  const before = backend().numDataIds()
  expect(before).toBeGreaterThan(0)
  for (let i = 0; i < 2000; i++) {
    const batch = new Uint8Array(784 * (1 + (i % 5))).fill(i)
    await (await post('/v1/predict', 'application/octet-stream', batch)).arrayBuffer()
    if (i % 50 === 0) await (await post('/v1/predict', 'image/png', page(pixels))).arrayBuffer()
    if (i % 50 === 1) await (await post('/v1/predict', 'image/png', page(pixels).subarray(0, 90))).arrayBuffer()
  }
  expect(backend().numDataIds()).toBe(before)
  expect(await predictionsOf(await post('/v1/predict', 'application/octet-stream', pixels))).toEqual(one)
})
