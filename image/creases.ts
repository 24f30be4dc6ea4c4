/** Folds of the paper and wires before it: fine straight lines from one edge of the page to another. */
import type { Ink } from './ink.ts'
import { usualHeight } from './lines.ts'
import type { Piece } from './pieces.ts'

/** A line's place: a point on it and its direction, a unit vector. */
interface Axis {
  readonly x: number
  readonly y: number
  readonly dx: number
  readonly dy: number
}

/** Pieces whose width is more than this part of their length give no line's direction. */
const STRAIGHT = 0.2
/** So many of the longest others are asked for one. */
const MOST_AXES = 8
/** Of the line's way across the page, cut into so many cells, this share is inked, … */
const CELLS = 24
const COMPLETE = 0.7
/** … those at both ends among them. A crease's ink lies within so many standard deviations across it, or a stroke, … */
const STRAY = 2.5
/** … and it is no wider than this part of its length; a bar's width is √12 standard deviations. */
const FINE = 0.06
/**
 * A one may fill a page from end to end. A crease's way across the page is at least so many times as long as anything beside
 * it is high, or where there is nothing but straight strokes, this part of the page's longer side.
 */
const LEAST_HEIGHTS = 1.35
const LEAST_WAY = 0.5
/** Ink weaker than this is paper. */
const FAINTEST = 0.12
/** What lies on its line to this share belongs to it. */
const OWN_SHARE = 0.8

/**
 * Clears a crease from a page's ink, in place. A crease is faint, so that it may come in many pieces, which lie on a straight
 * line that runs out of the page at both ends, and have no ink beside it.
 * @param pieces of the page
 * @param stroke usual width of one
 * @returns whether there was one
 */
export function clearCrease(page: Ink, pieces: readonly Piece[], stroke: number): boolean {
  const { width, height } = page
  const straight: { axis: Axis; across: number; along: number }[] = []
  const bent: Piece[] = []
  for (const piece of pieces) {
    const found = axisOf(piece, width)
    if (found.across <= STRAIGHT * found.along) straight.push(found)
    else bent.push(piece)
  }
  const least = bent.length > 0 ? LEAST_HEIGHTS * usualHeight(bent) : LEAST_WAY * Math.max(width, height)
  straight.sort((a, b) => b.along - a.along)
  for (const { axis, across } of straight.slice(0, MOST_AXES)) {
    const reach = Math.max(1, stroke, STRAY * across)
    const [from, to] = wayAcross(axis, width, height)
    if (to - from < Math.max(least, (Math.sqrt(12) * across) / FINE) || !isInkedAcross(page, axis, from, to)) continue
    const own = new Set(piecesOn(axis, pieces, reach, width))
    clearLine(
      page,
      axis,
      reach + 1,
      pieces.filter((other) => !own.has(other)),
    )
    return true
  }
  return false
}

/** Clears a line's ink but for other pieces'. */
function clearLine({ width, height, ink }: Ink, axis: Axis, reach: number, others: readonly Piece[]): void {
  const kept = new Uint8Array(ink.length)
  for (const { pixels } of others) for (const at of pixels) kept[at] = 1
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) if (!kept[i] && distance(axis, x, y) <= reach) ink[i] = 0
  }
}

/** A piece's principal axis, and the standard deviation of its pixels along and across it. */
function axisOf({ pixels }: Piece, pageWidth: number): { axis: Axis; along: number; across: number } {
  let [x1, y1, xx, xy, yy] = [0, 0, 0, 0, 0]
  for (let k = 0; k < pixels.length; k++) {
    const y = (pixels[k] / pageWidth) | 0
    const x = pixels[k] - y * pageWidth
    x1 += x
    y1 += y
    xx += x * x
    xy += x * y
    yy += y * y
  }
  const [x, y] = [x1 / pixels.length, y1 / pixels.length]
  const [a, b, c] = [xx / pixels.length - x * x, xy / pixels.length - x * y, yy / pixels.length - y * y]
  const root = Math.hypot((a - c) / 2, b)
  const angle = Math.atan2(2 * b, a - c) / 2
  return {
    axis: { x, y, dx: Math.cos(angle), dy: Math.sin(angle) },
    along: Math.sqrt((a + c) / 2 + root),
    across: Math.sqrt(Math.max(0, (a + c) / 2 - root)),
  }
}

/** The pieces that lie on a line. @param reach how far ink on it may lie beside it */
function piecesOn(axis: Axis, pieces: readonly Piece[], reach: number, pageWidth: number): Piece[] {
  return pieces.filter((piece) => {
    const middle = distance(axis, piece.x + piece.width / 2, piece.y + piece.height / 2)
    if (middle > reach + Math.max(piece.width, piece.height)) return false
    let near = 0
    for (const at of piece.pixels) {
      const y = (at / pageWidth) | 0
      if (distance(axis, at - y * pageWidth, y) <= reach) near++
    }
    return near >= OWN_SHARE * piece.pixels.length
  })
}

const distance = ({ x, y, dx, dy }: Axis, atX: number, atY: number) => Math.abs((atX - x) * dy - (atY - y) * dx)

/** Whether ink follows a line all the way from one place on it to another. */
function isInkedAcross({ width, height, ink }: Ink, { x, y, dx, dy }: Axis, from: number, to: number): boolean {
  const inkAt = (along: number, beside: number) => {
    const column = Math.round(x + along * dx - beside * dy)
    const row = Math.round(y + along * dy + beside * dx)
    return column < 0 || row < 0 || column >= width || row >= height ? 0 : ink[row * width + column]
  }
  const inked = new Float32Array(CELLS)
  const all = new Float32Array(CELLS)
  for (let at = from; at <= to; at++) {
    const cell = Math.min(CELLS - 1, Math.floor(((at - from) / (to - from)) * CELLS))
    all[cell]++
    if (Math.max(inkAt(at, -1), inkAt(at, 0), inkAt(at, 1)) > FAINTEST) inked[cell]++
  }
  const isInked = inked.map((count, cell) => (count >= all[cell] / 2 ? 1 : 0))
  return isInked.reduce((sum, one) => sum + one, 0) >= COMPLETE * CELLS && isInked[0] + isInked[CELLS - 1] === 2
}

/** Where along a line through the page the page begins and ends. */
function wayAcross({ x, y, dx, dy }: Axis, width: number, height: number): [number, number] {
  let [from, to] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (const [at, step, end] of [
    [x, dx, width - 1],
    [y, dy, height - 1],
  ]) {
    if (Math.abs(step) < 1e-9) continue
    const [a, b] = [-at / step, (end - at) / step]
    from = Math.max(from, Math.min(a, b))
    to = Math.min(to, Math.max(a, b))
  }
  return [from, to]
}
