/**
 * Deforms a digit the way hands do: slant, size, aspect, place, a wobble of the pen, a thinner or thicker pen, one that skips.
 * The wobble is the elastic field of Simard, Steinkraus and Platt, "Best practices for convolutional neural networks
 * applied to visual document analysis" (2003).
 */
import { type Random, randomOf } from './random.ts'
import { skip } from './skips.ts'

export const SIDE = 28
export const PIXELS = SIDE * SIDE

/** How strongly images are deformed. All zero leaves every image as it is. */
export interface Augmentation {
  /** Share of the images that stay as they are, 0..1. */
  clean: number
  /** Largest turn to either side, degrees. */
  rotation: number
  /** Largest stretch or squeeze of each axis, as a share: 0.15 is from 1/1.15 to 1.15. */
  scale: number
  /** Largest slant, horizontal pixels for each vertical one. */
  shear: number
  /** Largest shift of each axis, pixels. */
  shift: number
  /**
   * Largest change of a digit's proportions: 0.2 draws one of its ends, upper or lower, left or right, up to 1.7 times as
   * large and the other 0.7 times, as loops and stems differ between hands.
   */
  proportion: number
  /** Elastic displacement of each axis, pixels (root mean square). */
  elastic: number
  /** Widest change of the pen: 1 grows or shrinks the ink by one pixel on every side. */
  stroke: number
  /** Share of the images, those that stay as they are included, in whose strokes the pen skips (see skips.ts). */
  skips: number
}

export const NO_AUGMENTATION: Augmentation = {
  clean: 0,
  rotation: 0,
  scale: 0,
  shear: 0,
  shift: 0,
  proportion: 0,
  elastic: 0,
  stroke: 0,
  skips: 0,
}

/** Elastic fields of unit strength: `count` × 784 displacements. Two of them make the x and y of one image's field. */
export interface ElasticFields {
  count: number
  values: Float32Array
}

/** Distance of the control points, pixels. A cubic B-spline of spacing 7 is as smooth as a Gaussian of σ = 4 pixels. */
const SPACING = 7
const KNOTS = SIDE / SPACING + 3

/**
 * Smooth random fields: normal noise on a coarse grid, drawn up to 28×28 by cubic B-splines, root mean square 1.
 * A pool is made once an epoch and its fields are used mirrored, transposed and paired at random: as good as new ones.
 */
export function elasticFields(count: number, random: Random): ElasticFields {
  const values = new Float32Array(count * PIXELS)
  const knots = new Float32Array(KNOTS * KNOTS)
  const rows = new Float32Array(KNOTS * SIDE)
  for (let field = 0; field < count; field++) {
    for (let i = 0; i < knots.length; i++) knots[i] = random.normal()
    for (let r = 0; r < KNOTS; r++) {
      for (let x = 0; x < SIDE; x++) rows[r * SIDE + x] = spline(knots, r * KNOTS + KNOT[x], 1, x)
    }
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        values[field * PIXELS + y * SIDE + x] = spline(rows, KNOT[y] * SIDE + x, SIDE, y) / SPLINE_RMS
      }
    }
  }
  return { count, values }
}

/** The four cubic B-spline weights of every pixel, and the first control point they apply to. */
const KNOT = Int32Array.from({ length: SIDE }, (_, i) => Math.floor((i + 0.5) / SPACING))
const WEIGHTS = Array.from({ length: SIDE }, (_, i) => {
  const t = (i + 0.5) / SPACING - KNOT[i]
  const s = 1 - t
  return [(s * s * s) / 6, (3 * t * t * t - 6 * t * t + 4) / 6, (3 * s * s * s - 6 * s * s + 4) / 6, (t * t * t) / 6]
})
/** Root mean square of a spline of unit noise: the mean of the squared weights, once for each of the two axes. */
const SPLINE_RMS = WEIGHTS.reduce((sum, w) => sum + w.reduce((s, v) => s + v * v, 0), 0) / SIDE

function spline(values: Float32Array, first: number, step: number, pixel: number): number {
  const w = WEIGHTS[pixel]
  return (
    w[0] * values[first] +
    w[1] * values[first + step] +
    w[2] * values[first + 2 * step] +
    w[3] * values[first + 3 * step]
  )
}

