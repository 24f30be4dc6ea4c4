/**
 * The threshold that parts values into two classes that differ most (Otsu, 1979).
 * @param values 0..1
 * @returns 0..1; 0 when all values are alike
 */
export function otsuThreshold(values: Float32Array): number {
  const BINS = 256
  const histogram = new Uint32Array(BINS)
  for (let i = 0; i < values.length; i++) histogram[Math.min(BINS - 1, (values[i] * BINS) | 0)]++
  let sum = 0
  for (let bin = 0; bin < BINS; bin++) sum += bin * histogram[bin]
  let best = 0
  let threshold = 0
  let below = 0
  let sumBelow = 0
  for (let bin = 0; bin < BINS - 1; bin++) {
    if (histogram[bin] === 0) continue
    below += histogram[bin]
    sumBelow += bin * histogram[bin]
    const above = values.length - below
    if (below === 0 || above === 0) continue
    const between = below * above * (sumBelow / below - (sum - sumBelow) / above) ** 2
    if (between > best) {
      best = between
      threshold = (bin + 1) / BINS
    }
  }
  return threshold
}
