/** A picture with what was read in it drawn in: a box around each digit, and the digit beside it. */
import sharp from 'sharp'
import type { Box } from '../image/picture.ts'
import type { DigitRead, Reading } from '../recognize/number.ts'

/** The ten numerals as strokes on a field of 4 × 7: drawn, because a machine need not have any font. */
const NUMERALS = [
  'M0 2a2 2 0 0 1 4 0v3a2 2 0 0 1-4 0Z',
  'M1 1.5 2.7 0v7',
  'M0 2a2 2 0 0 1 4 0c0 1.5-2.5 3.5-4 5h4',
  'M.2 0h3.6L1.7 2.8a2.1 2.1 0 1 1-1.7 3.2',
  'M3 7V0L0 5h4.2',
  'M3.7 0H.6L.3 3.2a2.1 2.1 0 1 1-.3 2.7',
  'M3.2 0Q0 2.2 0 5a2 2 0 1 0 4 0 2 2 0 0 0-4 0',
  'M0 0h4L1.4 7',
  'M2 3.3a1.65 1.65 0 1 1 .01 0 1.85 1.85 0 1 1-.01 0Z',
  'M.8 7Q4 4.8 4 2a2 2 0 1 0-4 0 2 2 0 0 0 4 0',
]

const ACCEPTED = '#0b6e4f'
const DOUBTFUL = '#b3261e'
/** Smaller pictures are enlarged, or there is no room for a legible digit. */
const LEAST_SIDE = 400

/**
 * Draws the boxes of a reading over its picture. Every line has a light one under it, so that it stands out on dark
 * pictures as well.
 * @param file the bytes of the picture that was read
 * @returns a PNG file, upright, of the picture's size or, if it is small, a multiple of it
 */
export async function drawBoxes(file: Uint8Array, { lines, width, height }: Reading): Promise<Buffer> {
  const scale = Math.ceil(LEAST_SIDE / Math.max(width, height))
  const picture = sharp(file, { failOn: 'none' }).autoOrient()
  const enlarged = picture.resize(width * scale, height * scale, { kernel: 'nearest', fit: 'fill' })
  const pen = Math.max(2, Math.round((Math.max(width, height) * scale) / 500))
  const canvas = { width: width * scale, height: height * scale }
  const marks = lines.flatMap(({ digits }) => {
    const size = labelHeight(digits, scale, pen)
    return digits.map((digit) => mark(digit, scaled(digit.box, scale), size, pen, canvas))
  })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${canvas.width}" height="${canvas.height}">${marks.join('')}</svg>`
  return enlarged
    .composite([{ input: Buffer.from(svg) }])
    .png()
    .toBuffer()
}

/** A third of the line's digits, but legible. */
function labelHeight(digits: readonly DigitRead[], scale: number, pen: number): number {
  const heights = digits.map(({ box }) => box.height * scale).sort((a, b) => a - b)
  return Math.max(8 * pen, heights[heights.length >> 1] / 3)
}

function mark(
  { digit, accepted }: DigitRead,
  { x, y, width, height }: Box,
  size: number,
  pen: number,
  canvas: { width: number; height: number },
): string {
  const colour = accepted ? ACCEPTED : DOUBTFUL
  const outline = `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${pen}" fill="none"`
  // The label stands above its box, where the picture ends there below, and in a box as high as the picture inside.
  const above = y - size - pen
  const below = y + height + pen
  const top = above >= 0 ? above : below + size <= canvas.height ? below : y
  const wide = 0.8 * size
  const left = Math.max(0, Math.min(canvas.width - wide, x + (width - wide) / 2))
  const unit = (0.7 * size) / 7
  return [
    `${outline} stroke="#fff" stroke-opacity=".8" stroke-width="${2 * pen}"/>`,
    `${outline} stroke="${colour}" stroke-width="${pen}"/>`,
    `<rect x="${left}" y="${top}" width="${wide}" height="${size}" rx="${pen}" fill="${colour}" stroke="#fff" stroke-opacity=".8"/>`,
    `<path transform="translate(${left + wide / 2 - 2 * unit} ${top + 0.15 * size}) scale(${unit})" d="${NUMERALS[digit]}" ` +
      'fill="none" stroke="#fff" stroke-linecap="round" stroke-linejoin="round"/>',
  ].join('')
}

const scaled = ({ x, y, width, height }: Box, scale: number): Box => ({
  x: x * scale,
  y: y * scale,
  width: width * scale,
  height: height * scale,
})
