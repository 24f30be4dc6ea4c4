/** What a server meets in a day: every route and form of picture, and everything that goes wrong. */
import { connect } from 'node:net'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { INPUT_PIXELS } from '../../model/artifact.ts'
import { PLAIN } from '../../test/support/compose.ts'
import { type Random, randomOf } from '../../train/random.ts'
import { makeCases, readableDigits, readableScene } from '../serve/cases.ts'
import { localReader } from '../serve/local-reader.ts'

export interface Ask {
  path: string
  method?: string
  contentType?: string
  headers?: Record<string, string>
  body?: Uint8Array | string
}

export interface Kind {
  name: string
  /** How often it comes, relative to the others. */
  weight: number
  /** Statuses that are right. */
  statuses: readonly number[]
  /** For good requests, which are always the same: the digits in the answer, line by line; '' where it has none. */
  digits?: string
  make(random: Random): Ask
}

const PIXELS = 'application/octet-stream'
const JSON_TYPE = 'application/json'
const FORM = 'multipart/form-data; boundary=edge'
const PREDICT = '/v1/predict'
const READ = '/v1/read'
const INFER = '/v2/models/digits/infer'
/** In place of a status. */
export const NO_ANSWER = 0
/** A broken file may still hold enough of a picture. */
const BROKEN = [200, 413, 415, 422]

/** @returns good requests, each always the same, and hostile ones, mostly different each time */
export async function makeTraffic(): Promise<{ good: Kind[]; hostile: Kind[] }> {
  const digits = await readableDigits(128)
  const pixels = digits.images
  const one = pixels.slice(0, INPUT_PIXELS)
  const [first, second] = digits.labels
  const { PNG, photo } = await makeCases()
  const picture = sharp(PNG.body)
  const files = {
    png: new Uint8Array(PNG.body),
    jpeg: new Uint8Array(await picture.clone().jpeg().toBuffer()),
    webp: new Uint8Array(await picture.clone().webp().toBuffer()),
  }
  const twelveMegapixels = new Uint8Array(
    await sharp(photo.body).resize(4000, 3000, { fit: 'contain', background: '#dedbd4' }).jpeg().toBuffer(),
  )
  const read = await localReader()
  const lines = await readableScene(digits, { ...PLAIN, lines: [6, 5] }, randomOf(1, 'lines'))

  const good = (name: string, weight: number, digits: string, ask: Ask): Kind => ({
    name,
    weight,
    digits,
    statuses: [200],
    make: () => ask,
  })
  const post = (path: string, contentType: string, body: Uint8Array | string): Ask => ({
    path,
    method: 'POST',
    contentType,
    body,
  })
  const json = (path: string, value: unknown) => post(path, JSON_TYPE, JSON.stringify(value))
  const rows = Array.from({ length: 28 }, (_, y) => [...one.subarray(y * 28, y * 28 + 28)])
  const infer = (data: unknown, shape: number[], datatype = 'UINT8') => ({
    inputs: [{ name: 'image', shape, datatype, data }],
  })

  const hostile = (name: string, statuses: readonly number[], make: (random: Random) => Ask): Kind => ({
    name,
    weight: 1,
    statuses,
    make,
  })

  return {
    good: [
      good('784 bytes', 20, `${first}`, post(PREDICT, PIXELS, one)),
      good('784 bytes, every option', 5, `${first}`, {
        ...post(`${PREDICT}?top_k=3&normalize=always&include=input`, PIXELS, one),
      }),
      good('128 images', 1, digits.labels.join(''), post(PREDICT, PIXELS, pixels)),
      good('JSON, rows', 3, `${first}`, json(PREDICT, { image: rows })),
      good('JSON, 0..1 and base64', 3, `${first}${second}`, {
        ...json(PREDICT, {
          images: [[...one].map((byte) => byte / 255), base64(pixels.slice(INPUT_PIXELS, 2 * INPUT_PIXELS))],
        }),
      }),
      good('data: URL', 2, `${first}`, json(PREDICT, { image: `data:image/webp;base64,${base64(files.webp)}` })),
      good('PNG', 3, `${first}`, post(PREDICT, 'image/png', files.png)),
      good('JPEG', 3, `${first}`, post(PREDICT, 'image/jpeg', files.jpeg)),
      good('WebP', 3, `${first}`, post(PREDICT, 'image/webp', files.webp)),
      good('form of files', 3, `${first}${first}`, post(PREDICT, FORM, form([files.png, files.jpeg]))),
      good('photo of a number', 1, photo.digits, post(READ, 'image/jpeg', photo.body)),
      good('two lines', 1, lines.text, post(READ, 'image/jpeg', lines.file)),
      good('photo of 12 megapixels', 0.05, read(twelveMegapixels) ?? '', post(READ, 'image/jpeg', twelveMegapixels)),
      good('protocol: UINT8', 3, `${first}`, json(INFER, infer([...one], [1, 784]))),
      good('protocol: FP32', 3, `${first}`, json(INFER, infer(rows, [1, 28, 28], 'FP32'))),
      ...[
        '/v1/model',
        '/v1/openapi.json',
        '/model/model.json',
        '/model/weights.bin',
        '/v2',
        '/v2/health/ready',
        '/v2/models/digits',
        '/v2/models/digits/ready',
      ].map((path) => good(`GET ${path}`, 0.5, '', { path })),
    ],
    hostile: [
      hostile('random bytes', [422], (random) => post(PREDICT, PIXELS, randomBytes(random, 1 + random.below(700)))),
      hostile('random bytes as a picture', [415, 422], (random) =>
        post(pick([PREDICT, READ], random), pick(IMAGE_TYPES, random), randomBytes(random, 1 + random.below(4000))),
      ),
      hostile('cut file', BROKEN, (random) => {
        const [type, file] = pick(Object.entries(files), random)
        return post(pick([PREDICT, READ], random), `image/${type}`, file.slice(0, 1 + random.below(file.length - 1)))
      }),
      hostile('file with other bytes', BROKEN, (random) => {
        const [type, file] = pick(Object.entries(files), random)
        return post(pick([PREDICT, READ], random), `image/${type}`, disturbed(file, random))
      }),
      hostile('declared as another format', [415], () => post(PREDICT, 'image/png', files.jpeg)),
      hostile('picture of 2.5 gigapixels', [413], (random) =>
        post(pick([PREDICT, READ], random), 'image/png', resized(files.png, 50_000, 50_000)),
      ),
      hostile('body of 9 MiB', [413], () => post(PREDICT, PIXELS, NINE_MEBIBYTES)),
      hostile('129 images', [413], () => post(PREDICT, PIXELS, new Uint8Array(129 * INPUT_PIXELS))),
      hostile('empty body', [400], (random) => post(pick([PREDICT, READ], random), 'image/png', new Uint8Array(0))),
      hostile('bad JSON', [400], (random) => {
        const text = JSON.stringify({ image: rows })
        return post(pick([PREDICT, READ, INFER], random), JSON_TYPE, text.slice(0, 1 + random.below(text.length - 1)))
      }),
      hostile('JSON of wrong types', [400, 415, 422], (random) => json(PREDICT, { image: pick(STRANGE, random) })),
      hostile('JSON of wrong shape', [400, 415, 422], (random) => json(PREDICT, pick(STRANGE, random))),
      hostile('JSON 10,000 deep', [400], () => post(PREDICT, JSON_TYPE, '['.repeat(10_000))),
      hostile('protocol: wrong tensor', [400], (random) =>
        json(INFER, infer(pick(STRANGE, random), [1 + random.below(3), random.below(1000)])),
      ),
      hostile('form without its boundary', [400], () => post(PREDICT, FORM, files.png)),
      hostile('unknown content type', [415], (random) =>
        post(pick([PREDICT, READ], random), pick(['text/html', 'image/gif', ''], random), one),
      ),
      hostile('compressed body', [415], () => ({
        ...post(PREDICT, PIXELS, one),
        headers: { 'content-encoding': 'gzip' },
      })),
      hostile('nonsense in the query', [400], (random) =>
        post(
          `${PREDICT}?${pick(['top_k=99', 'top_k=x', 'normalize=maybe', 'include=all', 'top_k=%00'], random)}`,
          PIXELS,
          one,
        ),
      ),
      hostile('no such path', [404], (random) => ({
        path: `/v1/${base64(randomBytes(random, 12)).replaceAll('/', '_')}`,
      })),
      hostile('wrong method', [405], (random) => ({
        path: pick([PREDICT, READ, INFER, '/v1/model'], random),
        method: pick(['DELETE', 'PUT', 'PATCH'], random),
      })),
      hostile('long request id', [200], () => ({
        ...post(PREDICT, PIXELS, one),
        headers: { 'x-request-id': 'x'.repeat(8000) },
      })),
    ],
  }
}

