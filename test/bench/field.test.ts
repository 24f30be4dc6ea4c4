import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isReadable, type Line, likelihood, lineOf, type Row } from '../../bench/support/field.ts'

const NODES = 5

/** A line of two digits, with an arc or two between neighbouring nodes so that some path leads from end to end. */
const lines = fc
  .record({
    along: fc.array(fc.constantFrom(-1, 0, 1), { minLength: NODES - 1, maxLength: NODES - 1 }),
    more: fc.array(
      fc.record({
        ends: fc.uniqueArray(fc.nat(NODES - 1), { minLength: 2, maxLength: 2 }),
        truth: fc.constantFrom(-1, 0, 1),
        skip: fc.boolean(),
      }),
      { maxLength: 8 },
    ),
  })
  .map(({ along, more }) => {
    const rows: Row[] = along.map((truth, from) => ({ from, to: from + 1, truth, skip: truth < 0 }))
    for (const { ends, truth, skip } of more) {
      rows.push({ from: Math.min(...ends), to: Math.max(...ends), truth: skip ? -1 : truth, skip })
    }
    return lineOf(NODES, 2, rows)
  })
const scored = lines.chain((line) =>
  fc.tuple(
    fc.constant(line),
    fc.array(fc.double({ min: -3, max: 3, noNaN: true }), {
      minLength: line.rows.length,
      maxLength: line.rows.length,
    }),
  ),
)

/** Every path through a line, as its rows' indices. */
function pathsOf(line: Line<Row>, from = 0): number[][] {
  const { rows, nodes } = line
  if (from === nodes - 1) return [[]]
  return rows.flatMap((row, r) => (row.from === from ? pathsOf(line, row.to).map((path) => [r, ...path]) : []))
}

/** Whether a path reads the digits as they are written. */
function isRight({ rows, digits }: Line<Row>, path: readonly number[]): boolean {
  const read = path.map((r) => rows[r]).filter(({ skip }) => !skip)
  return read.length === digits && read.every(({ truth }, k) => truth === k)
}

describe('the likelihood of a line', () => {
  test('is the share of the right paths in the weight of all', () => {
    fc.assert(
      fc.property(scored, ([line, scores]) => {
        const weigh = (paths: number[][]) =>
          paths.reduce((sum, path) => sum + Math.exp(path.reduce((score, r) => score + scores[r], 0)), 0)
        const paths = pathsOf(line)
        const right = paths.filter((path) => isRight(line, path))
        expect(isReadable(line)).toBe(right.length > 0)
        if (right.length === 0) return
        const { value } = likelihood(line, Float64Array.from(scores))
        expect(value).toBeCloseTo(Math.log(weigh(right) / weigh(paths)), 8)
      }),
    )
  })

  test('rises along its gradient as fast as it says', () => {
    fc.assert(
      fc.property(scored, fc.nat(), ([line, scores], which) => {
        fc.pre(isReadable(line))
        const r = which % scores.length
        const at = (step: number) =>
          likelihood(
            line,
            Float64Array.from(scores, (s, k) => (k === r ? s + step : s)),
          ).value
        const { gradient } = likelihood(line, Float64Array.from(scores))
        expect(gradient[r]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 5)
      }),
    )
  })
})
