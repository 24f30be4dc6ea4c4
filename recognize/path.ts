/** The search through the graph of a line's possible digits. */

/** An arc from a node to a later one; `score` is the logarithm of its weight. */
export interface ScoredArc {
  readonly from: number
  readonly to: number
  readonly score: number
}

/** The best path, and of each arc of the graph the share of all paths' weight that goes through it, 0..1. */
export interface Found<T> {
  readonly path: readonly T[]
  readonly shares: ReadonlyMap<T, number>
}

/**
 * The path of the greatest summed score from the first node to the last (Viterbi, 1967), and how sure each arc is by
 * all paths' weights, summed forwards and backwards (Baum and others, 1970).
 * @param nodes how many there are; some path leads from 0 to nodes − 1
 */
export function bestPath<T extends ScoredArc>(arcs: readonly T[], nodes: number): Found<T> {
  const ending: T[][] = Array.from({ length: nodes }, () => [])
  for (const arc of arcs) ending[arc.to].push(arc)
  const best = new Float64Array(nodes).fill(Number.NEGATIVE_INFINITY)
  const forward = new Float64Array(nodes).fill(Number.NEGATIVE_INFINITY)
  const back: (T | null)[] = new Array(nodes).fill(null)
  best[0] = 0
  forward[0] = 0
  for (let at = 1; at < nodes; at++) {
    for (const arc of ending[at]) {
      const score = best[arc.from] + arc.score
      if (score > best[at]) {
        best[at] = score
        back[at] = arc
      }
      forward[at] = addLogs(forward[at], forward[arc.from] + arc.score)
    }
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
  for (let arc = back[last]; arc !== null; arc = back[arc.from]) path.push(arc)
  return { path: path.reverse(), shares }
}

/** log(eᵃ + eᵇ) */
function addLogs(a: number, b: number): number {
  const most = Math.max(a, b)
  return most === Number.NEGATIVE_INFINITY ? most : most + Math.log1p(Math.exp(Math.min(a, b) - most))
}
