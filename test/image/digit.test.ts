import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digitFromPicture, digitFromPixels } from '../../image/digit.ts'
import type { Box } from '../../image/picture.ts'
import { draw, mnist, random, type Scene } from './scenes.ts'

/** Cosine of the angle between two inputs: 1 when they show the same. */
function likeness(a: Uint8Array, b: Uint8Array): number {
  let [ab, aa, bb] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    ab += a[i] * b[i]
    aa += a[i] * a[i]
    bb += b[i] * b[i]
  }
  return ab / Math.sqrt(aa * bb)
}

/** The mean likeness of ten digits found in pictures to MNIST's own. */
function found(scene: Scene): number {
  let sum = 0
  for (let k = 0; k < 10; k++) {
    const answer = digitFromPicture(draw(mnist(k), scene))
    if (answer.kind === 'digit') sum += likeness(answer.input, mnist(k)) / 10
  }
  return sum
}

const beyond = (reach: number) => (x: number, y: number) => Math.max(Math.abs(x - 140), Math.abs(y - 140)) > reach

const plain: Scene = { width: 280, height: 280, zoom: 7, x: 40, y: 40 }

describe('a digit is found', () => {
  const blob = (x0: number, y0: number, r: number) => (x: number, y: number) => (Math.hypot(x - x0, y - y0) < r ? 1 : 0)
  const scenes: Record<string, Scene> = {
    'dark on light': plain,
    'light on dark': { ...plain, paper: [0, 0, 0], ink: [255, 255, 255] },
    'in a corner': { ...plain, zoom: 3, x: 190, y: 5 },
    'on a large page': { ...plain, width: 1400, height: 1000, zoom: 4, x: 900, y: 300 },
    'across the whole picture': { ...plain, width: 200, height: 200, zoom: 10, x: -40, y: -40 },
    'in black ink on nothing': { ...plain, transparent: true },
    'in white ink on nothing': { ...plain, transparent: true, ink: [255, 255, 255] },
    'in red ink on green paper of the same brightness': { ...plain, paper: [110, 190, 110], ink: [230, 130, 140] },
    'in faint pencil': { ...plain, paper: [230, 228, 225], ink: [200, 200, 200], noise: 3 },
    'in light that falls off': { ...plain, paper: [220, 220, 215], noise: 4, light: (x, y) => 0.4 + 0.3 * (x + y) },
    'half in shadow': {
      ...plain,
      paper: [220, 220, 215],
      noise: 4,
      light: (x) => 0.6 + 0.4 / (1 + Math.exp((0.45 - x) / 0.06)),
    },
    'across the edge of a hard shadow': {
      ...plain,
      paper: [215, 215, 210],
      noise: 3,
      light: (x, y) => (x + 0.4 * y < 0.65 ? 0.5 : 1),
    },
    'beside the corner of a hard shadow': {
      ...plain,
      paper: [215, 215, 210],
      ink: [40, 50, 120],
      noise: 3,
      light: (x, y) => (x > 0.6 && y > 0.5 ? 0.6 : 1),
    },
    'filling a photograph': {
      ...plain,
      width: 200,
      height: 200,
      zoom: 9.4,
      x: -32,
      y: -32,
      paper: [200, 200, 195],
      noise: 3,
      light: (x, y) => 1 - 0.15 * x - 0.1 * y,
    },
    'in a broken line': { ...plain, ink: [0, 0, 0], erased: (x, y) => (x + y) % 24 < 3 },
    'in noise': { ...plain, paper: [190, 190, 190], ink: [70, 70, 70], noise: 40 },
    'beside specks': {
      ...plain,
      also: (x, y) => blob(20, 30, 2)(x, y) || blob(250, 250, 3)(x, y) || blob(30, 200, 1)(x, y),
    },
    'in a pencil frame': {
      ...plain,
      also: (x, y) =>
        Math.abs(x - 140) < 134 && Math.abs(y - 140) < 134
          ? 0
          : Math.max(Math.abs(x - 140), Math.abs(y - 140)) < 137
            ? 0.7
            : 0,
    },
    'beside a dark strip along the edge': { ...plain, also: (x) => (x < 20 ? 0.9 : 0) },
    'in a circle': {
      ...plain,
      pen: 8,
      also: (x, y) => (Math.abs(Math.hypot(x - 140, y - 140) - 105) < 2 ? 1 : 0),
    },
    'in a box drawn with a heavy pen': {
      ...plain,
      pen: 8,
      also: (x, y) => (Math.abs(Math.max(Math.abs(x - 140), Math.abs(y - 140)) - 100) < 5 ? 1 : 0),
    },
    'on a dark canvas in a white page': {
      ...{ ...plain, pen: 8, paper: [20, 20, 25], ink: [255, 255, 255] },
      around: { colour: [255, 255, 255], at: beyond(115) },
    },
    'on a dark canvas near a corner of a white page': {
      ...{ ...plain, pen: 8, paper: [0, 0, 0], ink: [255, 255, 255] },
      around: { colour: [255, 255, 255], at: (x, y) => x < 30 || y > 240 || x > 240 || y < 4 },
    },
    'on a sheet on a desk': {
      ...{ ...plain, zoom: 6, x: 56, y: 56, paper: [225, 225, 220], ink: [40, 50, 120], noise: 5 },
      around: { colour: [95, 75, 55], at: (x, y) => beyond(100)(x + 0.03 * (y - 140), y - 0.03 * (x - 140)) },
    },
    'on folded paper': { ...plain, zoom: 4, y: 20, also: (_, y) => (Math.abs(y - 200) < 2 ? 0.6 : 0) },
    'across a fold': {
      ...{ ...plain, zoom: 5, x: 60, y: 40, pen: 10, noise: 3, paper: [225, 190, 195] },
      light: (x, y) => 1 - 0.3 * Math.exp(-(((x + 0.4 * y - 0.6) / 0.008) ** 2)),
    },
    'on ruled paper': { ...plain, also: (_, y) => (y % 50 === 10 ? 0.4 : 0) },
    'on squared paper': { ...plain, also: (x, y) => (y % 50 === 10 || x % 50 === 10 ? 0.4 : 0) },
  }
  for (const [name, scene] of Object.entries(scenes)) {
    it(name, () => expect(found(scene)).toBeGreaterThan(0.88))
  }

  it.each([
    { zoom: 5, x: 100, y: 60, side: 280, within: 5, around: undefined },
    { zoom: 5, x: 70, y: 80, side: 280, within: 5, around: { colour: [30, 60, 90] as const, at: beyond(90) } },
    { zoom: 30, x: 500, y: 150, side: 1500, within: 25, around: undefined },
  ])('where it is: $side pixels wide', ({ zoom, x, y, side, within, around }) => {
    const digit = new Uint8Array(784)
    for (let v = 8; v < 20; v++) for (let u = 12; u < 16; u++) digit[v * 28 + u] = 255
    const answer = digitFromPicture(draw(digit, { width: side, height: side, zoom, x, y, around }))
    const box = answer.kind === 'digit' ? answer.box : ({} as Box)
    expect(Math.abs(box.x - x - 12 * zoom)).toBeLessThan(within)
    expect(Math.abs(box.y - y - 8 * zoom)).toBeLessThan(within)
    expect(Math.abs(box.width - 4 * zoom)).toBeLessThan(2 * within)
    expect(Math.abs(box.height - 12 * zoom)).toBeLessThan(2 * within)
  })

  it('whole, where a fine pen left only dashes of it', () => {
    const dashes = (x: number, y: number) => {
      const isDash = Math.abs(Math.atan2(y - 140, x - 140) * 6) % 2 < 0.9
      return isDash && Math.abs(Math.hypot(x - 140, y - 140) - 90) < 1 ? 1 : 0
    }
    const answer = digitFromPicture(draw(null, { ...plain, also: dashes }))
    const box = answer.kind === 'digit' ? answer.box : ({} as Box)
    expect(Math.min(box.width, box.height)).toBeGreaterThan(170)
  })

  it('over most of a photograph, and out of it', () => {
    const scene: Scene = {
      ...{ width: 260, height: 260, zoom: 12.5, x: -45, y: -45, pen: 55 },
      ...{ paper: [228, 214, 140], ink: [30, 40, 120], noise: 5 },
      light: (x, y) => 1 - 0.3 * x - 0.15 * y,
    }
    for (let k = 0; k < 10; k++) {
      const answer = digitFromPicture(draw(mnist(k), scene))
      expect(answer.kind === 'digit' && likeness(answer.input, mnist(k))).toBeGreaterThan(0.75)
    }
  })

  it("in MNIST's own pixels, which stay as they are, in either polarity", () => {
    let same = 0
    for (let k = 0; k < 200; k++) {
      const [light, dark] = [mnist(k), mnist(k).map((v) => 255 - v)].map(digitFromPixels)
      if (light.kind === 'blank' || dark.kind === 'blank') throw new Error('a digit was taken for blank')
      if (likeness(light.input, mnist(k)) > 0.95) same++
      expect(likeness(dark.input, light.input)).toBeGreaterThan(0.99)
    }
    expect(same).toBeGreaterThanOrEqual(190)
  })

  it('of any size at any place', () => {
    const scene = fc.record({
      zoom: fc.double({ min: 1.5, max: 9, noNaN: true }),
      x: fc.nat(300),
      y: fc.nat(300),
      k: fc.nat(99),
    })
    fc.assert(
      fc.property(scene, ({ zoom, x, y, k }) => {
        const answer = digitFromPicture(draw(mnist(k), { width: 560, height: 560, zoom, x, y }))
        expect(answer.kind === 'digit' && likeness(answer.input, mnist(k))).toBeGreaterThan(0.8)
      }),
      { numRuns: 60, seed: 1 },
    )
  })
})

