import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Box, Picture } from '../../image/picture.ts'
import { cutOutSheet } from '../../image/surroundings.ts'

type Colour = readonly [number, number, number]
const DESK: Colour = [90, 65, 45]
const PAPER: Colour = [225, 222, 210]

/** A picture whose pixels have these colours. */
function painted(width: number, height: number, at: (x: number, y: number) => Colour): Picture {
  const data = new Uint8Array(width * height * 4).fill(255)
  for (let i = 0; i < width * height; i++) data.set(at(i % width, Math.floor(i / width)), i * 4)
  return { width, height, data, source: { width, height } }
}

const isIn = ({ x, y, width, height }: Box, u: number, v: number) => u >= x && v >= y && u < x + width && v < y + height

describe('a sheet on something else', () => {
  it('is found, but for its edges, whatever its place and size, and what both look like', () => {
    const grey = fc.integer({ min: 0, max: 100 })
    const sides = fc.record({ left: grey, top: grey, right: grey, bottom: grey })
    const colours = fc.constantFrom<readonly [Colour, Colour]>([DESK, PAPER], [PAPER, DESK], [PAPER, [230, 226, 60]])
    fc.assert(
      fc.property(sides, fc.integer({ min: 1, max: 6 }), colours, (margins, zoom, [desk, paper]) => {
        const [left, top, right, bottom] = [margins.left, margins.top, margins.right, margins.bottom].map((m) => m + 10)
        const sheet = { x: left, y: top, width: 260, height: 140 }
        const [width, height] = [left + 260 + right, top + 140 + bottom]
        const { x, y, picture } = cutOutSheet(
          painted(width * zoom, height * zoom, (u, v) => (isIn(sheet, u / zoom, v / zoom) ? paper : desk)),
        )!
        const box = { x, y, width: picture.width, height: picture.height }
        const slack = 8 * zoom
        for (const [found, wanted] of [
          [box.x, sheet.x * zoom],
          [box.y, sheet.y * zoom],
          [-box.x - box.width, -(sheet.x + sheet.width) * zoom],
          [-box.y - box.height, -(sheet.y + sheet.height) * zoom],
        ]) {
          expect(found).toBeGreaterThanOrEqual(wanted)
          expect(found).toBeLessThan(wanted + slack)
        }
      }),
      { numRuns: 30 },
    )
  })

  it.each([-19, -7, 0, 3, 12, 19])('is nothing but paper within its box, askew by %i degrees', (degrees) => {
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
    const isOn = (x: number, y: number) => {
      const [u, v] = [x - 250, y - 160]
      return Math.abs(u * cos + v * sin) < 190 && Math.abs(v * cos - u * sin) < 60
    }
    const { picture } = cutOutSheet(painted(500, 320, (x, y) => (isOn(x, y) ? PAPER : DESK)))!
    const unlike = picture.data.filter((value, i) => i % 4 < 3 && value !== PAPER[i % 4])
    expect(unlike).toHaveLength(0)
    expect(picture.width).toBeGreaterThan(360)
    expect(picture.height).toBeGreaterThan(105)
  })

  const inked = (x: number, y: number): boolean => x % 60 < 30 && y > 60 && y < 140 && (x * x + y) % 7 < 6
  it.each<[string, (x: number, y: number) => Colour]>([
    ['paper that fills the picture', () => PAPER],
    ['writing', (x, y) => (inked(x, y) ? DESK : PAPER)],
    ['something round', (x, y) => (Math.hypot(x - 200, (y - 100) * 2) < 160 ? PAPER : DESK)],
    ['light that falls off', (x) => [255 - x / 4, 250 - x / 4, 240 - x / 4]],
    [
      'light that falls off towards the corners',
      (x, y) => {
        const level = 240 - 0.6 * Math.hypot(x - 200, y - 100)
        return [level, level, level]
      },
    ],
    ['a sheet cut off by the edge', (x, y) => (isIn({ x: 60, y: 30, width: 400, height: 120 }, x, y) ? PAPER : DESK)],
    [
      'two sheets',
      (x, y) =>
        isIn({ x: 20, y: 30, width: 170, height: 140 }, x, y) || isIn({ x: 210, y: 30, width: 170, height: 140 }, x, y)
          ? PAPER
          : DESK,
    ],
  ])('is not seen in %s', (_, at) => {
    expect(cutOutSheet(painted(400, 200, at))).toBeNull()
  })
})
