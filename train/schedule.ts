/** Learning rates over a phase of training. */
export type Schedule =
  | { kind: 'constant'; rate: number }
  /** Straight up from `peak`/25 over the first `warmup` share of the steps, then falling smoothly to `peak`·`floor`. */
  | { kind: 'one-cycle'; peak: number; warmup: number; floor: number }

/**
 * @param progress share of the phase's steps taken, 0..1
 */
export function learningRate(schedule: Schedule, progress: number): number {
  switch (schedule.kind) {
    case 'constant':
      return schedule.rate
    case 'one-cycle': {
      const { peak, warmup, floor } = schedule
      if (progress < warmup) return peak * (0.04 + 0.96 * (progress / warmup))
      return peak * (floor + (1 - floor) * fall((progress - warmup) / (1 - warmup)))
    }
  }
}

/** From 1 to 0 with level ends: a cosine's shape to within 1 %, and the same bits on every machine. */
function fall(t: number): number {
  return 1 - t * t * (3 - 2 * t)
}
