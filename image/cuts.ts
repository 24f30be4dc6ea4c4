/** Where touching digits may be cut apart. */
import type { Piece } from './pieces.ts'
import { scratch } from './scratch.ts'

/** A way through a piece from above to below. */
export interface Cut {
  /** For each row of the piece its first column, from the piece's left edge, that lies right of the cut. */
  readonly path: Int32Array
  /** Ink that it crosses, in strokes. */
  readonly cost: number
  /** Ink left of it in each row of a coarse grid, in squares of a stroke. */
  readonly left: Float32Array
}

/** Of what is made on the way. */
const memory = {
  grid: scratch(Float32Array),
  left: scratch(Float32Array),
  down: scratch(Float32Array),
  up: scratch(Float32Array),
  dear: scratch(Float32Array),
  detour: scratch(Float32Array),
}

/** Ink as a grid of cells; 1 where a cell is full. */
interface Grid {
  readonly width: number
  readonly height: number
  readonly ink: Float32Array
}

/** A path's column in each row, and the ink it crosses in cells. */
interface Path {
  readonly columns: Int32Array
  readonly cost: number
}

/** A stroke is so many cells wide when paths are looked for. */
const STROKE_CELLS = 6
/** What a step aside costs, in cells of ink: digits lean, but a cut does not wander. */
const STEP_ASIDE = 0.2
/** Rows from which paths are looked for, as shares of the height: where digits touch at one row, others lie open. */
const ROWS = [0.5, 0.3, 0.7]
/** A cut crosses at most this many strokes' worth of ink. */
const MOST_STROKES = 5
/** Where a path crosses ink a second is looked for that crosses elsewhere: ink near the first costs so much more. */
const DETOUR = 2
/** Of the cuts through a stretch this wide, in usual heights of a digit, only so many are kept, the cheapest. */
const STRETCH = 0.12
const MOST_CUTS = 3
/** A digit has at least this share of the ink of an upright stroke as high as the line. */
const LEAST_INK = 0.35
/** Cuts that part the ink alike, but for so many squares of a stroke, are one. */
const ALIKE = 1

/**
 * Finds ways to cut a piece apart: through each valley of the ink crossed on the way down and up from some row, the
 * cheapest path by dynamic programming, and ones that avoid where that crosses ink. They may cross each other.
 * @param stroke usual width of a stroke, pixels
 * @param lineHeight usual height of a digit, pixels
 * @returns from left to right by their mean column
 */
export function findCuts(piece: Piece, pageWidth: number, stroke: number, lineHeight: number): Cut[] {
  const cell = Math.max(1, Math.round(stroke / STROKE_CELLS))
  const grid = gridOf(piece, pageWidth, cell)
  const cells = stroke / cell
  const paths = candidates(grid, cells)
  const stretch = (STRETCH * lineHeight) / cell
  const least = (LEAST_INK * stroke * Math.min(lineHeight, piece.height)) / cell ** 2
  const left = inkToTheLeft(grid)
  return different(paths, grid, left, cells, stretch, least)
    .map(({ columns, cost }) => {
      const path = new Int32Array(piece.height)
      for (let y = 0; y < path.length; y++) path[y] = columns[(y / cell) | 0] * cell
      const inkLeft = new Float32Array(columns.length)
      for (let y = 0; y < inkLeft.length; y++) inkLeft[y] = left[y * (grid.width + 1) + columns[y]] / cells ** 2
      return { path, cost: cost / cells, left: inkLeft }
    })
    .sort((a, b) => sum(a.path) - sum(b.path))
}

/** Ink that lies right of one cut and left of another, in squares of a stroke. */
export function inkBetween(a: Cut, b: Cut): number {
  let area = 0
  for (let y = 0; y < a.left.length; y++) if (b.left[y] > a.left[y]) area += b.left[y] - a.left[y]
  return area
}

/** Whether one cut lies left of another in every row, or on it. */
export function isLeftOf(a: Cut, b: Cut): boolean {
  for (let y = 0; y < a.path.length; y++) if (a.path[y] > b.path[y]) return false
  return true
}

function sum(values: Int32Array): number {
  let total = 0
  for (let k = 0; k < values.length; k++) total += values[k]
  return total
}

function gridOf(piece: Piece, pageWidth: number, cell: number): Grid {
  const width = Math.ceil(piece.width / cell)
  const height = Math.ceil(piece.height / cell)
  const ink = memory.grid(width * height)
  const full = 1 / cell ** 2
  for (let k = 0; k < piece.pixels.length; k++) {
    const y = (piece.pixels[k] / pageWidth) | 0
    const x = piece.pixels[k] - y * pageWidth - piece.x
    ink[(((y - piece.y) / cell) | 0) * width + ((x / cell) | 0)] += full
  }
  return { width, height, ink }
}

