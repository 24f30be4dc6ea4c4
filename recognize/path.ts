/** The search through the graph of a line's possible digits. */

/** An arc from a node to a later one. */
export interface ScoredArc {
  readonly from: number
  readonly to: number
  /** The logarithm of its weight. */
  readonly score: number
}

/** An arc of a graph of readings. */
export interface ReadArc extends ScoredArc {
  /** What is read on it; empty for ink that is passed over. */
  readonly says: string
}

/** The path that is read, and of each arc of the graph the share of all paths' weight that goes through it, 0..1. */
export interface Found<T> {
  readonly path: readonly T[]
  readonly shares: ReadonlyMap<T, number>
}

/** Of the texts that lead to a node so many are followed, the likeliest. */
const MOST_TEXTS = 16

/** All paths from the first node to one that say the same: the logarithm of their summed weight, and the best of them. */
interface Ways<T> {
  readonly text: string
  sum: number
  best: number
  last: T | null
  before: Ways<T> | null
}

/**
 * Of the likeliest text the path of the greatest summed score, and how sure each arc is by all paths' weights, summed
 * forwards and backwards (Baum and others, 1970). Digits are cut apart in several ways that say the same: a text is as likely
 * as all its paths together, as in connectionist temporal classification (Graves and others, 2006).
 * @param nodes how many there are; some path leads from 0 to nodes − 1
 */
export function bestPath<T extends ReadArc>(arcs: readonly T[], nodes: number): Found<T> {
  const ending: T[][] = Array.from({ length: nodes }, () => [])
  for (const arc of arcs) ending[arc.to].push(arc)
  const forward = new Float64Array(nodes).fill(Number.NEGATIVE_INFINITY)
  forward[0] = 0
  const ways: Ways<T>[][] = [[{ text: '', sum: 0, best: 0, last: null, before: null }]]
  for (let at = 1; at < nodes; at++) {
    for (const arc of ending[at]) forward[at] = addLogs(forward[at], forward[arc.from] + arc.score)
    ways[at] = waysThrough(ending[at], ways)
  }
  const backward = new Float64Array(nodes).fill(Number.NEGATIVE_INFINITY)
  const last = nodes - 1
  backward[last] = 0
  for (let at = last; at > 0; at--) {
    for (const arc of ending[at]) backward[arc.from] = addLogs(backward[arc.from], backward[at] + arc.score)
  }
  const shares = new Map<T, number>()
  for (const arc of arcs) {
    const share = Math.exp(forward[arc.from] + arc.score + backward[arc.to] - forward[last])
    shares.set(arc, Math.min(1, share))
  }
  const path: T[] = []
  for (let way = ways[last][0]; way.last !== null && way.before !== null; way = way.before) path.push(way.last)
  return { path: path.reverse(), shares }
}

/** The ways that end with one of some arcs, the likeliest first. */
function waysThrough<T extends ReadArc>(arcs: readonly T[], ways: readonly (readonly Ways<T>[])[]): Ways<T>[] {
  const found = new Map<string, Ways<T>>()
  for (const arc of arcs) {
    for (const before of ways[arc.from]) {
      const text = before.text + arc.says
      const sum = before.sum + arc.score
      const best = before.best + arc.score
      const same = found.get(text)
      if (same === undefined) {
        found.set(text, { text, sum, best, last: arc, before })
        continue
      }
      same.sum = addLogs(same.sum, sum)
      if (best > same.best) Object.assign(same, { best, last: arc, before })
    }
  }
  return [...found.values()].sort((a, b) => b.sum - a.sum).slice(0, MOST_TEXTS)
}

/** Of each arc the summed score of the best path that it is on; −∞ where it is on none. @param nodes as in {@link bestPath} */
export function bestThrough(arcs: readonly ScoredArc[], nodes: number): number[] {
  const before = new Float64Array(nodes).fill(Number.NEGATIVE_INFINITY)
  const after = new Float64Array(nodes).fill(Number.NEGATIVE_INFINITY)
  before[0] = 0
  after[nodes - 1] = 0
  for (const { from, to, score } of [...arcs].sort((a, b) => a.from - b.from)) {
    before[to] = Math.max(before[to], before[from] + score)
  }
  for (const { from, to, score } of [...arcs].sort((a, b) => b.to - a.to)) {
    after[from] = Math.max(after[from], after[to] + score)
  }
  return arcs.map(({ from, to, score }) => before[from] + score + after[to])
}

/** log(eᵃ + eᵇ) */
export function addLogs(a: number, b: number): number {
  const most = Math.max(a, b)
  return most === Number.NEGATIVE_INFINITY ? most : most + Math.log1p(Math.exp(Math.min(a, b) - most))
}
