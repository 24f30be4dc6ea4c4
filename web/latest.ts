/** Asking again and again about something that keeps changing, without requests piling up. */

export interface LatestWins {
  /** Something changed: ask about it as soon as possible. */
  ask(): void
  /** Forget what is under way: its answer would be about something that is gone. */
  drop(): void
  /** Ask nothing for so many milliseconds. */
  hold(milliseconds: number): void
  /** Whether an answer is still to come. */
  busy(): boolean
}

/**
 * One request at a time, and while it is under way at most one more waiting: the latest. Answers therefore come in order.
 *
 * @param work asks about how things are when it is called; must not throw
 * @param show gets the answer unless `drop` was called in the meantime
 * @param pause least milliseconds between the starts of two requests
 */
export function latestWins<T>(
  work: (signal: AbortSignal) => Promise<T>,
  show: (answer: T) => void,
  pause: number,
): LatestWins {
  let wanted = false
  let running: AbortController | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let earliest = 0

  function next(): void {
    if (!wanted || running) return
    clearTimeout(timer)
    timer = setTimeout(run, Math.max(0, earliest - performance.now()))
  }

  async function run(): Promise<void> {
    wanted = false
    const controller = new AbortController()
    running = controller
    earliest = performance.now() + pause
    const answer = await work(controller.signal)
    if (running !== controller) return
    running = undefined
    show(answer)
    next()
  }

  return {
    ask() {
      wanted = true
      next()
    },
    drop() {
      wanted = false
      clearTimeout(timer)
      running?.abort()
      running = undefined
    },
    hold(milliseconds) {
      earliest = performance.now() + milliseconds
    },
    busy: () => wanted || running !== undefined,
  }
}
