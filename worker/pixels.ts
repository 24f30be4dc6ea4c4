/** The images of a request: from what clients send to pixels or picture files. Pixels are read in plain loops. */
import { sniff } from '../image/decode.ts'
import type { Format } from '../image/errors.ts'
import { INPUT_PIXELS, INPUT_SIDE } from '../model/artifact.ts'
import { unitPixels } from '../model/classifier.ts'

/** What stands for one digit in a request. */
export type Image =
  /** 784 values, row-major, 0..1, light ink on dark. */
  | { kind: 'pixels'; values: Float32Array }
  /** A file, and as which of the formats it was declared, if as any. */
  | { kind: 'picture'; file: Uint8Array; declared?: Format }

/** The picture formats' media types. */
export const PICTURE_TYPES: Record<string, Format | undefined> = {
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/webp': 'webp',
}

/**
 * Reads an image out of JSON.
 * @param value 784 numbers, 28 rows of 28, or base64; numbers are 0..1, or 0..255 as soon as one exceeds 1
 * @returns the image, or what is wrong with it, to be read after the image's name
 */
export function readImage(value: unknown): Image | string {
  if (typeof value === 'string') return readBase64(value)
  if (!Array.isArray(value)) return 'must be 784 numbers, 28 rows of 28, or a string of base64.'
  const values = new Float32Array(INPUT_PIXELS)
  const complaint = Array.isArray(value[0]) ? readRows(value, values) : readRow(value, INPUT_PIXELS, values, 0, '')
  if (complaint !== undefined) return complaint
  scale(values, 0, INPUT_PIXELS)
  return { kind: 'pixels', values }
}

/**
 * Tells a picture file from 784 raw pixels by its first bytes.
 * @returns the image, or what is wrong with it, to be read after the image's name
 */
export function imageOfBytes(bytes: Uint8Array, declared?: Format): Image | string {
  if (declared !== undefined || sniff(bytes) !== null) return { kind: 'picture', file: bytes, declared }
  if (bytes.length === INPUT_PIXELS) return { kind: 'pixels', values: unitPixels(bytes) }
  return `has ${bytes.length} bytes that are no PNG, JPEG or WebP file: send one of these, or ${INPUT_PIXELS} bytes, one for each pixel.`
}

/** Brings one image's values from 0..255 to 0..1 if one of them exceeds 1. */
export function scale(values: Float32Array, from: number, to: number): void {
  let most = 0
  for (let i = from; i < to; i++) if (values[i] > most) most = values[i]
  if (most > 1) for (let i = from; i < to; i++) values[i] /= 255
}

function readRows(rows: unknown[], target: Float32Array): string | undefined {
  if (rows.length !== INPUT_SIDE) return `has ${rows.length} rows: send ${INPUT_SIDE} rows of ${INPUT_SIDE} numbers.`
  for (let y = 0; y < INPUT_SIDE; y++) {
    const complaint = readRow(rows[y], INPUT_SIDE, target, y * INPUT_SIDE, `row ${y} `)
    if (complaint !== undefined) return complaint
  }
}

function readRow(row: unknown, length: number, target: Float32Array, offset: number, name: string): string | undefined {
  if (!Array.isArray(row)) return `${name}is no list: send ${length} numbers.`
  if (row.length !== length) return `${name}has ${row.length} numbers: send ${length}.`
  for (let i = 0; i < length; i++) {
    const value = row[i]
    // Written so that NaN fails too.
    if (typeof value !== 'number' || !(value >= 0 && value <= 255)) {
      const shown = typeof value === 'number' ? `${value}` : typeof value
      return `${name}has ${shown} at index ${i}: send numbers from 0 to 1, or from 0 to 255.`
    }
    target[offset + i] = value
  }
}

function readBase64(text: string): Image | string {
  let start = 0
  let declared: Format | undefined
  if (text.startsWith('data:')) {
    start = text.indexOf(',') + 1
    const [type, ...parameters] = text
      .slice(5, Math.max(5, start - 1))
      .toLowerCase()
      .split(';', 16)
    if (parameters.at(-1) !== 'base64') return 'is a data: URL without base64: send data:image/png;base64,… .'
    declared = PICTURE_TYPES[type]
    if (type.startsWith('image/') && declared === undefined) {
      return `is declared as ${type.slice(0, 40)}: send a PNG, JPEG or WebP file.`
    }
  }
  let bytes: Uint8Array
  try {
    bytes = Uint8Array.fromBase64(start === 0 ? text : text.slice(start))
  } catch {
    return 'is no valid base64.'
  }
  return imageOfBytes(bytes, declared)
}
