/** What other Workers get by a service binding, in a workerd without any tool around it. */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BUILDS, bundleOwn } from '../../bench/support/bundle.ts'
import { type Server, startWorkerd } from '../../bench/support/workerd.ts'

/** Calls what the path names with the body: /DIGITS/read. */
const CALLER = `export default {
  async fetch(request, env) {
    const [, binding, method] = new URL(request.url).pathname.split('/')
    const bytes = new Uint8Array(await request.arrayBuffer())
    try {
      return Response.json(await env[binding][method](method === 'predict' ? [bytes] : bytes))
    } catch (error) {
      return Response.json(error.message, { status: 500 })
    }
  },
}`

let server: Server
beforeAll(async () => {
  server = await startWorkerd(await bundleOwn(), { caller: CALLER })
}, 120_000)
afterAll(async () => {
  await server?.stop()
  rmSync(BUILDS, { recursive: true, force: true })
})

const call = async (path: string, body: Uint8Array<ArrayBuffer>) =>
  (await fetch(server.url + path, { method: 'POST', body })).json()

test.each(['DIGITS', 'NAMED'])(
  '%s: predict and read, whether or not the binding names the entrypoint',
  async (binding) => {
    const number = new Uint8Array(readFileSync(join(import.meta.dirname, '../../docs/number.jpg')))
    expect(await call(`/${binding}/read`, number)).toMatchObject({ text: '3405934467', accepted: true })
    expect(await call(`/${binding}/predict`, new Uint8Array(784))).toMatchObject({ predictions: [{ reason: 'blank' }] })
    expect(await call(`/${binding}/predict`, new Uint8Array(3))).toContain('unusable: images[0] has 3 bytes')
  },
)
