// JPEG (ITU T.81) by libjpeg-turbo, as @cwasm/jpeg-turbo builds it from 2.0.4. It decodes at 1/2, 1/4 and 1/8 of the size straight from the cosine coefficients,
// which is what lets a phone's photo fit.
import { corrupt, type Result, tooLarge, truncated, unsupported, zeroSize } from './errors.ts'
import { applyOrientation, type Orientation, orientationOf } from './exif.ts'
import { createReducer, type Picture, reductionFor } from './picture.ts'
import { copyIn, instantiate, refuse, type WasmHeap, type WasmModule } from './wasm.ts'

/** What stands in front of the pixels. Width and height are those stored, before the orientation turns them. */
export interface JpegHeader {
  readonly width: number
  readonly height: number
  readonly orientation: Orientation
  /** Samples of all components to one pixel: 1 for grey, 1.5 for 4:2:0, 3 for 4:4:4. */
  readonly samples: number
  /** Where the frame header ends. */
  readonly end: number
}

/** A progressive picture is refined scan by scan, each as dear as the first; encoders write about ten. */
const MAX_SCANS = 64

/** A progressive picture takes two bytes a sample: 12 megapixels of 4:2:0 take 47 MiB, of 4:4:4 81 MiB, beside which a model finds no room in 128. */
export const MAX_HELD_SAMPLES = 18 * 2 ** 20

/** TurboJPEG's pixel formats and colour spaces. */
const TJPF_RGBA = 7
const TJPF_CMYK = 11
const TJCS_CMYK = 3

interface TurboJpeg extends WasmHeap {
  tjInitDecompress(): number
  tjDecompressHeader3(
    handle: number,
    source: number,
    size: number,
    width: number,
    height: number,
    subsampling: number,
    colourSpace: number,
  ): number
  tjDecompress2(
    handle: number,
    source: number,
    size: number,
    target: number,
    width: number,
    pitch: number,
    height: number,
    format: number,
    flags: number,
  ): number
}

/** Reads the markers up to the frame header; touches nothing behind it. */
export function readJpegHeader(bytes: Uint8Array): Result<{ header: JpegHeader }> {
  let orientation: Orientation = 1
  for (let at = 2; ; ) {
    if (at + 4 > bytes.length) return truncated('jpeg')
    if (bytes[at] !== 0xff) return corrupt('jpeg', 'a marker is missing')
    const marker = bytes[at + 1]
    if (marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) {
      at += marker === 0xff ? 1 : 2
      continue
    }
    if (marker < 0xc0 || marker === 0xd8 || marker === 0xd9 || marker === 0xda) {
      return corrupt('jpeg', 'it has no frame header')
    }
    const end = at + 2 + ((bytes[at + 2] << 8) | bytes[at + 3])
    if (end < at + 4) return corrupt('jpeg', 'a segment has no length')
    if (end > bytes.length) return truncated('jpeg')
    if (marker === 0xe1 && end - at >= 10 && isExif(bytes, at + 4))
      orientation = orientationOf(bytes.subarray(at + 10, end))
    const isFrame = marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) {
      if (end < at + 10) return corrupt('jpeg', 'its frame header is too short')
      const width = (bytes[at + 7] << 8) | bytes[at + 8]
      const height = (bytes[at + 5] << 8) | bytes[at + 6]
      if (width === 0 || height === 0) return zeroSize('jpeg')
      if (marker > 0xc2) return unsupported('jpeg', 'a lossless, hierarchical or arithmetic-coded picture')
      if (bytes[at + 4] !== 8) return unsupported('jpeg', `samples of ${bytes[at + 4]} bits`)
      return { ok: true, header: { width, height, orientation, samples: samplesPerPixel(bytes, at, end), end } }
    }
    at = end
  }
}

/** @param at where the frame header's marker stands */
function samplesPerPixel(bytes: Uint8Array, at: number, end: number): number {
  let all = 0
  let most = 1
  const largest = [1, 1]
  for (let i = at + 10; i + 3 <= Math.min(end, at + 10 + 3 * bytes[at + 9]); i += 3) {
    const across = bytes[i + 1] >> 4
    const down = bytes[i + 1] & 15
    all += across * down
    largest[0] = Math.max(largest[0], across)
    largest[1] = Math.max(largest[1], down)
    most = largest[0] * largest[1]
  }
  return all / most
}

function isExif(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x45 && bytes[at + 1] === 0x78 && bytes[at + 2] === 0x69 && bytes[at + 3] === 0x66
}

