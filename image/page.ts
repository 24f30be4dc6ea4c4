/**
 * The ink of a whole page: a photo with shadows, coloured paper, ruled lines and a desk around it. Where `ink.ts` takes
 * one digit's even background away, here light is followed at the scale of a stroke: whatever is wider is not writing.
 */
import { backdrop, borderPixels, fullInk, type Ink, MIN_CONTRAST, principalAxis, reduce } from './ink.ts'
import { otsuThreshold } from './otsu.ts'
import type { Picture } from './picture.ts'

/** A picture's colours, four bytes a pixel of which the fourth says nothing. */
interface Flat {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** Values on a coarse grid; `cell` pixels of the picture to one of them along each side. */
interface Grid {
  readonly columns: number
  readonly rows: number
  readonly cell: number
  readonly values: Float32Array
}

/** Strokes are narrower than this many times their usual width, where they cross or turn as well. */
const WIDEST_STROKE = 4
/** No stroke is expected to be narrower than this many pixels when the light's scale is chosen. */
const LEAST_STROKE = 2
/** From one cell of paper to the next light changes by at most this share. */
const STEP = 0.12
/** A cell in the middle of the picture counts so many times when the largest region is looked for. */
const CENTRAL = 3
/** Pixels looked at for the axis of most contrast, about. */
const MOMENT_SAMPLE = 20_000

/**
 * Finds the ink of a page: transparency laid over what it stands out from, local light and colour of the paper taken away,
 * one number a pixel along the colour axis of most contrast, polarity found.
 * @param maxSide larger pictures are reduced by a whole factor first
 * @param fills the paper fills the picture: what changes all at once is a shadow on it and no desk beside it
 * @returns `null` when nothing stands out from the paper
 */
export function inkOfPage(picture: Picture, maxSide: number, fills: boolean): Ink | null {
  const flat = flatten(reduce(picture, maxSide))
  const { width, height } = flat
  const deviation = deviationFromPaper(flat, fills)
  const sign = polarity(deviation)
  for (let i = 0; i < deviation.length; i++) deviation[i] *= sign
  const stroke = usualStroke(deviation, width, height)
  const light = lightOf(toGrid(deviation, width, height, Math.max(1, Math.round((stroke * WIDEST_STROKE) / 5))))
  subtract(deviation, light, width, height)
  const noise = deviationOfNoise(deviation)
  for (let i = 0; i < deviation.length; i++) if (deviation[i] < 0) deviation[i] = 0
  const full = fullInk(deviation, noise)
  if (full < MIN_CONTRAST) return null
  for (let i = 0; i < deviation.length; i++) deviation[i] = Math.min(1, deviation[i] / full)
  const scale = picture.source.width / width
  return { width, height, ink: deviation, contrast: full, noise: noise / full, scale }
}

/** Lays a picture over the colour that shows through where it is transparent. */
function flatten({ width, height, data }: Flat): Flat {
  let opaque = 3
  while (opaque < data.length && data[opaque] === 255) opaque += 4
  if (opaque >= data.length) return { width, height, data }
  const behind = backdrop(data, borderPixels(width, height))
  const flat = new Uint8Array(data.length)
  for (let p = 0; p < data.length; p += 4) {
    const alpha = data[p + 3]
    for (let c = 0; c < 3; c++) flat[p + c] = Math.round((data[p + c] * alpha + behind[c] * (255 - alpha)) / 255)
  }
  return { width, height, data: flat }
}

/** One number a pixel: the deviation from the paper around it, along the colour axis of most contrast; grey levels. */
function deviationFromPaper(flat: Flat, fills: boolean): Float32Array {
  const { width, height, data } = flat
  const cell = Math.max(2, Math.round(Math.min(width, height) / 8))
  const grids = [0, 1, 2].map((channel) => medianGrid(flat, channel, cell))
  const paper = fills ? grids : onlyPaper(grids)
  const unit = 1 / Math.sqrt(3)
  const [red, green, blue] = principalAxis(momentsAround(flat, paper)).map((share) => share * unit)
  const deviation = new Float32Array(width * height)
  for (let i = 0, p = 0; i < deviation.length; i++, p += 4) {
    deviation[i] = data[p] * red + data[p + 1] * green + data[p + 2] * blue
  }
  const values = paper[0].values.map((level, k) => level * red + paper[1].values[k] * green + paper[2].values[k] * blue)
  subtract(deviation, { ...paper[0], values }, width, height)
  return deviation
}

/** The six second moments of the colours around the paper's, as {@link principalAxis} takes them, from some of the rows. */
function momentsAround({ width, height, data }: Flat, paper: readonly Grid[]): number[] {
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
  return [rr, rg, rb, gg, gb, bb]
}

/** 1 or −1: the side of the paper to which the pen deviates, the one with more squared deviation. */
function polarity(deviation: Float32Array): 1 | -1 {
  let above = 0
  let below = 0
  for (let i = 0; i < deviation.length; i++) {
    const v = deviation[i]
    if (v > 0) above += v * v
    else below += v * v
  }
  return above > below ? 1 : -1
}

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

/**
 * The colours of the paper alone: the largest region, the middle counting for more, within which they change little from
 * cell to cell. Elsewhere, beside the paper and under what covers much of it, the nearest of its cells are taken, so that
 * light is followed but no desk.
 */
function onlyPaper(grids: readonly Grid[]): readonly Grid[] {
  const { columns, rows } = grids[0]
  const level = grids[0].values.map((red, k) => (red + grids[1].values[k] + grids[2].values[k]) / 3)
  const region = new Int32Array(level.length)
  const order: number[] = []
  const neighbours = (k: number) => {
    const column = k % columns
    const beside = [column > 0 ? k - 1 : k, column + 1 < columns ? k + 1 : k, k - columns, k + columns]
    return beside.filter((other) => other >= 0 && other < columns * rows)
  }
  const grow = (
    from: number,
    joins: (at: number, next: number) => boolean,
    visit: (at: number, next: number) => void,
  ) => {
    for (; from < order.length; from++) {
      for (const next of neighbours(order[from])) {
        if (region[next] !== 0 || !joins(order[from], next)) continue
        visit(order[from], next)
        order.push(next)
      }
    }
  }
  // Whoever takes a picture of paper has it in the middle.
  const weigh = (k: number) => (isInner(k % columns, columns) && isInner(Math.floor(k / columns), rows) ? CENTRAL : 1)
  let largest: number[] = []
  let most = 0
  for (let seed = 0, name = 1; seed < level.length; seed++, name++) {
    if (region[seed] !== 0) continue
    const from = order.push(seed) - 1
    region[seed] = name
    const isAlike = (at: number, next: number) =>
      Math.abs(level[at] - level[next]) <= STEP * Math.max(level[at], level[next])
    grow(from, isAlike, (_, next) => {
      region[next] = name
    })
    const cells = order.slice(from)
    const weight = cells.reduce((sum, k) => sum + weigh(k), 0)
    if (weight > most) {
      largest = cells
      most = weight
    }
  }
  if (largest.length === level.length) return grids
  const values = grids.map((grid) => grid.values.slice())
  region.fill(0)
  order.length = 0
  for (const k of largest) {
    region[k] = 1
    order.push(k)
  }
  grow(
    0,
    () => true,
    (at, next) => {
      region[next] = 1
      for (const plane of values) plane[next] = plane[at]
    },
  )
  return grids.map((grid, c) => ({ ...grid, values: values[c] }))
}

/** Whether a cell lies in the middle half of its row or column. */
const isInner = (at: number, count: number) => at * 4 >= count - 1 && at * 4 <= 3 * (count - 1)

/** Means of the cells. */
function toGrid(plane: Float32Array, width: number, height: number, cell: number): Grid {
  const columns = Math.ceil(width / cell)
  const rows = Math.ceil(height / cell)
  const values = new Float32Array(columns * rows)
  for (let row = 0, to = 0; row < rows; row++) {
    const y1 = Math.min(height, (row + 1) * cell)
    for (let column = 0; column < columns; column++, to++) {
      const x1 = Math.min(width, (column + 1) * cell)
      let sum = 0
      for (let y = row * cell; y < y1; y++) for (let x = column * cell; x < x1; x++) sum += plane[y * width + x]
      values[to] = sum / ((y1 - row * cell) * (x1 - column * cell))
    }
  }
  return { columns, rows, cell, values }
}

/**
 * Morphological opening by 7×7 cells, which takes away what is brighter than its surroundings and narrower than that, and
 * a dilation by one more, so that nothing is left along the edges of what is wide.
 */
function lightOf(grid: Grid): Grid {
  const { columns, rows } = grid
  const low = slide(slide(grid.values, columns, rows, 1, 3, Math.min), columns, rows, columns, 3, Math.min)
  const values = slide(slide(low, columns, rows, 1, 4, Math.max), columns, rows, columns, 4, Math.max)
  return { ...grid, values }
}

/** The extreme of 2·radius + 1 cells in a row (step 1) or column (step columns), fewer at the border. */
function slide(
  values: Float32Array,
  columns: number,
  rows: number,
  step: number,
  radius: number,
  extreme: (a: number, b: number) => number,
): Float32Array {
  const out = new Float32Array(values.length)
  const length = step === 1 ? columns : rows
  for (let i = 0; i < values.length; i++) {
    const at = step === 1 ? i % columns : Math.floor(i / columns)
    const from = i - Math.min(radius, at) * step
    const to = i + Math.min(radius, length - 1 - at) * step
    let best = values[from]
    for (let k = from + step; k <= to; k += step) best = extreme(best, values[k])
    out[i] = best
  }
  return out
}

/** Takes a grid, interpolated linearly between the middles of its cells, from a plane in place. */
function subtract(plane: Float32Array, grid: Grid, width: number, height: number): void {
  const rowOf = interpolator(grid, width)
  for (let y = 0, i = 0; y < height; y++) {
    const row = rowOf(y)
    for (let x = 0; x < width; x++, i++) plane[i] -= row[x]
  }
}

/** What a grid, interpolated linearly between the middles of its cells, has in a row of pixels, in one array for all rows. */
function interpolator({ columns, rows, cell, values }: Grid, width: number): (y: number) => Float32Array {
  const left = new Int32Array(width)
  const share = new Float32Array(width)
  for (let x = 0; x < width; x++) {
    const u = Math.min(columns - 1, Math.max(0, (x + 0.5) / cell - 0.5))
    left[x] = Math.floor(u)
    share[x] = u - left[x]
  }
  const line = new Float32Array(columns + 1)
  const out = new Float32Array(width)
  return (y) => {
    const v = Math.min(rows - 1, Math.max(0, (y + 0.5) / cell - 0.5))
    const top = Math.floor(v) * columns
    const bottom = Math.min(rows - 1, Math.floor(v) + 1) * columns
    const f = v - Math.floor(v)
    for (let c = 0; c < columns; c++) line[c] = values[top + c] * (1 - f) + values[bottom + c] * f
    line[columns] = line[columns - 1]
    for (let x = 0; x < width; x++) {
      const at = left[x]
      out[x] = line[at] + (line[at + 1] - line[at]) * share[x]
    }
    return out
  }
}

/**
 * The usual length of the runs of ink along rows and columns, in pixels: shadows make few runs, strokes many. Fine lines
 * make as many as strokes, so that runs count by their length, up to what a stroke may have, and those that run out of the
 * picture not at all.
 */
function usualStroke(deviation: Float32Array, width: number, height: number): number {
  let most = 1
  for (let i = 0; i < deviation.length; i++) if (deviation[i] > most) most = deviation[i]
  const shares = new Float32Array(deviation.length)
  for (let i = 0; i < shares.length; i++) if (deviation[i] > 0) shares[i] = deviation[i] / most
  const threshold = otsuThreshold(shares)
  const lengths = new Uint32Array(Math.max(width, height) + 1)
  const down = new Uint16Array(width)
  for (let y = 0, i = 0; y < height; y++) {
    let across = 0
    for (let x = 0; x < width; x++, i++) {
      if (shares[i] > threshold) {
        across++
        down[x]++
        continue
      }
      if (across > 0 && across < x) lengths[across]++
      if (down[x] > 0 && down[x] < y) lengths[down[x]]++
      across = 0
      down[x] = 0
    }
  }
  // A single pixel is a speck or a stroke's end rather than its width.
  lengths.fill(0, 0, 2)
  const median = medianLength(lengths, 1)
  const length = medianLength(lengths, WIDEST_STROKE * median)
  return Math.max(LEAST_STROKE, length)
}

/** The length such that half of the runs are at most as long, each counting by its length up to `most`. */
function medianLength(lengths: Uint32Array, most: number): number {
  const weigh = (length: number) => lengths[length] * Math.min(length, most)
  let all = 0
  for (let length = 0; length < lengths.length; length++) all += weigh(length)
  let length = 0
  for (let seen = 0; seen * 2 < all; ) seen += weigh(++length)
  return length
}

/** Standard deviation of the paper in grey levels, by the median of the absolute deviations. */
function deviationOfNoise(deviation: Float32Array): number {
  const histogram = new Uint32Array(1024)
  for (let i = 0; i < deviation.length; i++) histogram[Math.min(1023, (Math.abs(deviation[i]) * 4) | 0)]++
  let level = 0
  for (let seen = histogram[0]; seen * 2 < deviation.length; ) seen += histogram[++level]
  return (1.4826 * level) / 4
}
