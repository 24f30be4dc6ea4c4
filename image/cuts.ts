/** Where touching digits may be cut apart. */
import { type Piece, pieceOf } from './pieces.ts'

/** A piece cut into parts from left to right, and what each cut goes through. */
export interface CutPiece {
  readonly parts: readonly Piece[]
  /** Ink that the cut after part k crosses, in pixels; one fewer than there are parts. */
  readonly costs: readonly number[]
}

/** What a step aside costs a cut, in pixels of ink: digits lean, but a cut does not wander. */
const STEP_ASIDE = 0.5
/** A cut crosses at most this many strokes' worth of ink. */
const MOST_STROKES = 2.5

/**
 * Cuts a piece along paths from top to bottom that cross little ink: for every place on the row through the middle the
 * cheapest path is found by dynamic programming from both ends; the valleys of its cost are the candidates.
 * @param stroke usual width of a stroke, pixels
 * @param least no part is narrower than this, in pixels
 */
export function cutPiece(piece: Piece, pageWidth: number, stroke: number, least: number): CutPiece {
  const { width, height } = piece
  const whole = { parts: [piece], costs: [] }
  if (width < 2 * least || height < 3) return whole
  const mask = new Uint8Array(width * height)
  for (const pixel of piece.pixels) {
    const y = (pixel / pageWidth) | 0
    mask[(y - piece.y) * width + pixel - y * pageWidth - piece.x] = 1
  }
  const down = cheapestPaths(mask, width, height, 1)
  const up = cheapestPaths(mask, width, height, -1)
  const row = height >> 1
  const cost = new Float32Array(width)
  for (let x = 0; x < width; x++) cost[x] = down[row * width + x] + up[row * width + x] - mask[row * width + x]
  const places = valleys(cost, least, MOST_STROKES * stroke)
  if (places.length === 0) return whole
  const side = new Uint8Array(width * height)
  for (const x of places) markRightOf(side, trace(down, up, mask, width, height, row, x), width)
  const buckets: number[][] = Array.from({ length: places.length + 1 }, () => [])
  for (const pixel of piece.pixels) {
    const y = (pixel / pageWidth) | 0
    buckets[side[(y - piece.y) * width + pixel - y * pageWidth - piece.x]].push(pixel)
  }
  if (buckets.some((bucket) => bucket.length < stroke * stroke))
    return dropThin(buckets, places, cost, piece, pageWidth)
  return {
    parts: buckets.map((bucket) => pieceOf(Int32Array.from(bucket), pageWidth)),
    costs: places.map((x) => cost[x]),
  }
}

/** Joins parts of next to no ink to the part on their left, or the first to its right, together with their cuts. */
function dropThin(
  buckets: readonly (readonly number[])[],
  places: readonly number[],
  cost: Float32Array,
  piece: Piece,
  pageWidth: number,
): CutPiece {
  const enough = piece.pixels.length * 0.04
  const kept: number[][] = [[...buckets[0]]]
  const costs: number[] = []
  for (let k = 1; k < buckets.length; k++) {
    const last = kept[kept.length - 1]
    if (last.length < enough || buckets[k].length < enough) last.push(...buckets[k])
    else {
      kept.push([...buckets[k]])
      costs.push(cost[places[k - 1]])
    }
  }
  return { parts: kept.map((bucket) => pieceOf(Int32Array.from(bucket), pageWidth)), costs }
}

/** For each pixel the cost of the cheapest path to it from the first row (step 1) or the last (step −1), itself included. */
function cheapestPaths(mask: Uint8Array, width: number, height: number, step: 1 | -1): Float32Array {
  const cost = new Float32Array(width * height)
  const first = step === 1 ? 0 : height - 1
  for (let x = 0; x < width; x++) cost[first * width + x] = mask[first * width + x]
  for (let n = 1; n < height; n++) {
    const here = (first + n * step) * width
    const before = here - step * width
    for (let x = 0; x < width; x++) {
      let best = cost[before + x]
      if (x > 0) best = Math.min(best, cost[before + x - 1] + STEP_ASIDE)
      if (x + 1 < width) best = Math.min(best, cost[before + x + 1] + STEP_ASIDE)
      cost[here + x] = best + mask[here + x]
    }
  }
  return cost
}

/** Places of least cost at least `apart` from each other and from both ends, from left to right. */
function valleys(cost: Float32Array, apart: number, most: number): number[] {
  const lows: number[] = []
  for (let x = 1; x + 1 < cost.length; ) {
    let end = x
    while (end + 1 < cost.length && cost[end + 1] === cost[x]) end++
    if (cost[x] <= most && cost[x - 1] > cost[x] && (end + 1 === cost.length || cost[end + 1] > cost[x])) {
      lows.push((x + end) >> 1)
    }
    x = end + 1
  }
  lows.sort((a, b) => cost[a] - cost[b] || a - b)
  const chosen: number[] = []
  for (const x of lows) {
    if (x < apart || x > cost.length - apart) continue
    if (chosen.every((other) => Math.abs(other - x) >= apart)) chosen.push(x)
  }
  return chosen.sort((a, b) => a - b)
}

/** The column in each row of the cheapest path through (x, row). */
function trace(
  down: Float32Array,
  up: Float32Array,
  mask: Uint8Array,
  width: number,
  height: number,
  row: number,
  x: number,
): Int32Array {
  const path = new Int32Array(height)
  path[row] = x
  const follow = (cost: Float32Array, step: 1 | -1): void => {
    let at = x
    for (let y = row; y - step >= 0 && y - step < height; y -= step) {
      const before = (y - step) * width
      const wanted = cost[y * width + at] - mask[y * width + at]
      let next = at
      let off = Math.abs(cost[before + at] - wanted)
      for (const side of [at - 1, at + 1]) {
        if (side < 0 || side >= width) continue
        const error = Math.abs(cost[before + side] + STEP_ASIDE - wanted)
        if (error < off - 1e-4) {
          off = error
          next = side
        }
      }
      at = next
      path[y - step] = at
    }
  }
  follow(down, 1)
  follow(up, -1)
  return path
}

/** Adds 1 to every pixel right of a path, the path included. */
function markRightOf(side: Uint8Array, path: Int32Array, width: number): void {
  for (let y = 0; y < path.length; y++) for (let x = path[y]; x < width; x++) side[y * width + x]++
}
