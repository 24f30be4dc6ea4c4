/** The middle one of some numbers, which are put in order. */
export function medianOf(values: Float32Array): number {
  values.sort()
  return values[values.length >> 1] ?? 0
}

/** Values looked at for a quantile. */
const SAMPLE = 4096

/** The value below which about a share `q` (0..1) of `values` lies; of many, an even sample is looked at. */
export function quantileOf(values: Float32Array, q: number): number {
  const step = Math.max(1, Math.floor(values.length / SAMPLE))
  const some = new Float32Array(Math.ceil(values.length / step))
  for (let i = 0, k = 0; i < values.length; i += step) some[k++] = values[i]
  some.sort()
  return some[Math.min(some.length - 1, Math.floor(q * some.length))] ?? 0
}
