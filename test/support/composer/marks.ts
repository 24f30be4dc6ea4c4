/** What people write between the digits of a number. */
import { inkStroke, type Point, type Stroke } from '../../../train/pen.ts'
import type { Random } from '../../../train/random.ts'
import type { Glyph } from './glyph.ts'
import type { Scene } from './scene.ts'

/** A mark between digits: strokes from point to point in a square as high as a digit is, and how far above the line it ends. */
export interface PartingMark {
  readonly points: Stroke
  readonly rise: number
}

const HYPHEN: PartingMark = {
  points: [
    [0, 0],
    [0.4, 0],
  ],
  rise: 0.42,
}

const DOT: PartingMark = {
  points: [
    [0, 0],
    [0.02, 0.02],
  ],
  rise: 0,
}

const OPEN: PartingMark = {
  points: [
    [0.22, 0],
    [0.05, 0.3],
    [0, 0.6],
    [0.05, 0.9],
    [0.22, 1.2],
  ],
  rise: -0.1,
}

const CLOSE: PartingMark = { points: OPEN.points.map(([x, y]) => [0.22 - x, y]), rise: -0.1 }

const COMMA: PartingMark = {
  points: [
    [0.08, 0],
    [0, 0.2],
  ],
  rise: -0.1,
}

const plus = (arm: number): PartingMark => ({
  points: [
    [0, arm],
    [2 * arm, arm],
    [arm, arm],
    [arm, 0],
    [arm, 2 * arm],
  ],
  rise: 0.45 - arm,
})

const APOSTROPHE: PartingMark = {
  points: [
    [0.06, 0],
    [0, 0.2],
  ],
  rise: 0.85,
}

/** Higher than a digit: one no higher is a one. */
const SLASH: PartingMark = {
  points: [
    [0.5, 0],
    [0, 1.4],
  ],
  rise: -0.2,
}

/** What stands between two groups of digits; nothing is a space. */
export const PARTINGS: readonly (readonly PartingMark[])[] = [
  [],
  [HYPHEN],
  [HYPHEN],
  [DOT],
  [OPEN],
  [CLOSE],
  [COMMA],
  [APOSTROPHE],
  [SLASH],
  [plus(0.22)],
  [plus(0.32)],
]

/** What stands before the first. */
export const OPENINGS: readonly (readonly PartingMark[])[] = [[], [], [], [OPEN], [plus(0.22)], [plus(0.32)]]

/** Draws a mark with a pen as wide as the digits' is, each time a little otherwise. */
export function drawMark({ points }: PartingMark, scene: Scene, random: Random): Glyph {
  const size = scene.height * (0.8 + 0.4 * random.uniform())
  const pen = Math.max(1, (0.06 + 0.04 * random.uniform() + scene.bold) * scene.height)
  const path = points.map(
    ([x, y]): Point => [pen + (x + 0.02 * random.symmetric(1)) * size, pen + (y + 0.02 * random.symmetric(1)) * size],
  )
  const width = Math.ceil(Math.max(...path.map(([x]) => x)) + pen)
  const height = Math.ceil(Math.max(...path.map(([, y]) => y)) + pen)
  const sheet = { width, height, ink: new Float32Array(width * height) }
  inkStroke(sheet, path, pen / 2)
  return sheet
}