function candidates(grid: Grid, stroke: number): Path[] {
  const { width, height } = grid
  const down = cheapest(grid, 0, height, 1, memory.down(width * height))
  const up = cheapest(grid, 0, height, -1, memory.up(width * height))
  const found: Path[] = []
  for (const share of ROWS) {
    const row = Math.min(height - 1, Math.floor(share * height))
    const cost = new Float32Array(width)
    for (let x = 0; x < width; x++) cost[x] = down[row * width + x] + up[row * width + x] - grid.ink[row * width + x]
    for (const x of valleys(cost, MOST_STROKES * stroke)) {
      const above = halves(grid, down, x, row, 1, stroke)
      const below = halves(grid, up, x, row, -1, stroke)
      above.forEach((top, i) => {
        below.forEach((bottom, j) => {
          if (i + j < 2) found.push(joinHalves(grid, top, bottom, row))
        })
      })
    }
  }
  return found.filter((path) => path.cost <= MOST_STROKES * stroke)
}

/** The cheapest way from the first row (step 1) or the last (−1) to a place, and the one that avoids its crossings. */
function halves(grid: Grid, cost: Float32Array, x: number, row: number, step: 1 | -1, stroke: number): Int32Array[] {
  const { width, height } = grid
  const first = trace(grid, cost, x, row, step)
  let crossed = 0
  for (let y = row; y >= 0 && y < height; y -= step) crossed += grid.ink[y * width + first[y]]
  if (crossed < stroke / 2) return [first]
  const ink = memory.dear(grid.ink.length)
  ink.set(grid.ink)
  const reach = Math.ceil(stroke)
  for (let y = row; y >= 0 && y < height; y -= step) {
    const i = y * width
    if (grid.ink[i + first[y]] === 0) continue
    const last = Math.min(width - 1, first[y] + reach)
    for (let k = Math.max(0, first[y] - reach); k <= last; k++) ink[i + k] *= 1 + DETOUR
  }
  const dear = { width, height, ink }
  const from = step === 1 ? 0 : row
  const to = step === 1 ? row + 1 : height
  return [first, trace(dear, cheapest(dear, from, to, step, memory.detour(ink.length)), x, row, step)]
}

function joinHalves({ width, ink }: Grid, top: Int32Array, bottom: Int32Array, row: number): Path {
  const columns = bottom.slice()
  columns.set(top.subarray(0, row))
  let cost = 0
  for (let y = 0; y < columns.length; y++) cost += ink[y * width + columns[y]]
  return { columns, cost }
}

/**
 * The cost of the cheapest path to each cell of some rows from the first of them (step 1) or the last (−1), itself included.
 * @param cost is filled
 */
function cheapest({ width, ink }: Grid, from: number, to: number, step: 1 | -1, cost: Float32Array): Float32Array {
  const first = step === 1 ? from : to - 1
  cost.set(ink.subarray(first * width, (first + 1) * width), first * width)
  for (let n = 1; n < to - from; n++) {
    const here = (first + n * step) * width
    const before = here - step * width
    let left = Number.POSITIVE_INFINITY
    let middle = cost[before]
    for (let x = 0; x < width; x++) {
      const right = x + 1 < width ? cost[before + x + 1] : Number.POSITIVE_INFINITY
      let best = middle
      if (left + STEP_ASIDE < best) best = left + STEP_ASIDE
      if (right + STEP_ASIDE < best) best = right + STEP_ASIDE
      cost[here + x] = best + ink[here + x]
      left = middle
      middle = right
    }
  }
  return cost
}

/** Places of locally least cost, from left to right; of a level stretch its middle. */
function valleys(cost: Float32Array, most: number): number[] {
  const lows: number[] = []
  for (let x = 1; x + 1 < cost.length; ) {
    let end = x
    while (end + 1 < cost.length && cost[end + 1] === cost[x]) end++
    if (cost[x] <= most && cost[x - 1] > cost[x] && end + 1 < cost.length && cost[end + 1] > cost[x]) {
      lows.push((x + end) >> 1)
    }
    x = end + 1
  }
  return lows
}

