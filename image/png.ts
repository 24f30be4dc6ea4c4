// PNG (ISO/IEC 15948), read row by row: a 12-megapixel picture of 16-bit RGBA is 96 MB when inflated, too much for an
// isolate of 128 MiB, and every library on offer inflates it whole. Only the inflaters are borrowed.
import { Inflate as Inflater } from 'pako'
import { corrupt, type Result, truncated, zeroSize } from './errors.ts'
import { createReducer, type Picture, reductionFor } from './picture.ts'

/** What the IHDR chunk says. */
export interface PngHeader {
  readonly width: number
  readonly height: number
  readonly bitDepth: number
  readonly colourType: number
  readonly interlaced: boolean
}

/** Signature, IHDR's length and type, its 13 bytes, and its checksum. */
const HEADER_BYTES = 8 + 8 + 13 + 4
/** Inflates a zlib stream (RFC 1950) whole. Throws if it is broken, cut off, or holds more than `most` bytes. */
export type Inflate = (data: Uint8Array, most: number) => Uint8Array

/** What is no larger than this inflated is inflated whole, by the platform's own inflater, which takes a tenth of the time. */
const WHOLE = 8 * 2 ** 20
/** Bytes fed to the other inflater at once, which expand at most 1032 times to 4 MiB, and bytes that it gives at once. */
const SLICE = 4096
const PIECE = 65_536

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}
/** Adam7's passes: first column, first row, column step, row step. */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

/** CRC-32 of bytes[start, end), as PNG's chunks carry it. */
export function crc32(bytes: Uint8Array, start: number, end: number): number {
  let c = 0xffffffff
  for (let i = start; i < end; i++) c = CRC_TABLE[(c ^ bytes[i]) & 255] ^ (c >>> 8)
  return (c ^ 0xffffffff) >>> 0
}

function uint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0
}

/** Reads and checks IHDR; touches nothing behind it. */
export function readPngHeader(bytes: Uint8Array): Result<{ header: PngHeader }> {
  if (bytes.length < HEADER_BYTES) return truncated('png')
  if (uint32(bytes, 8) !== 13 || uint32(bytes, 12) !== 0x49484452) return corrupt('png', 'it does not begin with IHDR')
  if (crc32(bytes, 12, 29) !== uint32(bytes, 29)) return corrupt('png', 'the checksum of IHDR is wrong')
  const header = {
    width: uint32(bytes, 16),
    height: uint32(bytes, 20),
    bitDepth: bytes[24],
    colourType: bytes[25],
    interlaced: bytes[28] === 1,
  }
  if (header.width === 0 || header.height === 0) return zeroSize('png')
  if (!DEPTHS[header.colourType]?.includes(header.bitDepth)) {
    return corrupt('png', `colour type ${header.colourType} with bit depth ${header.bitDepth} does not exist`)
  }
  if (bytes[26] !== 0 || bytes[27] !== 0 || bytes[28] > 1) return corrupt('png', 'IHDR names an unknown method')
  return { ok: true, header }
}

interface Chunks {
  readonly palette: Uint8Array | null
  readonly transparency: Uint8Array | null
  /** Start and end of the contents of every IDAT. */
  readonly data: readonly (readonly [start: number, end: number])[]
}

