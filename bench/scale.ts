/** npm run bench -- scale: how the cost of a request grows with what it holds, and what a deployment can carry. */
import { writeFileSync } from 'node:fs'
import { duration } from '../train/format.ts'
import { capacityOf } from './scale/cost.ts'
import { scalePlot } from './scale/plot.ts'
import { AXES, type Axis, makeQuestions, nameOf } from './scale/questions.ts'
import { LOADED, UNLOADED } from './scale/settings.ts'
import { connectionsName, measureRounds } from './serve/rounds.ts'
import { bundleOwn } from './support/bundle.ts'
import { startLoadGenerator } from './support/load.ts'
import { machineLine, type Output, publish } from './support/output.ts'
import { showProgress } from './support/progress.ts'
import { medianOf, newResults, type Results } from './support/results.ts'
import { figure, table } from './support/table.ts'
import { startWorkerd } from './support/workerd.ts'

export interface ScaleOptions extends Output {
  seconds: number
  rounds: number
  /** A file for the plot, SVG. */
  plot?: string
}

export const SCALE_DEFAULTS = { seconds: 0.5, rounds: 3 } as const

export async function run(options: ScaleOptions): Promise<void> {
  const began = performance.now()
  const { seconds, rounds } = options
  const progress = showProgress()
  progress.say("Building the project's Worker as it is deployed.")
  const server = await startWorkerd(await bundleOwn())
  const generator = startLoadGenerator()
  const results = newResults('scale', { seconds, rounds, connections: [UNLOADED, LOADED] })
  try {
    const cases = await makeQuestions()
    const urls = new Map(cases.map(({ name, path }) => [name, server.url + path]))
    const groups = Object.values(Object.groupBy(cases, ({ axis }) => axis))
    const plan = { groups, connections: [UNLOADED, LOADED], rounds, seconds }
    const { figures } = await measureRounds([{ name: 'ours', server, urls }], 'floor', plan, generator, progress)
    results.figures.push(...figures)
  } finally {
    progress.close()
    await generator.stop()
    await server.stop()
  }
  publish(results, options, render)
  if (options.plot !== undefined) {
    writeFileSync(options.plot, scalePlot(results))
    console.error(`Drawn into ${options.plot}.`)
  }
  if (!options.json) console.log(`\nTook ${duration((performance.now() - began) / 1000)}.`)
}

function render(results: Results): string {
  const parts = [machineLine(results)]
  for (const axis of Object.keys(AXES) as Axis[]) {
    const rows = AXES[axis].sizes.map((size) => {
      const of = (what: string, connections: number) =>
        medianOf(results, what, 'ours', nameOf(axis, size), connectionsName(connections))
      const cpu = of('CPU per request', LOADED)
      return [
        `  ${size}`,
        figure(of('p50', UNLOADED)),
        figure(of('p99', UNLOADED)),
        figure(cpu && cpu / 1000),
        figure(of('throughput', LOADED)),
        figure(cpu && capacityOf(cpu / 1000).perMillion),
      ]
    })
    parts.push('', AXES[axis].label, table(['', 'p50 ms', 'p99 ms', 'CPU ms', 'requests/s', '$ per million'], rows))
  }
  return parts.join('\n')
}
