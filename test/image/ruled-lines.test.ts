import { describe, expect, it } from 'vitest'
import { clearRules } from '../../image/ruled-lines.ts'

const WIDTH = 200
const HEIGHT = 60
/** The row of the rule. */
const RULE = 20

/** A page with a rule from side to side that is inked in some columns and faint in the others. */
function ruledPage(isInked: (x: number) => boolean) {
  const mask = new Uint8Array(WIDTH * HEIGHT)
  const faint = new Uint8Array(WIDTH * HEIGHT)
  for (let x = 0; x < WIDTH; x++) {
    faint[RULE * WIDTH + x] = 1
    if (isInked(x)) mask[RULE * WIDTH + x] = 1
  }
  const draw = (x: number, y: number, width: number, height: number) => {
    for (let row = y; row < y + height; row++) {
      mask.fill(1, row * WIDTH + x, row * WIDTH + x + width)
      faint.fill(1, row * WIDTH + x, row * WIDTH + x + width)
    }
  }
  const clear = () => {
    clearRules(mask, faint, WIDTH, HEIGHT, 120, 3)
    return (x: number, y: number) => mask[y * WIDTH + x]
  }
  return { draw, clear }
}

/** A seven with strokes three pixels wide whose bar lies beneath the rule's row. */
function seven(draw: (x: number, y: number, width: number, height: number) => void) {
  draw(80, RULE + 1, 20, 3)
  draw(97, RULE + 1, 3, 30)
}

describe('a rule', () => {
  it.each([
    ['printed firmly', () => true],
    ['inked here and there', (x: number) => x % 7 < 3],
  ])('%s is cleared, and strokes that cross it stay', (_, isInked) => {
    const { draw, clear } = ruledPage(isInked)
    draw(50, 5, 3, 40)
    const inked = clear()
    for (let x = 0; x < WIDTH; x++) if (x < 50 || x > 52) expect(inked(x, RULE)).toBe(0)
    for (let y = 5; y < 45; y++) expect(inked(51, y)).toBe(1)
  })

  it.each([
    ['printed firmly', () => true],
    ['hardly seen', (x: number) => x % 30 === 0],
  ])('%s leaves the bar of a seven beside it', (_, isInked) => {
    const { draw, clear } = ruledPage(isInked)
    seven(draw)
    const inked = clear()
    for (let x = 80; x < 100; x++) expect(inked(x, RULE + 2)).toBe(1)
    expect(inked(98, RULE + 20)).toBe(1)
  })

  it('leaves a stroke that begins on it', () => {
    const { draw, clear } = ruledPage(() => true)
    for (let x = 80; x < 110; x++) draw(x, RULE + ((x - 80) >> 1), 1, 2)
    const inked = clear()
    for (let x = 84; x < 110; x++) expect(inked(x, RULE + ((x - 80) >> 1) + 1)).toBe(1)
  })

  it('is not what is shorter', () => {
    const { draw, clear } = ruledPage(() => false)
    draw(20, RULE + 30, 100, 2)
    const inked = clear()
    for (let x = 20; x < 120; x++) expect(inked(x, RULE + 30)).toBe(1)
  })
})
