import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Augmentation,
  deform,
  drawDeformation,
  elasticFields,
  epochAugmenter,
  NO_AUGMENTATION,
  PIXELS,
  SIDE,
  scratch,
} from '../../train/augment.ts'
import { randomOf } from '../../train/random.ts'

const blob = () => {
  const image = new Uint8Array(PIXELS)
  for (let y = 8; y < 20; y++) for (let x = 11; x < 16; x++) image[y * SIDE + x] = 255 - 5 * (x - 11)
  return image
}
const images = fc.uint8Array({ minLength: PIXELS, maxLength: PIXELS })
const augmentations: fc.Arbitrary<Augmentation> = fc.record({
  clean: fc.double({ min: 0, max: 1, noNaN: true }),
  rotation: fc.double({ min: 0, max: 45, noNaN: true }),
  scale: fc.double({ min: 0, max: 0.5, noNaN: true }),
  shear: fc.double({ min: 0, max: 1, noNaN: true }),
  shift: fc.double({ min: 0, max: 10, noNaN: true }),
  proportion: fc.double({ min: 0, max: 0.5, noNaN: true }),
  elastic: fc.double({ min: 0, max: 5, noNaN: true }),
  stroke: fc.double({ min: 0, max: 1, noNaN: true }),
  skips: fc.double({ min: 0, max: 1, noNaN: true }),
})

function augmented(image: Uint8Array, how: Augmentation, seed = 1, epoch = 0): Float32Array {
  const out = new Float32Array(PIXELS)
  epochAugmenter(image, how, seed, epoch).write(0, out, 0)
  return out
}

const ink = (image: ArrayLike<number>) => Array.from(image).reduce((sum, v) => sum + v, 0)