/** A deformation drawn for one image. Coordinates are pixels from the image's centre. */
export interface Deformation {
  /** Before all else x becomes x + bendX·(x² − R²) and y likewise, R being {@link REACH}. */
  bendX: number
  bendY: number
  /** Source x = xx·x + xy·y + x0; source y = yx·x + yy·y + y0. */
  xx: number
  xy: number
  x0: number
  yx: number
  yy: number
  y0: number
  /** Elastic displacement, pixels. */
  elastic: number
  /** Indices of the fields and the way they are turned, see `fieldAt`. */
  fieldX: number
  fieldY: number
  turn: number
  /** −1..1: ink shrunk or grown by that many pixels. */
  stroke: number
}

/** Draws what to do to one image, or null to leave it as it is. */
export function drawDeformation(how: Augmentation, fields: number, random: Random): Deformation | null {
  if (random.uniform() < how.clean) return null
  // Rotation by its half-angle tangent t (sin = 2t/(1+t²)), which needs no library sine.
  const t = random.symmetric(how.rotation * (Math.PI / 360))
  const cos = (1 - t * t) / (1 + t * t)
  const sin = (2 * t) / (1 + t * t)
  const scaleX = stretch(random.symmetric(how.scale))
  const scaleY = stretch(random.symmetric(how.scale))
  const shear = random.symmetric(how.shear)
  return {
    bendX: random.symmetric(how.proportion) / REACH,
    bendY: random.symmetric(how.proportion) / REACH,
    xx: scaleX * cos,
    xy: scaleX * (shear * cos - sin),
    x0: random.symmetric(how.shift),
    yx: scaleY * sin,
    yy: scaleY * (shear * sin + cos),
    y0: random.symmetric(how.shift),
    elastic: how.elastic,
    fieldX: random.below(fields),
    fieldY: random.below(fields),
    turn: random.below(16),
    stroke: random.symmetric(how.stroke),
  }
}

/** 0.15 → 1.15, −0.15 → 1/1.15. */
function stretch(amount: number): number {
  return amount >= 0 ? 1 + amount : 1 / (1 - amount)
}

/** Source images are sampled with a border of this many empty pixels; what lies further out is empty too. */
const BORDER = 2
const PADDED = SIDE + 2 * BORDER
const CENTRE = (SIDE - 1) / 2
/** Half a digit's height, which a change of proportions leaves as it is. */
const REACH = 10

/** Room to work in, so that no image allocates. */
export interface Scratch {
  padded: Float32Array
  changed: Float32Array
  /** Of each column its place from the centre, bent. */
  columns: Float64Array
}

export function scratch(): Scratch {
  return {
    padded: new Float32Array(PADDED * PADDED),
    changed: new Float32Array(PADDED * PADDED),
    columns: new Float64Array(SIDE),
  }
}

/**
 * Writes one deformed image.
 * @param images n×784 bytes, 0..255
 * @param index which of them
 * @param deformation from `drawDeformation`; null copies
 * @param out 784 numbers from `offset` on, 0..1
 */
