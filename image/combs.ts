/** Rows of cells that are open above or below: combs. */
import { clearRules } from './ruled-lines.ts'
import { endsOf, lineThickness, type Sheet, thicknessOf, transpose } from './sheet.ts'

/** Its line runs over this part of a comb's width, and its teeth over this part of the lowest at its ends. */
const ALONG = 0.8
/** Teeth are at least so many times as long as its line is thick. */
const LEAST_TOOTH = 3
/** Of its line this part may have ink on the other side. */
const STRAY = 0.1

/**
 * What is left of a row of cells that are open above or below; `null` if it is none: a line from end to end with nothing on
 * the other side of it, and at both its ends, and between, uprights equally high and no thicker.
 */
export function withoutTeeth(comb: Sheet): Uint8Array | null {
  const { width, height, mask } = comb
  const level = mask.slice()
  const rules = clearRules(level, mask, width, height, Math.round(ALONG * width), thicknessOf(comb))
  if (rules.length === 0) return null
  const cleared = mask.reduce((sum, inked, i) => sum + inked - level[i], 0)
  const thick = lineThickness(cleared / width)
  if (!rules.some((rule) => isOutermost(rule, comb, thick))) return null
  const heights = [0, Math.max(0, width - 2 * thick)].map((x) => inkedRows({ ...comb, mask: level }, x, 2 * thick))
  const tooth = Math.min(...heights)
  if (tooth < LEAST_TOOTH * thick || tooth < ALONG * Math.max(...heights)) return null
  const upright = transpose({ width, height, mask: level })
  const rest = upright.mask.slice()
  clearRules(rest, upright.mask, height, width, Math.round(ALONG * tooth), thick)
  return transpose({ ...upright, mask: rest }).mask
}

/** Whether hardly anything is inked on one side of a line from left to right. */
function isOutermost(rule: readonly number[], comb: Sheet, thick: number): boolean {
  const { width } = comb
  let above = 0
  let below = 0
  for (const at of rule) {
    const y = Math.floor(at / width)
    const ends = endsOf(comb, at % width)
    if (ends === null || ends.first < y - thick) above++
    if (ends === null || ends.last > y + thick) below++
  }
  return Math.min(above, below) < STRAY * rule.length
}

/** How many rows are inked within some columns. */
function inkedRows({ width, height, mask }: Sheet, from: number, columns: number): number {
  let rows = 0
  for (let y = 0; y < height; y++) if (mask.subarray(y * width + from, y * width + from + columns).includes(1)) rows++
  return rows
}
