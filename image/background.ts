/** Deviations from the background once light and shadow are taken out, and how noisy the background is. */
export interface Evened {
  /** Grey levels; 0 is background. */
  readonly values: Float32Array
  /** Standard deviation of the background in grey levels. */
  readonly noise: number
}

/** Cells along the longer side of the grid on which light is measured. */
const GRID = 16
/** Light that varies by less than this many grey levels along the border is even. */
const EVEN = 6

function medianOf(values: number[]): number {
  values.sort((a, b) => a - b)
  return values[values.length >> 1] ?? 0
}

/** Standard deviation by the median absolute deviation from 0, which ink, being the smaller part, does not touch. */
function robustDeviation(values: Float32Array, pixels: ArrayLike<number>): number {
  const some: number[] = []
  const step = Math.max(1, Math.floor(pixels.length / 4096))
  for (let k = 0; k < pixels.length; k += step) some.push(Math.abs(values[pixels[k]]))
  return 1.4826 * medianOf(some)
}

/** x, y in −1..1 to the terms of a quadratic surface. */
function terms(x: number, y: number): readonly number[] {
  return [1, x, y, x * x, x * y, y * y]
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

/** A quadratic surface through the cells' medians, by least squares; cells that lie far off it, being inked, lose weight. */
function fitSurface(cells: readonly { x: number; y: number; value: number }[]): number[] {
  let surface = [0, 0, 0, 0, 0, 0]
  let weights = cells.map(() => 1)
  for (let round = 0; round < 8; round++) {
    const matrix = Array.from({ length: 6 }, () => new Array<number>(6).fill(0))
    const right = new Array<number>(6).fill(0)
    cells.forEach(({ x, y, value }, k) => {
      const t = terms(x, y)
      for (let i = 0; i < 6; i++) {
        right[i] += weights[k] * t[i] * value
        for (let j = 0; j < 6; j++) matrix[i][j] += weights[k] * t[i] * t[j]
      }
    })
    surface = solve(matrix, right)
    const residuals = cells.map(({ x, y, value }) => Math.abs(value - dot(surface, terms(x, y))))
    const scale = Math.max(2, 1.4826 * medianOf([...residuals]))
    weights = residuals.map((r) => 1 / (1 + (r / scale) ** 4))
  }
  return surface
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

/**
 * Takes slow changes of light out of a picture. Even paper, which every drawn picture has, is left alone: only where the
 * border varies is a surface fitted.
 * @param values width×height deviations from the border's median colour, grey levels
 * @param border indices of the border's pixels
 */
export function evenOut(values: Float32Array, width: number, height: number, border: Uint32Array): Evened {
  const cell = Math.max(1, Math.max(width, height) / GRID)
  const columns = Math.max(1, Math.round(width / cell))
  const rows = Math.max(1, Math.round(height / cell))
  if (columns < 3 || rows < 3 || width < 32 || height < 32) return { values, noise: robustDeviation(values, border) }
  const cells: { x: number; y: number; value: number; onBorder: boolean }[] = []
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const x0 = Math.floor((c * width) / columns)
      const x1 = Math.floor(((c + 1) * width) / columns)
      const y0 = Math.floor((r * height) / rows)
      const y1 = Math.floor(((r + 1) * height) / rows)
      const some: number[] = []
      const step = Math.max(1, Math.floor(Math.sqrt((x1 - x0) * (y1 - y0)) / 8))
      for (let y = y0; y < y1; y += step) for (let x = x0; x < x1; x += step) some.push(values[y * width + x])
      cells.push({
        x: ((c + 0.5) / columns) * 2 - 1,
        y: ((r + 0.5) / rows) * 2 - 1,
        value: medianOf(some),
        onBorder: r === 0 || c === 0 || r === rows - 1 || c === columns - 1,
      })
    }
  }
  const rim = cells.filter((at) => at.onBorder).map((at) => at.value)
  rim.sort((a, b) => a - b)
  const spread = rim[Math.floor(rim.length * 0.9)] - rim[Math.floor(rim.length * 0.1)]
  if (spread <= EVEN) return { values, noise: robustDeviation(values, border) }

  const surface = fitSurface(cells)
  const out = new Float32Array(values.length)
  for (let y = 0, i = 0; y < height; y++) {
    const v = ((y + 0.5) / height) * 2 - 1
    for (let x = 0; x < width; x++, i++) {
      const u = ((x + 0.5) / width) * 2 - 1
      const light =
        surface[0] + surface[1] * u + surface[2] * v + surface[3] * u * u + surface[4] * u * v + surface[5] * v * v
      out[i] = values[i] - light
    }
  }
  return { values: out, noise: robustDeviation(out, border) }
}