/** Walks the chunks to IEND and checks them. Ancillary chunks but tRNS are skipped unread, however much they inflate to. */
function readChunks(bytes: Uint8Array): Result<{ chunks: Chunks }> {
  let palette: Uint8Array | null = null
  let transparency: Uint8Array | null = null
  const data: [number, number][] = []
  let dataEnded = false
  for (let at = HEADER_BYTES; ; ) {
    if (at + 12 > bytes.length) return truncated('png')
    const length = uint32(bytes, at)
    const start = at + 8
    const end = start + length
    if (end + 4 > bytes.length) return truncated('png')
    const type = String.fromCharCode(bytes[at + 4], bytes[at + 5], bytes[at + 6], bytes[at + 7])
    if (!/^[A-Za-z]{4}$/.test(type)) return corrupt('png', 'a chunk has no proper name')
    if (crc32(bytes, at + 4, end) !== uint32(bytes, end)) return corrupt('png', `the checksum of ${type} is wrong`)
    if (type === 'IDAT') {
      if (dataEnded) return corrupt('png', 'its IDAT chunks are apart')
      data.push([start, end])
    } else {
      dataEnded = data.length > 0
      if (type === 'IEND') break
      if (type === 'PLTE') palette = bytes.subarray(start, end)
      else if (type === 'tRNS') transparency = bytes.subarray(start, end)
      else if (type[0] <= 'Z') return corrupt('png', `the chunk ${type} is unknown`)
    }
    at = end + 4
  }
  if (data.length === 0) return corrupt('png', 'it has no pixels')
  return { ok: true, chunks: { palette, transparency, data } }
}

/** Inflates the IDAT chunks whole. @param sink takes the output; never more than `expected` bytes */
function inflateWhole(
  bytes: Uint8Array,
  data: Chunks['data'],
  expected: number,
  inflate: Inflate,
  sink: (piece: Uint8Array) => void,
): string {
  let stream = bytes.subarray(...data[0])
  if (data.length > 1) {
    stream = new Uint8Array(data.reduce((sum, [start, end]) => sum + end - start, 0))
    let at = 0
    for (const [start, end] of data) {
      stream.set(bytes.subarray(start, end), at)
      at += end - start
    }
  }
  let pixels: Uint8Array
  try {
    pixels = inflate(stream, expected)
  } catch {
    return 'its compressed data cannot be inflated to the pixels that its header says'
  }
  sink(pixels)
  return pixels.length === expected ? '' : 'it holds fewer pixels than its header says'
}

/**
 * Inflates the IDAT chunks piece by piece.
 * @param sink takes each piece of the output; never more than `expected` bytes in all
 */
function inflatePieces(
  bytes: Uint8Array,
  data: Chunks['data'],
  expected: number,
  sink: (piece: Uint8Array) => void,
): string {
  const inflater = new Inflater({ chunkSize: PIECE })
  let total = 0
  inflater.onData = (piece) => {
    total += piece.length
    if (total <= expected) sink(piece as Uint8Array)
  }
  for (const [start, end] of data) {
    for (let at = start; at < end; at += SLICE) {
      inflater.push(bytes.subarray(at, Math.min(end, at + SLICE)))
      if (inflater.err !== 0) return 'its compressed data cannot be inflated'
      if (total > expected) return 'it holds more pixels than its header says'
    }
  }
  if (!inflater.ended || total < expected) return 'it holds fewer pixels than its header says'
  return ''
}

/** Undoes a row's filter in place. @param before the row above, unfiltered; zeros for the first row of a pass */
function unfilter(filter: number, row: Uint8Array, before: Uint8Array, length: number, step: number): boolean {
  switch (filter) {
    case 0:
      return true
    case 1:
      for (let i = step; i < length; i++) row[i] += row[i - step]
      return true
    case 2:
      for (let i = 0; i < length; i++) row[i] += before[i]
      return true
    case 3:
      for (let i = 0; i < step; i++) row[i] += before[i] >> 1
      for (let i = step; i < length; i++) row[i] += (row[i - step] + before[i]) >> 1
      return true
    case 4:
      for (let i = 0; i < step; i++) row[i] += before[i]
      for (let i = step; i < length; i++) {
        const a = row[i - step]
        const b = before[i]
        const c = before[i - step]
        const pa = Math.abs(b - c)
        const pb = Math.abs(a - c)
        const pc = Math.abs(a + b - 2 * c)
        row[i] += pa <= pb && pa <= pc ? a : pb <= pc ? b : c
      }
      return true
    default:
      return false
  }
}

/** Turns an unfiltered row into RGBA; `step` bytes apart in `out`. */
type ToRgba = (row: Uint8Array, count: number, out: Uint8Array, offset: number, step: number) => void

