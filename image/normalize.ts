import { otsuThreshold } from './otsu.ts'
import type { Box } from './picture.ts'
import { scratch } from './scratch.ts'

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

/** Of what is made on the way; none of it is returned. */
const memory = {
  enlarged: scratch(Float32Array),
  mask: scratch(Uint8Array),
  redrawn: scratch(Float32Array),
  redrawnMask: scratch(Uint8Array),
  weights: scratch(Float32Array),
  rows: scratch(Float32Array),
  values: scratch(Float32Array),
}

/** The ink of one digit and nothing else. */
export interface InkPatch {
  readonly width: number
  readonly height: number
  /** width×height, 0..1. */
  readonly ink: Float32Array
}

/** The box around ink of at least `threshold`; `null` when there is none. */
export function boundingBox({ width, ink }: InkPatch, threshold: number): Box | null {
  let first = 0
  while (first < ink.length && !(ink[first] >= threshold)) first++
  if (first === ink.length) return null
  let last = ink.length - 1
  while (!(ink[last] >= threshold)) last--
  const top = Math.floor(first / width)
  const bottom = Math.floor(last / width)
  // Only what lies outside of the box as it is so far is looked at.
  let left = width
  let right = -1
  for (let y = top, row = top * width; y <= bottom; y++, row += width) {
    for (let x = 0; x < left; x++) if (ink[row + x] >= threshold) left = x
    for (let x = width - 1; x > right; x--) if (ink[row + x] >= threshold) right = x
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
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
      // Whatever begins here, from the left or from above, ends somewhere too.
      if (x === 0 || !mask[i - 1]) outline += 2
      if (y === 0 || !mask[i - width]) outline += 2
    }
  }
  // Steps along the pixels' edges overstate a line's length by 4/π, averaged over its directions.
  return outline === 0 ? 0 : (2 * area) / (outline * (Math.PI / 4))
}

/**
 * Redraws a digit with strokes `grow` pixels wider on each side (narrower when negative), edges anti-aliased: the pixels
 * that the edge moves over have ink by their distance from the nearest one on the edge's other side.
 */
function redraw(patch: InkPatch, mask: Uint8Array, grow: number): InkPatch {
  const margin = 2 * Math.ceil(Math.abs(grow) + 1)
  const width = patch.width + 2 * margin
  const height = patch.height + 2 * margin
  const ink = memory.redrawn(width * height)
  const marked = memory.redrawnMask(width * height)
  for (let y = 0, i = 0; y < patch.height; y++) {
    const row = (y + margin) * width + margin
    for (let x = 0; x < patch.width; x++, i++) {
      if (mask[i] === 0) continue
      ink[row + x] = 1
      marked[row + x] = 1
    }
  }
  // Of the side that the edge moves away from, the pixels at the edge.
  const side = grow < 0 ? 0 : 1
  const { steps, values } = edgeOf(grow, width)
  for (let y = margin - 1; y <= margin + patch.height; y++) {
    for (let i = y * width + margin - 1, end = i + patch.width + 2; i < end; i++) {
      if (marked[i] !== side) continue
      if (marked[i - 1] + marked[i + 1] + marked[i - width] + marked[i + width] === 4 * side) continue
      for (let k = 0; k < steps.length; k++) {
        const at = i + steps[k]
        if (side === 1 ? values[k] > ink[at] : values[k] < ink[at]) ink[at] = values[k]
      }
    }
  }
  return { width, height, ink }
}

