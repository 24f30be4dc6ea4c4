import { drawnTones, fillsCorner } from './drawn.ts'
import { type Field, withoutNarrow } from './morphology.ts'
import { medianOf } from './statistics.ts'

/** What stands out from the background once light and shadow are taken out. */
export interface Evened {
  /** Grey levels; 0 is background. */
  readonly values: Float32Array
  /** Standard deviation of the background in grey levels. */
  readonly noise: number
  /** Whether ink lies above the background (1) or below (−1). */
  readonly sign: 1 | -1
  /** What was taken away as light and shadow, in grey levels; null where the light is even. */
  readonly shadow: Float32Array | null
}

/** Cells along the longer side of the grid on which light is measured. */
const GRID = 16
/** Light is even where this share of the border's pixels lies near their median: within so many grey levels … */
const EVEN_SHARE = 0.9
const EVEN_LEVELS = 4
/** … or so many standard deviations of the noise between neighbours. */
const EVEN_DEVIATIONS = 2
/** A surface that bends more than a quadratic one must lie near this share of the cells. */
const MET_SHARE = 0.7
/** Where ink runs out of the picture, this share of its border is paper, … */
const PAPER_SHARE = 0.62
/** … this at most is neither paper nor ink, … */
const BETWEEN_SHARE = 0.07
/** … and ink lies so many times as far off the paper as what counts as paper. */
const CLEAR_INK = 4
/** Pictures smaller than this along either side hold too little but ink to tell light by. */
const MIN_SIDE = 48
/** Side to which a picture is reduced to find which side of its background ink lies on. */
const SHADOW_SIDE = 192
/** Whatever is wider than this part of the longer side is no pen stroke but a shadow. */
const WIDEST_STROKE = 1 / 4

/** Standard deviation by the median absolute deviation from 0, which ink, being the smaller part, does not touch. */
function robustDeviation(values: Float32Array, pixels: Uint32Array): number {
  const some = new Float32Array(pixels.length)
  for (let k = 0; k < pixels.length; k++) some[k] = Math.abs(values[pixels[k]])
  return 1.4826 * medianOf(some)
}

/** Standard deviation of the noise between neighbours along rows, whatever the light. */
function grain(values: Float32Array, pixels: Uint32Array): number {
  const some = new Float32Array(pixels.length)
  for (let k = 0; k < pixels.length; k++) {
    const at = Math.min(values.length - 2, pixels[k])
    some[k] = Math.abs(values[at] - values[at + 1])
  }
  return (1.4826 * medianOf(some)) / Math.SQRT2
}

function medianAt(values: Float32Array, pixels: Uint32Array): number {
  const some = new Float32Array(pixels.length)
  for (let k = 0; k < pixels.length; k++) some[k] = values[pixels[k]]
  return medianOf(some)
}

/** Whether most of the border has one colour, so that no light needs to be evened out. */
function isEven(values: Float32Array, border: Uint32Array): boolean {
  const median = medianAt(values, border)
  const tolerance = Math.max(EVEN_LEVELS, EVEN_DEVIATIONS * grain(values, border))
  let near = 0
  for (const i of border) if (Math.abs(values[i] - median) <= tolerance) near++
  return near >= EVEN_SHARE * border.length
}

/** x, y in −1..1 to the terms of a surface of a degree: all products of powers of x and y up to it. */
function terms(x: number, y: number, degree: number): number[] {
  const out: number[] = []
  for (let all = 0; all <= degree; all++) for (let k = 0; k <= all; k++) out.push(x ** (all - k) * y ** k)
  return out
}

