import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadShipped } from '../../bench/support/shipped.ts'
import { startCutting } from '../../train/cuttings.ts'
import { loadSplit } from '../../train/data/dataset.ts'
import { drawForms } from '../../train/forms.ts'
import { curve, draw, oval, type Point } from '../../train/pen.ts'
import { drawSigns } from '../../train/signs.ts'

const PIXELS = 784

/** Least and greatest row and column with ink of at least half. */
function extent(image: Uint8Array) {
  const marked = [...image.keys()].filter((i) => image[i] >= 128)
  const columns = marked.map((i) => i % 28)
  const rows = marked.map((i) => Math.floor(i / 28))
  return { width: Math.max(...columns) - Math.min(...columns) + 1, height: Math.max(...rows) - Math.min(...rows) + 1 }
}

const imagesOf = (images: Uint8Array) =>
  Array.from({ length: images.length / PIXELS }, (_, i) => images.subarray(i * PIXELS, (i + 1) * PIXELS))

describe('a pen', () => {
  const coordinate = fc.double({ min: -3, max: 3, noNaN: true })
  const paths = fc.array(fc.array(fc.tuple(coordinate, coordinate), { minLength: 2, maxLength: 6 }), {
    minLength: 1,
    maxLength: 4,
  })

  it('draws any strokes whole, in 0..1, with paper around them', () => {
    fc.assert(
      fc.property(paths, fc.double({ min: 1, max: 4, noNaN: true }), (strokes: Point[][], pen) => {
        const points = strokes.flat()
        fc.pre(points.some(([x, y]) => Math.hypot(x - points[0][0], y - points[0][1]) > 0.01))
        const { width, height, ink } = draw(strokes, pen)
        expect(ink).toHaveLength(width * height)
        expect(ink.every((value) => value >= 0 && value <= 1)).toBe(true)
        expect(Math.max(...ink)).toBeGreaterThan(0.5)
        for (let i = 0; i < width; i++) {
          for (const edge of [i, (height - 1) * width + i, i * width, i * width + width - 1]) expect(ink[edge]).toBe(0)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('draws a line as wide as it is told', () => {
    const line: Point[] = [
      [0, 0],
      [0, 1],
    ]
    const { width, height, ink } = draw([line], 3)
    const middle = Math.floor(height / 2) * width
    const across = ink.subarray(middle, middle + width).reduce((sum, value) => sum + value, 0)
    // Three of the twenty that a digit is high, drawn twice as large.
    expect(across).toBeCloseTo(6, 0)
  })

  it('leads curves through their points', () => {
    const points: Point[] = [
      [0, 0],
      [1, 2],
      [3, 1],
      [2, -1],
    ]
    const path = curve(...points)
    for (const [x, y] of points) expect(path.some((p) => Math.hypot(p[0] - x, p[1] - y) < 1e-9)).toBe(true)
    expect(path.length).toBeGreaterThan(3 * points.length)
  })

  it('draws ovals that keep their distance from the middle', () => {
    for (const [x, y] of oval(1, 2, 4, 4)) expect(Math.hypot(x - 1, y - 2)).toBeCloseTo(2, 0)
  })
})

describe('drawn digits', () => {
  const { images, labels, count } = drawForms(300, 7)

  it('have the form of MNIST: ink within 20×20 and its edges, brightest full', () => {
    expect(count).toBe(300)
    for (const image of imagesOf(images)) {
      const { width, height } = extent(image)
      expect(Math.max(width, height)).toBeGreaterThanOrEqual(18)
      expect(Math.max(width, height)).toBeLessThanOrEqual(21)
      expect(Math.max(...image)).toBe(255)
    }
  })

  it('are all different, of all classes, and the same again for the same seed', () => {
    expect(new Set(imagesOf(images).map((image) => image.join())).size).toBe(300)
    expect(new Set(labels)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
    expect(drawForms(300, 7)).toEqual({ images, labels, count })
    expect(drawForms(300, 8).images).not.toEqual(images)
  })
})

describe('drawn signs', () => {
  const images = drawSigns(300, 7)

  it('have the form of MNIST too, so that neither size nor place gives them away', () => {
    for (const image of imagesOf(images)) {
      const { width, height } = extent(image)
      expect(Math.max(width, height)).toBeLessThanOrEqual(21)
      expect(Math.max(...image)).toBe(255)
    }
  })

  it('are all different, and the same again for the same seed', () => {
    expect(new Set(imagesOf(images).map((image) => image.join())).size).toBeGreaterThan(295)
    expect(drawSigns(300, 7)).toEqual(images)
  })
})

describe('cuttings of touching digits', () => {
  const loaded = loadSplit('train')
  if (!loaded.ok) throw new Error(loaded.error.path)
  const digits = loaded.value
  const { parted, torn } = startCutting(digits, 7)(200)

  it('have the form of MNIST too', () => {
    expect(parted.count).toBe(200)
    expect(imagesOf(parted.images)).toHaveLength(200)
    expect(imagesOf(torn)).toHaveLength(200)
    for (const image of [...imagesOf(parted.images), ...imagesOf(torn)]) {
      const { width, height } = extent(image)
      expect(Math.max(width, height)).toBeLessThanOrEqual(21)
      expect(Math.max(...image)).toBeGreaterThan(200)
    }
  })

  it('are digits, or none, as the shipped network sees them too, mostly', async () => {
    const { classifier } = await loadShipped('validation')
    const top = (images: Uint8Array, count: number) => {
      const logits = classifier.logits(images, count)
      return Array.from({ length: count }, (_, i) => {
        const own = [...logits.subarray(i * 10, (i + 1) * 10)]
        return { most: Math.max(...own), digit: own.indexOf(Math.max(...own)) }
      })
    }
    const right = top(parted.images, 200)
    const wrong = top(torn, 200)
    expect(right.filter(({ digit }, i) => digit === parted.labels[i]).length).toBeGreaterThan(190)
    const middle = right.map(({ most }) => most).sort((a, b) => a - b)[20]
    expect(wrong.filter(({ most }) => most < middle).length).toBeGreaterThan(140)
  })

  it('are the same again for the same seed', () => {
    const cut = startCutting(digits, 7)
    // Asked for some first or for all at once.
    expect(cut(50).parted.images).toEqual(parted.images.subarray(0, 50 * PIXELS))
    expect(cut(200)).toEqual({ parted, torn })
    expect(startCutting(digits, 8)(200).torn).not.toEqual(torn)
  })

  it('end where there is nothing to cut', () => {
    const blank = { images: new Uint8Array(2 * PIXELS), labels: new Uint8Array(2), count: 2 }
    expect(startCutting(blank, 1)(5)).toEqual({
      parted: { images: new Uint8Array(0), labels: new Uint8Array(0), count: 0 },
      torn: new Uint8Array(0),
    })
  })
})
