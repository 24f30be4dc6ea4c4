/** What the classifier is shown of a possible digit. */
import type { Ink } from '../image/ink.ts'
import { bandAround } from '../image/lines.ts'
import { type InkPatch, normalize, SIDE } from '../image/normalize.ts'
import { patchOf } from '../image/pieces.ts'
import type { Line } from '../image/segment.ts'
import { lean } from '../image/slant.ts'
import { type Candidate, isPart } from './lattice.ts'

/** A digit so many times as high as its line's is tall, and is widened at most so many times. */
const TALL = 1.2
const MOST_WIDENED = 1.8
/** Of what descends below its line so much is kept, in the line's usual heights, and widened so many times. */
const KEPT = 0.9
const KEPT_WIDENED = 1.1

/**
 * A candidate's ink as 28×28 bytes, as it is and, unless it was cut off a piece, moved by a pixel each way: the mean of the
 * five takes fewer digits for others than any one does. There are too many cut off to ask five times about each.
 */
export function viewsOf(candidate: Candidate, line: Line, page: Ink): Uint8Array[] {
  const views = unmovedViews(candidate, line, page)
  return isPart(candidate) ? views : views.flatMap((view) => [view, ...STEPS.map(([x, y]) => moved(view, x, y))])
}

/** To the right and down, in pixels. */
const STEPS = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const

/** An image moved to the right and down; what leaves it is lost. */
export function moved(image: Uint8Array, right: number, down: number): Uint8Array {
  const out = new Uint8Array(image.length)
  for (let y = Math.max(0, down); y < Math.min(SIDE, SIDE + down); y++) {
    for (let x = Math.max(0, right); x < Math.min(SIDE, SIDE + right); x++) {
      out[y * SIDE + x] = image[(y - down) * SIDE + x - right]
    }
  }
  return out
}

/**
 * Once or twice: tails of sevens and nines are drawn as long as the paper is free and the rest shrinks beside them, so what
 * stands out from its line is shown widened, and where it descends also cut short.
 */
function unmovedViews(candidate: Candidate, line: Line, page: Ink): Uint8Array[] {
  const patch = patchOf(candidate.ink, page)
  if (candidate.height < TALL) return [normalize(patch)]
  const whole = normalize(lean(patch, 0, Math.min(MOST_WIDENED, candidate.height)))
  if (!descends(candidate, line)) return [whole]
  return [whole, normalize(lean(topOf(patch, Math.round(KEPT * line.height)), 0, KEPT_WIDENED))]
}

/** Whether a candidate reaches farther below its neighbours than above them. */
function descends({ ink }: Candidate, { pieces, height }: Line): boolean {
  const { top, bottom } = bandAround(pieces, ink.x + ink.width / 2, height)
  return ink.y + ink.height - bottom > top - ink.y
}

const topOf = ({ width, height, ink }: InkPatch, rows: number): InkPatch =>
  rows >= height ? { width, height, ink } : { width, height: rows, ink: ink.subarray(0, rows * width) }
