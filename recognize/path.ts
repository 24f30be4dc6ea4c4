/** The search through the graph of a line's possible digits. */

/** An arc over pieces `from` up to, not including, `to`; `score` is the logarithm of the odds that it is a digit. */
export interface ScoredArc {
  readonly from: number
  readonly to: number
  readonly score: number
}

/** An arc of the best path, and the share of all paths' weight that goes through it, 0..1. */
export interface Chosen<T> {
  readonly arc: T
  readonly share: number
}

/**
 * The path of the greatest summed score (Viterbi, 1967), and how sure each of its arcs is by all paths' weights, summed
 * forwards and backwards (Baum and others, 1970).
 * @param skips for each piece the score of passing over it as no part of any digit
 */
export function bestPath<T extends ScoredArc>(arcs: readonly T[], skips: readonly number[]): Chosen<T>[] {
  const count = skips.length
  const ending: T[][] = Array.from({ length: count + 1 }, () => [])
  for (const arc of arcs) ending[arc.to].push(arc)
  const best = new Float64Array(count + 1)
  const forward = new Float64Array(count + 1)
  const back: (T | null)[] = new Array(count + 1).fill(null)
  for (let at = 1; at <= count; at++) {
    best[at] = best[at - 1] + skips[at - 1]
    forward[at] = forward[at - 1] + skips[at - 1]
    for (const arc of ending[at]) {
      const score = best[arc.from] + arc.score
      if (score > best[at]) {
        best[at] = score
        back[at] = arc
      }
      forward[at] = addLogs(forward[at], forward[arc.from] + arc.score)
    }
  }
  const backward = new Float64Array(count + 1).fill(Number.NEGATIVE_INFINITY)
  backward[count] = 0
  for (let at = count; at > 0; at--) {
    backward[at - 1] = addLogs(backward[at - 1], backward[at] + skips[at - 1])
    for (const arc of ending[at]) backward[arc.from] = addLogs(backward[arc.from], backward[at] + arc.score)
  }
  const chosen: Chosen<T>[] = []
  for (let at = count; at > 0; ) {
    const arc = back[at]
    if (arc === null) {
      at--
      continue
    }
    const share = Math.exp(forward[arc.from] + arc.score + backward[arc.to] - forward[count])
    chosen.push({ arc, share: Math.min(1, share) })
    at = arc.from
  }
  return chosen.reverse()
}

/** log(eᵃ + eᵇ) */
function addLogs(a: number, b: number): number {
  const most = Math.max(a, b)
  return most === Number.NEGATIVE_INFINITY ? most : most + Math.log1p(Math.exp(Math.min(a, b) - most))
}
