/**
 * The IDX format of the MNIST files (http://yann.lecun.com/exdb/mnist/): a big-endian header of a magic number
 * (0, 0, element type, number of dimensions) and one 32-bit size per dimension, then the elements, last dimension fastest.
 */
import { gunzipSync } from 'node:zlib'

/** Images of one size. `pixels` holds count × rows × columns bytes, row-major, 0..255. */
export interface IdxImages {
  count: number
  rows: number
  columns: number
  pixels: Uint8Array
}

/** Why bytes are not the IDX file they should be; `field` names the part of the file that is wrong. */
export interface IdxError {
  kind: 'idx'
  field: 'gzip' | 'header' | 'magic' | 'count' | 'size' | 'length' | 'label'
  expected: string
  found: string
}

export type IdxResult<T> = { ok: true; value: T } | { ok: false; error: IdxError }

const MAGIC_IMAGES = 0x00000803
const MAGIC_LABELS = 0x00000801
const MAX_IMAGES = 10_000_000
const MAX_SIDE = 4096

/**
 * Reads an IDX3 file of unsigned bytes, plain or gzip-compressed.
 * @param bytes the whole file
 */
export function parseIdxImages(bytes: Uint8Array): IdxResult<IdxImages> {
  const opened = open(bytes, MAGIC_IMAGES, 16)
  if (!opened.ok) return opened
  const { data, header } = opened.value
  const [count, rows, columns] = [header.getUint32(4), header.getUint32(8), header.getUint32(12)]
  if (count < 1 || count > MAX_IMAGES) return wrong('count', `1 to ${MAX_IMAGES} images`, `${count}`)
  if (rows < 1 || rows > MAX_SIDE || columns < 1 || columns > MAX_SIDE) {
    return wrong('size', `1 to ${MAX_SIDE} rows and columns`, `${rows} × ${columns}`)
  }
  const length = 16 + count * rows * columns
  if (data.length !== length) return wrong('length', `${length} bytes for ${count} images`, `${data.length} bytes`)
  return { ok: true, value: { count, rows, columns, pixels: data.subarray(16) } }
}

/**
 * Reads an IDX1 file of labels, plain or gzip-compressed.
 * @param bytes the whole file
 * @param classes labels must be 0 .. classes − 1
 */
export function parseIdxLabels(bytes: Uint8Array, classes: number): IdxResult<Uint8Array> {
  const opened = open(bytes, MAGIC_LABELS, 8)
  if (!opened.ok) return opened
  const { data, header } = opened.value
  const count = header.getUint32(4)
  if (count < 1 || count > MAX_IMAGES) return wrong('count', `1 to ${MAX_IMAGES} labels`, `${count}`)
  if (data.length !== 8 + count)
    return wrong('length', `${8 + count} bytes for ${count} labels`, `${data.length} bytes`)
  const labels = data.subarray(8)
  const bad = labels.findIndex((label) => label >= classes)
  if (bad >= 0) return wrong('label', `labels 0 to ${classes - 1}`, `${labels[bad]} at index ${bad}`)
  return { ok: true, value: labels }
}

function open(
  bytes: Uint8Array,
  magic: number,
  headerLength: number,
): IdxResult<{ data: Uint8Array; header: DataView }> {
  let data = bytes
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      data = gunzipSync(bytes, { maxOutputLength: 2 ** 31 - 1 })
    } catch (cause) {
      return wrong('gzip', 'a whole gzip file', cause instanceof Error ? cause.message : String(cause))
    }
  }
  if (data.length < headerLength) return wrong('header', `at least ${headerLength} bytes`, `${data.length} bytes`)
  const header = new DataView(data.buffer, data.byteOffset, headerLength)
  if (header.getUint32(0) !== magic) return wrong('magic', hex(magic), hex(header.getUint32(0)))
  return { ok: true, value: { data, header } }
}

function wrong(field: IdxError['field'], expected: string, found: string): { ok: false; error: IdxError } {
  return { ok: false, error: { kind: 'idx', field, expected, found } }
}

const hex = (value: number) => `0x${value.toString(16).padStart(8, '0')}`
