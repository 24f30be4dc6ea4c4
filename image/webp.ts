// WebP (RFC 9649) by libwebp, as @cwasm/webp builds it from 1.0.3. That is older than 1.3.2, which mended an overflow on the
// heap by crafted lossless files (CVE-2023-4863). Here such a file can reach no further than the memory of its own instance,
// which ends with it and can call nothing outside.
import { corrupt, type Result, truncated, unsupported, zeroSize } from './errors.ts'
import { applyOrientation, type Orientation, orientationOf } from './exif.ts'
import { createReducer, type Picture, reductionFor } from './picture.ts'
import { copyIn, instantiate, refuse, type WasmHeap, type WasmModule } from './wasm.ts'

/** What the first chunk says. Width and height are those stored, before the orientation turns them. */
export interface WebpHeader {
  readonly width: number
  readonly height: number
  readonly orientation: Orientation
  /** Lossless pixels or an alpha plane: libwebp holds them whole beside its output. */
  readonly isHeavy: boolean
}

interface LibWebp extends WasmHeap {
  WebPDecodeRGBA(source: number, size: number, width: number, height: number): number
}

/** 'RIFF', its length, 'WEBP', and the head of the first chunk. */
const HEADER_BYTES = 20
const ANIMATION_FLAG = 2
const EXIF_FLAG = 8

function fourCc(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3])
}

function uint32(bytes: Uint8Array, at: number): number {
  return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0
}

/** Reads the size from the first chunk, lossy (VP8), lossless (VP8L) or extended (VP8X). */
export function readWebpHeader(bytes: Uint8Array): Result<{ header: WebpHeader }> {
  if (bytes.length < HEADER_BYTES + 10) return truncated('webp')
  const at = HEADER_BYTES
  switch (fourCc(bytes, 12)) {
    case 'VP8 ':
      if (bytes[at + 3] !== 0x9d || bytes[at + 4] !== 0x01 || bytes[at + 5] !== 0x2a) {
        return corrupt('webp', 'it does not begin with a key frame')
      }
      return sized(
        (bytes[at + 6] | (bytes[at + 7] << 8)) & 0x3fff,
        (bytes[at + 8] | (bytes[at + 9] << 8)) & 0x3fff,
        1,
        false,
      )
    case 'VP8L': {
      if (bytes[at] !== 0x2f) return corrupt('webp', 'the signature of its lossless picture is wrong')
      const bits = uint32(bytes, at + 1)
      return sized((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1, 1, true)
    }
    case 'VP8X': {
      if (bytes[at] & ANIMATION_FLAG) return unsupported('webp', 'an animation')
      const width = (uint32(bytes, at + 4) & 0xffffff) + 1
      const height = (uint32(bytes, at + 6) >>> 8) + 1
      return sized(width, height, bytes[at] & EXIF_FLAG ? findOrientation(bytes) : 1, !isPlain(bytes))
    }
    default:
      return corrupt('webp', 'its first chunk is unknown')
  }
}

function sized(
  width: number,
  height: number,
  orientation: Orientation,
  isHeavy: boolean,
): Result<{ header: WebpHeader }> {
  if (width === 0 || height === 0) return zeroSize('webp')
  return { ok: true, header: { width, height, orientation, isHeavy } }
}

/** Whether the chunks of an extended file hold a lossy picture and no alpha. */
function isPlain(bytes: Uint8Array): boolean {
  let isLossy = false
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = fourCc(bytes, at)
    if (name === 'VP8L' || name === 'ALPH') return false
    if (name === 'VP8 ') isLossy = true
    const length = uint32(bytes, at + 4)
    at += 8 + length + (length & 1)
  }
  return isLossy
}

function findOrientation(bytes: Uint8Array): Orientation {
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = uint32(bytes, at + 4)
    if (fourCc(bytes, at) === 'EXIF') {
      const tiff = bytes.subarray(at + 8, at + 8 + length)
      // Some writers keep the six bytes that introduce EXIF in a JPEG.
      return orientationOf(fourCc(tiff, 0) === 'Exif' ? tiff.subarray(6) : tiff)
    }
    at += 8 + length + (length & 1)
  }
  return 1
}

/**
 * Decodes a still WebP, lossy or lossless, with or without alpha.
 * @param module libwebp (`@cwasm/webp/webp.wasm`)
 * @param maxSide larger pictures are reduced by a whole factor
 */
export function decodeWebp(
  bytes: Uint8Array,
  header: WebpHeader,
  maxSide: number,
  module: WasmModule,
): Result<{ picture: Picture }> {
  const { width, height, orientation } = header
  if (uint32(bytes, 4) + 8 > bytes.length) return truncated('webp')
  try {
    const webp = instantiate<LibWebp>(module, {
      wasi_snapshot_preview1: refuse('fd_close', 'fd_seek', 'fd_write'),
    })
    const source = copyIn(webp, bytes)
    const size = webp.malloc(8)
    if (source === 0 || size === 0) return corrupt('webp', 'it takes too much memory to decode')
    const target = webp.WebPDecodeRGBA(source, bytes.length, size, size + 4)
    if (target === 0) return corrupt('webp', 'its pixels cannot be decoded')
    const [foundWidth, foundHeight] = new Uint32Array(webp.memory.buffer, size, 2)
    if (foundWidth !== width || foundHeight !== height) return corrupt('webp', 'it has two sizes')
    const pixels = new Uint8Array(webp.memory.buffer, target, width * height * 4)
    const reducer = createReducer(width, height, reductionFor(width, height, maxSide))
    for (let y = 0; y < height; y++) reducer.push(pixels, y * width * 4)
    const picture = { width: reducer.width, height: reducer.height, data: reducer.data, source: { width, height } }
    return { ok: true, picture: applyOrientation(picture, orientation) }
  } catch {
    return corrupt('webp', 'its pixels cannot be decoded')
  }
}
