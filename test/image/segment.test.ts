import { describe, expect, it } from 'vitest'
import type { Ink } from '../../image/ink.ts'
import { segment } from '../../image/segment.ts'

type Point = readonly [x: number, y: number]

/** Ink of strokes from point to point of a square page; points are shares of its side. */
function drawn(side: number, pen: number, ...paths: readonly Point[][]): Ink {
  const ink = new Float32Array(side * side)
  for (const path of paths) {
    for (const [k, [x1, y1]] of path.slice(1).entries()) {
      const [x0, y0] = path[k]
      for (let step = 0; step <= 2 * side; step++) {
        const t = step / (2 * side)
        const x = Math.round((x0 + t * (x1 - x0)) * side)
        const y = Math.round((y0 + t * (y1 - y0)) * side)
        for (let dy = 0; dy < pen; dy++) ink.fill(1, (y + dy) * side + x, (y + dy) * side + x + pen)
      }
    }
  }
  return { width: side, height: side, ink, contrast: 255, noise: 0, scale: 1 }
}

const SEVEN: Point[] = [
  [0.15, 0.2],
  [0.82, 0.2],
  [0.35, 0.85],
]
const TWO: Point[] = [
  [0.2, 0.3],
  [0.45, 0.12],
  [0.65, 0.3],
  [0.15, 0.85],
  [0.8, 0.85],
]

describe('a digit that fills its picture', () => {
  it.each([
    [28, 1],
    [64, 2],
    [200, 3],
  ])('keeps its level strokes: %i pixels wide, a pen of %i', (side, pen) => {
    for (const digit of [SEVEN, TWO]) {
      const { lines } = segment(drawn(side, pen, digit))
      expect(lines.flatMap(({ pieces }) => pieces)).toHaveLength(1)
      const [{ width }] = lines[0].pieces
      expect(width / side).toBeGreaterThan(0.62)
    }
  })

  it('loses the rules that it stands among', () => {
    const rules = [0.1, 0.5, 0.9].map((y): Point[] => [
      [0.01, y],
      [0.97, y],
    ])
    const { lines } = segment(drawn(200, 2, ...rules))
    expect(lines).toEqual([])
    const page = drawn(200, 2, ...rules)
    const digit = drawn(200, 5, [
      [0.35, 0.2],
      [0.6, 0.2],
      [0.45, 0.75],
    ])
    for (let i = 0; i < page.ink.length; i++) page.ink[i] = Math.max(page.ink[i], digit.ink[i])
    const pieces = segment(page).lines.flatMap((line) => line.pieces)
    expect(pieces).toHaveLength(1)
    expect(pieces[0].width).toBeLessThan(70)
  })
})