/** Steps from a pixel to all those that the edge moves over if it begins there, and the ink that they then have. */
function edgeOf(grow: number, width: number): { steps: number[]; values: number[] } {
  const steps: number[] = []
  const values: number[] = []
  const reach = Math.ceil(Math.abs(grow) + 1)
  for (let y = -reach; y <= reach; y++) {
    for (let x = -reach; x <= reach; x++) {
      const distance = Math.fround(Math.sqrt(x ** 2 + y ** 2))
      const value = grow < 0 ? Math.max(0, grow + distance) : Math.min(1, 1 + grow - distance)
      if (distance === 0 || (grow < 0 ? value >= 1 : value <= 0)) continue
      steps.push(y * width + x)
      values.push(Math.fround(value))
    }
  }
  return { steps, values }
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
  const ink = memory.enlarged(width * height)
  for (let y = 0, i = 0; y < height; y++) {
    const near = (y >> 1) * patch.width
    const far = Math.max(0, Math.min(patch.height - 1, (y >> 1) + (y & 1 ? 1 : -1))) * patch.width
    for (let column = 0; column < patch.width; column++) {
      const before = Math.max(0, column - 1)
      const after = Math.min(patch.width - 1, column + 1)
      const nearer = 3 * patch.ink[near + column]
      const farther = 3 * patch.ink[far + column]
      ink[i++] = (3 * (nearer + patch.ink[near + before]) + farther + patch.ink[far + before]) / 16
      ink[i++] = (3 * (nearer + patch.ink[near + after]) + farther + patch.ink[far + after]) / 16
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
  const mask = memory.mask(patch.ink.length)
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
 * Weights of the input pixels along one axis, from some pixel on, in output pixel k, which covers the input from
 * `start + k·step` on, `step` pixels wide (area averaging); where that is less than a pixel, input pixels are interpolated
 * linearly.
 * @param weights is filled
 * @returns the pixel that the first weight is of
 */
function weigh(weights: Float32Array, start: number, step: number, k: number): number {
  const reach = Math.max(1, step)
  const left = start + (k + 0.5) * step - reach / 2
  const right = start + (k + 0.5) * step + reach / 2
  const first = Math.floor(left - 0.5)
  for (let i = 0, x = first; i < weights.length; i++, x++) {
    const covered = Math.min(x + 1, right) - Math.max(x, left)
    weights[i] = Math.max(0, covered) / reach
  }
  return first
}

/**
 * Resamples a patch so that its point (originX, originY) becomes the output's corner and `step` input pixels one.
 * @param box holds all ink
 */
function resample({ width, ink }: InkPatch, box: Box, originX: number, originY: number, step: number): Float32Array {
  const weights = memory.weights(Math.ceil(Math.max(1, step)) + 3)
  const rows = memory.rows(box.height * SIDE)
  for (let k = 0; k < SIDE; k++) {
    const first = weigh(weights, originX, step, k)
    let from = Math.max(first, box.x)
    let to = Math.min(first + weights.length, box.x + box.width)
    while (from < to && weights[from - first] === 0) from++
    while (from < to && weights[to - 1 - first] === 0) to--
    if (from >= to) continue
    for (let y = 0, row = box.y * width; y < box.height; y++, row += width) {
      let sum = 0
      for (let x = from; x < to; x++) sum += weights[x - first] * ink[row + x]
      rows[y * SIDE + k] = sum
    }
  }
  const out = memory.values(SIDE * SIDE)
  for (let k = 0; k < SIDE; k++) {
    const first = weigh(weights, originY, step, k)
    const to = Math.min(first + weights.length, box.y + box.height)
    for (let y = Math.max(first, box.y); y < to; y++) {
      const weight = weights[y - first]
      if (weight === 0) continue
      const row = (y - box.y) * SIDE
      for (let x = 0; x < SIDE; x++) out[k * SIDE + x] += weight * rows[row + x]
    }
  }
  return out
}

/** A patch's centre of mass, in its pixels, (0.5, 0.5) being the middle of the first, and the box around all its ink. */
function massOf({ width, height, ink }: InkPatch): { x: number; y: number; box: Box } {
  let mass = 0
  let sumX = 0
  let sumY = 0
  let left = width
  let right = -1
  let top = height
  let bottom = -1
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const value = ink[i]
      if (value === 0) continue
      mass += value
      sumX += value * (x + 0.5)
      sumY += value * (y + 0.5)
      if (x < left) left = x
      if (x > right) right = x
      if (y < top) top = y
      bottom = y
    }
  }
  const box = { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
  return { x: sumX / mass, y: sumY / mass, box }
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
  const centre = massOf(even)
  // However lopsided a digit is, its box stays within the picture.
  // Ink that has its size already moves by whole pixels, for nothing shall blur it.
  const place = step === 1 ? Math.round : (at: number): number => at
  const originX = clamp(place(centre.x - CENTRE * step), box.x + box.width - SIDE * step, box.x)
  const originY = clamp(place(centre.y - CENTRE * step), box.y + box.height - SIDE * step, box.y)
  const values = resample(even, centre.box, originX, originY, step)
  let most = 0
  for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i]
  const bytes = new Uint8Array(values.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.round((values[i] / most) * 255)
  return bytes
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