/** Every value that a sample of a palette or grey picture can take, as RGBA. */
function sampleTable(header: PngHeader, chunks: Chunks): Uint8Array | null {
  const { bitDepth, colourType } = header
  const { palette, transparency } = chunks
  const size = 1 << Math.min(8, bitDepth)
  const table = new Uint8Array(size * 4)
  for (let v = 0; v < size; v++) {
    if (colourType === 3) {
      if (palette === null || palette.length === 0 || palette.length % 3 !== 0) return null
      // An index beyond the palette is an error that every decoder forgives; it shows as black.
      for (let c = 0; c < 3; c++) table[v * 4 + c] = palette[v * 3 + c] ?? 0
      table[v * 4 + 3] = transparency?.[v] ?? 255
    } else {
      table.fill(Math.round((v * 255) / (size - 1)), v * 4, v * 4 + 3)
      const isTransparent = transparency !== null && bitDepth <= 8 && transparency[1] === v
      table[v * 4 + 3] = isTransparent ? 0 : 255
    }
  }
  return table
}

function rgbaReader(header: PngHeader, chunks: Chunks): ToRgba | null {
  const { bitDepth, colourType } = header
  const bytesPerSample = bitDepth === 16 ? 2 : 1
  const key = chunks.transparency
  if (colourType === 3 || (colourType === 0 && bitDepth <= 8)) {
    const table = sampleTable(header, chunks)
    if (table === null) return null
    const mask = (1 << bitDepth) - 1
    return (row, count, out, offset, step) => {
      for (let x = 0, to = offset; x < count; x++, to += step) {
        const bit = x * bitDepth
        const from = ((row[bit >> 3] >> (8 - bitDepth - (bit & 7))) & mask) * 4
        out[to] = table[from]
        out[to + 1] = table[from + 1]
        out[to + 2] = table[from + 2]
        out[to + 3] = table[from + 3]
      }
    }
  }
  if (colourType === 0 || colourType === 4) {
    const pixel = (colourType === 0 ? 1 : 2) * bytesPerSample
    return (row, count, out, offset, step) => {
      for (let x = 0, from = 0, to = offset; x < count; x++, from += pixel, to += step) {
        out[to] = out[to + 1] = out[to + 2] = row[from]
        const isKey = colourType === 0 && key !== null && row[from] === key[0] && row[from + 1] === key[1]
        out[to + 3] = colourType === 4 ? row[from + bytesPerSample] : isKey ? 0 : 255
      }
    }
  }
  if (colourType === 6 && bitDepth === 8) {
    return (row, count, out, offset, step) => {
      if (step === 4) out.set(row.subarray(0, count * 4), offset)
      else for (let x = 0; x < count; x++) out.set(row.subarray(x * 4, x * 4 + 4), offset + x * step)
    }
  }
  const pixel = (colourType === 2 ? 3 : 4) * bytesPerSample
  const matchesKey = (row: Uint8Array, from: number): boolean => {
    if (key === null || key.length < 6) return false
    for (let c = 0; c < 3; c++) {
      if (row[from + c * bytesPerSample] !== (bytesPerSample === 2 ? key[c * 2] : key[c * 2 + 1])) return false
      if (bytesPerSample === 2 && row[from + c * 2 + 1] !== key[c * 2 + 1]) return false
    }
    return true
  }
  if (colourType === 2 && key === null) {
    return (row, count, out, offset, step) => {
      for (let x = 0, from = 0, to = offset; x < count; x++, from += pixel, to += step) {
        out[to] = row[from]
        out[to + 1] = row[from + bytesPerSample]
        out[to + 2] = row[from + 2 * bytesPerSample]
        out[to + 3] = 255
      }
    }
  }
  return (row, count, out, offset, step) => {
    for (let x = 0, from = 0, to = offset; x < count; x++, from += pixel, to += step) {
      out[to] = row[from]
      out[to + 1] = row[from + bytesPerSample]
      out[to + 2] = row[from + 2 * bytesPerSample]
      out[to + 3] = colourType === 6 ? row[from + 3 * bytesPerSample] : matchesKey(row, from) ? 0 : 255
    }
  }
}