/** Solves a small symmetric system by Gaussian elimination; a singular one leaves its unknowns at 0. */
function solve(matrix: number[][], right: number[]): number[] {
  const n = right.length
  for (let k = 0; k < n; k++) {
    let pivot = k
    for (let i = k + 1; i < n; i++) if (Math.abs(matrix[i][k]) > Math.abs(matrix[pivot][k])) pivot = i
    if (Math.abs(matrix[pivot][k]) < 1e-9) return right.map(() => 0)
    ;[matrix[k], matrix[pivot]] = [matrix[pivot], matrix[k]]
    ;[right[k], right[pivot]] = [right[pivot], right[k]]
    for (let i = k + 1; i < n; i++) {
      const f = matrix[i][k] / matrix[k][k]
      for (let j = k; j < n; j++) matrix[i][j] -= f * matrix[k][j]
      right[i] -= f * right[k]
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let j = k + 1; j < n; j++) right[k] -= matrix[k][j] * right[j]
    right[k] /= matrix[k][k]
  }
  return right
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

/** A cell of the grid on which light is measured: its place in −1..1 and its median. */
interface Cell {
  readonly x: number
  readonly y: number
  readonly value: number
}

/** How far the cells lie off a surface. */
function residualsOf(cells: readonly Cell[], surface: readonly number[], degree: number): Float32Array {
  return Float32Array.from(cells, ({ x, y, value }) => Math.abs(value - dot(surface, terms(x, y, degree))))
}

/** How much cells count that lie off a surface: those far off it are inked. */
function weightsOf(residuals: Float32Array, least: number): number[] {
  const scale = Math.max(least, 1.4826 * medianOf(Float32Array.from(residuals)))
  return Array.from(residuals, (r) => 1 / (1 + (r / scale) ** 4))
}

/**
 * A surface of a degree through cells, by least squares; those that lie far off it, being inked, lose weight.
 * @param start weights to begin with
 */
function fitSurface(cells: readonly Cell[], degree: number, start: readonly number[] = cells.map(() => 1)): number[] {
  const rows = cells.map(({ x, y }) => terms(x, y, degree))
  const n = rows[0].length
  let surface = new Array<number>(n).fill(0)
  let weights = start
  for (let round = 0; round < 8; round++) {
    const matrix = Array.from({ length: n }, () => new Array<number>(n).fill(0))
    const right = new Array<number>(n).fill(0)
    rows.forEach((t, k) => {
      for (let i = 0; i < n; i++) {
        const weighed = weights[k] * t[i]
        right[i] += weighed * cells[k].value
        for (let j = 0; j < n; j++) matrix[i][j] += weighed * t[j]
      }
    })
    surface = solve(matrix, right)
    weights = weightsOf(residualsOf(cells, surface, degree), 2)
  }
  return surface
}

/** The median of each cell of a grid over a field, with the cell's place in −1..1. */
function cellMedians({ width, height, values }: Field): Cell[] {
  const cell = Math.max(width, height) / GRID
  const columns = Math.max(3, Math.round(width / cell))
  const rows = Math.max(3, Math.round(height / cell))
  const cells: Cell[] = []
  for (let r = 0; r < rows; r++) {
    const y0 = Math.floor((r * height) / rows)
    const y1 = Math.floor(((r + 1) * height) / rows)
    for (let c = 0; c < columns; c++) {
      const x0 = Math.floor((c * width) / columns)
      const x1 = Math.floor(((c + 1) * width) / columns)
      const some: number[] = []
      const step = Math.max(1, Math.floor(Math.sqrt((x1 - x0) * (y1 - y0)) / 8))
      for (let y = y0; y < y1; y += step) for (let x = x0; x < x1; x += step) some.push(values[y * width + x])
      cells.push({
        x: ((c + 0.5) / columns) * 2 - 1,
        y: ((r + 0.5) / rows) * 2 - 1,
        value: medianOf(Float32Array.from(some)),
      })
    }
  }
  return cells
}

/** A surface at every pixel. */
function drawSurface(surface: readonly number[], degree: number, width: number, height: number): Float32Array {
  const out = new Float32Array(width * height)
  for (let y = 0, i = 0; y < height; y++) {
    const v = ((y + 0.5) / height) * 2 - 1
    // Along a row the surface is a polynomial in x.
    const powers = new Array<number>(degree + 1).fill(0)
    for (let all = 0, term = 0; all <= degree; all++) {
      for (let k = 0; k <= all; k++) powers[all - k] += surface[term++] * v ** k
    }
    for (let x = 0; x < width; x++, i++) {
      const u = ((x + 0.5) / width) * 2 - 1
      let value = powers[degree]
      for (let k = degree - 1; k >= 0; k--) value = value * u + powers[k]
      out[i] = value
    }
  }
  return out
}

/**
 * A quadratic surface through what is paper in a picture that ink nearly covers: beginning with what lies near the plane
 * through the cells along the border.
 */
function fitFromBorder(cells: readonly Cell[]): number[] {
  const ring = cells.filter(({ x, y }) => Math.max(Math.abs(x), Math.abs(y)) > 1 - 2 / GRID)
  const plane = fitSurface(ring, 1)
  return fitSurface(cells, 2, weightsOf(residualsOf(cells, plane, 1), 8))
}

/**
 * Light that changes slowly: a quadratic surface that leaves the border even. A quartic one, as a lens darkens a picture's
 * corners, must also meet most of the cells, as it might follow ink otherwise. Where a thick pen runs out of the picture,
 * the border is paper and ink instead.
 */
function slowLight(field: Field, border: Uint32Array): { flat: Float32Array; light: Float32Array } | null {
  const { width, height, values } = field
  const cells = cellMedians(field)
  const without = (surface: readonly number[], degree: number) => {
    const light = drawSurface(surface, degree, width, height)
    return { light, flat: values.map((value, i) => value - light[i]) }
  }
  const quadratic = without(fitSurface(cells, 2), 2)
  if (isEven(quadratic.flat, border)) return quadratic
  const surface = fitSurface(cells, 4)
  let near = 0
  for (const residual of residualsOf(cells, surface, 4)) if (residual <= EVEN_LEVELS) near++
  if (near >= MET_SHARE * cells.length) {
    const quartic = without(surface, 4)
    if (isEven(quartic.flat, border)) return quartic
  }
  const covered = without(fitFromBorder(cells), 2)
  return isPaperAndInk(covered.flat, width, height, border) ? covered : null
}

/** Whether the border of a picture is even but for ink that runs out of it. */
function isPaperAndInk(values: Float32Array, width: number, height: number, border: Uint32Array): boolean {
  const paper = medianAt(values, border)
  const tolerance = Math.max(EVEN_LEVELS, EVEN_DEVIATIONS * grain(values, border))
  const off = Float32Array.from(border, (i) => values[i] - paper).filter((value) => Math.abs(value) > tolerance)
  if (off.length > (1 - PAPER_SHARE) * border.length) return false
  const ink = medianOf(off)
  if (Math.abs(ink) < CLEAR_INK * tolerance) return false
  let between = 0
  for (const value of off) if (value / ink < 0.5) between++
  return between <= BETWEEN_SHARE * border.length && !fillsCorner(values, width, height, { paper, ink: paper + ink })
}

/** Half the width of the square that no pen stroke holds. */
function radiusFor({ width, height }: Field): number {
  return Math.max(1, Math.round((Math.max(width, height) * WIDEST_STROKE) / 2))
}

/** Means over whole blocks, so that neither side exceeds `side`. */
function shrink({ width, height, values }: Field, side: number): Field {
  const factor = Math.max(1, Math.ceil(Math.max(width, height) / side))
  const outWidth = Math.ceil(width / factor)
  const outHeight = Math.ceil(height / factor)
  const sums = new Float32Array(outWidth * outHeight)
  const counts = new Float32Array(outWidth * outHeight)
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor(y / factor) * outWidth
    for (let x = 0; x < width; x++, i++) {
      const at = row + Math.floor(x / factor)
      sums[at] += values[i]
      counts[at]++
    }
  }
  for (let i = 0; i < sums.length; i++) sums[i] /= counts[i]
  return { width: outWidth, height: outHeight, values: sums }
}