/** Walks from the frame header to the end of the picture. @returns the number of scans, or -1 when there is no end */
function countScans(bytes: Uint8Array, from: number): number {
  let scans = 0
  for (let at = from; at + 1 < bytes.length; ) {
    // Within a scan 0xff is followed by 0 (a byte of data), by a restart marker, or by the marker that ends the scan.
    if (bytes[at] !== 0xff || bytes[at + 1] === 0 || bytes[at + 1] === 0xff) at++
    else if (bytes[at + 1] === 0xd9) return scans
    else if (bytes[at + 1] >= 0xd0 && bytes[at + 1] <= 0xd8) at += 2
    else {
      if (bytes[at + 1] === 0xda) scans++
      at += 2 + Math.max(2, (bytes[at + 2] << 8) | bytes[at + 3])
    }
  }
  return -1
}

/** Inks to light, in place; Adobe's encoders store them inverted, and no one else writes such files. */
function cmykToRgba(pixels: Uint8Array): void {
  for (let i = 0; i < pixels.length; i += 4) {
    const black = pixels[i + 3]
    for (let c = 0; c < 3; c++) pixels[i + c] = Math.round((pixels[i + c] * black) / 255)
    pixels[i + 3] = 255
  }
}

/**
 * Decodes a baseline or progressive JPEG, grey, colour or CMYK, and turns it upright.
 * @param module libjpeg-turbo (`@cwasm/jpeg-turbo/jpeg-turbo.wasm`)
 * @param maxSide larger pictures are reduced by a whole factor while they are read
 */
export function decodeJpeg(
  bytes: Uint8Array,
  header: JpegHeader,
  maxSide: number,
  module: WasmModule,
): Result<{ picture: Picture }> {
  const { width, height, orientation, samples } = header
  const scans = countScans(bytes, header.end)
  if (scans < 0) return truncated('jpeg')
  if (scans > MAX_SCANS) return unsupported('jpeg', `more than ${MAX_SCANS} scans`)
  // More than one scan: every coefficient of the picture is held until the last.
  if (scans > 1 && width * height * samples > MAX_HELD_SAMPLES) {
    return tooLarge('jpeg', width, height, Math.floor(MAX_HELD_SAMPLES / samples))
  }
  const reduction = reductionFor(width, height, maxSide)
  const scaling = reduction >= 8 ? 8 : reduction > 2 ? 4 : reduction
  const scaledWidth = Math.ceil(width / scaling)
  const scaledHeight = Math.ceil(height / scaling)
  try {
    const turbo = instantiate<TurboJpeg>(module, {
      // C's error exit; setjmp returns 0 the first time and longjmp, leaving by an exception, never comes back to it.
      env: { setjmp: () => 0, ...refuse('longjmp') },
      wasi_snapshot_preview1: {
        environ_sizes_get: () => 0,
        ...refuse('environ_get', 'proc_exit', 'fd_close', 'fd_seek', 'fd_write'),
      },
    })
    const source = copyIn(turbo, bytes)
    const info = turbo.malloc(16)
    const handle = turbo.tjInitDecompress()
    if (source === 0 || info === 0 || handle === 0) return corrupt('jpeg', 'it takes too much memory to decode')
    if (turbo.tjDecompressHeader3(handle, source, bytes.length, info, info + 4, info + 8, info + 12) !== 0) {
      return corrupt('jpeg', 'its header cannot be read')
    }
    const [foundWidth, foundHeight, , colourSpace] = new Uint32Array(turbo.memory.buffer, info, 4)
    if (foundWidth !== width || foundHeight !== height) return corrupt('jpeg', 'it has two sizes')
    const isCmyk = colourSpace >= TJCS_CMYK
    const size = scaledWidth * scaledHeight * 4
    const target = turbo.malloc(size)
    if (target === 0) return corrupt('jpeg', 'it takes too much memory to decode')
    const format = isCmyk ? TJPF_CMYK : TJPF_RGBA
    if (
      turbo.tjDecompress2(
        handle,
        source,
        bytes.length,
        target,
        scaledWidth,
        scaledWidth * 4,
        scaledHeight,
        format,
        0,
      ) !== 0
    ) {
      return corrupt('jpeg', 'its pixels cannot be decoded')
    }
    const pixels = new Uint8Array(turbo.memory.buffer, target, size)
    if (isCmyk) cmykToRgba(pixels)
    const reducer = createReducer(scaledWidth, scaledHeight, reductionFor(scaledWidth, scaledHeight, maxSide))
    for (let y = 0; y < scaledHeight; y++) reducer.push(pixels, y * scaledWidth * 4)
    const picture = { width: reducer.width, height: reducer.height, data: reducer.data, source: { width, height } }
    return { ok: true, picture: applyOrientation(picture, orientation) }
  } catch {
    return corrupt('jpeg', 'its pixels cannot be decoded')
  }
}
