/**
 * What touching digits are cut into: digits as their neighbours left them, and parts that are none, such as halves, or two
 * digits at once. A network that has seen the latter does not take them for digits when it is asked where to cut (LeCun,
 * Bottou, Bengio and Haffner, Gradient-Based Learning Applied to Document Recognition, 1998, section VI).
 */
import { labelComponents } from '../image/components.ts'
import { findCuts, partsBetween } from '../image/cuts.ts'
import { normalize, strokeWidth } from '../image/normalize.ts'
import { type Piece, patchOf, pieceOf } from '../image/pieces.ts'
import { INPUT_PIXELS, INPUT_SIDE } from '../model/artifact.ts'
import type { Digits } from './batches.ts'
import { type Random, randomOf, shuffled } from './random.ts'

/** Pixels of a page to one of MNIST's, and the share by which digits differ in size. */
const SCALE = 2
const UNEVEN = 0.15
/** A digit is so many of MNIST's pixels high. */
const DIGIT = 20
/** Neighbours' ink overlaps by at most so much of a digit's height, or stands apart by at most so much. */
const OVERLAP = 0.06
const GAP = 0.04
/** Share of a neighbour's shift up or down, of a digit's height. */
const SHIFT = 0.08
/** Ink from here on belongs to a stroke. */
const MASK = 0.4
/** Of one pair so many cuttings that are no digits are kept at most, and one that is. */
const MOST_TORN = 2
/** Pairs to one cutting of each kind beyond which no more are cut. */
const MOST_PAIRS = 20
/** A cutting is a digit if it holds so much of its ink, and so little of another's, … */
const WHOLE = 0.92
const CLEAN = 0.08
/** … and none if it holds less than this of any, or more than this of a second. */
const TORN = 0.75
const MIXED = 0.25
/** Nothing is cut out that is lower than this share of a digit, or crosses more strokes. */
const LOWEST = 0.45
const MOST_CROSSED = 4

export interface Cuttings {
  readonly parted: Digits
  /** What is no digit, 784 bytes each. */
  readonly torn: Uint8Array
}

/** A cutting, and which of the two digits it is: null if none. */
interface Cutting {
  readonly ink: Piece
  readonly digit: number | null
}

interface Page {
  readonly width: number
  readonly height: number
  readonly ink: Float32Array
  /** For each pixel which of the two digits has more ink there. */
  readonly owner: Uint8Array
}

/**
 * A supply of cuttings of pairs of digits: asked for more, it goes on. The same digits and seed give the same, on every
 * machine.
 * @param from digits the size of MNIST's
 * @returns gives the first `count` cuttings of each kind; fewer where there is too little ink in the digits
 */
export function startCutting(from: Digits, seed: number): (count: number) => Cuttings {
  const parted: Uint8Array[] = []
  const labels: number[] = []
  const torn: Uint8Array[] = []
  let pairs = 0
  const cutNext = (): void => {
    const random = randomOf(seed, 'cuttings', pairs++)
    const pair = [random.below(from.count), random.below(from.count)]
    const page = compose(from, pair, random)
    const found = cuttingsOf(page, random)
    const normalized = ({ ink }: Cutting) => normalize(patchOf(ink, asInk(page)))
    const whole = found.find(({ digit }) => digit !== null)
    if (whole) {
      parted.push(normalized(whole))
      labels.push(from.labels[pair[whole.digit!]])
    }
    const wrong = found.filter(({ digit }) => digit === null).slice(0, MOST_TORN)
    torn.push(...wrong.map(normalized))
  }
  return (count) => {
    while (pairs < MOST_PAIRS * count && Math.min(parted.length, torn.length) < count) cutNext()
    const own = Uint8Array.from(labels.slice(0, count))
    return {
      parted: { images: joined(parted.slice(0, count)), labels: own, count: own.length },
      torn: joined(torn.slice(0, count)),
    }
  }
}

function joined(images: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(images.length * INPUT_PIXELS)
  for (const [k, image] of images.entries()) all.set(image, k * INPUT_PIXELS)
  return all
}

const asInk = ({ width, height, ink }: Page) => ({ width, height, ink, contrast: 255, noise: 0, scale: 1 })

/** Two digits beside each other, so near that they mostly touch. */
function compose(from: Digits, pair: readonly number[], random: Random): Page {
  const scales = pair.map(() => SCALE * (1 + random.symmetric(UNEVEN)))
  const sides = scales.map((scale) => Math.ceil(INPUT_SIDE * scale))
  const inks = pair.map((index, k) => enlarged(from.images, index, scales[k], sides[k]))
  const shift = Math.round(random.symmetric(SHIFT) * DIGIT * SCALE)
  const apart = (random.uniform() * (GAP + OVERLAP) - OVERLAP) * DIGIT * SCALE
  const step = Math.max(0, Math.round(nearest(inks, sides, shift) + apart))
  const width = Math.max(sides[0], step + sides[1])
  const height = Math.max(...sides) + Math.abs(shift)
  const ink = new Float32Array(width * height)
  const owner = new Uint8Array(width * height)
  for (let k = 0; k < 2; k++) {
    const left = k === 0 ? 0 : step
    const top = k === 0 ? Math.max(0, -shift) : Math.max(0, shift)
    for (let i = 0; i < inks[k].length; i++) {
      const at = (top + Math.floor(i / sides[k])) * width + left + (i % sides[k])
      if (inks[k][i] <= ink[at]) continue
      ink[at] = inks[k][i]
      owner[at] = k
    }
  }
  return { width, height, ink, owner }
}

