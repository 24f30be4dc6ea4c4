/** From starting the process to its first answer. */
import type { Progress } from '../support/progress.ts'
import type { Figure } from '../support/results.ts'
import type { Server } from '../support/workerd.ts'

export interface Starter {
  name: string
  start(): Promise<Server>
  /** Asks the first question, whose answer ends the measurement. */
  ask(url: string): Promise<unknown>
}

/**
 * Starts every contender in turn, again and again.
 * @param empty the name of the contender whose start is taken off the others', sample by sample
 */
export async function measureStartUp(
  starters: readonly Starter[],
  empty: string,
  samples: number,
  progress: Progress,
): Promise<Figure[]> {
  const times = new Map(starters.map(({ name }) => [name, [] as number[]]))
  let done = 0
  for (let sample = 1; sample <= samples; sample++) {
    for (const starter of starters) {
      progress.update(done++ / (samples * starters.length), `start ${sample} of ${samples}: ${starter.name}`)
      times.get(starter.name)!.push(await startOnce(starter))
    }
  }
  const base = times.get(empty)!
  return starters.flatMap(({ name }) => {
    const values = times.get(name)!
    const figure = { of: [name], unit: 'ms', better: 'less' as const }
    const figures: Figure[] = [{ ...figure, what: 'start-up', values }]
    if (name !== empty) {
      figures.push({ ...figure, what: 'start-up over the floor', values: values.map((ms, i) => ms - base[i]) })
    }
    return figures
  })
}

/** @returns milliseconds */
async function startOnce({ start, ask }: Starter): Promise<number> {
  const began = performance.now()
  const server = await start()
  await ask(server.url)
  const took = performance.now() - began
  await server.stop()
  return took
}
