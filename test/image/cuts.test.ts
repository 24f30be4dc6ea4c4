import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findCuts, inkBetween, isLeftOf, partsBetween } from '../../image/cuts.ts'
import { type Piece, pieceOf } from '../../image/pieces.ts'

const PAGE = 60

/** A piece from lines of text, # where inked, in the corner of a page. */
function pieceFrom(...lines: string[]): Piece {
  const pixels = lines.flatMap((line, y) => [...line].flatMap((c, x) => (c === '#' ? [y * PAGE + x] : [])))
  return pieceOf(Int32Array.from(pixels), PAGE)
}

const row = (...spans: [from: number, to: number][]) =>
  Array.from({ length: 40 }, (_, x) => (spans.some(([from, to]) => x >= from && x < to) ? '#' : '.')).join('')

/** Two noughts, 18 wide with strokes of 3, that share a wall's worth of ink in rows 12 to 15. */
const NOUGHTS = pieceFrom(
  ...Array.from({ length: 28 }, (_, y) => {
    if (y < 3 || y > 24) return row([3, 15], [23, 35])
    if (y >= 12 && y <= 15) return row([0, 3], [15, 23], [35, 38])
    return row([0, 3], [15, 18], [20, 23], [35, 38])
  }),
)

const between = partsBetween(NOUGHTS, PAGE)

describe('cuts', () => {
  it('part two noughts where they touch', () => {
    const halves = findCuts(NOUGHTS, PAGE, 3, 28).map((cut) => between(null, cut)!)
    expect(halves.some(({ x, width, height }) => x === 0 && width >= 16 && width <= 22 && height === 28)).toBe(true)
  })

  it('leave nothing out and nothing twice', () => {
    for (const cut of findCuts(NOUGHTS, PAGE, 3, 28)) {
      const left = between(null, cut)!
      const right = between(cut, null)!
      expect([...left.pixels, ...right.pixels].sort((a, b) => a - b)).toEqual([...NOUGHTS.pixels])
    }
  })

  it('are ordered, and know what lies between them', () => {
    const cuts = findCuts(NOUGHTS, PAGE, 3, 28)
    expect(cuts.length).toBeGreaterThan(2)
    cuts.forEach((a, i) => {
      for (const b of cuts.slice(i + 1)) {
        expect(isLeftOf(b, a)).toBe(false)
        if (!isLeftOf(a, b)) continue
        const ink = between(a, b)?.pixels.length ?? 0
        expect(inkBetween(a, b)).toBeCloseTo(ink / 9, 3)
        expect(inkBetween(b, a)).toBe(0)
      }
    })
  })

  it('of any ink cross no more than they say and keep within it', () => {
    const blot = fc.array(fc.tuple(fc.nat(29), fc.nat(19)), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(blot, fc.integer({ min: 1, max: 8 }), (places, stroke) => {
        const piece = pieceOf(Int32Array.from(new Set(places.map(([x, y]) => y * PAGE + x))), PAGE)
        for (const { path, cost } of findCuts(piece, PAGE, stroke, piece.height)) {
          expect(path).toHaveLength(piece.height)
          for (const x of path) expect(x).toBeLessThan(piece.width)
          expect(cost).toBeLessThanOrEqual(5)
        }
      }),
    )
  })
})
