/**
 * Whether what was read is a number at all. A classifier of digits finds ones in fences and sevens in arches: each may look
 * like a digit, but together, with how they were come by and what was passed over, they do not look like somebody's number.
 */

import type { Box } from '../image/picture.ts'
import { boxAround, type Piece } from '../image/pieces.ts'

/** What speaks for one of the digits of a reading. */
export interface DigitEvidence {
  readonly digit: number
  /** As a multiple of the level below which the artifact refuses. */
  readonly familiarity: number
  /** Whether it is a part of a stroke that was cut apart. */
  readonly isPart: boolean
  /** In pixels of the page's ink. */
  readonly ink: Piece
}

/** What was found in a whole picture. */
export interface Evidence {
  /** Of the page's ink. */
  readonly page: { readonly width: number; readonly height: number }
  readonly digits: readonly DigitEvidence[]
  /** Pixels of the ink that was read, and of the pieces between that were passed over. */
  readonly read: number
  readonly passed: number
}

/** So familiar the digits of a number are on the whole; what is less familiar than the second is none at all; … */
const LEAST_FAMILIAR = 1.6
const STRANGE = 1
/** … none counting for more than this. */
const MOST_FAMILIAR = 4
/**
 * More is asked where all were cut out of strokes, as a drawing can be, and the more the fewer they are: twice this of one
 * cut off something, this of two …
 */
const PARTED = 1.2
/** … and where ink was passed over: a fifth of all costs as much as a digit that is only just familiar. */
const PASSED = 5
/** Any stroke may be a one, and any outline a nought: so many, and nothing else, are bars, fences, bubbles. */
const MANY_ALIKE = 3
/** A one this many times as wide as it is high is a stroke that lies. */
const LYING = 0.9
/** A one with a dot above is an i: the dot ends within this part of its height, and the gap below is this part of it. */
const DOT = 0.4
const GAP = 0.06
/** A one at the page's edge is a rim or a shadow, unless the digits fill this part of the page. */
const FILLED = 0.5

/**
 * What digits are together: a number that somebody wrote; what may be one, or else bars, bubbles, an i; or nothing like a
 * number, so that its digits are made up.
 */
export type Verdict = 'number' | 'doubtful' | 'none'

/** Judges what was found in a picture. */
export function verdictOn(evidence: Evidence): Verdict {
  const { page, digits } = evidence
  const familiarity = digits.length === 0 ? 0 : familiarityOf(evidence)
  if (familiarity < STRANGE) return 'none'
  const { digit: first } = digits[0]
  const isAlike = digits.length >= MANY_ALIKE && first <= 1 && digits.every(({ digit }) => digit === first)
  const isDoubtful = isAlike || digits.some(({ digit, ink }) => digit === 1 && isDotted(ink, page.width))
  return isDoubtful || familiarity < LEAST_FAMILIAR ? 'doubtful' : 'number'
}

/** How familiar some digits, at least one, are on the whole, less what speaks against them. */
function familiarityOf({ page, digits, read, passed }: Evidence): number {
  const count = digits.length
  const filled = sizeOf(boxAround(digits.map(({ ink }) => ink))) >= FILLED * sizeOf(page)
  const isMereStroke = ({ digit, ink }: DigitEvidence) =>
    digit === 1 && (ink.width >= LYING * ink.height || (!filled && isAtEdge(ink, page)))
  const known = digits.map((one) => (isMereStroke(one) ? 0 : Math.min(MOST_FAMILIAR, one.familiarity)))
  const familiar = known.reduce((sum, value) => sum + value, 0) / count
  const parts = digits.filter(({ isPart }) => isPart).length
  const parted = (2 * PARTED * parts) / count ** 2
  return familiar - parted - (PASSED * passed) / Math.max(1, read + passed)
}

const sizeOf = ({ width, height }: { readonly width: number; readonly height: number }) => width * height

const isAtEdge = ({ x, y, width, height }: Box, page: Evidence['page']) =>
  x === 0 || y === 0 || x + width === page.width || y + height === page.height

/** Whether ink is a stroke with a dot above it and nothing else apart. */
function isDotted({ x, y, height, pixels }: Piece, pageWidth: number): boolean {
  const inked = new Uint8Array(height)
  for (const at of pixels) inked[Math.floor((at - x) / pageWidth) - y] = 1
  const top = inked.indexOf(0)
  if (top < 0) return false
  const below = inked.indexOf(1, top)
  return top <= DOT * height && below - top >= GAP * height && !inked.subarray(below).includes(0)
}
