/** Lines of writing: which pieces stand beside each other, however the line slopes. */
import type { Box } from './picture.ts'

/** Lines are followed up to this slope, in rows per column: 15°. */
const MOST_SLOPE = 0.27
/** Slopes are tried in such steps. */
const STEP = 0.015
/** Lines up to 42° steep are looked for; ones below 3° are read as they stand. */
const STEEPEST = 0.9
const LEVEL = 0.05
/** Along steep lines the boxes' middles pile up so many times as high as along any half as steep as level ones may be. */
const STEEP_PILE = 1.3
/** Fewer boxes may stand anyhow, and more are no handwritten number. */
const LEAST_STEEP = 4
const MOST_STEEP = 100

/** Height such that half of all the boxes' height is in boxes at most as high: specks, being low, hardly count. */
export function usualHeight(boxes: readonly Box[]): number {
  const heights = boxes.map((box) => box.height).sort((a, b) => a - b)
  const half = heights.reduce((sum, height) => sum + height, 0) / 2
  let sum = 0
  for (const height of heights) {
    sum += height
    if (sum >= half) return height
  }
  return 0
}

/**
 * Parts boxes into lines of writing, from the top down, each from left to right. All lines of a page slope alike, the way
 * in which their middles gather in the fewest rows.
 * @param height usual height of a digit
 */
export function findLines<T extends Box>(boxes: readonly T[], height: number): T[][] {
  const tall = boxes.filter((box) => box.height >= 0.5 * height)
  if (tall.length === 0) return []
  const slope = tall.length < 3 ? 0 : bestSlope(tall, height, MOST_SLOPE).slope
  const level = (box: Box) => box.y + box.height / 2 - slope * (box.x + box.width / 2)
  const lines: { middle: number; boxes: T[] }[] = []
  for (const box of [...tall].sort((a, b) => level(a) - level(b))) {
    const last = lines[lines.length - 1]
    if (last && level(box) - last.middle < 0.7 * height) {
      last.boxes.push(box)
      last.middle = last.boxes.reduce((sum, member) => sum + level(member), 0) / last.boxes.length
    } else lines.push({ middle: level(box), boxes: [box] })
  }
  for (const box of boxes) {
    if (box.height >= 0.5 * height) continue
    const away = (line: { middle: number }) => Math.abs(level(box) - line.middle)
    const nearest = lines.reduce((best, line) => (away(line) < away(best) ? line : best))
    if (away(nearest) < height) nearest.boxes.push(box)
  }
  return lines.map((line) => line.boxes.sort((a, b) => a.x + a.width / 2 - b.x - b.width / 2))
}

/**
 * How steeply the lines of a page run. @returns rows per column; 0 for lines that are level enough to be read as they stand,
 * and where it is not plain
 */
export function steepSlope(boxes: readonly Box[], height: number): number {
  const tall = boxes.filter((box) => box.height >= 0.5 * height)
  if (tall.length < LEAST_STEEP || tall.length > MOST_STEEP) return 0
  const level = bestSlope(tall, height, LEVEL / 2)
  const steep = bestSlope(tall, height, STEEPEST)
  return Math.abs(steep.slope) > LEVEL && steep.pile > STEEP_PILE * level.pile ? steep.slope : 0
}

/** The slope at which the boxes' middles, each smeared over half a digit's height, pile up highest, and how high. */
function bestSlope(boxes: readonly Box[], height: number, most: number): { slope: number; pile: number } {
  let best = { slope: 0, pile: -1 }
  for (let k = 0; k * STEP <= most; k++) {
    // From level outwards, so that of equals the least slope wins.
    for (const slope of k === 0 ? [0] : [-k * STEP, k * STEP]) {
      const pile = pileAt(boxes, height, slope)
      if (pile > best.pile * 1.02 + 1e-9) best = { slope, pile }
    }
  }
  return best
}

/** How many boxes stand beside each other along a slope: each pair counts the more, the less its middles are apart. */
function pileAt(boxes: readonly Box[], height: number, slope: number): number {
  const levels = boxes.map((box) => box.y + box.height / 2 - slope * (box.x + box.width / 2)).sort((a, b) => a - b)
  let pile = 0
  let from = 0
  for (let i = 0; i < levels.length; i++) {
    while (levels[i] - levels[from] > height / 2) from++
    for (let j = from; j < i; j++) pile += 1 - (levels[i] - levels[j]) / (height / 2)
  }
  return pile
}

/** Neighbours within so many usual heights tell where the line is. */
const NEAR = 3

/**
 * The rows between which a line's digits stand around some place: medians of the tops and bottoms of the tall boxes near it,
 * or of the nearest if none is near.
 * @param boxes of which one at least is higher than half the usual height
 * @param at column
 * @param height usual height of a digit
 */
export function bandAround(boxes: readonly Box[], at: number, height: number): { top: number; bottom: number } {
  const away = (box: Box) => Math.abs(box.x + box.width / 2 - at)
  const tall = boxes.filter((box) => box.height > height / 2)
  const within = Math.max(NEAR * height, Math.min(...tall.map(away)) + 1)
  const near = tall.filter((box) => away(box) < within)
  return { top: median(near.map((box) => box.y)), bottom: median(near.map((box) => box.y + box.height)) }
}

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]
