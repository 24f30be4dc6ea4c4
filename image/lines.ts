/** Lines of writing: which pieces stand beside each other, however the line slopes. */
import type { Box } from './picture.ts'

/** Slopes tried, in rows per column: ±15°. */
const MOST_SLOPE = 0.27
const SLOPES = 37

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
  const slope = commonSlope(tall, height)
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

/** The slope at which the boxes' middles, each smeared over half a digit's height, pile up highest. */
function commonSlope(boxes: readonly Box[], height: number): number {
  if (boxes.length < 3) return 0
  let best = 0
  let most = -1
  for (let k = 0; k < SLOPES; k++) {
    // From level outwards, so that of equals the least slope wins.
    const slope = (((k + 1) >> 1) * (k % 2 === 0 ? 1 : -1) * MOST_SLOPE) / (SLOPES >> 1)
    const levels = boxes.map((box) => box.y + box.height / 2 - slope * (box.x + box.width / 2)).sort((a, b) => a - b)
    let sum = 0
    let from = 0
    for (let i = 0; i < levels.length; i++) {
      while (levels[i] - levels[from] > height / 2) from++
      for (let j = from; j < i; j++) sum += 1 - (levels[i] - levels[j]) / (height / 2)
    }
    if (sum > most * 1.02 + 1e-9) {
      most = sum
      best = slope
    }
  }
  return best
}

/** Neighbours within so many usual heights tell where the line is. */
const NEAR = 3

/**
 * The rows between which a line's digits stand around some place: medians of the tops and bottoms of the boxes near it.
 * @param at column
 * @param height usual height of a digit
 */
export function bandAround(boxes: readonly Box[], at: number, height: number): { top: number; bottom: number } {
  const near = boxes.filter((box) => box.height > height / 2 && Math.abs(box.x + box.width / 2 - at) < NEAR * height)
  return { top: median(near.map((box) => box.y)), bottom: median(near.map((box) => box.y + box.height)) }
}

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
