import { type DecodeError, type Format, type Result, tooLarge } from './errors.ts'
import { decodeJpeg, type JpegHeader, readJpegHeader } from './jpeg.ts'
import type { Picture } from './picture.ts'
import { decodePng, type Inflate, type PngHeader, readPngHeader } from './png.ts'
import type { WasmModule } from './wasm.ts'
import { decodeWebp, readWebpHeader, type WebpHeader } from './webp.ts'

/** What can be known of a picture without decoding a pixel. `width` and `height` are those of the upright picture. */
export interface PictureHeader {
  readonly format: Format
  readonly width: number
  readonly height: number
}

/**
 * What is borrowed of the platform. Each decoder that is WebAssembly is asked for when the first picture of its kind
 * arrives: in a Worker the module is imported (`import jpeg from '@cwasm/jpeg-turbo/jpeg-turbo.wasm'`), elsewhere compiled
 * from the same file's bytes.
 */
export interface Codecs {
  /** `@cwasm/jpeg-turbo/jpeg-turbo.wasm` */
  jpeg(): WasmModule
  /** `icodec/webp-dec.wasm` */
  webp(): WasmModule
  /** `inflateSync` of node:zlib, which Workers have too */
  readonly inflate: Inflate
}

/** How much is read. */
export interface DecodeLimits {
  /** A picture of more pixels is refused on its header alone. */
  readonly maxPixels: number
}

/** Sides beyond this are reduced while decoding: more than handwriting needs, and 16 MiB of RGBA at most. */
export const MAX_SIDE = 2048

/**
 * A lossless WebP, or one with alpha, cannot be reduced while it is decoded: it takes 8 bytes a pixel in libwebp's memory, 92 MiB
 * for 12 megapixels, and an isolate has 128 MiB for everything. Half as many leave room for the model and the request.
 */
export const MAX_HEAVY_PIXELS = 6 * 2 ** 20

type Header =
  | { readonly format: 'png'; readonly header: PngHeader }
  | { readonly format: 'jpeg'; readonly header: JpegHeader }
  | { readonly format: 'webp'; readonly header: WebpHeader }

const startsWith = (bytes: Uint8Array, at: number, magic: readonly number[]): boolean =>
  magic.every((byte, i) => bytes[at + i] === byte)

/** Tells the format by a file's first bytes; `null` when it is none that is read. */
export function sniff(bytes: Uint8Array): Format | null {
  if (startsWith(bytes, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png'
  if (startsWith(bytes, 0, [0xff, 0xd8, 0xff])) return 'jpeg'
  if (startsWith(bytes, 0, [0x52, 0x49, 0x46, 0x46]) && startsWith(bytes, 8, [0x57, 0x45, 0x42, 0x50])) return 'webp'
  return null
}

function readAnyHeader(bytes: Uint8Array): Result<Header> {
  const format = sniff(bytes)
  if (format === null) return { ok: false, error: unknownFormat(bytes) }
  switch (format) {
    case 'png': {
      const read = readPngHeader(bytes)
      return read.ok ? { ok: true, format, header: read.header } : read
    }
    case 'jpeg': {
      const read = readJpegHeader(bytes)
      return read.ok ? { ok: true, format, header: read.header } : read
    }
    case 'webp': {
      const read = readWebpHeader(bytes)
      return read.ok ? { ok: true, format, header: read.header } : read
    }
  }
}

function unknownFormat(bytes: Uint8Array): DecodeError {
  if (bytes.length === 0) return { kind: 'empty', message: 'The file is empty; send a PNG, JPEG or WebP picture.' }
  return { kind: 'unknown-format', message: 'The file is no PNG, JPEG or WebP picture; these three are read.' }
}

/** Reads format and size from the first bytes, whatever the file was declared to be. */
export function readHeader(bytes: Uint8Array): Result<PictureHeader> {
  const read = readAnyHeader(bytes)
  if (!read.ok) return read
  const { width, height } = read.header
  const turned = read.format !== 'png' && read.header.orientation >= 5
  return { ok: true, format: read.format, width: turned ? height : width, height: turned ? width : height }
}

/**
 * Decodes a PNG, JPEG or WebP file. Never throws: whatever is wrong with the bytes comes back as an error that says so.
 * A picture with a side beyond {@link MAX_SIDE} comes back reduced; `picture.source` keeps the size it was sent in.
 */
export function decode(bytes: Uint8Array, limits: DecodeLimits, codecs: Codecs): Result<{ picture: Picture }> {
  const read = readAnyHeader(bytes)
  if (!read.ok) return read
  const { width, height } = read.header
  if (width * height > limits.maxPixels) return tooLarge(read.format, width, height, limits.maxPixels)
  switch (read.format) {
    case 'png':
      return decodePng(bytes, read.header, MAX_SIDE, codecs.inflate)
    case 'jpeg':
      return decodeJpeg(bytes, read.header, MAX_SIDE, codecs.jpeg())
    case 'webp':
      if (read.header.isHeavy && width * height > MAX_HEAVY_PIXELS) {
        return tooLarge('webp', width, height, MAX_HEAVY_PIXELS)
      }
      return decodeWebp(bytes, read.header, MAX_SIDE, codecs.webp())
  }
}