export function deform(
  images: Uint8Array,
  index: number,
  deformation: Deformation | null,
  fields: ElasticFields,
  work: Scratch,
  out: Float32Array,
  offset: number,
): void {
  const start = index * PIXELS
  if (deformation === null) {
    for (let i = 0; i < PIXELS; i++) out[offset + i] = images[start + i] / 255
    return
  }
  const { bendX, bendY, xx, xy, x0, yx, yy, y0, elastic, turn, stroke } = deformation
  pad(images, start, work.padded)
  const source = stroke === 0 ? work.padded : changeStroke(work.padded, stroke, work.changed)
  const field = fields.values
  const fieldX = deformation.fieldX * PIXELS
  const fieldY = deformation.fieldY * PIXELS
  // The eight symmetries of the square: start and steps into the field; the ninth to sixteenth negate it.
  const mirrorX = turn & 1
  const mirrorY = turn & 2
  const stepX = (turn & 4 ? SIDE : 1) * (mirrorX ? -1 : 1)
  const stepY = (turn & 4 ? 1 : SIDE) * (mirrorY ? -1 : 1)
  const corner = (stepX < 0 ? -stepX * (SIDE - 1) : 0) + (stepY < 0 ? -stepY * (SIDE - 1) : 0)
  const amount = turn & 8 ? -elastic : elastic
  const limit = PADDED - 1.001
  const { columns } = work
  for (let x = 0; x < SIDE; x++) columns[x] = bent(x - CENTRE, bendX)
  for (let y = 0; y < SIDE; y++) {
    const dy = bent(y - CENTRE, bendY)
    const rowX = xy * dy + x0 + CENTRE + BORDER
    const rowY = yy * dy + y0 + CENTRE + BORDER
    let at = corner + y * stepY
    for (let x = 0; x < SIDE; x++) {
      const dx = columns[x]
      let sx = rowX + xx * dx + amount * field[fieldX + at]
      let sy = rowY + yx * dx + amount * field[fieldY + at]
      at += stepX
      sx = Math.min(Math.max(sx, 0), limit)
      sy = Math.min(Math.max(sy, 0), limit)
      const left = sx | 0
      const top = sy | 0
      const fx = sx - left
      const fy = sy - top
      const i = top * PADDED + left
      const upper = source[i] + fx * (source[i + 1] - source[i])
      const lower = source[i + PADDED] + fx * (source[i + PADDED + 1] - source[i + PADDED])
      out[offset + y * SIDE + x] = upper + fy * (lower - upper)
    }
  }
}

const bent = (value: number, bend: number) => value + bend * (value * value - REACH * REACH)

/** Copies one image into the middle of a 32×32 field of zeros, 0..1. */
function pad(images: Uint8Array, start: number, padded: Float32Array): void {
  for (let y = 0; y < SIDE; y++) {
    const row = (y + BORDER) * PADDED + BORDER
    for (let x = 0; x < SIDE; x++) padded[row + x] = images[start + y * SIDE + x] / 255
  }
}

/** Grey dilation (stroke > 0) or erosion (< 0) with the five-pixel cross, mixed with the image by |stroke|. */
function changeStroke(image: Float32Array, stroke: number, out: Float32Array): Float32Array {
  const amount = stroke < 0 ? -stroke : stroke
  for (let y = 1; y < PADDED - 1; y++) {
    for (let x = 1; x < PADDED - 1; x++) {
      const i = y * PADDED + x
      const here = image[i]
      const a = image[i - 1]
      const b = image[i + 1]
      const c = image[i - PADDED]
      const d = image[i + PADDED]
      let extreme = here
      if (stroke > 0) {
        if (a > extreme) extreme = a
        if (b > extreme) extreme = b
        if (c > extreme) extreme = c
        if (d > extreme) extreme = d
      } else {
        if (a < extreme) extreme = a
        if (b < extreme) extreme = b
        if (c < extreme) extreme = c
        if (d < extreme) extreme = d
      }
      out[i] = here + amount * (extreme - here)
    }
  }
  return out
}

/** Fields in a pool: enough that a pair of them in one of sixteen turns hardly comes twice. */
const POOL = 512

/** Everything one epoch's deformations are made of, the same whoever asks and in whatever order. */
export interface EpochAugmenter {
  /** Writes image `index` as this epoch shows it: 784 numbers from `offset` on, 0..1. */
  write(index: number, out: Float32Array, offset: number): void
}

/** @param images n×784 bytes, 0..255 */
export function epochAugmenter(images: Uint8Array, how: Augmentation, seed: number, epoch: number): EpochAugmenter {
  const fields = elasticFields(how.elastic === 0 ? 1 : POOL, randomOf(seed, 'elastic', epoch))
  const work = scratch()
  return {
    write: (index, out, offset) => {
      const deformation = drawDeformation(how, fields.count, randomOf(seed, 'deform', epoch, index))
      deform(images, index, deformation, fields, work, out, offset)
      const random = randomOf(seed, 'skips', epoch, index)
      if (random.uniform() < how.skips) skip(out.subarray(offset, offset + PIXELS), random)
    },
  }
}
