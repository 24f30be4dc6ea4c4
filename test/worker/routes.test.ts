import { exports } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import modelJson from '../../model/digits/model.json'

const get = (path: string, init?: RequestInit) => exports.default.fetch(`http://localhost${path}`, init)

test('serves the model card, and 304 to whoever has it already', async () => {
  const response = await get('/v1/model')
  const card = await response.json<Record<string, unknown>>()
  expect(card).toMatchObject(modelJson.userDefinedMetadata)
  expect(card.parameters).toBe(292_484)
  const etag = response.headers.get('etag')
  expect(etag).toBeTruthy()
  expect((await get('/v1/model', { headers: { 'if-none-match': etag! } })).status).toBe(304)
})

test('answers HEAD like GET, without the body', async () => {
  const response = await get('/v1/model', { method: 'HEAD' })
  expect([response.status, await response.text()]).toEqual([200, ''])
})

test('says where there is nothing', async () => {
  const response = await get('/v1/nothing')
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ status: 404, detail: 'Nothing is served at /v1/nothing.' })
})

test('says which methods a path takes', async () => {
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
    const response = await get('/v1/predict', { method })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
  }
  expect((await get('/v1/model', { method: 'POST' })).headers.get('allow')).toBe('GET, HEAD, OPTIONS')
})

test('passes a sane request id on, and makes one where there is none', async () => {
  const given = await get('/v2/health/live', { headers: { 'x-request-id': 'abc-123' } })
  expect(given.headers.get('x-request-id')).toBe('abc-123')
  const made = await get('/v2/health/live', { headers: { 'x-request-id': 'a b\u00e9' } })
  expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
})
