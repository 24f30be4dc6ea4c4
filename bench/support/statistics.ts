/** Few measurements, noisy and skewed: medians and what can be said about them without assuming a distribution. */
import type { Random } from '../../train/random.ts'

/** @param share 0..1; between two values, linearly */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort()
  if (sorted.length === 0) return Number.NaN
  const at = share * (sorted.length - 1)
  const low = Math.floor(at)
  const high = Math.min(low + 1, sorted.length - 1)
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low)
}

export const median = (values: ArrayLike<number>) => quantile(values, 0.5)

const RESAMPLES = 2000

/**
 * Percentile bootstrap of the difference of two medians, `after` − `before` (Efron & Tibshirani, An Introduction to the
 * Bootstrap, 1993, chapter 13).
 * @param confidence 0..1
 */
export function differenceOfMedians(
  before: readonly number[],
  after: readonly number[],
  confidence: number,
  random: Random,
): { low: number; high: number } {
  const resampled = (values: readonly number[]) => median(values.map(() => values[random.below(values.length)]))
  const differences = Array.from({ length: RESAMPLES }, () => resampled(after) - resampled(before))
  return { low: quantile(differences, (1 - confidence) / 2), high: quantile(differences, (1 + confidence) / 2) }
}

/** A trend that single jumps do not make: the median of the slopes between all pairs (Theil–Sen), per step. */
export function theilSen(values: readonly number[]): number {
  const slopes = values.flatMap((value, i) => values.slice(i + 1).map((later, k) => (later - value) / (k + 1)))
  return slopes.length === 0 ? 0 : median(slopes)
}

/**
 * Mann–Kendall test for an upward trend.
 * @returns the chance of as many rises among the pairs as these, if the order were accidental
 */
export function mannKendall(values: readonly number[]): number {
  const n = values.length
  if (n < 3) return 1
  const signs = values.flatMap((value, i) => values.slice(i + 1).map((later) => Math.sign(later - value)))
  const score = signs.reduce((sum, sign) => sum + sign, 0)
  const spread = Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)
  return score <= 0 ? 1 : upperTail((score - 1) / spread)
}

/** The normal distribution's upper tail (Abramowitz & Stegun, 26.2.17, error below 1e-7). */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z)
  const series = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429]
  const polynomial = series.reduceRight((sum, c) => (sum + c) * t, 0)
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial
}
