import { describe, expect, it } from 'vitest'
import { inkOfPage } from '../../image/page.ts'
import type { Picture } from '../../image/picture.ts'
import { randomOf } from '../../train/random.ts'

const WIDTH = 420
const HEIGHT = 160
/** Bars of a pen's width, so far apart. */
const PITCH = 30
const BAR = 6

/** Upright bars on a page, or none, in a light. @param light share of it that falls on a pixel */
function bars(pen: number, paper: number, light: (x: number, y: number) => number): Picture {
  const random = randomOf('bars')
  const data = new Uint8Array(WIDTH * HEIGHT * 4)
  for (let y = 0, i = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, i += 4) {
      const grey = (isBar(x, y) ? pen : paper) * light(x, y) + 2 * random.normal()
      data.fill(Math.max(0, Math.min(255, Math.round(grey))), i, i + 3)
      data[i + 3] = 255
    }
  }
  return { width: WIDTH, height: HEIGHT, data, source: { width: WIDTH, height: HEIGHT } }
}

const isBar = (x: number, y: number) => x % PITCH < BAR && x >= PITCH && y >= 50 && y < 110

/** Shadows that take half of the light, by what casts them; their edges are sharp. */
const SHADOWS: Record<string, (x: number, y: number) => boolean> = {
  'something upright': (x) => x > 233,
  'something that leans': (x, y) => x + 0.7 * y > 290,
  'something flat': (x, y) => y > 83 + 0.02 * x,
  'a finger': (x, y) => Math.hypot(x - 210, Math.max(0, 60 - y)) < 30,
}

describe('ink under the hard edge of a shadow', () => {
  const cases = Object.keys(SHADOWS).flatMap((name) => [
    { name, pen: 30, paper: 230 },
    { name, pen: 240, paper: 90 },
  ])
  it.each(cases)('of $name: paper is blank and $pen on $paper is as strong as beside it', ({ name, pen, paper }) => {
    const page = inkOfPage(
      bars(pen, paper, (x, y) => (SHADOWS[name](x, y) ? 0.5 : 1)),
      640,
    )!
    const weak: string[] = []
    const stained: string[] = []
    for (let y = 0, i = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++, i++) {
        if (isBar(x, y) && page.ink[i] < 0.5) weak.push(`${x} ${y}`)
        if (!isBar(x, y) && page.ink[i] > 0.25) stained.push(`${x} ${y}`)
      }
    }
    // Where the edge crosses a bright bar, its ink is no brighter than paper beside the shadow.
    expect(weak.length).toBeLessThan(0.08 * 13 * BAR * 60)
    expect(stained.length).toBeLessThan(20)
  })

  it.each(['something upright', 'something that leans', 'something flat'])('of %s alone there is none', (name) => {
    const light = (x: number, y: number) => (SHADOWS[name](x, y) ? 0.5 : 1)
    expect(inkOfPage(bars(230, 230, light), 640)).toBeNull()
  })
})

it('a checkerboard of single pixels has no ink that could be told from its paper', () => {
  const board = bars(230, 230, () => 1)
  for (let i = 0; i < board.data.length; i += 4) {
    board.data.fill(((i / 4) % WIDTH) % 2 === Math.floor(i / 4 / WIDTH) % 2 ? 255 : 0, i, i + 3)
  }
  expect(inkOfPage(board, 640)).toBeNull()
})
