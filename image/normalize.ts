import { distanceWithin } from './distance.ts'
import { otsuThreshold } from './otsu.ts'
import type { Box } from './picture.ts'

/** Side of the picture that a model sees. */
export const SIDE = 28
/** Side of the square that the ink's bounding box fills in it. */
const BOX = 20
/**
 * Where the centre of mass comes to lie, along both axes: MNIST's lies in the middle of the fifteenth pixel, half a pixel
 * off the picture's middle, rounded to whole pixels.
 */
const CENTRE = 14.5
/** Stroke widths, in pixels of that square, between which pens are left as they are; MNIST's lie mostly there, with a median of 2.5. */
const THIN = 2.2
const THICK = 3.2
/** Strokes are measured and redrawn with at most this many pixels along a side, four to one of the output. */
const REDRAW_SIDE = 100
/** Ink smaller than this along both sides is drawn twice as large first. */
const ENLARGED_BELOW = 40
/** Ink from here on belongs to the digit when its box is measured. */
const BOX_INK = 0.2

/** The ink of one digit and nothing else. */
export interface InkPatch {
  readonly width: number
  readonly height: number
  /** width×height, 0..1. */
  readonly ink: Float32Array
}

/** The box around ink of at least `threshold`; `null` when there is none. */
export function boundingBox({ width, height, ink }: InkPatch, threshold: number): Box | null {
  let left = width
  let right = -1
  let top = height
  let bottom = -1
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (ink[i] < threshold) continue
      if (x < left) left = x
      if (x > right) right = x
      if (y < top) top = y
      bottom = y
    }
  }
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
}

/**
 * Mean stroke width in pixels, from a line's geometry: its area is length × width, and its outline is twice the length.
 */
export function strokeWidth(mask: ArrayLike<number>, width: number, height: number): number {
  let area = 0
  let outline = 0
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (!mask[i]) continue
      area++
      if (x === 0 || !mask[i - 1]) outline++
      if (x === width - 1 || !mask[i + 1]) outline++
      if (y === 0 || !mask[i - width]) outline++
      if (y === height - 1 || !mask[i + width]) outline++
    }
  }
  // Steps along the pixels' edges overstate a line's length by 4/π, averaged over its directions.
  return outline === 0 ? 0 : (2 * area) / (outline * (Math.PI / 4))
}

/** Redraws a digit with strokes `grow` pixels wider on each side (narrower when negative), edges anti-aliased. */
function redraw(patch: InkPatch, mask: Uint8Array, grow: number): InkPatch {
  const reach = Math.ceil(Math.abs(grow) + 1)
  const margin = 2 * reach
  const width = patch.width + 2 * margin
  const height = patch.height + 2 * margin
  // The side that the edge moves into: only there do pixels change.
  const marked = new Uint8Array(width * height)
  if (grow < 0) marked.fill(1)
  for (let y = 0; y < patch.height; y++) {
    for (let x = 0; x < patch.width; x++) {
      marked[(y + margin) * width + x + margin] = mask[y * patch.width + x] === (grow < 0 ? 0 : 1) ? 1 : 0
    }
  }
  const distance = distanceWithin(reach, marked, width, height)
  const ink = new Float32Array(width * height)
  for (let i = 0; i < ink.length; i++) {
    if (marked[i]) ink[i] = grow < 0 ? 0 : 1
    else ink[i] = Math.min(1, Math.max(0, grow < 0 ? grow + distance[i] : 1 + grow - distance[i]))
  }
  return { width, height, ink }
}

/** Means over whole blocks, so that neither side exceeds `side`. */
function shrink(patch: InkPatch, side: number): InkPatch {
  const factor = Math.ceil(Math.max(patch.width, patch.height) / side)
  if (factor <= 1) return patch
  const width = Math.ceil(patch.width / factor)
  const height = Math.ceil(patch.height / factor)
  const ink = new Float32Array(width * height)
  for (let y = 0, i = 0; y < patch.height; y++) {
    const row = Math.floor(y / factor) * width
    for (let x = 0; x < patch.width; x++, i++) ink[row + Math.floor(x / factor)] += patch.ink[i] / factor ** 2
  }
  return { width, height, ink }
}

function hasMnistSize(patch: InkPatch): boolean {
  const box = boundingBox(patch, BOX_INK)
  return box !== null && Math.max(box.width, box.height) === BOX
}

/** Twice as many pixels, interpolated linearly, of ink so small that its edges are too coarse to be redrawn. */
function enlarge(patch: InkPatch): InkPatch {
  if (Math.max(patch.width, patch.height) >= ENLARGED_BELOW) return patch
  const width = 2 * patch.width
  const height = 2 * patch.height
  const ink = new Float32Array(width * height)
  for (let y = 0, i = 0; y < height; y++) {
    const near = (y >> 1) * patch.width
    const far = Math.max(0, Math.min(patch.height - 1, (y >> 1) + (y & 1 ? 1 : -1))) * patch.width
    for (let x = 0; x < width; x++, i++) {
      const column = x >> 1
      const beside = Math.max(0, Math.min(patch.width - 1, column + (x & 1 ? 1 : -1)))
      const nearer = 3 * patch.ink[near + column] + patch.ink[near + beside]
      ink[i] = (3 * nearer + 3 * patch.ink[far + column] + patch.ink[far + beside]) / 16
    }
  }
  return { width, height, ink }
}

