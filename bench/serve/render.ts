/** The results of `serve` as tables. */
import { machineLine } from '../support/output.ts'
import { medianOf, type Results } from '../support/results.ts'
import { figure, table } from '../support/table.ts'
import { connectionsName } from './rounds.ts'

/** From here on the load generator, and not the server, may be what limits a figure. */
const GENERATOR_LIMIT = 0.9

interface Settings {
  connections: number[]
  cases: string[]
  rounds: number
  generatorBusiest: number
}

export function renderServe(results: Results): string {
  const { connections, cases, rounds, generatorBusiest } = results.settings as unknown as Settings
  const names = [...new Set(results.figures.map(({ of }) => of[0]))]
  const parts = [machineLine(results), rounds === 1 ? 'One round.' : `Medians of ${rounds} rounds.`]
  for (const asked of cases) {
    parts.push(`\n${asked}\n${caseTable(results, names, asked, connections)}`)
  }
  parts.push(`\neach by itself\n${selfTable(results, names)}`)
  for (const [name, why] of Object.entries(results.leftOut)) parts.push(`Left out: ${name}, because ${why}.`)
  if (generatorBusiest >= GENERATOR_LIMIT) {
    const share = Math.round(100 * generatorBusiest)
    parts.push(`The load generator took up to ${share} % of a processor: the highest throughputs may be its own limit.`)
  }
  const budgets = renderBudgets(results)
  if (budgets !== '') parts.push(`\nbudgets\n${budgets}`)
  return parts.join('\n')
}

function caseTable(results: Results, names: string[], asked: string, connections: number[]): string {
  const head = ['', 'requests/s', "of floor's", 'p50 ms', 'p99 ms', 'CPU µs', 'CPU over floor µs']
  const rows = connections.flatMap((n) => {
    const measured = names.filter(
      (name) => medianOf(results, 'throughput', name, asked, connectionsName(n)) !== undefined,
    )
    const rowOf = (name: string) => {
      const of = (what: string) => medianOf(results, what, name, asked, connectionsName(n))
      return [
        `  ${name}`,
        figure(of('throughput')),
        figure(of("throughput to the floor's")),
        figure(of('p50')),
        figure(of('p99')),
        figure(of('CPU per request')),
        figure(of('CPU over the floor')),
      ]
    }
    return measured.length === 0 ? [] : [[connectionsName(n)], ...measured.map(rowOf)]
  })
  return table(head, rows)
}

function selfTable(results: Results, names: string[]): string {
  const head = ['', 'start-up ms', 'over floor ms', 'upload KiB', 'memory MiB']
  return table(
    head,
    names.map((name) => [
      `  ${name}`,
      ...['start-up', 'start-up over the floor', 'upload', 'memory'].map((what) =>
        figure(medianOf(results, what, name)),
      ),
    ]),
  )
}

/** Bounds that the project sets itself: `at` names the figure; `least` or `most` is the bound. */
export const BUDGETS = [
  { what: 'upload', at: ['ours'], most: 1024, unit: 'KiB' },
  { what: 'start-up over the floor', at: ['ours'], most: 30, unit: 'ms' },
  { what: 'time over the floor', at: ['ours', 'one image', '8 connections'], most: 35, unit: 'µs' },
  { what: "throughput to the floor's", at: ['ours', 'one image', '8 connections'], least: 0.75, unit: '' },
  { what: 'CPU per request', at: ['ours', 'PNG', '1 connection'], most: 3000, unit: 'µs' },
] as const

function renderBudgets(results: Results): string {
  const rows = BUDGETS.flatMap((budget) => {
    const value = medianOf(results, budget.what, ...budget.at)
    if (value === undefined) return []
    const kept = 'most' in budget ? value <= budget.most : value >= budget.least
    const bound = 'most' in budget ? `at most ${budget.most}` : `at least ${budget.least}`
    return [[`  ${budget.what}: ${budget.at.join(', ')}`, figure(value, budget.unit), bound, kept ? 'kept' : 'missed']]
  })
  return rows.length === 0 ? '' : table(['', 'measured', 'bound', ''], rows)
}
