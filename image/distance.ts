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

/** Up to this many pixels it is quicker to look around each pixel than to measure the whole plane. */
const NEAR = 8

/**
 * Euclidean distance of every pixel's middle to the nearest marked pixel's middle where that is at most `reach`; a
 * larger number elsewhere.
 * @param mask width×height, not 0 where marked
 */
export function distanceWithin(reach: number, mask: Uint8Array, width: number, height: number): Float32Array {
  if (reach > NEAR) return distanceTo(mask, width, height)
  const most = Math.floor(reach)
  const far = 2 * most ** 2 + 1
  const roots = new Float32Array(far + 1).fill(Number.POSITIVE_INFINITY)
  for (let k = 0; k <= Math.min(reach ** 2, far - 1); k++) roots[k] = Math.sqrt(k)
  const across = squaresAlongRows(most, far, mask, width, height)
  const distance = new Float32Array(width * height)
  for (let i = 0, at = most * width; i < distance.length; i++, at++) {
    let least = across[at]
    for (let away = 1, down = 1; away <= most && down < least; away++, down = away * away) {
      const above = across[at - away * width] + down
      const below = across[at + away * width] + down
      if (above < least) least = above
      if (below < least) least = below
    }
    distance[i] = roots[least]
  }
  return distance
}

/**
 * Squared distance to the nearest marked pixel of the same row, `far` where that is more than `most` pixels away; `most`
 * rows above the first and below the last have no marked ones.
 */
function squaresAlongRows(most: number, far: number, mask: Uint8Array, width: number, height: number): Int32Array {
  const out = new Int32Array(width * (height + 2 * most)).fill(far)
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0, last = -far; x < width; x++, i++) {
      if (mask[i] === 0) continue
      for (let k = Math.max(0, x - most, last + 1); k < x; k++) {
        const at = (y + most) * width + k
        const squared = (x - k) ** 2
        if (squared < out[at]) out[at] = squared
      }
      for (let k = x; k <= Math.min(width - 1, x + most); k++) out[(y + most) * width + k] = (k - x) ** 2
      last = x
    }
  }
  return out
}
