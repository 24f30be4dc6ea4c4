/** From the images of a request to the network's input. */
import jpeg from '@cwasm/jpeg-turbo/jpeg-turbo.wasm'
import webp from 'icodec/webp-dec.wasm'
import { type Codecs, readHeader, sniff } from '../image/decode.ts'
import type { Format } from '../image/errors.ts'
import { INPUT_PIXELS } from '../model/artifact.ts'
import { type Pixels, unitPixels } from '../model/classifier.ts'
import { inputFromPicture, inputFromPixels, type Normalization, type PictureError } from '../recognize/digit.ts'
import { LIMITS } from './limits.ts'
import type { Image } from './pixels.ts'
import { type Outcome, type Problem, refuse } from './problems.ts'

/** `images` is count × 784. */
export interface Batch {
  count: number
  images: Pixels
}

/** `auto` brings pictures to MNIST's form and takes raw pixels as they are. */
export type NormalizeOption = 'auto' | Normalization

interface Zlib {
  inflateSync(data: Uint8Array, options: { maxOutputLength: number }): Uint8Array
}
declare const process: { getBuiltinModule(name: 'node:zlib'): Zlib }

/** The decoders: WebAssembly, compiled at deployment, and the runtime's zlib, which takes its time to load. */
export const CODECS: Codecs = {
  jpeg: () => jpeg,
  webp: () => webp,
  inflate(data, most) {
    zlib ??= process.getBuiltinModule('node:zlib')
    // workerd holds the limit against its buffer, which grows by doubling, and not against what it puts there.
    const inflated = zlib.inflateSync(data, { maxOutputLength: 2 * most + 65_536 })
    if (inflated.length > most) throw new RangeError(`More than ${most} bytes.`)
    return inflated
  },
}
let zlib: Zlib | undefined

const NAMES: Record<Format, string> = { png: 'PNG', jpeg: 'JPEG', webp: 'WebP' }

/** @param nameOf what a complaint calls the image of this index */
export function batchOf(
  images: readonly Image[],
  normalize: NormalizeOption,
  nameOf: (index: number) => string,
): Outcome<Batch> {
  if (images.length > LIMITS.images) return tooMany(images.length)
  const tooLarge = checkPixels(images)
  if (tooLarge) return { ok: false, problem: tooLarge }
  const batch = new Float32Array(images.length * INPUT_PIXELS)
  for (let i = 0; i < images.length; i++) {
    const image = images[i]
    if (image.kind === 'pixels') {
      batch.set(normalize === 'always' ? normalizePixels(image.values) : image.values, i * INPUT_PIXELS)
      continue
    }
    const problem = checkDeclared(image.file, image.declared)
    if (problem) return named(problem, nameOf(i))
    const read = inputFromPicture(
      image.file,
      normalize === 'never' ? 'never' : 'always',
      { maxPixels: LIMITS.pixels },
      CODECS,
    )
    if (!read.ok) return named(pictureProblem(read.error), nameOf(i))
    batch.set(unitPixels(read.input), i * INPUT_PIXELS)
  }
  return { ok: true, value: { count: images.length, images: batch } }
}

/** The commonest request, n × 784 bytes, without a detour. */
export function batchOfBytes(bytes: Uint8Array, normalize: NormalizeOption): Outcome<Batch> {
  const count = bytes.length / INPUT_PIXELS
  if (!Number.isInteger(count)) {
    return refuse(
      'unusable',
      `${bytes.length} bytes are no whole number of images: send n × ${INPUT_PIXELS} bytes, one for each pixel of 28 rows of 28.`,
    )
  }
  if (count > LIMITS.images) return tooMany(count)
  if (normalize !== 'always') return { ok: true, value: { count, images: bytes } }
  const images = new Uint8Array(bytes.length)
  for (let i = 0; i < images.length; i += INPUT_PIXELS) {
    images.set(inputFromPixels(bytes.subarray(i, i + INPUT_PIXELS)), i)
  }
  return { ok: true, value: { count, images } }
}

/** What the wire says of a picture that cannot be read. */
export function pictureProblem(error: PictureError): Problem {
  switch (error.kind) {
    case 'unknown-format':
      return { kind: 'unsupported-type', detail: error.message }
    case 'too-large':
      return { kind: 'too-large', detail: error.message }
    case 'empty':
    case 'truncated':
    case 'corrupt':
    case 'unsupported':
    case 'zero-size':
    case 'not-normalized':
      return { kind: 'unusable', detail: error.message }
  }
}

/** A file that is declared as another format than it has: whoever labels files wrongly wants to know. */
export function checkDeclared(file: Uint8Array, declared: Format | undefined): Problem | undefined {
  const found = sniff(file)
  if (declared === undefined || found === null || found === declared) return undefined
  return {
    kind: 'unsupported-type',
    detail: `It is declared as image/${declared} and is a ${NAMES[found]} file: declare it as image/${found}.`,
  }
}

/** The pictures' pixels by their headers alone, before the first is decoded. */
function checkPixels(images: readonly Image[]): Problem | undefined {
  let pixels = 0
  let pictures = 0
  for (const image of images) {
    if (image.kind !== 'picture') continue
    const header = readHeader(image.file)
    if (!header.ok) continue
    pixels += header.width * header.height
    pictures++
  }
  if (pictures < 2 || pixels <= LIMITS.pixels) return undefined
  const megapixels = (count: number) => `${(count / 1e6).toFixed(1)} megapixels`
  return {
    kind: 'too-large',
    detail: `The ${pictures} pictures have ${megapixels(pixels)} together: send at most ${megapixels(LIMITS.pixels)} at once.`,
  }
}

const normalizePixels = (values: Float32Array) =>
  unitPixels(inputFromPixels(Uint8Array.from(values, (value) => Math.round(value * 255))))

const named = (problem: Problem, name: string): { ok: false; problem: Problem } => ({
  ok: false,
  problem: name === '' ? problem : { ...problem, detail: `${name}: ${problem.detail}` },
})

const tooMany = (count: number) => refuse('too-large', `${count} images in one request: send at most ${LIMITS.images}.`)