/** Milliseconds that an answer may take: a photo of 12 megapixels on a busy machine does not. */
export const PATIENCE = 60_000

/** Announces more than it sends and hangs up: nobody is there for an answer. */
export function breakOff(url: string, body: Uint8Array): Promise<void> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(`POST ${PREDICT} HTTP/1.1\r\nhost: x\r\ncontent-type: ${PIXELS}\r\ncontent-length: 784\r\n\r\n`)
      socket.write(body.subarray(0, 300), () => socket.destroy())
    })
    socket.setTimeout(PATIENCE, () => socket.destroy())
    socket.once('error', () => {})
    socket.once('close', () => resolve())
  })
}

const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp']
const NINE_MEBIBYTES = new Uint8Array(9 * 2 ** 20)

/** What may stand where an image should. */
const STRANGE: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  '',
  'data:',
  'data:image/png;base64,AAAA',
  '__proto__',
  [],
  {},
  [[]],
  Array(783).fill(0),
  Array(784).fill('0'),
  Array(784).fill(256),
  Array(28).fill(Array(27).fill(0)),
  { image: { image: 1 } },
]

const pick = <T>(choices: readonly T[], random: Random): T => choices[random.below(choices.length)]
const randomBytes = (random: Random, length: number) => Uint8Array.from({ length }, () => random.below(256))
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

/** Up to ten bytes after the signature are others. */
function disturbed(file: Uint8Array, random: Random): Uint8Array {
  const out = file.slice()
  for (let k = random.below(10); k >= 0; k--) out[12 + random.below(out.length - 12)] = random.below(256)
  return out
}

/** A PNG that declares another size in its header. */
function resized(png: Uint8Array, width: number, height: number): Uint8Array {
  const out = png.slice()
  const header = new DataView(out.buffer)
  header.setUint32(16, width)
  header.setUint32(20, height)
  header.setUint32(29, crc32(out.subarray(12, 29)))
  return out
}

function form(files: readonly Uint8Array[]): Uint8Array {
  const parts = files.flatMap((file, i) => [
    Buffer.from(`--edge\r\ncontent-disposition: form-data; name="f${i}"; filename="${i}"\r\n\r\n`),
    file,
    Buffer.from('\r\n'),
  ])
  return new Uint8Array(Buffer.concat([...parts, Buffer.from('--edge--\r\n')]))
}
