// WebP (RFC 9649). libwebp 1.4.0 has what 1.3.2 mended, an overflow on the heap by crafted lossless files (CVE-2023-4863); and
// a file reaches no further than the memory of its own instance, which ends with it and can call nothing outside.
import { corrupt, type Result, truncated, unsupported, zeroSize } from './errors.ts'
import { applyOrientation, type Orientation, orientationOf } from './exif.ts'
import { decodeRgba } from './libwebp.ts'
import { createReducer, type Picture, reductionFor } from './picture.ts'
import type { WasmModule } from './wasm.ts'

/** What the first chunk says. Width and height are those stored, before the orientation turns them. */
export interface WebpHeader {
  readonly width: number
  readonly height: number
  readonly orientation: Orientation
  /** Lossless pixels or an alpha plane: libwebp holds them whole beside its output. */
  readonly isHeavy: boolean
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
 * @param module libwebp (`icodec/webp-dec.wasm`)
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
  const reducer = createReducer(width, height, reductionFor(width, height, maxSide))
  try {
    const found = decodeRgba(module, bytes, (pixels) => {
      // Where it has another size, which is told below, its rows are not these.
      if (pixels.length !== width * height * 4) return
      for (let y = 0; y < height; y++) reducer.push(pixels, y * width * 4)
    })
    if (found === undefined) return corrupt('webp', 'its pixels cannot be decoded')
    if (found.width !== width || found.height !== height) return corrupt('webp', 'it has two sizes')
  } catch {
    return corrupt('webp', 'its pixels cannot be decoded')
  }
  const picture = { width: reducer.width, height: reducer.height, data: reducer.data, source: { width, height } }
  return { ok: true, picture: applyOrientation(picture, orientation) }
}
