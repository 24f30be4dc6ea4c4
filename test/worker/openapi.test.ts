import { expect, test } from 'vitest'
import { MAX_HEAVY_PIXELS } from '../../image/decode.ts'
import { MAX_HELD_SAMPLES } from '../../image/jpeg.ts'
import { app } from '../../worker/app.ts'
import { LIMITS } from '../../worker/limits.ts'
import { PROBLEMS } from '../../worker/problems.ts'
import { postJson, send } from './support.ts'

interface Media {
  examples?: Record<string, { value: unknown }>
}
interface Operation {
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, { content?: Record<string, Media> }>
}
interface Document {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, unknown>>
}

const document = async () => (await (await send('/v1/openapi.json')).json()) as Document

test('describes every route that is served, and no other', async () => {
  const { openapi, paths } = await document()
  expect(openapi).toBe('3.1.0')
  const described = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const served = app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
  expect(described.sort()).toEqual([...new Set(served)].sort())
})

test('every example can be sent as it is and is answered as the document says', async () => {
  const { paths } = await document()
  const { version } = (await (await send('/v1/model')).json()) as { version: string }
  let sent = 0
  for (const [path, { post }] of Object.entries(paths)) {
    for (const [name, { value }] of Object.entries(post?.requestBody?.content['application/json'].examples ?? {})) {
      const url = path.replace('{model}', 'digits').replace('{version}', version)
      const response = await postJson(url, value)
      expect(response.status, path).toBe(200)
      const documented = post.responses[200].content!['application/json'].examples![name].value
      expect(await response.json(), path).toEqual(documented)
      sent++
    }
  }
  expect(sent).toBeGreaterThanOrEqual(3)
})

test('every reference leads somewhere', async () => {
  const text = JSON.stringify(await document())
  const { components } = JSON.parse(text) as Document
  const references = [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/([\w-]+)"/g)]
  expect(references.length).toBeGreaterThan(20)
  for (const [, kind, name] of references) expect(components[kind], name).toHaveProperty(name)
})

test('offers for POST /v1/read no pixels, which it refuses', async () => {
  const { ReadRequest } = (await document()).components.schemas as Record<string, { properties: object }>
  expect(ReadRequest.properties).toEqual({
    image: { type: 'string', contentEncoding: 'base64', description: expect.stringContaining('PNG, JPEG or WebP') },
  })
})

test('every problem is described where its type points', async () => {
  const { components } = await document()
  expect(Object.keys(components.responses)).toEqual(Object.keys(PROBLEMS))
})

test('says how large pictures may be, decoder by decoder', async () => {
  const { paths } = await document()
  for (const path of ['/v1/predict', '/v1/read']) {
    const { description } = paths[path].post as Operation & { description: string }
    expect(description).toContain(`${LIMITS.bodyBytes / 2 ** 20} MiB`)
    for (const pixels of [LIMITS.pixels, MAX_HEAVY_PIXELS, MAX_HELD_SAMPLES / 1.5, MAX_HELD_SAMPLES / 3]) {
      expect(description).toContain(`${(pixels / 1e6).toFixed(1)} megapixels`)
    }
  }
})
