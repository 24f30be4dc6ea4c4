import { describe, expect, test } from 'vitest'
import { trendOf } from '../../bench/soak/trend.ts'
import { differenceOfMedians, mannKendall, median, quantile, theilSen } from '../../bench/support/statistics.ts'
import { randomOf } from '../../train/random.ts'

test('quantiles lie between the values, linearly', () => {
  expect(median([4, 1, 3])).toBe(3)
  expect(median([4, 1])).toBe(2.5)
  expect(quantile([0, 10, 20, 30, 40], 0.99)).toBeCloseTo(39.6)
  expect(median([])).toBeNaN()
})

test('Theil–Sen gives the slope of a line in spite of a jump', () => {
  expect(theilSen([0, 2, 4, 600, 8, 10, 12])).toBe(2)
  expect(theilSen([5])).toBe(0)
})

test('Mann–Kendall: a strict rise of ten is rare, a fall and a constant are no rise', () => {
  const rise = Array.from({ length: 10 }, (_, i) => i)
  // z = (45 − 1) / √(10·9·25 / 18) = 3.935; the normal distribution's upper tail there is 4.2e-5.
  expect(mannKendall(rise)).toBeCloseTo(4.2e-5, 6)
  expect(mannKendall(rise.toReversed())).toBe(1)
  expect(mannKendall([3, 3, 3, 3])).toBe(1)
})

test('the bootstrap leaves 0 out only where the rounds hardly overlap', () => {
  const before = [100, 103, 98, 101, 99]
  const between = (after: number[]) => differenceOfMedians(before, after, 0.98, randomOf(1))
  const slower = between([120, 122, 119, 121, 125])
  expect(slower.low).toBeGreaterThan(0)
  const noise = between([102, 97, 104, 99, 100])
  expect(noise.low).toBeLessThan(0)
  expect(noise.high).toBeGreaterThan(0)
})

describe('memory', () => {
  const random = randomOf(1, 'memory')
  /** 240 samples: a base, garbage that is collected every so many samples, and a leak. */
  const memory = (leak: number, period = 12) =>
    Array.from({ length: 240 }, (_, i) => 200 + (i % period) * 8 + random.symmetric(4) + leak * i)
  const hour = { minutes: 60, requests: 400_000 }

  test('that goes up and down does not grow', () => {
    expect(trendOf(memory(0), hour)).toMatchObject({ grows: false })
  })

  test('that goes up and down and leaks grows by what leaks', () => {
    const { grows, growth } = trendOf(memory(0.2), hour)
    expect(grows).toBe(true)
    // 0.2 MiB a sample, from the first to the last of 12 stretches of 10 samples: 0.2 × 11 × 10.
    expect(growth).toBeGreaterThan(18)
    expect(growth).toBeLessThan(28)
  })

  test('that grows only while warming up does not count', () => {
    const warming = memory(0).map((value, i) => value - Math.max(0, 110 - i) * 2)
    expect(trendOf(warming, hour)).toMatchObject({ grows: false })
  })

  test('that rises once, wherever, does not grow', () => {
    for (let at = 120; at < 240; at += 5) {
      const stepped = memory(0, 5).map((value, i) => value + (i >= at ? 30 : 0))
      expect(trendOf(stepped, hour), `${at}`).toMatchObject({ grows: false })
    }
  })

  test('that rises again and again grows', () => {
    const stairs = memory(0, 5).map((value, i) => value + 10 * Math.floor(i / 20))
    expect(trendOf(stairs, hour)).toMatchObject({ grows: true })
  })

  test('is not judged in ten minutes', () => {
    expect(trendOf(memory(0.2), { ...hour, minutes: 10 })).toMatchObject({ judged: false, grows: false })
  })

  test('is not judged while so few requests were sent that it is still warming up', () => {
    expect(trendOf(memory(0.2), { ...hour, requests: 100_000 })).toMatchObject({ judged: false, grows: false })
  })

  test('without a sample does not grow', () => {
    expect(trendOf([], hour)).toMatchObject({ grows: false })
  })
})
