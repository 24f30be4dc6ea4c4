/** PNG files (ISO/IEC 15948) as small as zlib makes them. */
import { crc32, deflateSync } from 'node:zlib'

/** Pixels row by row, one byte a sample. */
export interface Raster {
  width: number
  height: number
  /** width × height samples (grey), × 3 (RGB) or × 4 (RGBA). */
  samples: Uint8Array
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** PNG's colour type by the number of samples of a pixel. */
const COLOUR_TYPES: Record<number, number> = { 1: 0, 3: 2, 4: 6 }

/** Grey, RGB or RGBA, as many samples a pixel as the raster has. */
export function encodePng({ width, height, samples }: Raster): Buffer {
  const depth = samples.length / (width * height)
  const stride = width * depth
  const rows = Buffer.alloc(height * (stride + 1))
  for (let y = 0; y < height; y++) rows.set(samples.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, COLOUR_TYPES[depth], 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from(SIGNATURE),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Each pixel as a square of `factor` × `factor`; grey only. */
export function enlarge({ width, height, samples }: Raster, factor: number): Raster {
  const wide = width * factor
  const out = new Uint8Array(wide * height * factor)
  for (let y = 0; y < height * factor; y++) {
    const from = Math.floor(y / factor) * width
    for (let x = 0; x < wide; x++) out[y * wide + x] = samples[from + Math.floor(x / factor)]
  }
  return { width: wide, height: height * factor, samples: out }
}

/** For `src` attributes. */
export const pngUrl = (raster: Raster) => `data:image/png;base64,${encodePng(raster).toString('base64')}`

function chunk(type: string, contents: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), contents])
  const framed = Buffer.alloc(named.length + 8)
  framed.writeUInt32BE(contents.length, 0)
  framed.set(named, 4)
  framed.writeUInt32BE(crc32(named), named.length + 4)
  return framed
}
