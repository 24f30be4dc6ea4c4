/** Strokes that are interrupted all over a page: a dotted scan, a pen that runs dry, a printer's bands. */
import { find } from './components.ts'
import type { Ink } from './ink.ts'
import { usualHeight } from './lines.ts'
import { withoutNarrow } from './morphology.ts'
import type { Box } from './picture.ts'
import { boxAround, type Piece } from './pieces.ts'

/** Fewer pieces than this are no digit in fragments. */
const FEWEST = 4
/** The pieces of a broken page come together to this share of them at most, and this share of them are fragments, … */
const JOINED = 0.5
const MOSTLY = 0.5
/** … no longer than so many strokes are wide, and lower than so much of what they come to, or narrower than so much of it. */
const LONG = 5
const LOW = 0.6
const NARROW = 0.25

/**
 * Fills the gaps in a page's strokes, in place, if most of its pieces are fragments that come together within a stroke's
 * width. (A network that has seen strokes with a gap or two does not know digits in ten pieces, nor would they be looked at
 * as one.)
 * @param pieces of the page
 * @param stroke usual width of one, in pixels: no wider gap is filled
 * @returns whether it was so
 */
export function mend(page: Ink, pieces: readonly Piece[], stroke: number): boolean {
  const least = MOSTLY * pieces.length
  const short = pieces.filter(({ width, height }) => Math.max(width, height) < LONG * stroke)
  if (pieces.length < FEWEST || short.length < least) return false
  const gap = Math.max(1, Math.round(stroke))
  const whole = boxesWithin(gap, page, pieces)
  if (whole.length > JOINED * pieces.length) return false
  const usual = usualHeight(whole)
  const fragments = short.filter(({ width, height }) => height < LOW * usual || width < NARROW * usual)
  if (fragments.length < least) return false
  const { width, height, ink } = page
  ink.set(withoutNarrow({ width, height, values: ink }, Math.ceil(gap / 2), -1).values)
  return true
}

/** Ways to a neighbour; the other four are the same, looked at from the other side. */
const WAYS = [
  [1, 0],
  [0, 1],
  [1, 1],
  [-1, 1],
] as const

/** Boxes around pieces with at most so many pixels between them and the next, along rows, columns or diagonals. */
function boxesWithin(gap: number, { width, height }: Ink, pieces: readonly Piece[]): Box[] {
  const owner = new Int32Array(width * height).fill(-1)
  for (const [k, { pixels }] of pieces.entries()) for (let i = 0; i < pixels.length; i++) owner[pixels[i]] = k
  const group = Int32Array.from(pieces.keys())
  for (const [k, { pixels }] of pieces.entries()) {
    for (let i = 0; i < pixels.length; i++) {
      const y = Math.floor(pixels[i] / width)
      const x = pixels[i] - y * width
      for (const [dx, dy] of WAYS) {
        const room = Math.min(dy > 0 ? height - 1 - y : gap + 1, dx > 0 ? width - 1 - x : dx < 0 ? x : gap + 1)
        let [at, met] = [pixels[i], -1]
        for (let left = Math.min(gap + 1, room); left > 0 && met < 0; left--) {
          at += dy * width + dx
          met = owner[at]
        }
        if (met >= 0) group[find(group, met)] = find(group, k)
      }
    }
  }
  const groups = Map.groupBy(pieces.keys(), (k) => find(group, k))
  return [...groups.values()].map((own) => boxAround(own.map((k) => pieces[k])))
}
