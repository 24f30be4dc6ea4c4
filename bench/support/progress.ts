/** How a benchmark shows that it is getting on: a bar on a terminal, a line now and then elsewhere; on stderr. */
import { SingleBar } from 'cli-progress'
import { duration } from '../../train/format.ts'

export interface Progress {
  /** @param share of the whole that is done, 0..1 */
  update(share: number, doing: string): void
  /** A line that stays. */
  say(line: string): void
  close(): void
}

/** Elsewhere than on a terminal a line is written whenever another tenth is done. */
const TENTHS = 10

export function showProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? bar(stream) : lines(stream)
}

function bar(stream: NodeJS.WriteStream): Progress {
  const single = new SingleBar({
    format: '{bar} {percentage} %  {left} left  {doing}',
    stream,
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    // Ctrl-C ends the process at once, and a hidden cursor would stay hidden.
    hideCursor: false,
    clearOnComplete: true,
    stopOnComplete: false,
    gracefulExit: false,
    fps: 10,
  })
  const left = timeLeft()
  let shown = false
  const hide = () => {
    if (shown) single.stop()
    shown = false
  }
  return {
    update(share, doing) {
      const state = { left: left(share), doing: doing.slice(0, Math.max(0, (stream.columns ?? 80) - 48)) }
      if (shown) single.update(share * 100, state)
      else single.start(100, share * 100, state)
      shown = true
    },
    say(line) {
      hide()
      stream.write(`${line}\n`)
    },
    close: hide,
  }
}

function lines(stream: NodeJS.WriteStream): Progress {
  const left = timeLeft()
  let tenths = 0
  return {
    update(share, doing) {
      const remaining = left(share)
      if (Math.floor(share * TENTHS) <= tenths) return
      tenths = Math.floor(share * TENTHS)
      stream.write(`${tenths * 10} %  ${remaining} left  ${doing}\n`)
    },
    say: (line) => stream.write(`${line}\n`),
    close: () => {},
  }
}

/** Counts from the first call on: what came before does not tell how long the rest will take. */
function timeLeft(): (share: number) => string {
  let first: { share: number; at: number } | undefined
  return (share) => {
    first ??= { share, at: performance.now() }
    const done = share - first.share
    return done > 0 ? duration(((performance.now() - first.at) / 1000) * ((1 - share) / done)) : '–'
  }
}
