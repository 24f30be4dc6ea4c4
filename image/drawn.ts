/** Grey levels around a tone that still count as it. */
const TOLERANCE = 2
/** Two tones lie at least so many grey levels apart. */
const APART = 10
/** In a drawn picture the two commonest tones make this share of all pixels; no photograph comes near. */
const DRAWN_SHARE = 0.8
/** The lesser tone makes at least this share. */
const LEAST_SHARE = 0.005
/** Of the pixels that count as the commonest tone this share has one and the same grey level; noise spreads them. */
const FLAT_SHARE = 0.5
/** A tone of more than this share is the paper, whatever lies along the edge. */
const PAPER_SHARE = 0.62

/** Grey levels of paper and ink. */
export interface Tones {
  readonly paper: number
  readonly ink: number
}

/** A corner is a square of this part of the longer side, filled when this share of it has the tone. */
const CORNER = 0.06
const FILLED = 0.8
/** In smaller pictures a stroke fills a corner as easily. */
const LEAST_SIDE = 48

/** Deviations of up to ±255·√3 from the border's median colour, shifted to be an index. */
const SHIFT = 450

/** The share of all pixels within {@link TOLERANCE} of the commonest tone at least {@link APART} levels off `not`. */
function commonest(histogram: Uint32Array, total: number, not: number | null): { tone: number; share: number } {
  let best = { tone: 0, share: 0 }
  for (let tone = TOLERANCE; tone < histogram.length - TOLERANCE; tone++) {
    if (histogram[tone] === 0 || (not !== null && Math.abs(tone - SHIFT - not) < APART)) continue
    let count = 0
    for (let k = -TOLERANCE; k <= TOLERANCE; k++) count += histogram[tone + k]
    if (count / total > best.share) best = { tone: tone - SHIFT, share: count / total }
  }
  return best
}

/**
 * Tells whether a picture was drawn by a program in two flat tones, and which of them is the paper: the commoner one by
 * far, else the one along the edge. A digit that fills its picture leaves less of the paper than of ink there.
 * @param values width×height deviations in grey levels
 * @returns the tones, or `null` for a photograph, a scan, or a picture of one tone
 */
export function drawnTones(values: Float32Array, width: number, height: number): Tones | null {
  const tones = twoTones(values, width, height)
  if (tones === null || !fillsCorner(values, width, height, tones)) return tones
  // A canvas in a page has the page in its corners.
  const page = { paper: tones.ink, ink: tones.paper }
  return fillsCorner(values, width, height, page) ? null : page
}

/**
 * Whether ink fills one of the picture's corners, as a shadow that falls in from outside does: a photograph can have two
 * flat tones too, with noise around them.
 */
export function fillsCorner(values: Float32Array, width: number, height: number, { paper, ink }: Tones): boolean {
  if (Math.min(width, height) < LEAST_SIDE) return false
  const side = Math.ceil(Math.max(width, height) * CORNER)
  for (const left of [0, width - side]) {
    for (const top of [0, height - side]) {
      let count = 0
      for (let y = top; y < top + side; y++) {
        for (let i = y * width + left; i < y * width + left + side; i++) {
          if (Math.abs(values[i] - ink) < Math.abs(values[i] - paper)) count++
        }
      }
      if (count >= FILLED * side * side) return true
    }
  }
  return false
}

function twoTones(values: Float32Array, width: number, height: number): Tones | null {
  const histogram = new Uint32Array(2 * SHIFT + 1)
  // Counted in runs, of which a drawing has few.
  for (let i = 0; i < values.length; ) {
    const value = values[i]
    const start = i
    while (++i < values.length && values[i] === value);
    histogram[Math.round(value) + SHIFT] += i - start
  }
  const first = commonest(histogram, values.length, null)
  const second = commonest(histogram, values.length, first.tone)
  if (first.share + second.share < DRAWN_SHARE || second.share < LEAST_SHARE) return null
  let most = 0
  for (let k = -TOLERANCE; k <= TOLERANCE; k++) most = Math.max(most, histogram[first.tone + SHIFT + k])
  if (most < FLAT_SHARE * first.share * values.length) return null
  if (first.share >= PAPER_SHARE) return { paper: first.tone, ink: second.tone }
  let balance = 0
  const count = (i: number): void => {
    if (Math.abs(values[i] - first.tone) <= TOLERANCE) balance++
    else if (Math.abs(values[i] - second.tone) <= TOLERANCE) balance--
  }
  for (let x = 0; x < width; x++) {
    count(x)
    count((height - 1) * width + x)
  }
  for (let y = 1; y < height - 1; y++) {
    count(y * width)
    count(y * width + width - 1)
  }
  return balance >= 0 ? { paper: first.tone, ink: second.tone } : { paper: second.tone, ink: first.tone }
}