/** Columns by which the second digit is to be moved until its ink just touches the first's. */
function nearest([first, second]: readonly Float32Array[], [side, other]: readonly number[], shift: number): number {
  let step = Number.NEGATIVE_INFINITY
  for (let y = 0; y < side; y++) {
    const below = y + Math.max(0, -shift) - Math.max(0, shift)
    if (below < 0 || below >= other) continue
    let right = side - 1
    while (right >= 0 && first[y * side + right] < MASK) right--
    let left = 0
    while (left < other && second[below * other + left] < MASK) left++
    if (right >= 0 && left < other) step = Math.max(step, right + 1 - left)
  }
  return step === Number.NEGATIVE_INFINITY ? side : step
}

/** An image scaled up, its edges sharpened. */
function enlarged(images: Uint8Array, index: number, scale: number, side: number): Float32Array {
  const out = new Float32Array(side * side)
  const first = index * INPUT_PIXELS
  const at = (x: number, y: number) =>
    x < 0 || y < 0 || x >= INPUT_SIDE || y >= INPUT_SIDE ? 0 : images[first + y * INPUT_SIDE + x]
  for (let y = 0; y < side; y++) {
    const v = (y + 0.5) / scale - 0.5
    const top = Math.floor(v)
    for (let x = 0; x < side; x++) {
      const u = (x + 0.5) / scale - 0.5
      const left = Math.floor(u)
      const [a, b] = [u - left, v - top]
      const value =
        (1 - b) * ((1 - a) * at(left, top) + a * at(left + 1, top)) +
        b * ((1 - a) * at(left, top + 1) + a * at(left + 1, top + 1))
      out[y * side + x] = Math.max(0, Math.min(1, (value / 255 - 0.2) / 0.5))
    }
  }
  return out
}

/** What cuts leave of a page, in random order, but for what is hard to tell. */
function cuttingsOf({ width, height, ink, owner }: Page, random: Random): Cutting[] {
  const mask = Uint8Array.from(ink, (value) => (value < MASK ? 0 : 1))
  const whole = [0, 0]
  for (let i = 0; i < mask.length; i++) whole[owner[i]] += mask[i]
  const stroke = Math.max(1, strokeWidth(mask, width, height))
  const pieces = connected(mask, width, height).filter((piece) => piece.pixels.length >= stroke * stroke)
  const found = pieces.flatMap((piece) => partsOf(piece, width, stroke))
  return Array.from(shuffled(found.length, random), (k) => found[k]).flatMap((ink) => {
    const digit = digitIn(ink, owner, whole)
    return digit === undefined ? [] : [{ ink, digit }]
  })
}

function connected(mask: Uint8Array, width: number, height: number): Piece[] {
  const { labels, components } = labelComponents(mask, width, height)
  return components.map(({ label, area }) => {
    const pixels = new Int32Array(area)
    for (let i = 0, n = 0; n < area; i++) if (labels[i] === label) pixels[n++] = i
    return pieceOf(pixels, width)
  })
}

/** A piece, and what lies between any two of its cuts or a cut and its end. */
function partsOf(piece: Piece, pageWidth: number, stroke: number): Piece[] {
  const least = LOWEST * DIGIT * SCALE
  if (piece.height < least) return []
  const ends = [null, ...findCuts(piece, pageWidth, stroke, DIGIT * SCALE), null]
  const between = partsBetween(piece, pageWidth)
  return ends.slice(0, -1).flatMap((left, l) =>
    ends.slice(l + 1).flatMap((right) => {
      if ((left?.cost ?? 0) + (right?.cost ?? 0) > MOST_CROSSED) return []
      const part = between(left, right)
      return part === null || part.height < least ? [] : [part]
    }),
  )
}

/** Which digit a cutting is; null if none, undefined if that is open. */
function digitIn({ pixels }: Piece, owner: Uint8Array, whole: readonly number[]): number | null | undefined {
  const held = [0, 0]
  for (const i of pixels) held[owner[i]]++
  const shares = held.map((area, k) => area / Math.max(1, whole[k]))
  const main = shares[0] > shares[1] ? 0 : 1
  const foreign = held[1 - main] / pixels.length
  if (shares[main] >= WHOLE && foreign <= CLEAN) return main
  return shares[main] < TORN || foreign > MIXED ? null : undefined
}
