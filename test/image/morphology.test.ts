import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Field, rangeAround, spreadWithin, withoutNarrow } from '../../image/morphology.ts'

/** A field from lines of digits. */
function field(...lines: string[]): Field {
  return { width: lines[0].length, height: lines.length, values: Float32Array.from(lines.join(''), Number) }
}

function linesOf({ width, height, values }: Field): string[] {
  return Array.from({ length: height }, (_, y) => [...values.subarray(y * width, (y + 1) * width)].join(''))
}

const drawn = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .chain(([width, height]) =>
    fc
      .array(fc.nat(9), { minLength: width * height, maxLength: width * height })
      .map((values): Field => ({ width, height, values: Float32Array.from(values) })),
  )

describe('what is narrow', () => {
  it('is taken away, and what is wide is left as it is', () => {
    const opened = withoutNarrow(field('0000000', '0555010', '0555010', '0555010', '0000000'), 1, 1)
    expect(linesOf(opened)).toEqual(['0000000', '0555000', '0555000', '0555000', '0000000'])
  })

  it('is left along the edge where it may run out of the picture, unless more of it must lie within', () => {
    const strip = field('777777', '000000', '000000', '000000')
    expect(linesOf(withoutNarrow(strip, 1, 1))).toEqual(linesOf(strip))
    expect(linesOf(withoutNarrow(strip, 1, 1, 2))).toEqual(['000000', '000000', '000000', '000000'])
  })
})

describe('spreading', () => {
  it('follows the way on which it is let, around bends, and stays as high as it came', () => {
    const from = field('50000', '00000', '00000', '00000')
    spreadWithin(from, field('99990', '00090', '09990', '09000'), 2)
    expect(linesOf(from)).toEqual(['55550', '00050', '05550', '05000'])
  })

  it('never exceeds what lets it, nor falls below what was there', () => {
    fc.assert(
      fc.property(drawn, fc.infiniteStream(fc.nat(9)), (limit, stream) => {
        const values = Float32Array.from([...stream.take(limit.values.length)])
        const spread = { ...limit, values: values.slice() }
        spreadWithin(spread, limit, 2)
        spread.values.forEach((value, i) => {
          expect(value).toBeGreaterThanOrEqual(values[i])
          expect(value).toBeLessThanOrEqual(Math.max(values[i], limit.values[i]))
        })
      }),
    )
  })
})

it('the range around a place is that of the nine values there', () => {
  fc.assert(
    fc.property(drawn, (one) => {
      const { least, most } = rangeAround(one)
      for (let i = 0; i < one.values.length; i++) {
        const [x, y] = [i % one.width, Math.floor(i / one.width)]
        const near = [...one.values].filter(
          (_, k) => Math.abs((k % one.width) - x) <= 1 && Math.abs(Math.floor(k / one.width) - y) <= 1,
        )
        expect([least[i], most[i]]).toEqual([Math.min(...near), Math.max(...near)])
      }
    }),
  )
})