describe('a blank page stays blank', () => {
  const heights = Float64Array.from({ length: 65 * 65 }, random(7))
  /** Light over rough paper: random heights a few pixels apart, interpolated. */
  const grain = (x: number, y: number): number => {
    const [u, v] = [x * 63, y * 63]
    const [left, top] = [Math.floor(u), Math.floor(v)]
    const at = (i: number, j: number) => heights[j * 65 + i]
    const upper = at(left, top) + (at(left + 1, top) - at(left, top)) * (u - left)
    const lower = at(left, top + 1) + (at(left + 1, top + 1) - at(left, top + 1)) * (u - left)
    return 0.9 + 0.2 * (upper + (lower - upper) * (v - top))
  }
  const pages: Record<string, Partial<Scene>> = {
    white: {},
    black: { paper: [0, 0, 0] },
    transparent: { transparent: true },
    noisy: { paper: [150, 150, 150], noise: 30 },
    'in uneven light': { paper: [220, 220, 220], noise: 4, light: (x, y) => 0.4 + 0.3 * (x + y) },
    'in the light of a lamp': {
      paper: [230, 225, 215],
      noise: 3,
      light: (x, y) => 1 / (1 + 2 * ((x - 0.5) ** 2 + (y - 0.5) ** 2)) ** 2,
    },
    'half in hard shadow': { paper: [220, 220, 215], noise: 3, light: (x, y) => (x + 0.3 * y < 0.6 ? 0.5 : 1) },
    'half in hard shadow, without any noise': {
      paper: [220, 220, 215],
      light: (x, y) => (x + 0.3 * y < 0.3 ? 0.5 : 1),
    },
    'half in hard shadow, with hardly any noise': {
      paper: [205, 205, 203],
      noise: 2,
      light: (x, y) => (x + 0.4 * y < 0.6 ? 0.6 : 1),
    },
    'darker towards its corners': {
      paper: [225, 190, 195],
      noise: 5,
      light: (x, y) => 1 / (1 + 1.3 * ((x - 0.5) ** 2 + (y - 0.5) ** 2)) ** 2,
    },
    'with a shadow in its corner': { paper: [220, 220, 215], noise: 3, light: (x, y) => (x + y < 0.4 ? 0.6 : 1) },
    'in the shadow of a head': {
      paper: [220, 220, 215],
      noise: 3,
      light: (x, y) => (Math.hypot(x - 0.6, y - 1) < 0.5 ? 0.55 : 1),
    },
    'in soft shadow': {
      paper: [220, 220, 215],
      noise: 3,
      light: (x, y) => 0.6 + 0.4 / (1 + Math.exp((0.5 - x - 0.2 * y) / 0.05)),
    },
    'in hard shadow and uneven light': {
      paper: [220, 220, 215],
      noise: 3,
      light: (x, y) => (0.8 + 0.2 * y) * (x + 0.3 * y < 0.6 ? 0.6 : 1),
    },
    'of coarse texture': { paper: [190, 190, 190], noise: 5, light: grain },
    'of very coarse texture': { paper: [190, 190, 190], noise: 5, light: (x, y) => grain(x / 2, y / 2) },
    'on a desk': {
      paper: [225, 225, 220],
      noise: 5,
      around: { colour: [95, 75, 55], at: beyond(100) },
    },
    folded: {
      paper: [220, 220, 215],
      noise: 3,
      light: (x, y) => 1 - 0.25 * Math.exp(-(((x + 0.4 * y - 0.6) / 0.01) ** 2)),
    },
    squared: { also: (x, y) => (x % 47 === 3 || y % 47 === 3 ? 0.3 : 0) },
    'with a bar along the top': { also: (_, y) => (y < 20 ? 0.7 : 0) },
    'ruled, photographed with hardly any noise': {
      paper: [205, 205, 203],
      ink: [150, 30, 40],
      noise: 2,
      light: (x, y) => 0.98 - 0.02 * (x - y),
      also: (x, y) => ((y + 0.02 * x) % 36 < 2 ? 0.45 : 0),
    },
    ruled: { also: (_, y) => (y % 40 === 10 ? 0.5 : 0) },
    framed: { also: (x, y) => (x === 5 || y === 5 || x === 274 || y === 274 ? 0.8 : 0) },
    'with a speck': { also: (x, y) => (x === 100 && y === 120 ? 1 : 0) },
  }
  for (const [name, page] of Object.entries(pages)) {
    it(name, () => expect(digitFromPicture(draw(null, { ...plain, ...page })).kind).toBe('blank'))
  }
})

