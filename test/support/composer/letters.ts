/** Letters as strokes of a pen, for words that are no numbers. */
import { curve, type Point, type Stroke, wobble } from '../../../train/pen.ts'
import type { Random } from '../../../train/random.ts'

/**
 * Each letter's strokes as points of a smooth path, in tenths of a capital's height: 0 is its top, 10 the base line, small
 * letters begin at 4. A point given twice is a corner.
 */
const LETTERS: Record<string, readonly (readonly number[])[]> = {
  a: [
    [6, 5, 4, 4, 1, 5, 0, 7, 1, 9, 3, 10, 5, 9, 6, 7],
    [6, 4, 6, 9, 7, 10],
  ],
  b: [
    [0, 0, 0, 10],
    [0, 6, 2, 4, 5, 5, 6, 7, 5, 9, 2, 10, 0, 8],
  ],
  c: [[6, 5, 4, 4, 1, 5, 0, 7, 1, 9, 4, 10, 6, 9]],
  d: [
    [6, 5, 4, 4, 1, 5, 0, 7, 1, 9, 3, 10, 5, 9, 6, 8],
    [6, 0, 6, 10],
  ],
  e: [[0, 7, 6, 7, 6, 5, 3, 4, 1, 5, 0, 7, 1, 9, 4, 10, 6, 9]],
  f: [
    [5, 1, 3, 0, 2, 2, 2, 10],
    [0, 4, 5, 4],
  ],
  g: [
    [6, 5, 4, 4, 1, 5, 0, 7, 1, 9, 3, 10, 5, 9, 6, 7],
    [6, 4, 6, 11, 5, 13, 3, 14, 0, 13],
  ],
  h: [
    [0, 0, 0, 10],
    [0, 6, 2, 4, 4, 4, 5, 6, 5, 10],
  ],
  i: [
    [0, 4, 0, 10],
    [0, 1, 0, 2],
  ],
  j: [
    [3, 4, 3, 12, 2, 14, 0, 13],
    [3, 1, 3, 2],
  ],
  k: [
    [0, 0, 0, 10],
    [5, 4, 0, 7],
    [1, 7, 5, 10],
  ],
  l: [[0, 0, 0, 10]],
  m: [
    [0, 4, 0, 10],
    [0, 6, 2, 4, 3, 5, 3, 10],
    [3, 6, 5, 4, 6, 5, 6, 10],
  ],
  n: [
    [0, 4, 0, 10],
    [0, 6, 2, 4, 4, 4, 5, 6, 5, 10],
  ],
  o: [[3, 4, 1, 5, 0, 7, 1, 9, 3, 10, 5, 9, 6, 7, 5, 5, 3, 4]],
  p: [
    [0, 4, 0, 14],
    [0, 6, 2, 4, 5, 5, 6, 7, 5, 9, 2, 10, 0, 8],
  ],
  q: [
    [6, 5, 4, 4, 1, 5, 0, 7, 1, 9, 3, 10, 5, 9, 6, 7],
    [6, 4, 6, 14],
  ],
  r: [
    [0, 4, 0, 10],
    [0, 6, 2, 4, 4, 4],
  ],
  s: [[5, 5, 3, 4, 1, 5, 2, 7, 4, 7, 5, 9, 3, 10, 0, 9]],
  t: [
    [2, 1, 2, 8, 3, 10, 5, 9],
    [0, 4, 5, 4],
  ],
  u: [
    [0, 4, 0, 8, 2, 10, 4, 9, 5, 7],
    [5, 4, 5, 10],
  ],
  v: [[0, 4, 3, 10, 3, 10, 6, 4]],
  w: [[0, 4, 2, 10, 2, 10, 4, 5, 4, 5, 6, 10, 6, 10, 8, 4]],
  x: [
    [0, 4, 5, 10],
    [5, 4, 0, 10],
  ],
  y: [
    [0, 4, 3, 10],
    [6, 4, 2, 12, 0, 14],
  ],
  z: [[0, 4, 5, 4, 5, 4, 0, 10, 0, 10, 5, 10]],
  A: [
    [0, 10, 4, 0, 4, 0, 8, 10],
    [1, 6, 7, 6],
  ],
  B: [
    [0, 0, 0, 10],
    [0, 0, 5, 1, 5, 4, 0, 5, 0, 5, 6, 6, 6, 9, 0, 10],
  ],
  C: [[7, 2, 4, 0, 1, 2, 0, 5, 1, 8, 4, 10, 7, 8]],
  D: [
    [0, 0, 0, 10],
    [0, 0, 5, 1, 7, 5, 5, 9, 0, 10],
  ],
  E: [
    [6, 0, 0, 0, 0, 0, 0, 10, 0, 10, 6, 10],
    [0, 5, 5, 5],
  ],
  F: [
    [6, 0, 0, 0, 0, 0, 0, 10],
    [0, 5, 5, 5],
  ],
  G: [[7, 2, 4, 0, 1, 2, 0, 5, 1, 8, 4, 10, 7, 9, 7, 6, 7, 6, 4, 6]],
  H: [
    [0, 0, 0, 10],
    [7, 0, 7, 10],
    [0, 5, 7, 5],
  ],
  I: [[0, 0, 0, 10]],
  K: [
    [0, 0, 0, 10],
    [6, 0, 0, 6],
    [1, 5, 6, 10],
  ],
  L: [[0, 0, 0, 10, 0, 10, 5, 10]],
  M: [[0, 10, 1, 0, 1, 0, 4, 6, 4, 6, 7, 0, 7, 0, 8, 10]],
  N: [[0, 10, 0, 0, 0, 0, 7, 10, 7, 10, 7, 0]],
  O: [[4, 0, 1, 2, 0, 5, 1, 8, 4, 10, 7, 8, 8, 5, 7, 2, 4, 0]],
  P: [
    [0, 0, 0, 10],
    [0, 0, 5, 1, 5, 4, 0, 5],
  ],
  R: [
    [0, 0, 0, 10],
    [0, 0, 5, 1, 5, 4, 0, 5, 0, 5, 6, 10],
  ],
  S: [[6, 1, 3, 0, 1, 2, 3, 5, 6, 7, 4, 10, 0, 9]],
  T: [
    [0, 0, 8, 0],
    [4, 0, 4, 10],
  ],
  U: [[0, 0, 0, 7, 3, 10, 6, 7, 6, 0]],
  V: [[0, 0, 3, 10, 3, 10, 6, 0]],
  W: [[0, 0, 2, 10, 2, 10, 5, 3, 5, 3, 8, 10, 8, 10, 10, 0]],
  X: [
    [0, 0, 7, 10],
    [7, 0, 0, 10],
  ],
  Y: [
    [0, 0, 3, 5, 3, 5, 3, 10],
    [6, 0, 3, 5],
  ],
  Z: [[0, 0, 6, 0, 6, 0, 0, 10, 0, 10, 6, 10]],
}

