/**
 * Boxes and rings that are drawn or printed around writing: around a number, around each digit, a row of cells, which may be
 * open above or below as a comb is.
 */
import { type Component, type Labels, labelComponents } from './components.ts'
import { distanceWithin } from './distance.ts'
import { strokeWidth } from './normalize.ts'
import { type Box, isWithin } from './picture.ts'
import { clearRules } from './ruled-lines.ts'

/** Something at least this high, as a part of the frame's height, stands in it. */
const ENCLOSED = 0.3
/** A frame's ink fills at most this part of its box. */
const SPARSE = 0.5
/** A side of a box is made of lines at least this long, as a part of the box's usual width or height, … */
const ALONG = 0.8
/** … of which this part is its outermost ink. */
const OUTERMOST = 0.7
/** A line is at most so many times as thick as the frame's ink mostly is. */
const THICK = 1.5
/** On the sides of a box that the page's edge cuts off hangs at most so much more, as a part of their ink. */
const HANGING = 0.1
/** A row of cells that is open above, or below, is at least so many times as wide as it is high, … */
const ROW = 1.2
/** … and what stands in it sticks out of it by at most so many times its height. */
const STICKING_OUT = 1.5
/** Its uprights are at least so many times as long as its lines are thick. */
const LEAST_TOOTH = 3
/** Of its line this part may have ink on the other side. */
const STRAY = 0.1
/** A ring goes around so many pieces of ink: a nought goes around a dot, or a stroke. */
const SEVERAL = 2

/** No more pieces of ink than this are looked at, the largest: each is held against each. */
const MOST_COMPONENTS = 1500

/** Ink by rows: 1 where inked. */
interface Sheet {
  readonly width: number
  readonly height: number
  readonly mask: Uint8Array
}

/**
 * Clears frames from a mask, in place: a box's four sides, however they slope, and the lines that part it into cells; or
 * what bounds a ring of any form. Strokes that cross them stay.
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

function sheetOf(labels: Labels['labels'], { x, y, width, height, label }: Component, pageWidth: number): Sheet {
  const mask = new Uint8Array(width * height)
  for (let v = 0, i = 0; v < height; v++) {
    for (let u = 0; u < width; u++, i++) if (labels[(y + v) * pageWidth + x + u] === label) mask[i] = 1
  }
  return { width, height, mask }
}

function transpose({ width, height, mask }: Sheet): Sheet {
  const turned = new Uint8Array(mask.length)
  for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i++) turned[x * height + y] = mask[i]
  return { width: height, height: width, mask: turned }
}

/** At which ends of its rows and columns a box may go on beyond the page. */
interface Openings {
  readonly rows: Ends
  readonly columns: Ends
}

interface Ends {
  readonly first: boolean
  readonly last: boolean
}

const openingsOf = ({ x, y, width, height }: Component, pageWidth: number, pageHeight: number): Openings => ({
  rows: { first: x === 0, last: x + width === pageWidth },
  columns: { first: y === 0, last: y + height === pageHeight },
})

