import { expect, test } from 'vitest'
import { lineOf } from '../../bench/support/field.ts'
import { type Example, fitScorer, type ScoredRow } from '../../bench/support/scorer-fit.ts'
import { CANDIDATE_INPUTS, INPUTS } from '../../recognize/scorer.ts'
import { randomOf } from '../../train/random.ts'

const random = randomOf('scorer-fit')

/** One stroke that is one digit or is passed over, whichever an exclusive or of two of its inputs says. */
function example(): Example {
  const [a, b] = [random.below(2), random.below(2)]
  const isDigit = a !== b
  const manner = (skip: boolean) => new Float32Array(INPUTS - CANDIDATE_INPUTS).fill(skip ? 1 : 0, -1)
  const rows: ScoredRow[] = [false, true].map((skip) => ({
    from: 0,
    to: 1,
    truth: isDigit && !skip ? 0 : -1,
    skip,
    candidate: 0,
    manner: manner(skip),
  }))
  return {
    line: lineOf(2, isDigit ? 1 : 0, rows),
    candidates: [new Float32Array(CANDIDATE_INPUTS).fill(a, 4, 5).fill(b, 9, 10)],
  }
}

const SILENT = { update() {}, say() {}, close() {} }

test('a fitted scorer has learned what no linear one could', () => {
  const { hidden, output } = fitScorer(Array.from({ length: 4096 }, example), SILENT)
  expect(hidden.length).toBe(output.length)
  const score = (a: number, b: number, skip: number) =>
    hidden.reduce((sum, unit, j) => {
      const at = unit[INPUTS] + a * unit[4] + b * unit[9] + skip * unit[INPUTS - 1]
      return sum + output[j] * Math.max(0, at)
    }, 0)
  for (const [a, b] of [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]) {
    const forDigit = score(a, b, 0) - score(a, b, 1)
    expect(forDigit * (a !== b ? 1 : -1)).toBeGreaterThan(1)
  }
})

test('a fit with an input that is no number is refused', () => {
  const examples = Array.from({ length: 64 }, example)
  examples[17].candidates[0][3] = Number.NaN
  expect(() => fitScorer(examples, SILENT)).toThrow('an input of the scorer is none')
})
