import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { labelComponents } from '../../image/components.ts'
import { distanceTo, distanceWithin } from '../../image/distance.ts'
import { normalize, strokeWidth } from '../../image/normalize.ts'
import { otsuThreshold } from '../../image/otsu.ts'

/** A mask from lines of text, # where marked. */
function mask(...lines: string[]): { mask: Uint8Array; width: number; height: number } {
  return {
    mask: Uint8Array.from(lines.join(''), (c) => (c === '#' ? 1 : 0)),
    width: lines[0].length,
    height: lines.length,
  }
}

describe('connected components', () => {
  it('join across corners and around bends', () => {
    const { mask: marked, width, height } = mask('#.#.#', '#.#..', '###.#', '....#')
    const { components } = labelComponents(marked, width, height)
    expect(components).toEqual([
      { label: 1, area: 7, x: 0, y: 0, width: 3, height: 3 },
      { label: 2, area: 1, x: 4, y: 0, width: 1, height: 1 },
      { label: 3, area: 2, x: 4, y: 2, width: 1, height: 2 },
    ])
  })

  it('are as many as a flood fill finds, with the same pixels', () => {
    const grid = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.infiniteStream(fc.nat(2)))
    fc.assert(
      fc.property(grid, fc.integer({ min: 1, max: 12 }), ([width, stream], height) => {
        const marked = Uint8Array.from([...stream.take(width * height)], (v) => (v === 0 ? 1 : 0))
        const { labels, components } = labelComponents(marked, width, height)
        expect(components.reduce((sum, c) => sum + c.area, 0)).toBe(marked.reduce((sum, v) => sum + v, 0))
        expect(components.length).toBe(floods(marked, width, height))
        for (let i = 0; i < labels.length; i++) expect(labels[i] > 0).toBe(marked[i] === 1)
      }),
    )
  })

  function floods(marked: Uint8Array, width: number, height: number): number {
    const left = Uint8Array.from(marked)
    let count = 0
    for (let start = 0; start < left.length; start++) {
      if (!left[start]) continue
      count++
      for (const stack = [start]; stack.length > 0; ) {
        const at = stack.pop()!
        if (!left[at]) continue
        left[at] = 0
        const [x, y] = [at % width, Math.floor(at / width)]
        for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
          for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) stack.push(v * width + u)
        }
      }
    }
    return count
  }
})

describe('distance', () => {
  it('is the Euclidean one', () => {
    const marked = new Uint8Array(9 * 7)
    marked[2 * 9 + 3] = 1
    marked[6 * 9 + 8] = 1
    const distance = distanceTo(marked, 9, 7)
    for (let y = 0; y < 7; y++) {
      for (let x = 0; x < 9; x++) {
        expect(distance[y * 9 + x]).toBeCloseTo(Math.min(Math.hypot(x - 3, y - 2), Math.hypot(x - 8, y - 6)), 4)
      }
    }
  })
})

describe('distance within reach', () => {
  it('is the distance as far as it goes', () => {
    const marks = fc.array(fc.tuple(fc.integer({ min: 12, max: 17 }), fc.integer({ min: 12, max: 17 })), {
      maxLength: 12,
    })
    fc.assert(
      fc.property(marks, fc.double({ min: 1, max: 6, noNaN: true }), (places, reach) => {
        const marked = new Uint8Array(30 * 30)
        for (const [x, y] of places) marked[y * 30 + x] = 1
        const whole = distanceTo(marked, 30, 30)
        const within = distanceWithin(reach, marked, 30, 30)
        for (let i = 0; i < whole.length; i++) {
          if (whole[i] <= reach) expect(within[i]).toBeCloseTo(whole[i], 4)
          else expect(within[i]).toBeGreaterThan(reach)
        }
      }),
    )
  })
})

describe("Otsu's threshold", () => {
  it('parts two classes', () => {
    const threshold = otsuThreshold(Float32Array.from([0.1, 0.12, 0.1, 0.7, 0.72, 0.69]))
    expect(threshold).toBeGreaterThan(0.12)
    expect(threshold).toBeLessThan(0.69)
  })
})

describe('normalization', () => {
  /** A bar in a larger field. */
  function bar(width: number, height: number, size: number): { width: number; height: number; ink: Float32Array } {
    const ink = new Float32Array(size * size)
    for (let y = 0; y < height; y++) ink.fill(1, y * size + 5, y * size + 5 + width)
    return { width: size, height: size, ink }
  }

  it('fills 20 pixels with the longer side and centres the mass', () => {
    const input = normalize(bar(30, 100, 120))
    const rows = Array.from({ length: 28 }, (_, y) => Math.max(...input.subarray(y * 28, y * 28 + 28)))
    // The middle of the fifteenth pixel is MNIST's centre, so that the bar ends in the middle of pixels.
    expect(rows.reduce((sum, v) => sum + v / 255, 0)).toBeCloseTo(20, 0)
    expect([rows[3], rows[25]]).toEqual([0, 0])
    const columns = Array.from({ length: 28 }, (_, x) => input[14 * 28 + x])
    const mass = columns.reduce((sum, v) => sum + v, 0)
    expect(columns.reduce((sum, v, x) => sum + v * (x + 0.5), 0) / mass).toBeCloseTo(14.5, 1)
  })

  it('thickens hair lines and thins broad ones', () => {
    const width = (patch: ReturnType<typeof bar>): number => {
      const input = normalize(patch)
      return input.subarray(14 * 28, 15 * 28).reduce((sum, v) => sum + v / 255, 0)
    }
    expect(width(bar(1, 100, 120))).toBeGreaterThan(1.4)
    expect(width(bar(40, 100, 120))).toBeLessThan(6)
    expect(width(bar(12, 100, 120))).toBeCloseTo(2.4, 0)
  })

  it('measures strokes', () => {
    const diagonal = new Uint8Array(80 * 80)
    for (let y = 0; y < 80; y++)
      for (let x = 0; x < 80; x++) if (Math.abs(x - y) * Math.SQRT1_2 < 4) diagonal[y * 80 + x] = 1
    expect(strokeWidth(diagonal, 80, 80)).toBeGreaterThan(6)
    expect(strokeWidth(diagonal, 80, 80)).toBeLessThan(10)
  })
})
