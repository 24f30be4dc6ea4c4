import { type Sheet, transpose } from './sheet.ts'

/** Cells across a picture in which a rule is followed. */
const CELLS = 24
/** A rule is inked in this share of them … */
const COMPLETE = 0.9
/** … each over this share of its width. */
const COVERED = 0.5
/** Pixels that a rule may climb or fall from one cell to the next. */
const SLOPE = 1
/** Ink thicker than this part of the picture's side, plus two pixels, is no rule but a stroke across it. */
const THICKNESS = 0.015
/** Rules looked for in one direction. */
const MAX_RULES = 40

/** How far each cell of each row is covered, cells by rows: 0..1. */
function coverage({ width, height, mask }: Sheet): Float32Array {
  const out = new Float32Array(CELLS * height)
  for (let cell = 0; cell < CELLS; cell++) {
    const from = Math.floor((cell * width) / CELLS)
    const to = Math.floor(((cell + 1) * width) / CELLS)
    for (let y = 0; y < height; y++) {
      let count = 0
      for (let x = from; x < to; x++) count += mask[y * width + x]
      out[cell * height + y] = count / (to - from) >= COVERED ? 1 : 0
    }
  }
  return out
}

/** The row per cell along the path that meets the most covered cells, by dynamic programming; `null` if it is no rule. */
function bestPath(covered: Float32Array, height: number): Int32Array | null {
  const score = Float32Array.from(covered)
  const from = new Int32Array(CELLS * height)
  for (let cell = 1; cell < CELLS; cell++) {
    for (let y = 0; y < height; y++) {
      let best = y
      for (let d = -SLOPE; d <= SLOPE; d++) {
        const other = y + d
        // Going straight wins a tie, so that a path does not wander.
        if (other < 0 || other >= height) continue
        if (score[(cell - 1) * height + other] > score[(cell - 1) * height + best]) best = other
      }
      from[cell * height + y] = best
      score[cell * height + y] += score[(cell - 1) * height + best]
    }
  }
  let end = 0
  for (let y = 1; y < height; y++) {
    if (score[(CELLS - 1) * height + y] > score[(CELLS - 1) * height + end]) end = y
  }
  if (score[(CELLS - 1) * height + end] < COMPLETE * CELLS) return null
  const path = new Int32Array(CELLS)
  for (let cell = CELLS - 1, y = end; cell >= 0; cell--) {
    path[cell] = y
    y = from[cell * height + y]
  }
  return path
}

/** Erases horizontal rules from a mask, in place, leaving strokes that cross them. @returns how many were found */
function eraseHorizontal(field: Sheet): number {
  const { width, height, mask } = field
  const thickness = Math.round(THICKNESS * Math.min(width, height)) + 2
  const covered = coverage(field)
  let found = 0
  for (; found < MAX_RULES; found++) {
    const path = bestPath(covered, height)
    if (path === null) break
    for (let cell = 0; cell < CELLS; cell++) {
      // However thick, a path is followed once.
      for (let d = -thickness; d <= thickness; d++) {
        const y = path[cell] + d
        if (y >= 0 && y < height) covered[cell * height + y] = 0
      }
      const end = Math.floor(((cell + 1) * width) / CELLS)
      for (let x = Math.floor((cell * width) / CELLS); x < end; x++) eraseRun(x, path[cell], thickness)
    }
  }
  return found

  function eraseRun(x: number, y: number, most: number): void {
    for (let near = Math.max(0, y - 2); near <= Math.min(height - 1, y + 2); near++) {
      if (!mask[near * width + x]) continue
      let top = near
      let bottom = near
      while (top > 0 && mask[(top - 1) * width + x]) top--
      while (bottom < height - 1 && mask[(bottom + 1) * width + x]) bottom++
      if (bottom - top + 1 > most) continue
      for (let at = top; at <= bottom; at++) mask[at * width + x] = 0
    }
  }
}

/**
 * Takes ruled lines, squared paper and frames out of a mask: thin lines that run through the whole picture, a little
 * sloped at most. Where a stroke crosses one it stays whole.
 * @param mask width×height, 1 where inked
 * @returns the mask without them, and how many there were
 */
export function eraseRules(mask: Uint8Array, width: number, height: number): { mask: Uint8Array; found: number } {
  const upright = { width, height, mask: Uint8Array.from(mask) }
  const horizontal = eraseHorizontal(upright)
  const turned = transpose(upright)
  const vertical = eraseHorizontal(turned)
  return { mask: transpose(turned).mask, found: horizontal + vertical }
}