export const CAPITALS = Object.keys(LETTERS).filter((letter) => letter < 'a')
export const SMALL = Object.keys(LETTERS).filter((letter) => letter >= 'a')

/** How somebody writes. */
export interface Hand {
  /** x per y, to the right above. */
  readonly slant: number
  /** Width of letters, and space between them, in capitals' heights. */
  readonly width: number
  readonly gap: number
  /** How much each point strays. */
  readonly wobble: number
  /** Whether each small letter is joined to the next. */
  readonly joined: boolean
}

export const handOf = (random: Random): Hand => ({
  slant: -0.1 + random.uniform() * 0.45,
  width: 0.75 + random.uniform() * (1.2 - 0.75),
  gap: 0.12 + random.uniform() * (0.3 - 0.12),
  wobble: 0.005 + random.uniform() * (0.03 - 0.005),
  joined: random.below(3) === 0,
})

/** A word's strokes, a capital's height being 1; spaces part words. */
export function write(text: string, hand: Hand, random: Random): Stroke[] {
  const strokes: Stroke[] = []
  let x = 0
  let end: Point | null = null
  for (const letter of text) {
    if (letter === ' ') {
      x += 0.5
      end = null
      continue
    }
    const size = 0.92 + random.uniform() * (1.08 - 0.92)
    const own = LETTERS[letter].map((numbers): Point[] => {
      const points: Point[] = []
      for (let i = 0; i < numbers.length; i += 2) {
        const y = 1 - (size * (10 - numbers[i + 1])) / 10
        points.push([x + (hand.width * size * numbers[i]) / 10, y])
      }
      const [bent] = wobble([points], hand.wobble, random)
      return bent.map(([px, py]): Point => [px + hand.slant * (1 - py), py])
    })
    if (hand.joined && end !== null && letter >= 'a') {
      const [startX, startY] = own[0][0]
      strokes.push(curve(end, [(end[0] + startX) / 2, Math.max(end[1], startY)], [startX, startY]))
    }
    const last = own[own.length - 1]
    end = last[last.length - 1]
    strokes.push(...own.map((points) => curve(...points)))
    const straight = own.flat().map(([px, py]) => px - hand.slant * (1 - py))
    x = Math.max(...straight) + hand.gap
  }
  return strokes
}