/** Means over a square window, edges repeated. */
function boxBlur({ width, height, values }: Field, radius: number): Field {
  const across = new Float32Array(values.length)
  const out = new Float32Array(values.length)
  const window = 2 * radius + 1
  const line = (get: (i: number) => number, put: (i: number, v: number) => void, length: number): void => {
    const at = (i: number): number => get(Math.min(length - 1, Math.max(0, i)))
    let sum = 0
    for (let i = -radius; i <= radius; i++) sum += at(i)
    for (let i = 0; i < length; i++) {
      put(i, sum / window)
      sum += at(i + radius + 1) - at(i - radius)
    }
  }
  for (let y = 0; y < height; y++) {
    const row = y * width
    line(
      (i) => values[row + i],
      (i, v) => {
        across[row + i] = v
      },
      width,
    )
  }
  for (let x = 0; x < width; x++) {
    line(
      (i) => across[i * width + x],
      (i, v) => {
        out[i * width + x] = v
      },
      height,
    )
  }
  return { width, height, values: out }
}

/** Sum of squared differences between neighbours. */
function roughness({ width, height, values }: Field): number {
  let sum = 0
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (x > 0) sum += (values[i] - values[i - 1]) ** 2
      if (y > 0) sum += (values[i] - values[i - width]) ** 2
    }
  }
  return sum
}

