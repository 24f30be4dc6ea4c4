/** The parts of bench/README.md that are made of results. */
import type { Committed } from '../quote.ts'
import { type Capacity, capacityOf, PLANS } from '../scale/cost.ts'
import { type Axis, nameOf } from '../scale/questions.ts'
import { LOADED } from '../scale/settings.ts'
import { BUDGETS } from '../serve/render.ts'
import { connectionsName } from '../serve/rounds.ts'
import { machineLine } from '../support/output.ts'
import { medianOf } from '../support/results.ts'
import { figure } from '../support/table.ts'
import { markdownTable } from './markdown.ts'

const NOTHING = 'Not measured yet.'

export function machineSection(results: Committed): string {
  const lines = Object.entries(results).map(([name, one]) => `- \`${name}.json\`: ${machineLine(one)}`)
  return lines.length === 0 ? NOTHING : lines.join('\n')
}

/** Every case at eight connections, every contender. */
export function serveSection({ serve }: Committed): string {
  if (serve === undefined) return NOTHING
  const names = [...new Set(serve.figures.map(({ of }) => of[0]))]
  const parts = (serve.settings.cases as string[]).map((asked) => {
    const rows = names.flatMap((name) => {
      const of = (what: string) => medianOf(serve, what, name, asked, '8 connections')
      if (of('throughput') === undefined) return []
      return [
        [
          name,
          figure(of('throughput')),
          figure(of("throughput to the floor's")),
          figure(of('p50')),
          figure(of('p99')),
          figure(of('CPU per request')),
          figure(of('time over the floor')),
        ],
      ]
    })
    const head = [asked, 'requests/s', "of floor's", 'p50 ms', 'p99 ms', 'CPU µs', 'over floor µs']
    return markdownTable(head, rows)
  })
  const selves = names.map((name) => [
    name,
    ...['start-up', 'start-up over the floor', 'upload', 'memory'].map((what) => figure(medianOf(serve, what, name))),
  ])
  parts.push(markdownTable(['each by itself', 'start-up ms', 'over floor ms', 'upload KiB', 'memory MiB'], selves))
  for (const [name, why] of Object.entries(serve.leftOut)) parts.push(`Left out: ${name}, because ${why}.`)
  const budgets = BUDGETS.map((budget) => [
    `${budget.what}: ${budget.at.join(', ')}`,
    figure(medianOf(serve, budget.what, ...budget.at), budget.unit),
    'most' in budget ? `at most ${budget.most}` : `at least ${budget.least}`,
  ])
  parts.push(markdownTable(['budget', 'measured', 'bound'], budgets))
  return parts.join('\n\n')
}

const REQUESTS: readonly [what: string, axis: Axis, size: number][] = [
  ['one image, 784 bytes', 'images', 1],
  ['128 images', 'images', 128],
  ['PNG of a digit, 224×168', 'PNG', 224],
  ['JPEG of a digit, 1792×1344', 'JPEG', 1792],
  ['JPEG of a digit, 12 megapixels', 'JPEG', 4000],
  ['a number of 8 digits', 'digits', 8],
  ['8 numbers of 8 digits', 'digits', 64],
]

export function capacitySection({ scale }: Committed): string {
  if (scale === undefined) return NOTHING
  const rows = REQUESTS.flatMap(([what, axis, size]) => {
    const cpu = medianOf(scale, 'CPU per request', 'ours', nameOf(axis, size), connectionsName(LOADED))
    return cpu === undefined ? [] : [capacityRow(what, capacityOf(cpu / 1000))]
  })
  const { free, paid } = PLANS
  const head = [
    '',
    'CPU ms',
    'one isolate, requests/s',
    `within ${free.cpuMs} ms`,
    `in the paid plan's $${paid.monthly} a month`,
    '$ per further million',
  ]
  return markdownTable(head, rows)
}

const capacityRow = (what: string, capacity: Capacity) => [
  what,
  figure(capacity.cpuMs),
  figure(capacity.isolatePerSecond),
  capacity.fitsFree ? 'yes' : 'no',
  `${figure(capacity.includedPerMonth / 1e6)} million`,
  capacity.perMillion.toFixed(2),
]
