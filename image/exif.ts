import type { Picture } from './picture.ts'

/** How a camera was held: EXIF's orientation, 1 (upright) to 8. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

const ORIENTATION_TAG = 0x0112
const ENTRY_BYTES = 12

/**
 * Finds the orientation in a TIFF structure, as EXIF blocks hold it. Whatever is wrong with the block, the answer is 1:
 * a picture with broken EXIF is still a picture.
 */
export function orientationOf(tiff: Uint8Array): Orientation {
  const little = tiff[0] === 0x49
  const uint16 = (at: number): number => (little ? tiff[at] | (tiff[at + 1] << 8) : (tiff[at] << 8) | tiff[at + 1])
  if (tiff.length < 14 || tiff[0] !== tiff[1] || (!little && tiff[0] !== 0x4d) || uint16(2) !== 42) return 1
  const directory = little ? uint16(4) + uint16(6) * 65536 : uint16(4) * 65536 + uint16(6)
  if (directory + 2 > tiff.length) return 1
  const entries = uint16(directory)
  for (let i = 0, at = directory + 2; i < entries && at + ENTRY_BYTES <= tiff.length; i++, at += ENTRY_BYTES) {
    if (uint16(at) !== ORIENTATION_TAG) continue
    const value = uint16(at + 8)
    return value >= 1 && value <= 8 ? (value as Orientation) : 1
  }
  return 1
}

/** Turns a picture upright. */
export function applyOrientation(picture: Picture, orientation: Orientation): Picture {
  if (orientation === 1) return picture
  const { width, height, source } = picture
  const turned = orientation >= 5
  const outWidth = turned ? height : width
  const outHeight = turned ? width : height
  const flipX = orientation === 2 || orientation === 3 || orientation === 7 || orientation === 8
  const flipY = orientation === 3 || orientation === 4 || orientation === 6 || orientation === 7
  const from = new Uint32Array(picture.data.buffer, picture.data.byteOffset, width * height)
  const to = new Uint32Array(width * height)
  // `x`, `y` are in the upright picture; the flips are in the stored one.
  for (let y = 0, i = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++, i++) {
      const u = turned ? y : x
      const v = turned ? x : y
      to[i] = from[(flipY ? height - 1 - v : v) * width + (flipX ? width - 1 - u : u)]
    }
  }
  return {
    width: outWidth,
    height: outHeight,
    data: new Uint8Array(to.buffer),
    source: turned ? { width: source.height, height: source.width } : source,
  }
}
