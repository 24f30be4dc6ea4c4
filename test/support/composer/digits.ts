/** MNIST's digits as a hand of a scene writes them. */
import { INPUT_SIDE } from '../../../model/artifact.ts'
import type { Split } from '../../../train/data/dataset.ts'
import type { Glyph } from './glyph.ts'
import type { Scene } from './scene.ts'

/**
 * A digit's ink, scaled so that a box of MNIST's 20 pixels is `height` high and then, its lower half stretched, `long`
 * times as long, edges sharpened, as broad and leaning as the scene's are, cropped to its box.
 */
export function drawDigit(
  digits: Split,
  index: number,
  height: number,
  long: number,
  { fine, breadth, lean }: Scene,
): Glyph {
  const pixels = digits.images.subarray(index * INPUT_SIDE ** 2, (index + 1) * INPUT_SIDE ** 2)
  const scale = height / 20
  const rows = Math.ceil(Math.ceil(INPUT_SIDE * scale) * long)
  const aside = (Math.abs(lean) * rows) / 2
  const side = Math.ceil(INPUT_SIDE * scale * breadth + 2 * aside)
  const ink = new Float32Array(side * rows)
  let left = side
  let right = 0
  let top = rows
  let bottom = 0
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < side; x++) {
      const column = (x + 0.5 - aside + lean * (y - rows / 2)) / (scale * breadth)
      const value = (sample(pixels, column - 0.5, sourceRow((y + 0.5) / scale, long) - 0.5) / 255 - fine) / 0.5
      if (value <= 0) continue
      ink[y * side + x] = Math.min(1, value)
      if (value < 0.3) continue
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.min(top, y)
      bottom = Math.max(bottom, y)
    }
  }
  const width = right - left + 1
  const cropped = new Float32Array(width * (bottom - top + 1))
  for (let y = top; y <= bottom; y++) {
    cropped.set(ink.subarray(y * side + left, y * side + right + 1), (y - top) * width)
  }
  return { width, height: bottom - top + 1, ink: cropped }
}

/** The row of MNIST's picture that stands at a row of one whose lower half is stretched; both in MNIST's pixels. */
function sourceRow(row: number, long: number): number {
  const half = INPUT_SIDE / 2
  return row < half ? row : half + (row - half) / (2 * long - 1)
}

function sample(pixels: Uint8Array, x: number, y: number): number {
  const x0 = Math.floor(x)
  const y0 = Math.floor(y)
  const at = (column: number, row: number) =>
    column < 0 || row < 0 || column >= INPUT_SIDE || row >= INPUT_SIDE ? 0 : pixels[row * INPUT_SIDE + column]
  const upper = at(x0, y0) * (1 - x + x0) + at(x0 + 1, y0) * (x - x0)
  const lower = at(x0, y0 + 1) * (1 - x + x0) + at(x0 + 1, y0 + 1) * (x - x0)
  return upper * (1 - y + y0) + lower * (y - y0)
}
