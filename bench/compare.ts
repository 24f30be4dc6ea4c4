/** npm run bench -- compare: what changed between two results, beyond their own noise. */
import { randomOf } from '../train/random.ts'
import { machineLine } from './support/output.ts'
import { type Figure, type Results, readResults } from './support/results.ts'
import { differenceOfMedians, median } from './support/statistics.ts'
import { figure, table } from './support/table.ts'

export interface CompareOptions {
  /** Also what did not change. */
  all?: boolean
}

/** What became of a figure. */
export interface Change {
  figure: Figure
  before: number
  after: number
  /** Bounds of the change, after − before, that the rounds leave likely. */
  low: number
  high: number
  verdict: 'better' | 'worse' | 'same'
}

/** With five rounds on either side this calls a figure changed, while it is not, in about one of a hundred. */
const CONFIDENCE = 0.98

export function run(oldPath: string, newPath: string, { all = false }: CompareOptions): void {
  console.log(renderComparison(readResults(oldPath), readResults(newPath), all))
}

/** Every figure that both have. A figure with one value a side has no noise to speak of: any difference counts. */
export function compare(before: Results, after: Results): Change[] {
  return after.figures.flatMap((figure) => {
    const old = before.figures.find((one) => nameOf(one) === nameOf(figure) && one.unit === figure.unit)
    return old === undefined ? [] : [changeOf(old, figure)]
  })
}

function changeOf(old: Figure, figure: Figure): Change {
  const { low, high } = differenceOfMedians(old.values, figure.values, CONFIDENCE, randomOf(1, nameOf(figure)))
  const rises = low > 0
  const falls = high < 0
  const verdict = !rises && !falls ? 'same' : rises === (figure.better === 'more') ? 'better' : 'worse'
  return { figure, before: median(old.values), after: median(figure.values), low, high, verdict }
}

const nameOf = ({ of, what }: Figure) => [...of, what].join('\n')

function renderComparison(before: Results, after: Results, all: boolean): string {
  const changes = compare(before, after)
  const shown = changes.filter(({ verdict }) => all || verdict !== 'same')
  const parts = [`old: ${before.bench}, ${machineLine(before)}`, `new: ${after.bench}, ${machineLine(after)}`]
  for (const difference of differences(before, after)) parts.push(difference)
  if (shown.length > 0) parts.push('', table(HEAD, shown.map(rowOf)), '')
  const count = (verdict: Change['verdict']) => changes.filter((change) => change.verdict === verdict).length
  parts.push(
    `${count('better')} better, ${count('worse')} worse, ${count('same')} the same within noise: changed is what the rounds, resampled, put on one side of 0 in ${100 * CONFIDENCE} of 100 cases.`,
  )
  const only = (one: Results, other: Results) =>
    one.figures.filter((figure) => !other.figures.some((two) => nameOf(two) === nameOf(figure))).length
  if (only(before, after) > 0) parts.push(`${only(before, after)} figures are in the old results only.`)
  if (only(after, before) > 0) parts.push(`${only(after, before)} figures are in the new results only.`)
  return parts.join('\n')
}

const HEAD = ['', 'old', 'new', 'change', 'from', 'to', '']

function rowOf({ figure: { of, what, unit }, before, after, low, high, verdict }: Change): string[] {
  const share = (difference: number) =>
    before === 0 ? figure(difference) : `${difference > 0 ? '+' : ''}${figure((100 * difference) / Math.abs(before))} %`
  const name = `${[...of, what].join(', ')}`
  return [name, figure(before, unit), figure(after, unit), share(after - before), share(low), share(high), verdict]
}

/** What makes two results hard to compare. */
function differences(before: Results, after: Results): string[] {
  const out: string[] = []
  if (before.bench !== after.bench) out.push(`These are results of two benchmarks, ${before.bench} and ${after.bench}.`)
  const machines = Object.keys({ ...before.machine, ...after.machine }).filter(
    (key) => before.machine[key] !== after.machine[key],
  )
  if (machines.length > 0) {
    const list = machines.map((key) => `${key} (${before.machine[key] ?? '–'}, ${after.machine[key] ?? '–'})`)
    out.push(`They differ in ${list.join(', ')}: trust what is relative to the floor rather than the rest.`)
  }
  return out
}
