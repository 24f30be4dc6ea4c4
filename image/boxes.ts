/** Boxes around writing: four sides, however they slope, and the lines that part them into cells. */
import type { Component } from './components.ts'
import { clearRules } from './ruled-lines.ts'
import { endsOf, type Sheet, thicknessOf, transpose } from './sheet.ts'

/** A side is made of lines at least this long, as a part of the box's usual width or height, … */
const ALONG = 0.8
/** … of which this part is its outermost ink. */
const OUTERMOST = 0.7
/** On the sides of a box that the page's edge cuts off hangs at most so much more, as a part of their ink. */
const HANGING = 0.1

/** At which ends of its rows and columns a box may go on beyond the page. */
interface Openings {
  readonly rows: Ends
  readonly columns: Ends
}

interface Ends {
  readonly first: boolean
  readonly last: boolean
}

/** Where a component touches the page's edge. */
export const openingsOf = ({ x, y, width, height }: Component, pageWidth: number, pageHeight: number): Openings => ({
  rows: { first: x === 0, last: x + width === pageWidth },
  columns: { first: y === 0, last: y + height === pageHeight },
})

/** What is left of a box's ink without its lines; `null` if it is no box. */
export function withoutSides(box: Sheet, open: Openings): Uint8Array | null {
  const whole = withoutLinesBothWays(box, open, false)
  const isCut = open.rows.first !== open.rows.last || open.columns.first !== open.columns.last
  if (whole !== null || !isCut) return whole
  // Three sides are a box only where nothing hangs on them: the lines of squared paper run out of the page as well.
  const cut = withoutLinesBothWays(box, open, true)
  return cut !== null && areaOf(cut) < HANGING * areaOf(box.mask) ? cut : null
}

function withoutLinesBothWays(box: Sheet, open: Openings, isCut: boolean): Uint8Array | null {
  const thick = thicknessOf(box)
  const level = withoutLines(box, usualExtent(transpose(box)), thick, open.columns, isCut)
  const upright = level && withoutLines(transpose(level), usualExtent(box), thick, open.rows, isCut)
  return upright && transpose(upright).mask
}

const areaOf = (mask: Uint8Array) => mask.reduce((sum, inked) => sum + inked, 0)

/**
 * What is left without lines from left to right; `null` if they are not what lies uppermost and lowermost.
 * @param usual how far such lines may run
 * @param isCut whether a line may stand alone, the other being cut off by the page's edge
 */
function withoutLines(sheet: Sheet, usual: number, thick: number, open: Ends, isCut: boolean): Sheet | null {
  const { width, height, mask } = sheet
  const rest = mask.slice()
  const lines = new Uint8Array(mask.length)
  const least = Math.max(2, Math.round(ALONG * usual))
  for (const rule of clearRules(rest, mask, width, height, least, thick)) for (const at of rule) lines[at] = 1
  let above = 0
  let below = 0
  for (let x = 0; x < width; x++) {
    const ends = endsOf(sheet, x)
    if (ends === null) continue
    // A single line is not both, and what goes on on both sides is no box.
    const isSingle = ends.last - ends.first <= 2 * thick
    if (isSingle && !(isCut && open.first !== open.last)) continue
    const isLine = (from: number, to: number): boolean => {
      for (let y = from; y <= to; y++) if (lines[y * width + x]) return true
      return false
    }
    if ((!isSingle || open.last) && isLine(ends.first, Math.min(ends.last, ends.first + thick))) above++
    if ((!isSingle || open.first) && isLine(Math.max(ends.first, ends.last - thick), ends.last)) below++
  }
  const has = (outermost: number) => outermost >= OUTERMOST * usual
  const isBetween = (has(above) || open.first) && (has(below) || open.last) && (has(above) || has(below))
  return isBetween ? { width, height, mask: rest } : null
}

/** How far it mostly is in a column from the first ink to the last; at least half a box's height, which leans at most. */
function usualExtent(sheet: Sheet): number {
  const { width, height } = sheet
  const extents = Array.from({ length: width }, (_, x) => {
    const ends = endsOf(sheet, x)
    return ends === null ? 0 : ends.last - ends.first + 1
  })
  return Math.max(extents.sort((a, b) => a - b)[width >> 1], height / 2)
}
