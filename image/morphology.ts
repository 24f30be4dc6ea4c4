/** Values by rows. */
export interface Field {
  readonly width: number
  readonly height: number
  readonly values: Float32Array
}

/**
 * The least (`sign` 1) or greatest (−1) value in each window of 2·radius + 1 along rows, by two running passes (van Herk,
 * 1992; Gil and Werman, 1993).
 * @param reach `beyond`: windows may stick out of the picture, which becomes wider; `within`: they may not, and it becomes narrower
 */
function extremeAlongRows(
  { width, height, values }: Field,
  radius: number,
  sign: number,
  reach: 'beyond' | 'within',
): Field {
  const window = 2 * radius + 1
  const margin = reach === 'beyond' ? 2 * radius : 0
  const padded = width + 2 * margin
  const outWidth = padded - 2 * radius
  const line = new Float32Array(padded).fill(Infinity)
  const forward = new Float32Array(padded)
  const backward = new Float32Array(padded)
  const out = new Float32Array(outWidth * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) line[margin + x] = sign * values[y * width + x]
    for (let i = 0; i < padded; i++) forward[i] = i % window === 0 ? line[i] : Math.min(forward[i - 1], line[i])
    for (let i = padded - 1; i >= 0; i--) {
      backward[i] = i === padded - 1 || (i + 1) % window === 0 ? line[i] : Math.min(backward[i + 1], line[i])
    }
    for (let x = 0; x < outWidth; x++) out[y * outWidth + x] = sign * Math.min(backward[x], forward[x + window - 1])
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
 */
export function withoutNarrow(field: Field, radius: number, sign: 1 | -1): Field {
  const eroded = transpose(extremeAlongRows(field, radius, sign, 'beyond'))
  const wide = extremeAlongRows(eroded, radius, sign, 'beyond')
  const opened = transpose(extremeAlongRows(wide, radius, -sign, 'within'))
  return extremeAlongRows(opened, radius, -sign, 'within')
}