/**
 * On which side of the background ink lies, whatever the light: without ink the background has no edges but shadows',
 * while without the light between strokes it keeps those of the strokes.
 */
function signByBackground(small: Field, radius: number): 1 | -1 {
  const smooth = boxBlur(small, 1)
  return roughness(withoutNarrow(smooth, radius, 1)) < roughness(withoutNarrow(smooth, radius, -1)) ? 1 : -1
}

/** On which side of an even background ink lies: the one with more squared deviation. */
function signByDeviation(values: Float32Array): 1 | -1 {
  let balance = 0
  for (let i = 0; i < values.length; i++) balance += values[i] > 0 ? values[i] * values[i] : -values[i] * values[i]
  return balance > 0 ? 1 : -1
}

/** Moves values so that their border's median is 0. */
function centred(values: Float32Array, border: Uint32Array): Float32Array {
  const median = medianAt(values, border)
  for (let i = 0; i < values.length; i++) values[i] -= median
  return values
}

/**
 * Takes light and shadow out of a picture. Even paper, which every drawn picture has, is left alone; slow changes are a
 * smooth surface; if the border is uneven still, there are shadows, and the background is what stays when all is taken
 * away that is narrower than a pen stroke can be, which keeps shadows' edges as sharp as they are.
 * @param values width×height deviations from the border's median colour, grey levels
 * @param level grey level of that colour
 * @param border indices of pixels along the border
 */
export function evenOut(
  values: Float32Array,
  width: number,
  height: number,
  level: number,
  border: Uint32Array,
): Evened {
  const tones = drawnTones(values, width, height)
  if (tones !== null) {
    for (let i = 0; i < values.length; i++) values[i] -= tones.paper
    return { values, noise: 0, sign: tones.ink > tones.paper ? 1 : -1, shadow: null }
  }
  if (Math.min(width, height) < MIN_SIDE || isEven(values, border)) {
    return { values, noise: robustDeviation(values, border), sign: signByDeviation(values), shadow: null }
  }
  const field = { width, height, values }
  const slow = slowLight(field, border)
  if (slow !== null) {
    const flat = centred(slow.flat, border)
    return { values: flat, noise: robustDeviation(flat, border), sign: signByDeviation(flat), shadow: slow.light }
  }
  const small = shrink(field, SHADOW_SIDE)
  const sign = signByBackground(small, radiusFor(small))
  const radius = radiusFor(field)
  const background = withoutNarrow(field, radius, sign).values
  // In a shadow ink is as much weaker as the paper is darker.
  const paper = Math.max(1, level + medianAt(background, border))
  const flat = values.map((value, i) => value - background[i])
  centred(flat, border)
  const noise = robustDeviation(flat, border)
  let most = 1
  if (sign < 0) {
    for (let i = 0; i < flat.length; i++) {
      const gain = Math.min(3, Math.max(0.7, paper / Math.max(1, level + background[i])))
      flat[i] *= gain
      if (gain > most) most = gain
    }
  }
  return { values: flat, noise: noise * most, sign, shadow: background }
}