/** The column in each row of the cheapest path to (x, row); rows beyond it stay 0. */
function trace({ width, height }: Grid, cost: Float32Array, x: number, row: number, step: 1 | -1): Int32Array {
  const path = new Int32Array(height)
  path[row] = x
  for (let y = row, at = x; y - step >= 0 && y - step < height; y -= step) {
    const before = (y - step) * width
    const left = at > 0 ? cost[before + at - 1] + STEP_ASIDE : Number.POSITIVE_INFINITY
    const right = at + 1 < width ? cost[before + at + 1] + STEP_ASIDE : Number.POSITIVE_INFINITY
    const middle = cost[before + at]
    if (left < middle && left <= right) at--
    else if (right < middle) at++
    path[y - step] = at
  }
  return path
}

/** Ink left of each column, row by row, (width + 1)×height. */
function inkToTheLeft({ width, height, ink }: Grid): Float32Array {
  const left = memory.left((width + 1) * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) left[y * (width + 1) + x + 1] = left[y * (width + 1) + x] + ink[y * width + x]
  }
  return left
}

/**
 * The cheapest paths, of those that part the ink alike only one, and no crowd in one place.
 * @param left what {@link inkToTheLeft} gives
 * @param stretch width of a place, in cells
 * @param least ink on each side, in cells
 */
function different(
  paths: readonly Path[],
  { width, height }: Grid,
  left: Float32Array,
  stroke: number,
  stretch: number,
  least: number,
): Path[] {
  const alike = ALIKE * stroke ** 2
  const between = (a: Int32Array, b: Int32Array): number => {
    let area = 0
    for (let y = 0, row = 0; y < height; y++, row += width + 1) area += Math.abs(left[row + a[y]] - left[row + b[y]])
    return area
  }
  const start = new Int32Array(height)
  const end = new Int32Array(height).fill(width)
  const crowd = new Uint8Array(Math.ceil(width / stretch) + 1)
  const chosen: Path[] = []
  for (const path of [...paths].sort((a, b) => a.cost - b.cost)) {
    const { columns } = path
    const place = Math.floor(sum(columns) / height / stretch)
    if (crowd[place] === MOST_CUTS) continue
    if (between(start, columns) < least || between(columns, end) < least) continue
    if (chosen.every((other) => between(columns, other.columns) >= alike)) {
      chosen.push(path)
      crowd[place]++
    }
  }
  return chosen
}

/**
 * Parts a piece: the result gives what lies between two cuts, or between one and the piece's own end (`null`), of which the
 * second is not left of the first in any row; `null` where there is no ink. Pixels are parted row by row, once for each cut.
 */
export function partsBetween(piece: Piece, pageWidth: number): (left: Cut | null, right: Cut | null) => Piece | null {
  const pixels = isRising(piece.pixels) ? piece.pixels : piece.pixels.slice().sort()
  const corner = piece.y * pageWidth + piece.x
  const starts = new Int32Array(piece.height + 1)
  for (let k = 0; k < pixels.length; k++) starts[((pixels[k] / pageWidth) | 0) - piece.y + 1] = k + 1
  for (let y = 1; y < starts.length; y++) starts[y] = Math.max(starts[y], starts[y - 1])
  const ends = starts.subarray(1)
  const firstRight = new Map<Cut, Int32Array>()
  const partedBy = (cut: Cut): Int32Array => {
    const known = firstRight.get(cut)
    if (known) return known
    const parted = starts.slice(0, -1)
    for (let y = 0, row = corner; y < parted.length; y++, row += pageWidth) {
      const right = row + cut.path[y]
      while (parted[y] < ends[y] && pixels[parted[y]] < right) parted[y]++
    }
    firstRight.set(cut, parted)
    return parted
  }
  return (left, right) => {
    if (left === null && right === null) return piece
    const from = left === null ? starts : partedBy(left)
    const to = right === null ? ends : partedBy(right)
    let count = 0
    let [x0, x1, y0, y1] = [piece.width, -1, piece.height, -1]
    for (let y = 0, row = corner; y < piece.height; y++, row += pageWidth) {
      if (from[y] >= to[y]) continue
      count += to[y] - from[y]
      x0 = Math.min(x0, pixels[from[y]] - row)
      x1 = Math.max(x1, pixels[to[y] - 1] - row)
      y0 = Math.min(y0, y)
      y1 = y
    }
    if (count === 0) return null
    const own = new Int32Array(count)
    for (let y = y0, k = 0; y <= y1; y++) for (let i = from[y]; i < to[y]; i++) own[k++] = pixels[i]
    return { x: piece.x + x0, y: piece.y + y0, width: x1 - x0 + 1, height: y1 - y0 + 1, pixels: own }
  }
}

function isRising(values: Int32Array): boolean {
  for (let k = 1; k < values.length; k++) if (values[k] < values[k - 1]) return false
  return true
}
