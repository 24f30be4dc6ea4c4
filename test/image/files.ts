import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { deflateSync, inflateSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import type { Codecs } from '../../image/decode.ts'
import { crc32 } from '../../image/png.ts'
import { compile, type WasmModule } from '../../image/wasm.ts'

const require = createRequire(import.meta.url)
const compiled = (path: string): WasmModule => compile(readFileSync(require.resolve(path)))
const jpeg = compiled('@cwasm/jpeg-turbo/jpeg-turbo.wasm')
const webp = compiled('icodec/webp-dec.wasm')

/** The decoders as Node brings them in. */
export const codecs: Codecs = {
  jpeg: () => jpeg,
  webp: () => webp,
  inflate: (data, most) => inflateSync(data, { maxOutputLength: most }),
}
export const LIMITS = { maxPixels: 12_000_000 }

/** A picture whose pixels all differ: width×height×4 bytes. */
export function pattern(width: number, height: number, alpha = false): Uint8Array {
  const data = new Uint8Array(width * height * 4)
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      data[i] = Math.round((255 * x) / width)
      data[i + 1] = Math.round((255 * y) / height)
      data[i + 2] = (x * 37 + y * 91) & 255
      data[i + 3] = alpha ? Math.round((255 * (x + y)) / (width + height)) : 255
    }
  }
  return data
}

/** sharp with RGBA to encode. */
export function encoder(data: Uint8Array, width: number, height: number): Sharp {
  return sharp(data, { raw: { width, height, channels: 4 } })
}

export function chunk(type: string, contents: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + contents.length)
  const view = new DataView(out.buffer)
  view.setUint32(0, contents.length)
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i)
  out.set(contents, 8)
  view.setUint32(8 + contents.length, crc32(out, 4, 8 + contents.length))
  return out
}

export interface PngParts {
  width: number
  height: number
  bitDepth: number
  colourType: number
  interlace?: number
  /** Sample values of pixel (x, y). */
  sample: (x: number, y: number) => readonly number[]
  filter?: number
  before?: readonly Uint8Array[]
}

const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
]

/** A PNG written by the book, of any kind. */
export function makePng(parts: PngParts): Uint8Array {
  const { width, height, bitDepth, interlace = 0, sample, filter = 0, before = [] } = parts
  const rows: number[][] = []
  for (const [x0, y0, dx, dy] of interlace ? ADAM7 : [[0, 0, 1, 1]]) {
    let above: number[] = []
    for (let y = y0; y < height && x0 < width; y += dy) {
      const bits: number[] = []
      for (let x = x0; x < width; x += dx) {
        for (const value of sample(x, y)) for (let bit = bitDepth - 1; bit >= 0; bit--) bits.push((value >> bit) & 1)
      }
      while (bits.length % 8) bits.push(0)
      const row = Array.from({ length: bits.length / 8 }, (_, i) =>
        bits.slice(i * 8, i * 8 + 8).reduce((byte, bit) => byte * 2 + bit, 0),
      )
      const step = Math.max(1, (sample(0, 0).length * bitDepth) >> 3)
      rows.push([filter, ...row.map((v, i) => (v - predict(filter, row[i - step], above[i], above[i - step])) & 255)])
      above = row
    }
  }
  return assemble(parts, deflateSync(Uint8Array.from(rows.flat())), before, interlace)

  function predict(kind: number, a = 0, b = 0, c = 0): number {
    if (kind === 4) {
      const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)]
      return pa <= pb && pa <= pc ? a : pb <= pc ? b : c
    }
    return [0, a, b, (a + b) >> 1][kind]
  }
}

/** Signature, IHDR, given chunks, one IDAT, IEND. */
export function assemble(
  { width, height, bitDepth, colourType }: Omit<PngParts, 'sample'>,
  idat: Uint8Array,
  before: readonly Uint8Array[] = [],
  interlace = 0,
): Uint8Array {
  const header = new Uint8Array(13)
  new DataView(header.buffer).setUint32(0, width)
  new DataView(header.buffer).setUint32(4, height)
  header.set([bitDepth, colourType, 0, 0, interlace], 8)
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    ...before,
    chunk('IDAT', idat),
    chunk('IEND', new Uint8Array(0)),
  ])
}