describe('any picture', () => {
  it('has an answer of the right form', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 70 }),
        fc.nat(),
        fc.nat(3),
        (width, height, seed, kind) => {
          const next = random(seed)
          const data = new Uint8Array(width * height * 4)
          for (let i = 0; i < data.length; i++) {
            data[i] =
              kind === 0
                ? next() * 256
                : kind === 1
                  ? next() < 0.5
                    ? 0
                    : 255
                  : kind === 2
                    ? ((i >> 4) & 1) * 255
                    : next() * next() * 256
          }
          const answer = digitFromPicture({ width, height, data, source: { width, height } })
          if (answer.kind === 'blank') return
          expect(answer.input.length).toBe(784)
          expect(Math.max(...answer.input)).toBe(255)
          expect(answer.box.x).toBeGreaterThanOrEqual(0)
          expect(answer.box.y).toBeGreaterThanOrEqual(0)
          expect(answer.box.width).toBeGreaterThan(0)
          expect(answer.box.height).toBeGreaterThan(0)
          expect(answer.box.x + answer.box.width).toBeLessThanOrEqual(width)
          expect(answer.box.y + answer.box.height).toBeLessThanOrEqual(height)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('ends quickly, however hostile', () => {
    const side = 2048
    const checks: ((x: number, y: number) => number)[] = [
      (x, y) => ((x + y) & 1) * 255,
      (x, y) => (x % 3 === 0 && y % 3 === 0 ? 255 : 0),
      (x, y) => (x * 7919 + y * 104729) & 255,
      (x, y) => (((x >> 4) + (y >> 4)) & 1) * 255,
      (x) => (x & 8) * 31,
    ]
    for (const check of checks) {
      const data = new Uint8Array(side * side * 4).fill(255)
      for (let y = 0, i = 0; y < side; y++) for (let x = 0; x < side; x++, i += 4) data.fill(check(x, y), i, i + 3)
      expect(
        digitFromPicture({ width: side, height: side, data, source: { width: side, height: side } }).kind,
      ).toBeTypeOf('string')
    }
  })
})
