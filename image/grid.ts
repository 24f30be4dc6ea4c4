/** Values on a coarse grid over a plane of pixels; `cell` pixels to one of them along each side. */
export interface Grid {
  readonly columns: number
  readonly rows: number
  readonly cell: number
  readonly values: Float32Array
}

/** Means of the cells. */
export function meanGrid(plane: Float32Array, width: number, height: number, cell: number): Grid {
  const columns = Math.ceil(width / cell)
  const rows = Math.ceil(height / cell)
  const values = new Float32Array(columns * rows)
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor(y / cell) * columns
    for (let column = 0; column < columns; column++) {
      const end = i + Math.min(cell, width - column * cell)
      let sum = 0
      for (; i < end; i++) sum += plane[i]
      values[row + column] += sum
    }
  }
  for (let row = 0, k = 0; row < rows; row++) {
    const high = Math.min(cell, height - row * cell)
    for (let column = 0; column < columns; column++, k++) values[k] /= high * Math.min(cell, width - column * cell)
  }
  return { columns, rows, cell, values }
}

/** What a grid, interpolated linearly between the middles of its cells, has in a row of pixels, in one array for all rows. */
export function interpolator({ columns, rows, cell, values }: Grid, width: number): (y: number) => Float32Array {
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

/** A plane without a grid, which is interpolated linearly between the middles of its cells. */
export function without(plane: Float32Array, grid: Grid, width: number, height: number): Float32Array {
  const rowOf = interpolator(grid, width)
  const out = new Float32Array(plane.length)
  for (let y = 0, i = 0; y < height; y++) {
    const row = rowOf(y)
    for (let x = 0; x < width; x++, i++) out[i] = plane[i] - row[x]
  }
  return out
}
