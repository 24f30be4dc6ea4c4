/** Light on a page, measured so finely that the edge of a hard shadow stays where it is. */
import { type Grid, interpolator, meanGrid } from './grid.ts'
import { type Field, rangeAround, spreadWithin, withoutNarrow } from './morphology.ts'
import { quantileOf } from './statistics.ts'

/** Side of the cells that light is measured on, in strokes, and the least in pixels. */
const CELL = 0.4
const LEAST_CELL = 2
/** What holds no square so wide, in strokes, is written, … */
const WIDEST = 5.6
/** … unless it runs on from something that does, as fingers' shadows do from a hand's, and holds one so wide. */
const WIDEST_ALONE = 2
/** Of such a square this must lie in the picture, in strokes: a shadow may run out of it in a corner. */
const LEAST_INSIDE = 1.6
/** Sweeps in which shadows are followed; each follows them around one more bend. */
const SWEEPS = 2
/** Light that changes by more than this share from one cell to the next steps. */
const STEP = 0.08
/** Grey levels that are added to the light before shares of it are taken: lenses and sensors add some to what is dark. */
const FLARE = 8
/** In the deepest shadow ink is made so many times as strong as it is. */
const MOST_GAIN = 3
/** Only what is so many standard deviations of the paper's grain strong, or else the grain would be too. */
const CLEAR = 1
/** Where light is even but for this share, ink is left as strong as it is. */
const EVEN = 0.1

/** What taking the light away has made of paper. */
export interface Lit {
  /** Standard deviation of its grain, grey levels. */
  readonly noise: number
  /** By how much what is on it was made stronger, in the mean; 1 where the light is even. */
  readonly gain: number
}

/**
 * Takes the light away from levels along a colour axis, in place: what is left is ink, as strong in a shadow as beside it,
 * around 0 on paper. Where light steps, only what is darker than the paper in the shadow is surely ink.
 * @param levels higher for ink than for paper, all grey levels
 * @param stroke usual width of one, in pixels
 * @param full the paper's level in full light, where levels are in proportion to the light; otherwise null
 */
export function takeLight(
  levels: Float32Array,
  width: number,
  height: number,
  stroke: number,
  full: number | null,
): Lit {
  const cell = Math.max(LEAST_CELL, Math.round(CELL * stroke))
  const grid = meanGrid(levels, width, height, cell)
  const light = { ...grid, values: lightOf(grid, stroke / cell) }
  const steps = stepsOf(light)
  const lightAt = interpolator(light, width)
  for (let y = 0; y < height; y++) {
    const row = levels.subarray(y * width, (y + 1) * width)
    const here = lightAt(y)
    if (steps) doubt(row, here, steps, y)
    else for (let x = 0; x < width; x++) row[x] -= here[x]
  }
  // The least of several cells is lighter than paper is in the mean.
  const offset = Math.max(0, quantileOf(levels, 0.5))
  if (offset > 0) for (let i = 0; i < levels.length; i++) levels[i] -= offset
  const noise = deviationOfNoise(levels)
  const gain = full === null ? null : gainIn(light, full)
  if (gain === null) return { noise, gain: 1 }
  const gainAt = interpolator(gain, width)
  const clear = CLEAR * noise
  for (let y = 0, i = 0; y < height; y++) {
    const times = gainAt(y)
    for (let x = 0; x < width; x++, i++) if (levels[i] > clear) levels[i] += times[x] * (levels[i] - clear)
  }
  const mean = 1 + gain.values.reduce((sum, value) => sum + value, 0) / gain.values.length
  return { noise: noise * mean, gain: mean }
}

/** By how many times of itself ink is to be stronger in each cell's light; null where it is even. */
function gainIn(light: Grid, full: number): Grid | null {
  const values = new Float32Array(light.values.length)
  let most = 0
  for (let k = 0; k < values.length; k++) {
    const times = (FLARE + full) / (FLARE + Math.abs(light.values[k]))
    values[k] = Math.max(0, Math.min(MOST_GAIN, times) - 1)
    if (values[k] > most) most = values[k]
  }
  return most > EVEN ? { ...light, values } : null
}

/** Standard deviation of the paper in grey levels, by the median of the absolute deviations. */
function deviationOfNoise(deviation: Float32Array): number {
  const histogram = new Uint32Array(1024)
  for (let i = 0; i < deviation.length; i++) histogram[Math.min(1023, (Math.abs(deviation[i]) * 4) | 0)]++
  let level = 0
  for (let seen = histogram[0]; seen * 2 < deviation.length; ) seen += histogram[++level]
  return (1.4826 * level) / 4
}

/** The light on each cell: what is left of a grid without anything written. @param stroke width of one in cells */
function lightOf({ columns, rows, values }: Grid, stroke: number): Float32Array {
  const field: Field = { width: columns, height: rows, values }
  const radiusOf = (wide: number) => Math.max(1, Math.round((wide * stroke - 1) / 2))
  const light = withoutNarrow(field, radiusOf(WIDEST), 1, Math.max(1, Math.round(LEAST_INSIDE * stroke)))
  spreadWithin(light, withoutNarrow(field, radiusOf(WIDEST_ALONE), 1), SWEEPS)
  return light.values
}

/**
 * Where the light steps, the light in a cell or in one beside it that is furthest on ink's side, and elsewhere −∞; null where
 * it nowhere steps.
 */
function stepsOf(light: Grid): Grid | null {
  const { least, most } = rangeAround({ width: light.columns, height: light.rows, values: light.values })
  let steps = 0
  for (let k = 0; k < most.length; k++) {
    if (most[k] - least[k] > STEP * (FLARE + Math.abs(most[k]))) steps++
    else most[k] = Number.NEGATIVE_INFINITY
  }
  return steps > 0 ? { ...light, values: most } : null
}

/** Takes the light from a row, and where it steps, what may be paper: nothing from ink that is twice as strong as that. */
function doubt(row: Float32Array, light: Float32Array, { columns, cell, values }: Grid, y: number): void {
  const first = Math.floor(y / cell) * columns
  for (let column = 0; column < columns; column++) {
    const most = values[first + column]
    const end = Math.min(row.length, (column + 1) * cell)
    for (let x = column * cell; x < end; x++) {
      const sure = row[x] - most
      row[x] = Math.min(row[x] - light[x], sure > 0 ? 2 * sure : sure)
    }
  }
}
