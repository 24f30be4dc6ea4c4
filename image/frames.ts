/** What is drawn or printed around writing: around a number, around each digit, a row of cells. */
import { openingsOf, withoutSides } from './boxes.ts'
import { withoutTeeth } from './combs.ts'
import { type Component, labelComponents } from './components.ts'
import { type Box, isWithin } from './picture.ts'
import { withoutRing } from './rings.ts'
import { sheetOf } from './sheet.ts'

/** Something at least this high, as a part of the frame's height, stands in it. */
const ENCLOSED = 0.3
/** A frame's ink fills at most this part of its box. */
const SPARSE = 0.5
/** A row of cells that is open above, or below, is at least so many times as wide as it is high, … */
const ROW = 1.2
/** … and what stands in it sticks out of it by at most so many times its height. */
const STICKING_OUT = 1.5
/** No more pieces of ink than this are looked at, the largest: each is held against each. */
const MOST_COMPONENTS = 1500

/**
 * Clears frames from a mask, in place: a box's four sides, however they slope, and the lines that part it into cells; or
 * what bounds a ring of any form; or a comb's line and teeth. Strokes that cross them stay.
 * @param mask width×height, 1 where inked
 * @param faint likewise, 1 where ink is at least faint: thin lines are inked here and there
 */
export function clearFrames(mask: Uint8Array, faint: Uint8Array, width: number, height: number): void {
  const { labels, components: all } = labelComponents(faint, width, height)
  const components = [...all].sort((a, b) => b.area - a.area).slice(0, MOST_COMPONENTS)
  for (const one of components) {
    if (one.area > SPARSE * one.width * one.height) continue
    const high = components.filter((other) => other !== one && other.height > ENCLOSED * one.height)
    const within = high.filter((other) => isWithin(other, one))
    const isRow = one.width > ROW * one.height && high.some((other) => isWithin(other, stretched(one)))
    if (within.length === 0 && !isRow) continue
    const own = sheetOf(labels, one, width)
    const rest =
      (within.length > 0 ? withoutSides(own, openingsOf(one, width, height)) : null) ??
      withoutRing(own, one, within, labels, width) ??
      (isRow ? withoutTeeth(own) : null)
    if (rest === null) continue
    for (let v = 0, i = 0; v < one.height; v++) {
      for (let u = 0; u < one.width; u++, i++) {
        if (own.mask[i] && !rest[i]) mask[(one.y + v) * width + one.x + u] = 0
      }
    }
  }
}

/** A row of cells and what sticks out of it. */
function stretched({ x, y, width, height }: Component): Box {
  return { x, y: y - STICKING_OUT * height, width, height: (1 + 2 * STICKING_OUT) * height }
}