describe('deformation', () => {
  it('leaves the image alone when every strength is zero', () => {
    fc.assert(
      fc.property(images, (image) => {
        expect(augmented(image, NO_AUGMENTATION)).toEqual(Float32Array.from(image, (v) => v / 255))
      }),
      { numRuns: 20 },
    )
  })

  it('leaves the image alone when all images are to stay clean', () => {
    expect(augmented(blob(), { ...NO_AUGMENTATION, clean: 1, rotation: 30, elastic: 3 })).toEqual(
      Float32Array.from(blob(), (v) => v / 255),
    )
  })

  it('stays within 0..1 whatever the image and the strengths', () => {
    fc.assert(
      fc.property(images, augmentations, fc.nat(), fc.nat(1000), (image, how, seed, epoch) => {
        const out = augmented(image, how, seed, epoch)
        expect(out.every((v) => v >= 0 && v <= 1)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it('is the same for the same seed and epoch, another for another', () => {
    const how = { ...NO_AUGMENTATION, rotation: 10, elastic: 1 }
    expect(augmented(blob(), how, 5, 2)).toEqual(augmented(blob(), how, 5, 2))
    expect(augmented(blob(), how, 5, 2)).not.toEqual(augmented(blob(), how, 5, 3))
    expect(augmented(blob(), how, 5, 2)).not.toEqual(augmented(blob(), how, 6, 2))
  })

  it('does not depend on which images were deformed before', () => {
    const two = new Uint8Array(2 * PIXELS)
    two.set(blob(), PIXELS)
    const how = { ...NO_AUGMENTATION, elastic: 1, stroke: 1 }
    const direct = new Float32Array(PIXELS)
    const after = new Float32Array(PIXELS)
    epochAugmenter(two, how, 1, 0).write(1, direct, 0)
    const augmenter = epochAugmenter(two, how, 1, 0)
    augmenter.write(0, after, 0)
    augmenter.write(1, after, 0)
    expect(after).toEqual(direct)
  })

  const unbent = { bendX: 0, bendY: 0, xx: 1, xy: 0, x0: 0, yx: 0, yy: 1, y0: 0 }
  const still = { ...unbent, elastic: 0, fieldX: 0, fieldY: 0, turn: 0, stroke: 0 }
  const by = (change: Partial<typeof still>, image = blob()) => {
    const out = new Float32Array(PIXELS)
    const fields = elasticFields(1, randomOf(1))
    deform(image, 0, { ...still, ...change }, fields, scratch(), out, 0)
    return out
  }

  it('shifts by whole pixels exactly', () => {
    const moved = by({ x0: -3, y0: 2 })
    for (let y = 3; y < 25; y++) {
      for (let x = 3; x < 25; x++) expect(moved[y * SIDE + x]).toBe(Math.fround(blob()[(y + 2) * SIDE + x - 3] / 255))
    }
  })

  it('turns a quarter: rows become columns', () => {
    const turned = by({ xx: 0, xy: 1, yx: 1, yy: 0 })
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) expect(turned[y * SIDE + x]).toBeCloseTo(blob()[x * SIDE + y] / 255, 5)
    }
  })

  it('draws one end larger and the other smaller, and keeps the height', () => {
    const bars = new Uint8Array(PIXELS)
    for (let y = 4; y < 24; y++) if (y < 13 || y > 14) bars.fill(255, y * SIDE + 12, y * SIDE + 16)
    const heights = (image: Float32Array) => {
      const column = Array.from({ length: SIDE }, (_, y) => image[y * SIDE + 13])
      const gap = column.indexOf(Math.min(...column.slice(8, 20)), 8)
      return [column.slice(0, gap), column.slice(gap)].map(ink)
    }
    const [upper, lower] = heights(by({ bendY: 0.02 }, bars))
    expect(upper).toBeGreaterThan(1.2 * lower)
    expect(upper + lower).toBeCloseTo(18, 0)
    const [less, more] = heights(by({ bendY: -0.02 }, bars))
    expect([less, more]).toEqual([expect.closeTo(lower, 3), expect.closeTo(upper, 3)])
  })

  it('makes the pen thicker or thinner', () => {
    expect(ink(by({ stroke: 0.5 }))).toBeGreaterThan(1.1 * ink(by({})))
    expect(ink(by({ stroke: -0.5 }))).toBeLessThan(0.9 * ink(by({})))
  })

  it('draws within the strengths', () => {
    const random = randomOf(4)
    const how = {
      ...NO_AUGMENTATION,
      rotation: 10,
      scale: 0.2,
      shift: 1.5,
      proportion: 0.2,
      elastic: 2,
      stroke: 0.5,
    }
    for (let i = 0; i < 500; i++) {
      const d = drawDeformation(how, 8, random)!
      expect(Math.abs(d.x0)).toBeLessThanOrEqual(1.5)
      expect(Math.abs(d.stroke)).toBeLessThanOrEqual(0.5)
      expect(Math.abs(d.bendX)).toBeLessThanOrEqual(0.02)
      expect(Math.abs(d.bendY)).toBeLessThanOrEqual(0.02)
      expect(d.xx * d.yy - d.xy * d.yx).toBeGreaterThan(1 / 1.2 ** 2 - 1e-9)
      expect(d.xx * d.yy - d.xy * d.yx).toBeLessThan(1.2 ** 2 + 1e-9)
      expect(Math.abs(Math.atan2(d.yx, d.yy))).toBeLessThanOrEqual((10.1 * Math.PI) / 180)
    }
  })
})

describe('a pen that skips', () => {
  const always = { ...NO_AUGMENTATION, skips: 1 }

  it('takes ink off and adds none', () => {
    fc.assert(
      fc.property(images, fc.nat(), (image, seed) => {
        const out = augmented(image, always, seed)
        expect(out.every((v, i) => v >= 0 && v <= Math.fround(image[i] / 255))).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it('interrupts a stroke, and leaves most of it', () => {
    const stroke = new Uint8Array(PIXELS)
    for (let y = 4; y < 24; y++) stroke.fill(255, y * SIDE + 12, y * SIDE + 16)
    for (let seed = 0; seed < 50; seed++) {
      const left = ink(augmented(stroke, always, seed)) / ink(Float32Array.from(stroke, (v) => v / 255))
      expect(left).toBeGreaterThan(0.4)
      expect(left).toBeLessThan(0.99)
    }
  })

  it('leaves an image without strokes alone', () => {
    const faint = new Uint8Array(PIXELS).fill(100)
    expect(augmented(faint, always)).toEqual(augmented(faint, NO_AUGMENTATION))
  })

  it('skips in the share of the images that is asked for', () => {
    const many = new Uint8Array(PIXELS * 400)
    for (let i = 0; i < 400; i++) many.set(blob(), i * PIXELS)
    const augmenter = epochAugmenter(many, { ...NO_AUGMENTATION, skips: 0.25 }, 1, 0)
    const out = new Float32Array(PIXELS)
    let skipped = 0
    for (let i = 0; i < 400; i++) {
      augmenter.write(i, out, 0)
      if (ink(out) < ink(Float32Array.from(blob(), (v) => v / 255)) - 0.5) skipped++
    }
    expect(skipped).toBeGreaterThan(75)
    expect(skipped).toBeLessThan(125)
  })
})

describe('elastic fields', () => {
  it('are smooth, of mean near 0 and root mean square near 1', () => {
    const { values } = elasticFields(200, randomOf(2))
    const square = values.reduce((sum, v) => sum + v * v, 0) / values.length
    let step = 0
    for (let i = 1; i < values.length; i++)
      if (i % SIDE !== 0) step = Math.max(step, Math.abs(values[i] - values[i - 1]))
    expect(Math.sqrt(square)).toBeCloseTo(1, 1)
    expect(step).toBeLessThan(1)
  })
})