/**
 * Decodes a PNG of any colour type and bit depth, interlaced or not, checking every checksum.
 * @param maxSide larger pictures are reduced by a whole factor while they are read
 */
export function decodePng(
  bytes: Uint8Array,
  header: PngHeader,
  maxSide: number,
  inflate: Inflate,
): Result<{ picture: Picture }> {
  const walked = readChunks(bytes)
  if (!walked.ok) return walked
  const { chunks } = walked
  const { width, height, bitDepth, colourType, interlaced } = header
  const toRgba = rgbaReader(header, chunks)
  if (toRgba === null) return corrupt('png', 'it lacks its palette')
  const bitsPerPixel = CHANNELS[colourType] * bitDepth
  const rowBytes = (pixels: number): number => Math.ceil((pixels * bitsPerPixel) / 8)
  const filterStep = Math.max(1, bitsPerPixel >> 3)
  const passes = (interlaced ? ADAM7 : ([[0, 0, 1, 1]] as const))
    .map(([x, y, dx, dy]) => ({
      x,
      y,
      dx,
      dy,
      columns: Math.ceil((width - x) / dx),
      rows: Math.ceil((height - y) / dy),
    }))
    .filter((pass) => pass.columns > 0 && pass.rows > 0)
  const expected = passes.reduce((sum, pass) => sum + pass.rows * (1 + rowBytes(pass.columns)), 0)

  const reducer = createReducer(width, height, reductionFor(width, height, maxSide))
  // Interlaced pixels come in no order that a reducer could take, so that they are laid out first.
  const canvas = new Uint8Array((interlaced ? width * height : width) * 4)
  /** A row that lies in two pieces of the output. */
  const pieced = new Uint8Array(rowBytes(width))
  let before: Uint8Array = new Uint8Array(pieced.length)
  let passAt = 0
  let y = 0
  let filter = -1
  let filled = 0
  let badFilter = false

  /** @param row is unfiltered where it is, and must stay until the next one is finished */
  const finishRow = (row: Uint8Array): void => {
    const pass = passes[passAt]
    if (!unfilter(filter, row, before, rowBytes(pass.columns), filterStep)) badFilter = true
    if (interlaced) toRgba(row, pass.columns, canvas, ((pass.y + y * pass.dy) * width + pass.x) * 4, pass.dx * 4)
    else {
      toRgba(row, width, canvas, 0, 4)
      reducer.push(canvas, 0)
    }
    before = row
    filter = -1
    filled = 0
    if (++y === pass.rows) {
      y = 0
      passAt++
      before = new Uint8Array(pieced.length)
    }
  }
  const takePiece = (piece: Uint8Array): void => {
    for (let at = 0; at < piece.length; ) {
      if (filter < 0) filter = piece[at++]
      const length = rowBytes(passes[passAt].columns)
      const take = Math.min(length - filled, piece.length - at)
      const part = piece.subarray(at, at + take)
      at += take
      if (take === length) {
        finishRow(part)
        continue
      }
      pieced.set(part, filled)
      filled += take
      if (filled === length) finishRow(pieced.slice(0, length))
    }
  }
  const problem =
    expected <= WHOLE
      ? inflateWhole(bytes, chunks.data, expected, inflate, takePiece)
      : inflatePieces(bytes, chunks.data, expected, takePiece)
  if (problem !== '') return corrupt('png', problem)
  if (badFilter) return corrupt('png', 'a row has an unknown filter')
  if (interlaced) for (let line = 0; line < height; line++) reducer.push(canvas, line * width * 4)
  return {
    ok: true,
    picture: { width: reducer.width, height: reducer.height, data: reducer.data, source: { width, height } },
  }
}
