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
const NEAR = 4

/**
 * Euclidean distance of every pixel's middle to the nearest marked pixel's middle where that is at most `reach`; a
 * larger number elsewhere, and where the border is nearer than that.
 * @param mask width×height, not 0 where marked
 */
export function distanceWithin(reach: number, mask: Uint8Array, width: number, height: number): Float32Array {
  if (reach > NEAR) return distanceTo(mask, width, height)
  const steps = stepsWithin(reach)
  const offsets = Int32Array.from(steps, ({ x, y }) => y * width + x)
  const distance = new Float32Array(width * height).fill(Number.POSITIVE_INFINITY)
  const edge = Math.ceil(reach)
  for (let y = edge; y < height - edge; y++) {
    for (let i = y * width + edge; i < (y + 1) * width - edge; i++) {
      for (let k = 0; k < offsets.length; k++) {
        if (mask[i + offsets[k]] === 0) continue
        distance[i] = steps[k].distance
        break
      }
    }
  }
  return distance
}

/** All steps to pixels up to a distance, the shortest first. */
function stepsWithin(reach: number): { x: number; y: number; distance: number }[] {
  const steps: { x: number; y: number; distance: number }[] = []
  const most = Math.floor(reach)
  for (let y = -most; y <= most; y++) {
    for (let x = -most; x <= most; x++) {
      const distance = Math.hypot(x, y)
      if (distance <= reach) steps.push({ x, y, distance })
    }
  }
  return steps.sort((a, b) => a.distance - b.distance)
}
