const FAR = 1e12

/** One row or column of {@link distanceTo}: the lower envelope of parabolas. */
function envelope(
  f: Float64Array,
  length: number,
  vertices: Int32Array,
  bounds: Float64Array,
  out: Float64Array,
): void {
  let last = 0
  vertices[0] = 0
  bounds[0] = -Infinity
  bounds[1] = Infinity
  for (let q = 1; q < length; q++) {
    let s: number
    do {
      const v = vertices[last]
      s = (f[q] + q * q - f[v] - v * v) / (2 * (q - v))
    } while (s <= bounds[last] && --last >= 0)
    last++
    vertices[last] = q
    bounds[last] = s
    bounds[last + 1] = Infinity
  }
  for (let q = 0, k = 0; q < length; q++) {
    while (bounds[k + 1] < q) k++
    out[q] = (q - vertices[k]) ** 2 + f[vertices[k]]
  }
}

/**
 * Euclidean distance of every pixel's middle to the nearest marked pixel's middle (Felzenszwalb and Huttenlocher, 2012).
 * @param mask width×height, not 0 where marked
 */
export function distanceTo(mask: ArrayLike<number>, width: number, height: number): Float32Array {
  const longer = Math.max(width, height)
  const f = new Float64Array(longer)
  const line = new Float64Array(longer)
  const vertices = new Int32Array(longer + 1)
  const bounds = new Float64Array(longer + 2)
  const squared = new Float64Array(width * height)
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) f[y] = mask[y * width + x] ? 0 : FAR
    envelope(f, height, vertices, bounds, line)
    for (let y = 0; y < height; y++) squared[y * width + x] = line[y]
  }
  const out = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) f[x] = squared[y * width + x]
    envelope(f, width, vertices, bounds, line)
    for (let x = 0; x < width; x++) out[y * width + x] = Math.sqrt(line[x])
  }
  return out
}
