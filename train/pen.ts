/**
 * Draws strokes as a pen does, for training on what MNIST's writers did not write. Only operations whose results IEEE 754
 * fixes are used, so that the same seed draws the same bits on every machine.
 */
import type { InkPatch } from '../image/normalize.ts'
import type { Random } from './random.ts'

/** x from left to right, y from the top down; a digit is about 1 high. */
export type Point = readonly [x: number, y: number]

/** A path of straight pieces. */
export type Stroke = readonly Point[]

/** Pieces between two points of a curve. */
const PIECES = 6
/** Height of a drawing in pixels, twice that of MNIST's digits, and the margin around it. */
const HEIGHT = 40
const MARGIN = 6

/** A smooth path through points, given one by one (Catmull and Rom, 1974). */
export function curve(...points: Point[]): Stroke {
  const path: Point[] = [points[0]]
  for (let k = 0; k + 1 < points.length; k++) {
    const before = points[Math.max(0, k - 1)]
    const after = points[Math.min(points.length - 1, k + 2)]
    for (let piece = 1; piece <= PIECES; piece++) {
      const t = piece / PIECES
      const at = (axis: 0 | 1) => spline(before[axis], points[k][axis], points[k + 1][axis], after[axis], t)
      path.push([at(0), at(1)])
    }
  }
  return path
}

function spline(a: number, b: number, c: number, d: number, t: number): number {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
}

/** A closed oval that begins and ends at its top. */
export function oval(x: number, y: number, width: number, height: number): Stroke {
  const a = width / 2
  const b = height / 2
  const h = Math.sqrt(0.5)
  const at = (cos: number, sin: number): Point => [x + a * sin, y - b * cos]
  return curve(at(1, 0), at(h, -h), at(0, -1), at(-h, -h), at(-1, 0), at(-h, h), at(0, 1), at(h, h), at(1, 0))
}

/** Moves every point a little, as no hand hits the same place twice. @param amount standard deviation */
export const wobble = (strokes: readonly Stroke[], amount: number, random: Random): Stroke[] =>
  strokes.map((stroke) => stroke.map(([x, y]): Point => [x + amount * random.normal(), y + amount * random.normal()]))

/**
 * Draws strokes with a round pen, edges anti-aliased.
 * @param pen width of the pen, in twentieths of the drawing's longer side, which is what MNIST's pixels are
 */
export function draw(strokes: readonly Stroke[], pen: number): InkPatch {
  const points = strokes.flat()
  const left = Math.min(...points.map(([x]) => x))
  const top = Math.min(...points.map(([, y]) => y))
  const size = Math.max(...points.map(([x]) => x - left), ...points.map(([, y]) => y - top))
  const scale = HEIGHT / size
  const radius = (pen * HEIGHT) / 40
  const edge = MARGIN + radius
  const side = Math.ceil(HEIGHT + 2 * edge)
  const ink = new Float32Array(side * side)
  const sheet = { width: side, height: side, ink }
  for (const stroke of strokes) {
    inkStroke(
      sheet,
      stroke.map(([x, y]): Point => [(x - left) * scale + edge, (y - top) * scale + edge]),
      radius,
    )
  }
  return sheet
}

/** Draws one stroke, its points in pixels, over what is there. @param radius of the pen, in pixels */
export function inkStroke(sheet: InkPatch, stroke: Stroke, radius: number): void {
  for (let k = 0; k < Math.max(1, stroke.length - 1); k++) {
    drawPiece(sheet, stroke[k], stroke[Math.min(k + 1, stroke.length - 1)], radius)
  }
}

function drawPiece({ width, height, ink }: InkPatch, from: Point, to: Point, radius: number): void {
  const dx = to[0] - from[0]
  const dy = to[1] - from[1]
  const length = dx * dx + dy * dy
  const reach = radius + 1
  const x1 = Math.min(width - 1, Math.ceil(Math.max(from[0], to[0]) + reach))
  const y1 = Math.min(height - 1, Math.ceil(Math.max(from[1], to[1]) + reach))
  for (let y = Math.max(0, Math.floor(Math.min(from[1], to[1]) - reach)); y <= y1; y++) {
    for (let x = Math.max(0, Math.floor(Math.min(from[0], to[0]) - reach)); x <= x1; x++) {
      const px = x + 0.5 - from[0]
      const py = y + 0.5 - from[1]
      const along = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length))
      const ax = px - along * dx
      const ay = py - along * dy
      const value = radius + 0.5 - Math.sqrt(ax * ax + ay * ay)
      const i = y * width + x
      if (value > ink[i]) ink[i] = Math.min(1, value)
    }
  }
}
