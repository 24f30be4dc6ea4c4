/** What a page's paper looks like apart from what is written on it. */
import { type Grid, interpolator } from './grid.ts'
import { principalAxis } from './ink.ts'

/** A picture's colours, four bytes a pixel of which the fourth says nothing. */
export interface Flat {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** Red, green and blue, each in a grid of its own. */
export type Colours = readonly [Grid, Grid, Grid]

/** A colour axis: what a pixel's red, green and blue count in its level along it. */
export type Axis = readonly [red: number, green: number, blue: number]

/** The axis of brightness. */
export const GREY: Axis = [1 / 3, 1 / 3, 1 / 3]
/** Pixels looked at for the axis of most contrast, about. */
const MOMENT_SAMPLE = 20_000

/** Medians of overlapping windows, four cells wide, that ink, being the smaller part of each, does not touch. */
function medianGrid({ width, height, data }: Flat, channel: number, cell: number): Grid {
  const columns = Math.ceil(width / cell)
  const rows = Math.ceil(height / cell)
  const values = new Float32Array(columns * rows)
  const histogram = new Uint16Array(256)
  const stride = Math.max(1, Math.floor((4 * cell) / 16))
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x0 = Math.max(0, Math.round((column - 1.5) * cell))
      const y0 = Math.max(0, Math.round((row - 1.5) * cell))
      const x1 = Math.min(width, Math.round((column + 2.5) * cell))
      const y1 = Math.min(height, Math.round((row + 2.5) * cell))
      histogram.fill(0)
      let count = 0
      for (let y = y0 + (stride >> 1); y < y1; y += stride) {
        for (let x = x0 + (stride >> 1); x < x1; x += stride, count++) histogram[data[(y * width + x) * 4 + channel]]++
      }
      let level = 0
      for (let seen = histogram[0]; seen * 2 < count; ) seen += histogram[++level]
      values[row * columns + column] = level
    }
  }
  return { columns, rows, cell, values }
}

/** The paper's colours, red, green and blue, whatever the light. */
export function paperOf(flat: Flat): Colours {
  const side = Math.max(2, Math.round(Math.min(flat.width, flat.height) / 8))
  return [medianGrid(flat, 0, side), medianGrid(flat, 1, side), medianGrid(flat, 2, side)]
}

/** The colour axis along which a page varies most around its paper, as long as {@link GREY}; found from some of the rows. */
export function axisOfContrast({ width, height, data }: Flat, paper: Colours): Axis {
  const step = Math.max(1, Math.floor((width * height) / MOMENT_SAMPLE))
  const rowsOf = paper.map((grid) => interpolator(grid, width))
  let [rr, rg, rb, gg, gb, bb] = [0, 0, 0, 0, 0, 0]
  for (let y = step >> 1; y < height; y += step) {
    const [reds, greens, blues] = rowsOf.map((rowOf) => rowOf(y))
    for (let x = 0, p = y * width * 4; x < width; x++, p += 4) {
      const r = data[p] - reds[x]
      const g = data[p + 1] - greens[x]
      const b = data[p + 2] - blues[x]
      rr += r * r
      rg += r * g
      rb += r * b
      gg += g * g
      gb += g * b
      bb += b * b
    }
  }
  const [red, green, blue] = principalAxis([rr, rg, rb, gg, gb, bb])
  const unit = 1 / Math.sqrt(3)
  return [red * unit, green * unit, blue * unit]
}