/** Brings very thin and very thick pens to a width that MNIST's writers had. */
function evenStroke(original: InkPatch): InkPatch {
  const patch = enlarge(shrink(original, REDRAW_SIDE))
  const box = boundingBox(patch, BOX_INK)
  // What has MNIST's size already is left as its writers made it.
  if (box === null || hasMnistSize(original)) return original
  const threshold = Math.min(0.5, otsuThreshold(patch.ink))
  const mask = new Uint8Array(patch.ink.length)
  for (let i = 0; i < mask.length; i++) if (patch.ink[i] > threshold) mask[i] = 1
  const stroke = strokeWidth(mask, patch.width, patch.height)
  const size = Math.max(box.width, box.height)
  if (stroke === 0) return original
  const relative = (stroke * BOX) / size
  if (relative >= THIN && relative <= THICK) return original
  const wanted = relative < THIN ? THIN : THICK
  // The box grows with the strokes: solve (stroke + 2g)·BOX / (size + 2g) = wanted.
  const grow = (wanted * size - stroke * BOX) / (2 * (BOX - wanted))
  return redraw(patch, mask, grow)
}

/**
 * Weights by which one axis is resampled: output pixel k covers the input from `start + k·step` on, `step` pixels wide
 * (area averaging); where that is less than a pixel, input pixels are interpolated linearly.
 */
function resampleAxis(start: number, step: number, size: number): { first: Int32Array; weights: Float32Array[] } {
  const first = new Int32Array(SIDE)
  const weights: Float32Array[] = []
  const reach = Math.max(1, step)
  for (let k = 0; k < SIDE; k++) {
    const middle = start + (k + 0.5) * step
    const from = Math.floor(middle - reach / 2 - 0.5)
    const to = Math.ceil(middle + reach / 2 + 0.5)
    const row = new Float32Array(Math.max(0, to - from))
    for (let i = 0; i < row.length; i++) {
      const x = from + i
      if (x < 0 || x >= size) continue
      const covered = Math.min(x + 1, middle + reach / 2) - Math.max(x, middle - reach / 2)
      row[i] = Math.max(0, covered) / reach
    }
    first[k] = from
    weights.push(row)
  }
  return { first, weights }
}

/** Resamples a patch so that its point (originX, originY) becomes the output's corner and `step` input pixels one. */
function resample(patch: InkPatch, originX: number, originY: number, step: number): Float32Array {
  const across = resampleAxis(originX, step, patch.width)
  const down = resampleAxis(originY, step, patch.height)
  const rows = new Float32Array(patch.height * SIDE)
  for (let y = 0; y < patch.height; y++) {
    for (let k = 0; k < SIDE; k++) {
      const weights = across.weights[k]
      const from = across.first[k]
      let sum = 0
      for (let i = 0; i < weights.length; i++)
        if (weights[i] > 0) sum += weights[i] * patch.ink[y * patch.width + from + i]
      rows[y * SIDE + k] = sum
    }
  }
  const out = new Float32Array(SIDE * SIDE)
  for (let k = 0; k < SIDE; k++) {
    const weights = down.weights[k]
    for (let i = 0; i < weights.length; i++) {
      if (weights[i] === 0) continue
      const row = (down.first[k] + i) * SIDE
      for (let x = 0; x < SIDE; x++) out[k * SIDE + x] += weights[i] * rows[row + x]
    }
  }
  return out
}

/** A patch's centre of mass, in its pixels; (0.5, 0.5) is the middle of the first. */
function centreOfMass({ width, height, ink }: InkPatch): { x: number; y: number } {
  let mass = 0
  let sumX = 0
  let sumY = 0
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      mass += ink[i]
      sumX += ink[i] * (x + 0.5)
      sumY += ink[i] * (y + 0.5)
    }
  }
  return mass === 0 ? { x: width / 2, y: height / 2 } : { x: sumX / mass, y: sumY / mass }
}

/**
 * Brings a digit to the form of MNIST (LeCun et al., 1998): its box scaled into 20×20 with its aspect kept, anti-aliased,
 * its centre of mass in the middle of 28×28. The place is kept to fractions of a pixel, in one resampling with the size.
 * @returns 784 values 0..255, light ink on dark
 */
export function normalize(patch: InkPatch): Uint8Array {
  const even = evenStroke(patch)
  const box = boundingBox(even, BOX_INK)
  if (box === null) return new Uint8Array(SIDE * SIDE)
  const step = Math.max(box.width, box.height) / BOX
  const centre = centreOfMass(even)
  // However lopsided a digit is, its box stays within the picture.
  // Ink that has its size already moves by whole pixels, for nothing shall blur it.
  const place = step === 1 ? Math.round : (at: number): number => at
  const originX = clamp(place(centre.x - CENTRE * step), box.x + box.width - SIDE * step, box.x)
  const originY = clamp(place(centre.y - CENTRE * step), box.y + box.height - SIDE * step, box.y)
  const values = resample(even, originX, originY, step)
  let most = 0
  for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i]
  const bytes = new Uint8Array(values.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.round((values[i] / most) * 255)
  return bytes
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
