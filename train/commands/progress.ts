/**
 * How commands that take a while show themselves. Training has a bar within the epoch on a terminal, and one plain line an
 * epoch everywhere; what only goes through files has a bar on a terminal.
 */
import { SingleBar } from 'cli-progress'
import type { BatchReport, EpochReport } from '../fit.ts'
import { duration, percent } from '../format.ts'

const EPOCH = 'epoch {epoch} {bar} {percentage} %  loss {loss}  accuracy {accuracy}  {left} left'
const PICTURES = '{bar} {value} of {total} pictures  {eta_formatted} left'

/** Milliseconds that a command may take without a word. */
const PATIENCE = 1000

export interface Progress {
  batch(report: BatchReport): void
  epoch(report: EpochReport): void
  /** Removes an unfinished bar. */
  close(): void
}

/** @param first number of the first epoch of this run, from 1 */
export function showProgress(stream: NodeJS.WriteStream, first: number): Progress {
  const bar = stream.isTTY ? createBar(stream, EPOCH, true) : undefined
  const began = performance.now()
  let shown = 0

  const left = (done: number, epochs: number): string => {
    const share = (done - first + 1) / (epochs - first + 1)
    return share > 0 ? duration(((performance.now() - began) / 1000) * (1 / share - 1)) : '–'
  }

  return {
    batch({ epoch, epochs, done, total, loss, accuracy }) {
      if (!bar) return
      const state = {
        epoch: `${epoch}/${epochs}`,
        loss: loss.toFixed(4),
        accuracy: percent(accuracy),
        left: left(epoch - 1 + done / total, epochs),
      }
      if (shown !== epoch) bar.start(total, done, state)
      else bar.update(done, state)
      shown = epoch
    },
    epoch(report) {
      bar?.stop()
      stream.write(`${line(report)}  ${left(report.epoch, report.epochs)} left\n`)
    },
    close: () => bar?.stop(),
  }
}

/** A bar on a terminal, for what takes longer than a second. */
export function showCount(stream: NodeJS.WriteStream, total: number): { step(): void; close(): void } {
  const bar = stream.isTTY ? createBar(stream, PICTURES, false) : undefined
  const began = performance.now()
  let done = 0
  return {
    step() {
      done++
      if (!bar || performance.now() - began < PATIENCE) return
      if (bar.isActive) bar.update(done)
      else bar.start(total, done)
    },
    close: () => bar?.stop(),
  }
}

/** @param ends whether it is closed also when the command is interrupted: only then the cursor may be hidden */
function createBar(stream: NodeJS.WriteStream, format: string, ends: boolean): SingleBar {
  return new SingleBar({
    format,
    stream,
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: ends,
    linewrap: !ends,
    clearOnComplete: true,
    stopOnComplete: false,
    gracefulExit: false,
    fps: 10,
  })
}

/** @returns for example `epoch  3/70  loss 0.2211  accuracy 93.12 %  validation loss 0.0712  accuracy 97.86 %  31,025 images/s` */
function line(report: EpochReport): string {
  const { epoch, epochs, loss, accuracy, validationLoss, validationAccuracy, imagesPerSecond } = report
  const number = `${epoch}`.padStart(`${epochs}`.length)
  return [
    `epoch ${number}/${epochs}`,
    `loss ${loss.toFixed(4)}`,
    `accuracy ${percent(accuracy)}`,
    `validation loss ${validationLoss.toFixed(4)}`,
    `accuracy ${percent(validationAccuracy)}`,
    `${Math.round(imagesPerSecond).toLocaleString('en')} images/s`,
  ].join('  ')
}
