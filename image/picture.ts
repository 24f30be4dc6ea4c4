/** A decoded picture: RGBA, straight (not premultiplied) alpha, row by row, 0..255. */
export interface Picture {
  readonly width: number
  readonly height: number
  /** width×height×4 bytes. */
  readonly data: Uint8Array
  /** Size of the picture as it was sent, upright. It exceeds `width`×`height` when decoding reduced a large one. */
  readonly source: { readonly width: number; readonly height: number }
}

/** A rectangle in pixels; `x`, `y` is its top left corner. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Whether a box lies inside another, with something of that on all sides. */
export const isWithin = (inner: Box, outer: Box): boolean =>
  inner.x > outer.x &&
  inner.y > outer.y &&
  inner.x + inner.width < outer.x + outer.width &&
  inner.y + inner.height < outer.y + outer.height

/** Takes rows of RGBA from the top down and keeps their averages over blocks of factor×factor pixels. */
export interface Reducer {
  /** @param row at least width×4 bytes from `offset` on: the next row of the picture */
  push(row: Uint8Array, offset: number): void
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

/** The least whole factor that brings both sides of a picture to at most `maxSide`. */
export function reductionFor(width: number, height: number, maxSide: number): number {
  return Math.max(1, Math.ceil(Math.max(width, height) / maxSide))
}

/**
 * Reduces a picture row by row, so that a large one never stands in memory whole. Colours are weighted by their alpha,
 * otherwise the invisible colour of transparent pixels would bleed into the ink.
 */
export function createReducer(width: number, height: number, factor: number): Reducer {
  const outWidth = Math.ceil(width / factor)
  const outHeight = Math.ceil(height / factor)
  const data = new Uint8Array(outWidth * outHeight * 4)
  let y = 0
  if (factor === 1) {
    const push = (row: Uint8Array, offset: number): void => {
      data.set(row.subarray(offset, offset + width * 4), y++ * width * 4)
    }
    return { push, width, height, data }
  }
  const sums = new Float64Array(outWidth * 4)
  const push = (row: Uint8Array, offset: number): void => {
    let i = offset
    for (let x = 0, block = 0; block < outWidth; block++) {
      let red = 0
      let green = 0
      let blue = 0
      let alpha = 0
      for (const end = Math.min(width, x + factor); x < end; x++, i += 4) {
        const a = row[i + 3]
        red += row[i] * a
        green += row[i + 1] * a
        blue += row[i + 2] * a
        alpha += a
      }
      sums[block * 4] += red
      sums[block * 4 + 1] += green
      sums[block * 4 + 2] += blue
      sums[block * 4 + 3] += alpha
    }
    y++
    if (y % factor === 0 || y === height) flush()
  }
  const flush = (): void => {
    const outY = Math.ceil(y / factor) - 1
    const rows = y - outY * factor
    for (let block = 0, out = outY * outWidth * 4; block < outWidth; block++, out += 4) {
      const columns = Math.min(factor, width - block * factor)
      const alpha = sums[block * 4 + 3]
      if (alpha > 0) for (let c = 0; c < 3; c++) data[out + c] = Math.round(sums[block * 4 + c] / alpha)
      data[out + 3] = Math.round(alpha / (rows * columns))
    }
    sums.fill(0)
  }
  return { push, width: outWidth, height: outHeight, data }
}
