/**
 * Made-up pictures that are no digits, for the network to learn not to be sure of: pieces of digits put together wrongly,
 * filled shapes, scribbles. Shapes and scribbles are cut from smooth random fields.
 */
import { type ElasticFields, PIXELS, SIDE } from './augment.ts'
import type { Random } from './random.ts'

/**
 * Writes one picture of no digit.
 * @param images n×784 bytes, 0..255: where pieces are taken from
 * @param count n
 * @param out 784 numbers from `offset` on, 0..1
 */
export function drawStranger(
  images: Uint8Array,
  count: number,
  fields: ElasticFields,
  random: Random,
  out: Float32Array,
  offset: number,
): void {
  const kind = random.below(3)
  if (kind === 0) drawPieces(images, count, random, out, offset)
  else if (kind === 1) drawShape(fields, random, out, offset)
  else drawScribble(fields, random, out, offset)
}

/** The four quarters come from four digits, each mirrored at random. */
function drawPieces(images: Uint8Array, count: number, random: Random, out: Float32Array, offset: number): void {
  const half = SIDE / 2
  for (let quarter = 0; quarter < 4; quarter++) {
    const from = random.below(count) * PIXELS
    const mirrorX = random.below(2)
    const mirrorY = random.below(2)
    const left = (quarter & 1) * half
    const top = (quarter >> 1) * half
    for (let y = top; y < top + half; y++) {
      for (let x = left; x < left + half; x++) {
        const sourceX = mirrorX ? SIDE - 1 - x : x
        const sourceY = mirrorY ? SIDE - 1 - y : y
        out[offset + y * SIDE + x] = images[from + sourceY * SIDE + sourceX] / 255
      }
    }
  }
}

/** An irregular filled outline around the middle, of one grey or shaded. */
function drawShape(fields: ElasticFields, random: Random, out: Float32Array, offset: number): void {
  const outline = random.below(fields.count) * PIXELS
  const shade = random.below(fields.count) * PIXELS
  const width = 5 + 8 * random.uniform()
  const height = 5 + 8 * random.uniform()
  const wobble = 0.5 * random.uniform()
  const grey = 0.4 + 0.6 * random.uniform()
  const contrast = 0.4 * random.uniform()
  paint(out, offset, (x, y, i) => {
    const inside = 1 - (x * x) / (width * width) - (y * y) / (height * height) + wobble * fields.values[outline + i]
    return Math.min(1, 4 * inside) * (grey + contrast * fields.values[shade + i])
  })
}

/** Where a smooth field crosses some heights, as pen strokes, within an oval. */
function drawScribble(fields: ElasticFields, random: Random, out: Float32Array, offset: number): void {
  const field = random.below(fields.count) * PIXELS
  const other = random.below(fields.count) * PIXELS
  const thickness = 1.5 + 3 * random.uniform()
  const height = random.symmetric(0.7)
  const width = 9 + 4 * random.uniform()
  paint(out, offset, (x, y, i) => {
    if (x * x + y * y > width * width) return 0
    const distance = Math.min(Math.abs(fields.values[field + i] - height), Math.abs(fields.values[other + i] + height))
    return 1.5 - thickness * 2 * distance
  })
}

/** Asks for every pixel, x and y from the middle; values are cut to 0..1. */
function paint(out: Float32Array, offset: number, inkAt: (x: number, y: number, index: number) => number): void {
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const index = y * SIDE + x
      const ink = inkAt(x - (SIDE - 1) / 2, y - (SIDE - 1) / 2, index)
      out[offset + index] = Math.max(0, Math.min(1, ink))
    }
  }
}
