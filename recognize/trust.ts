/**
 * Whether what was read is a number at all. A classifier of digits finds ones in fences and sevens in arches: each may look
 * like a digit, but together, with how they were come by and what was passed over, they do not look like somebody's number.
 */

/** What speaks for one of the digits of a reading. */
export interface DigitEvidence {
  readonly digit: number
  /** As a multiple of the level below which the artifact refuses. */
  readonly familiarity: number
  /** Whether it is a part of a stroke that was cut apart. */
  readonly isPart: boolean
}

/** What was found in a whole picture. */
export interface Evidence {
  readonly digits: readonly DigitEvidence[]
  /** Pixels of the ink that was read, and of the pieces between that were passed over. */
  readonly read: number
  readonly passed: number
}

/** So familiar the digits must be on the whole, … */
const LEAST_FAMILIAR = 1.5
/** … none counting for more than this. */
const MOST_FAMILIAR = 4
/**
 * More is asked where all were cut out of strokes, as a drawing can be, and the more the fewer they are: twice this of one
 * cut off something, this of two …
 */
const PARTED = 1.2
/** … and where ink was passed over: a fifth of all costs as much as a digit that is only just familiar. */
const PASSED = 5
/** Any stroke may be a one: so many, and nothing else, are bars, fences, folds. */
const MANY_ONES = 3

/** Whether digits together look like a number that somebody wrote. @returns false where there is none */
export function looksLikeNumber({ digits, read, passed }: Evidence): boolean {
  const count = digits.length
  if (count === 0) return false
  if (count >= MANY_ONES && digits.every(({ digit }) => digit === 1)) return false
  const familiar = digits.reduce((sum, { familiarity }) => sum + Math.min(MOST_FAMILIAR, familiarity), 0) / count
  const parts = digits.filter(({ isPart }) => isPart).length
  const parted = (2 * PARTED * parts) / count ** 2
  return familiar - parted - (PASSED * passed) / Math.max(1, read + passed) >= LEAST_FAMILIAR
}
