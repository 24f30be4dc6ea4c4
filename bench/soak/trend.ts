/** Whether memory grows, told apart from its ups and downs. */
import { mannKendall, median, theilSen } from '../support/statistics.ts'

export interface Trend {
  /** MiB, over the whole time after warm-up. */
  growth: number
  /** The chance of such a trend if there is none. */
  chance: number
  /** Whether the time was long enough to tell. */
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
const STRETCHES = 20
const SIGNIFICANCE = 0.01
/** Less than this is no growth, however steady: a share of the median, and MiB. */
const LEAST_SHARE = 0.05
const LEAST_MIB = 8

/** The warm-up of a shorter run has too few requests. */
export const LEAST_MINUTES = 30

/**
 * @param samples MiB, at equal distances
 * @param minutes how long they were taken
 */
export function trendOf(samples: readonly number[], minutes: number): Trend {
  const later = samples.slice(Math.floor(samples.length * WARM_UP))
  const stretch = later.length / STRETCHES
  const floors = Array.from({ length: STRETCHES }, (_, i) =>
    later.slice(Math.floor(i * stretch), Math.floor((i + 1) * stretch)),
  )
    .filter((part) => part.length > 0)
    .map((part) => Math.min(...part))
  const growth = theilSen(floors) * (floors.length - 1)
  const chance = mannKendall(floors)
  const least = Math.max(LEAST_MIB, LEAST_SHARE * median(later))
  const judged = minutes >= LEAST_MINUTES
  return { growth, chance, judged, grows: judged && chance < SIGNIFICANCE && growth > least }
}
