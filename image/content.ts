import type { Box, Picture } from './picture.ts'

/** Paper that is left around what is drawn, as part of its longer side: more than what counts as a picture's edge. */
const MARGIN = 0.16
/** Pictures smaller than this along a side are left whole. */
const LEAST_SIDE = 64

/**
 * The part of a picture that is not all of the colour of its corner, as on a canvas, with some of that around it.
 * @returns the picture itself when it fills it, as a photograph does; `null` when there is nothing but that colour
 */
export function contentOf(picture: Picture): (Picture & Pick<Box, 'x' | 'y'>) | null {
  const { width, height } = picture
  const box = drawnBox(picture)
  if (box === null) return null
  const margin = Math.ceil(MARGIN * Math.max(box.width, box.height))
  const x = Math.max(0, box.x - margin)
  const y = Math.max(0, box.y - margin)
  const right = Math.min(width, box.x + box.width + margin)
  const bottom = Math.min(height, box.y + box.height + margin)
  const isWhole = right - x === width && bottom - y === height
  if (isWhole || Math.min(width, height) < LEAST_SIDE) return { ...picture, x: 0, y: 0 }
  return { ...crop(picture, { x, y, width: right - x, height: bottom - y }), x, y }
}

/** The box around all pixels that differ from the first. */
function drawnBox({ width, height, data }: Picture): Box | null {
  const aligned = data.byteOffset % 4 === 0 ? data : data.slice()
  const pixels = new Uint32Array(aligned.buffer, aligned.byteOffset, width * height)
  const paper = pixels[0]
  let first = 0
  while (first < pixels.length && pixels[first] === paper) first++
  if (first === pixels.length) return null
  let last = pixels.length - 1
  while (pixels[last] === paper) last--
  const top = Math.floor(first / width)
  const bottom = Math.floor(last / width)
  let left = width
  let right = -1
  for (let y = top; y <= bottom; y++) {
    const row = y * width
    // Only what might widen the box is looked at.
    for (let x = 0; x < left; x++) if (pixels[row + x] !== paper) left = x
    for (let x = width - 1; x > right; x--) if (pixels[row + x] !== paper) right = x
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
}

/** A part of a picture. */
export function crop({ width: stride, data }: Picture, { x, y, width, height }: Box): Picture {
  const out = new Uint8Array(width * height * 4)
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * stride + x) * 4
    out.set(data.subarray(from, from + width * 4), row * width * 4)
  }
  return { width, height, data: out, source: { width, height } }
}
