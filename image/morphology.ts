/** Values by rows. */
export interface Field {
  readonly width: number
  readonly height: number
  readonly values: Float32Array
}

/**
 * The least (`sign` 1) or greatest (−1) value in each window of 2·radius + 1 along rows, by two running passes (van Herk,
 * 1992; Gil and Werman, 1993).
 * @param margin by how much windows may stick out of the picture; with more than the radius it becomes wider, with less narrower
 */
function extremeAlongRows({ width, height, values }: Field, radius: number, sign: number, margin: number): Field {
  const window = 2 * radius + 1
  const padded = width + 2 * margin
  const outWidth = padded - 2 * radius
  const line = new Float32Array(padded).fill(Infinity)
  const forward = new Float32Array(padded)
  const backward = new Float32Array(padded)
  const out = new Float32Array(outWidth * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0, i = y * width; x < width; x++, i++) line[margin + x] = sign * values[i]
    for (let start = 0; start < padded; start += window) {
      const end = Math.min(padded, start + window)
      let least = Infinity
      for (let i = start; i < end; i++) {
        if (line[i] < least) least = line[i]
        forward[i] = least
      }
      least = Infinity
      for (let i = end - 1; i >= start; i--) {
        if (line[i] < least) least = line[i]
        backward[i] = least
      }
    }
    for (let x = 0, i = y * outWidth; x < outWidth; x++, i++) {
      out[i] = sign * Math.min(backward[x], forward[x + window - 1])
    }
  }
  return { width: outWidth, height, values: out }
}

function transpose({ width, height, values }: Field): Field {
  const out = new Float32Array(values.length)
  for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i++) out[x * height + y] = values[i]
  return { width: height, height: width, values: out }
}

/**
 * What is left when all that stands out to the side of `sign` and is narrower than a square of 2·radius + 1 is taken away:
 * a morphological opening, or a closing. The square may stick out of the picture, so that an edge that runs out of it stays.
 * @param within how many of the square's rows and columns must lie in the picture
 */
export function withoutNarrow(field: Field, radius: number, sign: 1 | -1, within = 1): Field {
  const out = 2 * radius + 1 - within
  const eroded = transpose(extremeAlongRows(field, radius, sign, out))
  const wide = extremeAlongRows(eroded, radius, sign, out)
  const opened = transpose(extremeAlongRows(wide, radius, -sign, 2 * radius - out))
  return extremeAlongRows(opened, radius, -sign, 2 * radius - out)
}

/** The least and the greatest value at each place and the eight around it. */
export function rangeAround({ width, height, values }: Field): { least: Float32Array; most: Float32Array } {
  const least = new Float32Array(values.length)
  const most = new Float32Array(values.length)
  // One place more on each side, which never counts.
  const low = new Float32Array(width + 2).fill(Infinity)
  const high = new Float32Array(width + 2).fill(-Infinity)
  for (let y = 0, i = 0; y < height; y++) {
    const above = Math.max(0, y - 1) * width
    const below = Math.min(height - 1, y + 1) * width
    for (let x = 0; x < width; x++) {
      low[x + 1] = Math.min(values[above + x], values[i + x], values[below + x])
      high[x + 1] = Math.max(values[above + x], values[i + x], values[below + x])
    }
    for (let x = 0; x < width; x++, i++) {
      least[i] = Math.min(low[x], low[x + 1], low[x + 2])
      most[i] = Math.max(high[x], high[x + 1], high[x + 2])
    }
  }
  return { least, most }
}

/**
 * Spreads a field as far as another lets it: to each place comes the greatest value that reaches it from anywhere on a way
 * along which the other is nowhere less (reconstruction by dilation, Vincent, 1993), in so many sweeps to and fro; in place.
 */
export function spreadWithin({ width, height, values }: Field, limit: Field, sweeps: number): void {
  const most = limit.values
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        let best = values[i]
        if (x > 0 && values[i - 1] > best) best = values[i - 1]
        if (y > 0 && values[i - width] > best) best = values[i - width]
        values[i] = best < most[i] ? best : Math.max(values[i], most[i])
      }
    }
    for (let y = height - 1, i = values.length - 1; y >= 0; y--) {
      for (let x = width - 1; x >= 0; x--, i--) {
        let best = values[i]
        if (x + 1 < width && values[i + 1] > best) best = values[i + 1]
        if (y + 1 < height && values[i + width] > best) best = values[i + width]
        values[i] = best < most[i] ? best : Math.max(values[i], most[i])
      }
    }
  }
}
