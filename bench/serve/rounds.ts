/** Bursts of requests, contender after contender, round after round: whatever else the machine does meets all alike. */
import { Failure } from '../../train/commands/command.ts'
import { cpuSeconds, residentMiB } from '../support/children.ts'
import type { LoadGenerator } from '../support/load.ts'
import type { Progress } from '../support/progress.ts'
import type { Figure } from '../support/results.ts'
import type { Server } from '../support/workerd.ts'
import type { Question } from './cases.ts'

export interface Running {
  name: string
  server: Server
  /** Where it is asked each case, by the case's name; none for what it cannot do. */
  urls: ReadonlyMap<string, string>
}

export interface RoundsPlan {
  /** All rounds of one group are over before the next begins: V8 drops the code of what was not run for a while. */
  groups: readonly (readonly Question[])[]
  connections: readonly number[]
  rounds: number
  /** How long a burst should take. */
  seconds: number
}

/** One contender at one case and number of connections. */
interface Cell {
  runner: Running
  asked: Question
  url: string
  connections: number
  /** Requests in a burst. */
  amount: number
  throughput: number[]
  p50: number[]
  p99: number[]
  /** Microseconds of the server's processor time per request. */
  cpu: number[]
}

/** Before the first round each cell is warmed up and its speed estimated for so long. */
const WARM_UP_SECONDS = 0.4
/** In a shorter burst the first and the last requests, when not all connections are busy, weigh too much. */
const LEAST_REQUESTS_PER_CONNECTION = 2

export interface Measured {
  figures: Figure[]
  /** The largest share of a processor that the load generator took: near 1 it limits what is measured. */
  generatorBusiest: number
}

/** @param floor the name of the contender that the others are compared with, round by round, if it is among them */
export async function measureRounds(
  runners: readonly Running[],
  floor: string,
  { groups, connections, rounds, seconds }: RoundsPlan,
  generator: LoadGenerator,
  progress: Progress,
): Promise<Measured> {
  const cellGroups = groups.map((group) =>
    group.flatMap((asked) => connections.flatMap((n) => runners.flatMap((one) => cellOf(one, asked, n)))),
  )
  const cells = cellGroups.flat()
  const memory = new Map(runners.map(({ name }) => [name, [] as number[]]))
  let done = 0
  let generatorBusiest = 0
  const step = (doing: string, cell: Cell) =>
    progress.update(done++ / (cells.length * (rounds + 1)), `${doing}: ${labelOf(cell).join(', ')}`)

  for (const group of cellGroups) {
    // The most connections first: they warm up best for those whose speed is then estimated.
    for (const cell of group.toReversed()) {
      step('warm-up', cell)
      const { responses, seconds: took } = await shoot(generator, cell, { seconds: WARM_UP_SECONDS })
      const least = LEAST_REQUESTS_PER_CONNECTION * cell.connections
      cell.amount = Math.max(least, Math.round((responses / Math.max(took, WARM_UP_SECONDS)) * seconds))
    }
    for (const { name } of runners) memory.set(name, [])
    for (let round = 1; round <= rounds; round++) {
      // There and back: what one leaves behind (heat, a full heap) does not always meet the same next one.
      for (const cell of round % 2 === 1 ? group : group.toReversed()) {
        step(`round ${round} of ${rounds}`, cell)
        const burst = await shoot(generator, cell, { amount: cell.amount })
        cell.throughput.push(burst.responses / burst.seconds)
        cell.p50.push(burst.p50)
        cell.p99.push(burst.p99)
        if (burst.cpu !== undefined) cell.cpu.push((burst.cpu * 1e6) / burst.responses)
        generatorBusiest = Math.max(generatorBusiest, burst.generatorBusy)
      }
      for (const { name, server } of runners) memory.get(name)!.push(residentMiB(server.pid) ?? Number.NaN)
    }
  }
  const figures = cells.flatMap((cell) => figuresOf(cell, floorOf(cells, cell, floor)))
  for (const [name, values] of memory) {
    // Of the last group: by then each has been asked everything.
    figures.push({ of: [name], what: 'memory', unit: 'MiB', better: 'less', values: values.filter(Number.isFinite) })
  }
  return { figures: figures.filter(({ values }) => values.length > 0), generatorBusiest }
}

export const connectionsName = (connections: number) => `${connections} connection${connections === 1 ? '' : 's'}`

function cellOf(runner: Running, asked: Question, connections: number): Cell[] {
  const url = runner.urls.get(asked.name)
  if (url === undefined) return []
  return [{ runner, asked, url, connections, amount: 0, throughput: [], p50: [], p99: [], cpu: [] }]
}

async function shoot(generator: LoadGenerator, cell: Cell, extent: { amount?: number; seconds?: number }) {
  const { asked, url, connections, runner } = cell
  const before = cpuSeconds(runner.server.pid)
  const burst = await generator.shoot({
    url,
    method: 'POST',
    headers: { 'content-type': asked.contentType },
    body: asked.body,
    connections,
    ...extent,
  })
  const after = cpuSeconds(runner.server.pid)
  if (burst.failures > 0) throw new Failure(`${labelOf(cell).join(', ')}: ${burst.failures} requests failed.`)
  return { ...burst, cpu: before === undefined || after === undefined ? undefined : after - before }
}

const floorOf = (cells: readonly Cell[], cell: Cell, floor: string) =>
  cells.find((one) => one.runner.name === floor && one.asked === cell.asked && one.connections === cell.connections)

const labelOf = ({ runner, asked, connections }: Cell) => [runner.name, asked.name, connectionsName(connections)]

function figuresOf(cell: Cell, floor: Cell | undefined): Figure[] {
  const of = labelOf(cell)
  const { throughput, p50, p99, cpu } = cell
  const figures: Figure[] = [
    { of, what: 'throughput', unit: 'requests/s', better: 'more', values: throughput },
    { of, what: 'p50', unit: 'ms', better: 'less', values: p50 },
    { of, what: 'p99', unit: 'ms', better: 'less', values: p99 },
    { of, what: 'CPU per request', unit: 'µs', better: 'less', values: cpu },
  ]
  if (floor !== undefined && floor !== cell) {
    const beside = (mine: number[], under: number[], compare: (a: number, b: number) => number) =>
      mine.slice(0, under.length).map((value, round) => compare(value, under[round]))
    figures.push(
      {
        of,
        what: "throughput to the floor's",
        unit: '',
        better: 'more',
        values: beside(throughput, floor.throughput, (a, b) => a / b),
      },
      {
        of,
        what: 'time over the floor',
        unit: 'µs',
        better: 'less',
        values: beside(throughput, floor.throughput, (a, b) => 1e6 / a - 1e6 / b),
      },
      { of, what: 'CPU over the floor', unit: 'µs', better: 'less', values: beside(cpu, floor.cpu, (a, b) => a - b) },
    )
  }
  return figures
}
