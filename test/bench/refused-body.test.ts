/** What senders of bodies that are refused see on a real connection to the Worker as deployed. */
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BUILDS, bundleOwn } from '../../bench/support/bundle.ts'
import { type Server, startWorkerd } from '../../bench/support/workerd.ts'

const MIB = 2 ** 20
/** At once. */
const SENDERS = 4
const PIXELS = 'application/octet-stream'

let server: Server
beforeAll(async () => {
  server = await startWorkerd(await bundleOwn())
}, 120_000)
afterAll(async () => {
  await server?.stop()
  rmSync(BUILDS, { recursive: true, force: true })
})

const post = (path: string, body: Uint8Array<ArrayBuffer> | ReadableStream, type = PIXELS) =>
  fetch(server.url + path, { method: 'POST', headers: { 'content-type': type }, body, duplex: 'half' })

/** Of unknown length, hence in chunks. */
const streamed = (mebibytes: number) =>
  new ReadableStream({
    pull(controller) {
      if (mebibytes-- > 0) controller.enqueue(new Uint8Array(MIB))
      else controller.close()
    },
  })

describe('the answer arrives although the body is refused', () => {
  test.each<[string, number, string, () => Uint8Array<ArrayBuffer> | ReadableStream, string]>([
    ['9 MiB, declared', 413, '/v1/predict', () => new Uint8Array(9 * MIB), PIXELS],
    ['9 MiB, in chunks', 413, '/v1/read', () => streamed(9), 'image/png'],
    ['20 MiB, declared', 413, '/v1/read', () => new Uint8Array(20 * MIB), 'image/jpeg'],
    ['20 MiB, in chunks', 413, '/v2/models/digits/infer', () => streamed(20), PIXELS],
    ['9 MiB of a type that is not read', 415, '/v1/predict', () => new Uint8Array(9 * MIB), 'video/mp4'],
    ['9 MiB to where nothing is', 404, '/v1/nowhere', () => new Uint8Array(9 * MIB), PIXELS],
    ['9 MiB with a query that is wrong', 400, '/v1/predict?top_k=x', () => streamed(9), PIXELS],
  ])('%s: %i', async (_, status, path, body, type) => {
    const answers = await Promise.all(Array.from({ length: SENDERS }, () => post(path, body(), type)))
    expect(answers.map((answer) => answer.status)).toEqual(Array(SENDERS).fill(status))
    for (const answer of answers) expect(await answer.json()).toBeInstanceOf(Object)
  })
})

describe('a sender that never ends is not waited for', () => {
  const begin = (length: number, path = '/v1/predict') => {
    const headers = { 'content-type': PIXELS, 'content-length': length }
    const sender = request(server.url + path, { method: 'POST', headers })
    sender.on('error', () => {})
    sender.write(new Uint8Array(MIB))
    return sender
  }

  test('one that announces 100 MiB is answered at once', async () => {
    const sender = begin(100 * MIB)
    const [answer] = (await once(sender, 'response')) as [IncomingMessage]
    expect(answer.statusCode).toBe(413)
    sender.destroy()
  })

  test('one that stops after the first of 9 MiB is answered all the same', async () => {
    const sender = begin(9 * MIB)
    const [answer] = (await once(sender, 'response')) as [IncomingMessage]
    expect(answer.statusCode).toBe(413)
    sender.destroy()
  })

  test('one that hangs up leaves the others be', async () => {
    const sender = begin(9 * MIB)
    await once(sender, 'socket')
    sender.destroy()
    expect((await post('/v1/predict', new Uint8Array(784))).status).toBe(200)
  })
})
