/** What a deployment can carry on Cloudflare's plans, and what it costs, from the CPU time of a request. */

/**
 * https://developers.cloudflare.com/workers/platform/limits/ and https://developers.cloudflare.com/workers/platform/pricing/,
 * as of November 2026; prices in US dollars.
 */
export const PLANS = {
  free: { requestsPerDay: 100_000, cpuMs: 10 },
  paid: {
    monthly: 5,
    includedRequests: 10e6,
    includedCpuMs: 30e6,
    perMillionRequests: 0.3,
    perMillionCpuMs: 0.02,
    /** By default; up to 5 minutes on demand. */
    cpuMs: 30_000,
  },
} as const

export interface Capacity {
  /** Milliseconds of CPU a request. */
  cpuMs: number
  /** Requests a second that one isolate, which is one thread, can answer. */
  isolatePerSecond: number
  /** Whether the free plan's CPU limit allows such a request. */
  fitsFree: boolean
  /** Requests a month within the paid plan's monthly price. */
  includedPerMonth: number
  /** Dollars for a million requests beyond these. */
  perMillion: number
}

export function capacityOf(cpuMs: number): Capacity {
  const { paid, free } = PLANS
  return {
    cpuMs,
    isolatePerSecond: 1000 / cpuMs,
    fitsFree: cpuMs <= free.cpuMs,
    includedPerMonth: Math.min(paid.includedRequests, paid.includedCpuMs / cpuMs),
    perMillion: paid.perMillionRequests + cpuMs * paid.perMillionCpuMs,
  }
}