/** What is left of a box's ink without its lines; `null` if it is no box. */
function withoutSides(box: Sheet, open: Openings): Uint8Array | null {
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

/** A line in a frame is at most this thick. */
const thicknessOf = ({ mask, width, height }: Sheet) => Math.ceil(THICK * strokeWidth(mask, width, height))

/**
 * What is left without lines from left to right; `null` if they are not what lies uppermost and lowermost.
 * @param usual how far such lines may run
 * @param isCut whether a line may stand alone, the other being cut off by the page's edge
 */
function withoutLines(
  { width, height, mask }: Sheet,
  usual: number,
  thick: number,
  open: Ends,
  isCut: boolean,
): Sheet | null {
  const rest = mask.slice()
  const lines = new Uint8Array(mask.length)
  const least = Math.max(2, Math.round(ALONG * usual))
  for (const rule of clearRules(rest, mask, width, height, least, thick)) for (const at of rule) lines[at] = 1
  let above = 0
  let below = 0
  for (let x = 0; x < width; x++) {
    const ends = endsOf(mask, x, width, height)
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

/**
 * What is left of a row of cells that are open above or below; `null` if it is none: a line from end to end with nothing on
 * the other side of it, and at both its ends, and between, uprights equally high and no thicker.
 */
function withoutTeeth(comb: Sheet): Uint8Array | null {
  const { width, height, mask } = comb
  const level = mask.slice()
  const rules = clearRules(level, mask, width, height, Math.round(ALONG * width), thicknessOf(comb))
  if (rules.length === 0) return null
  const cleared = mask.reduce((sum, inked, i) => sum + inked - level[i], 0)
  const thick = Math.ceil((THICK * cleared) / width)
  if (!rules.some((rule) => isOutermost(rule, comb, thick))) return null
  const heights = [0, width - 2 * thick].map((x) => inkedRows(level, x, 2 * thick, width, height))
  const tooth = Math.min(...heights)
  if (tooth < LEAST_TOOTH * thick || tooth < ALONG * Math.max(...heights)) return null
  const upright = transpose({ width, height, mask: level })
  const rest = upright.mask.slice()
  clearRules(rest, upright.mask, height, width, Math.round(ALONG * tooth), thick)
  return transpose({ ...upright, mask: rest }).mask
}

/** Whether hardly anything is inked on one side of a line from left to right. */
function isOutermost(rule: readonly number[], { width, height, mask }: Sheet, thick: number): boolean {
  let above = 0
  let below = 0
  for (const at of rule) {
    const y = Math.floor(at / width)
    const ends = endsOf(mask, at % width, width, height)
    if (ends === null || ends.first < y - thick) above++
    if (ends === null || ends.last > y + thick) below++
  }
  return Math.min(above, below) < STRAY * rule.length
}

/** How many rows are inked within some columns. */
function inkedRows(mask: Uint8Array, from: number, columns: number, width: number, height: number): number {
  let rows = 0
  for (let y = 0; y < height; y++) if (mask.subarray(y * width + from, y * width + from + columns).includes(1)) rows++
  return rows
}

/** The first and the last inked row of a column; `null` where there is none. */
function endsOf(mask: Uint8Array, x: number, width: number, height: number): { first: number; last: number } | null {
  let first = 0
  while (first < height && !mask[first * width + x]) first++
  if (first === height) return null
  let last = height - 1
  while (!mask[last * width + x]) last--
  return { first, last }
}

/** How far it mostly is in a column from the first ink to the last; at least half a box's height, which leans at most. */
function usualExtent({ width, height, mask }: Sheet): number {
  const extents = Array.from({ length: width }, (_, x) => {
    const ends = endsOf(mask, x, width, height)
    return ends === null ? 0 : ends.last - ends.first + 1
  })
  return Math.max(extents.sort((a, b) => a - b)[width >> 1], height / 2)
}

/**
 * What is left of a ring's ink without the line that bounds it; `null` if it is no ring.
 * @param within what lies in its box
 */
function withoutRing(
  ring: Sheet,
  { x, y }: Component,
  within: readonly Component[],
  labels: Labels['labels'],
  pageWidth: number,
): Uint8Array | null {
  if (within.length < SEVERAL) return null
  const { width, height, mask } = ring
  const outside = outsideOf(ring)
  const at = (u: number, v: number) => (v + 1) * (width + 2) + u + 1
  const isEnclosed = (other: Component): boolean => {
    let u = other.x
    while (labels[other.y * pageWidth + u] !== other.label) u++
    return outside[at(u - x, other.y - y)] === 0
  }
  if (within.filter(isEnclosed).length < SEVERAL) return null
  const thick = Math.ceil(THICK * strokeWidth(mask, width, height))
  const distance = distanceWithin(thick, outside, width + 2, height + 2)
  const rest = mask.slice()
  for (let v = 0, i = 0; v < height; v++) {
    for (let u = 0; u < width; u++, i++) if (distance[at(u, v)] <= thick) rest[i] = 0
  }
  return rest
}

/** Where paper is reached from beyond a sheet without crossing its ink; with a margin of one pixel on each side. */
function outsideOf({ width, height, mask }: Sheet): Uint8Array {
  const wide = width + 2
  const ink = new Uint8Array(wide * (height + 2))
  for (let y = 0; y < height; y++) ink.set(mask.subarray(y * width, (y + 1) * width), (y + 1) * wide + 1)
  const outside = new Uint8Array(ink.length)
  const reached = [0]
  outside[0] = 1
  for (let i = reached.pop(); i !== undefined; i = reached.pop()) {
    const x = i % wide
    for (const next of [i - wide, i + wide, x > 0 ? i - 1 : -1, x + 1 < wide ? i + 1 : -1]) {
      if (next < 0 || next >= ink.length || outside[next] || ink[next]) continue
      outside[next] = 1
      reached.push(next)
    }
  }
  return outside
}
