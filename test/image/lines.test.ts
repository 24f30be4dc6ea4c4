import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bandAround, usualHeight } from '../../image/lines.ts'

describe('the band of a line', () => {
  const box = fc.record({
    x: fc.nat(5000),
    y: fc.nat(300),
    width: fc.integer({ min: 1, max: 100 }),
    height: fc.integer({ min: 1, max: 100 }),
  })

  it('lies within its tall boxes everywhere, however far they are', () => {
    fc.assert(
      fc.property(fc.array(box, { minLength: 1 }), fc.nat(5000), (boxes, at) => {
        const height = usualHeight(boxes)
        const { top, bottom } = bandAround(boxes, at, height)
        const tall = boxes.filter((one) => one.height > height / 2)
        expect(tall.map((one) => one.y)).toContain(top)
        expect(tall.map((one) => one.y + one.height)).toContain(bottom)
      }),
    )
  })

  it('is that of the nearest digit where none is near', () => {
    const [first, dash, last] = [
      { x: 0, y: 10, width: 30, height: 50 },
      { x: 400, y: 33, width: 20, height: 4 },
      { x: 1000, y: 90, width: 30, height: 50 },
    ]
    expect(bandAround([first, dash, last], 410, 50)).toEqual({ top: 10, bottom: 60 })
    expect(bandAround([first, dash, last], 800, 50)).toEqual({ top: 90, bottom: 140 })
  })
})
