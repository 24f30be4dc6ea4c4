/** Whether memory grows, told apart from its ups and downs. */
import { mannKendall, median, theilSen } from '../support/statistics.ts'

export interface Trend {
  /** MiB, over the whole time after warm-up. */
  growth: number
  /** The chance of such a trend if there is none. */
  chance: number
  /** MiB: the least in the first, second and last third of that time. */
  thirds: number[]
  /** Whether the run was long enough to tell. */
  judged: boolean
  grows: boolean
}

/**
 * The first half of a run is not judged: workerd's memory rises for some 80,000 requests and then stays. With a Worker that
 * only reads the body it does so too, but sooner.
 */
const WARM_UP = 0.5
/**
 * What follows is cut into so many equal stretches, each of which counts with its least value: garbage that waits to be
 * collected only ever adds.
 */
const STRETCHES = 12
const SIGNIFICANCE = 0.01
/**
 * What leaks does so all the time: it rises from the first third to the second and from there to the last. A heap that was
 * made larger once is one step, in one of the two. Each must have this share of the growth; on a straight line it is a third.
 */
const LEAST_RISE = 1 / 6
/** Less than this is no growth, however steady: a share of the median, and MiB. */
const LEAST_SHARE = 0.05
const LEAST_MIB = 8

/** A shorter run has too few samples, one with fewer requests is warm only in its second half. */
export const LEAST_MINUTES = 30
export const LEAST_REQUESTS = 160_000

/**
 * @param samples MiB, at equal distances
 * @param run how long they were taken, and requests meanwhile
 */
export function trendOf(samples: readonly number[], run: { minutes: number; requests: number }): Trend {
  const later = samples.slice(Math.floor(samples.length * WARM_UP))
  const stretch = later.length / STRETCHES
  const floors = Array.from({ length: STRETCHES }, (_, i) =>
    later.slice(Math.floor(i * stretch), Math.floor((i + 1) * stretch)),
  )
    .filter((part) => part.length > 0)
    .map((part) => Math.min(...part))
  const growth = theilSen(floors) * (floors.length - 1)
  const chance = mannKendall(floors)
  const thirds = [0, 1, 2]
    .map((k) => floors.slice(Math.round((k * floors.length) / 3), Math.round(((k + 1) * floors.length) / 3)))
    .filter((part) => part.length > 0)
    .map((part) => Math.min(...part))
  const rises = thirds.slice(1).every((low, k) => low - thirds[k] > LEAST_RISE * growth)
  const least = Math.max(LEAST_MIB, LEAST_SHARE * median(later))
  const judged = run.minutes >= LEAST_MINUTES && run.requests >= LEAST_REQUESTS
  return { growth, chance, thirds, judged, grows: judged && chance < SIGNIFICANCE && growth > least && rises }
}
