/** The pixels of a request: from what clients send to the network's input. */
import { INPUT_PIXELS, INPUT_SIDE } from '../model/artifact.ts'
import { LIMITS } from './limits.ts'
import { type Outcome, refuse } from './problems.ts'

/** `images` is count × 784, row-major, 0..1, light ink on dark. */
export interface Batch {
  count: number
  images: Float32Array
}

/** @param bytes n × 784 bytes, 0..255, light ink on dark */
export function batchFromBytes(bytes: Uint8Array): Outcome<Batch> {
  const count = bytes.length / INPUT_PIXELS
  if (!Number.isInteger(count)) {
    return refuse(
      'unusable',
      `${bytes.length} bytes are no whole number of images: send n × ${INPUT_PIXELS} bytes, one for each pixel of 28 rows of 28.`,
    )
  }
  if (count > LIMITS.images) return tooMany(count)
  const images = new Float32Array(bytes.length)
  for (let i = 0; i < bytes.length; i++) images[i] = bytes[i] / 255
  return { ok: true, value: { count, images } }
}

/**
 * @param json `{"image": IMAGE}` or `{"images": [IMAGE, …]}`; an IMAGE is 784 numbers, 28 rows of 28, or base64 of 784
 *   bytes. Numbers are 0..1, or 0..255 as soon as one in the image exceeds 1.
 */
export function batchFromJson(json: unknown): Outcome<Batch> {
  const found = imagesOf(json)
  if (!found.ok) return found
  const list = found.value
  if (list.length === 0) return refuse('unusable', 'images is empty: send 1 to 128.')
  if (list.length > LIMITS.images) return tooMany(list.length)
  const images = new Float32Array(list.length * INPUT_PIXELS)
  for (let i = 0; i < list.length; i++) {
    const complaint = readImage(list[i], images.subarray(i * INPUT_PIXELS, (i + 1) * INPUT_PIXELS))
    if (complaint) return refuse('unusable', `${nameOf(json, i)} ${complaint}`)
  }
  return { ok: true, value: { count: list.length, images } }
}

function imagesOf(json: unknown): Outcome<unknown[]> {
  const fields = typeof json === 'object' && json !== null ? (json as { image?: unknown; images?: unknown }) : {}
  if ((fields.image === undefined) === (fields.images === undefined)) {
    return refuse('malformed', 'Send an object with either image (one IMAGE) or images (a list of them).')
  }
  if (fields.images === undefined) return { ok: true, value: [fields.image] }
  if (!Array.isArray(fields.images)) return refuse('malformed', 'images must be a list.')
  return { ok: true, value: fields.images }
}

const nameOf = (json: unknown, index: number) =>
  (json as { image?: unknown }).image === undefined ? `images[${index}]` : 'image'

/** Fills `target` with one image, 0..1, or says what is wrong with it. */
function readImage(image: unknown, target: Float32Array): string | undefined {
  if (typeof image === 'string') return readBase64(image, target)
  if (!Array.isArray(image)) return 'must be 784 numbers, 28 rows of 28, or base64.'
  const complaint = Array.isArray(image[0]) ? readRows(image, target) : readRow(image, INPUT_PIXELS, target, 0, '')
  if (complaint) return complaint
  let most = 0
  for (const value of target) if (value > most) most = value
  if (most > 1) for (let i = 0; i < target.length; i++) target[i] /= 255
}

function readRows(rows: unknown[], target: Float32Array): string | undefined {
  if (rows.length !== INPUT_SIDE) return `has ${rows.length} rows: send ${INPUT_SIDE} rows of ${INPUT_SIDE} numbers.`
  for (let y = 0; y < INPUT_SIDE; y++) {
    const complaint = readRow(rows[y], INPUT_SIDE, target, y * INPUT_SIDE, ` row ${y}`)
    if (complaint) return complaint
  }
}

function readRow(row: unknown, length: number, target: Float32Array, offset: number, name: string): string | undefined {
  if (!Array.isArray(row)) return `${name.trim()} is no list: send ${length} numbers.`.trimStart()
  if (row.length !== length) return `${name.trim()} has ${row.length} numbers: send ${length}.`.trimStart()
  for (let i = 0; i < length; i++) {
    const value = row[i]
    // Written so that NaN fails too.
    if (typeof value !== 'number' || !(value >= 0 && value <= 255)) {
      const shown = typeof value === 'number' ? `${value}` : typeof value
      return `${name.trim()} has ${shown} at index ${i}: send numbers from 0 to 1, or from 0 to 255.`.trimStart()
    }
    target[offset + i] = value
  }
}

function readBase64(text: string, target: Float32Array): string | undefined {
  let bytes: Uint8Array
  try {
    bytes = Uint8Array.fromBase64(text)
  } catch {
    return 'is no valid base64.'
  }
  if (bytes.length !== INPUT_PIXELS) return `is base64 of ${bytes.length} bytes: send ${INPUT_PIXELS}.`
  for (let i = 0; i < INPUT_PIXELS; i++) target[i] = bytes[i] / 255
}

const tooMany = (count: number) => refuse('too-large', `${count} images in one request: send at most ${LIMITS.images}.`)
