import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bowOf, pieceOf } from '../../image/pieces.ts'

const PAGE = 60

/** A stroke three pixels wide whose middle in each row is given, over its height. */
function stroke(middle: (share: number) => number, height: number) {
  const pixels = Array.from({ length: height }, (_, y) => {
    const x = Math.round(20 + middle(y / (height - 1)) * height)
    return [x - 1, x, x + 1].map((column) => y * PAGE + column)
  })
  return pieceOf(Int32Array.from(pixels.flat()), PAGE)
}

describe('the bow of a stroke', () => {
  it('is none of a straight one, however it leans', () => {
    fc.assert(
      fc.property(fc.double({ min: -0.4, max: 0.4, noNaN: true }), fc.integer({ min: 20, max: 40 }), (lean, height) => {
        expect(
          bowOf(
            stroke((share) => lean * share, height),
            PAGE,
          ),
        ).toBeLessThan(0.03)
      }),
    )
  })

  it('is two thirds of how far a parabola bends, to either side', () => {
    for (const bend of [-0.2, 0.15, 0.3]) {
      const bow = bowOf(
        stroke((share) => 4 * bend * share * (1 - share), 40),
        PAGE,
      )
      expect(bow).toBeCloseTo((2 / 3) * Math.abs(bend), 1)
    }
  })
})
