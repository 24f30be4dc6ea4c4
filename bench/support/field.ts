/** A conditional random field over all paths through each line's graph (Lafferty, McCallum and Pereira, 2001). */
import { addLogs } from '../../recognize/path.ts'

/** An arc of one line's graph. */
export interface Row {
  readonly from: number
  readonly to: number
  /** The place in the line of the digit that it reads rightly; −1 where it reads none, or wrongly. */
  readonly truth: number
  /** Whether it reads nothing: any right path may take it. */
  readonly skip: boolean
}

export interface Line<R extends Row> {
  readonly nodes: number
  /** Digits that are written in it. */
  readonly digits: number
  /** By the node where they end. */
  readonly rows: readonly R[]
  /** Their indices by the node where they begin, last first. */
  readonly byStart: readonly number[]
}

/** A line of some rows in any order. */
export function lineOf<R extends Row>(nodes: number, digits: number, unsorted: readonly R[]): Line<R> {
  const rows = [...unsorted].sort((a, b) => a.to - b.to)
  const byStart = rows.map((_, r) => r).sort((a, b) => rows[b].from - rows[a].from)
  return { nodes, digits, rows, byStart }
}

/** Whether any path reads a line as it is written. */
export const isReadable = (line: Line<Row>): boolean =>
  sums(line, new Float64Array(line.rows.length), true).total > Number.NEGATIVE_INFINITY

/**
 * The log-likelihood of the right paths, and its gradient by each row's score.
 * @param scores of each row, the logarithm of its weight
 */
export function likelihood(line: Line<Row>, scores: Float64Array): { value: number; gradient: Float64Array } {
  const right = sums(line, scores, true)
  const all = sums(line, scores, false)
  return { value: right.total - all.total, gradient: right.shares.map((share, r) => share - all.shares[r]) }
}

/**
 * The logarithm of the summed weights of all paths, or of the right ones only, and each row's share in them.
 * States are pairs of a node and of the digits read so far; where any path will do, the second is always 0.
 */
function sums({ nodes, digits, rows, byStart }: Line<Row>, scores: Float64Array, right: boolean) {
  const states = right ? digits + 1 : 1
  const forward = new Float64Array(nodes * states).fill(Number.NEGATIVE_INFINITY)
  const backward = new Float64Array(nodes * states).fill(Number.NEGATIVE_INFINITY)
  const steps = (row: Row, visit: (from: number, to: number) => void): void => {
    if (!right) visit(row.from, row.to)
    else if (row.skip) for (let s = 0; s < states; s++) visit(row.from * states + s, row.to * states + s)
    else if (row.truth >= 0) visit(row.from * states + row.truth, row.to * states + row.truth + 1)
  }
  forward[0] = 0
  rows.forEach((row, r) => {
    steps(row, (from, to) => {
      forward[to] = addLogs(forward[to], forward[from] + scores[r])
    })
  })
  const end = nodes * states - 1
  backward[end] = 0
  for (const r of byStart) {
    steps(rows[r], (from, to) => {
      backward[from] = addLogs(backward[from], backward[to] + scores[r])
    })
  }
  const total = forward[end]
  const shares = new Float64Array(rows.length)
  rows.forEach((row, r) => {
    steps(row, (from, to) => {
      shares[r] += Math.exp(forward[from] + scores[r] + backward[to] - total)
    })
  })
  return { total, shares }
}
