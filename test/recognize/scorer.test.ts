import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Candidate, JudgedGraph, Opinion } from '../../recognize/lattice.ts'
import {
  CANDIDATE_INPUTS,
  candidateInputs,
  createScorer,
  digitsOf,
  INPUTS,
  mannerInputs,
  perceptronOf,
} from '../../recognize/scorer.ts'

const size = fc.double({ min: 0, max: 6, noNaN: true })
const share = fc.option(fc.double({ min: 0, max: 5, noNaN: true }), { nil: null })
/** Ink of some width and height, of lines 1 to 1,000 pixels high. */
const candidates = fc
  .record({
    box: fc.record({
      x: fc.nat(9),
      y: fc.nat(9),
      width: fc.integer({ min: 1, max: 99 }),
      height: fc.integer({ min: 1, max: 99 }),
    }),
    line: fc.integer({ min: 1, max: 1000 }),
    more: fc.record({ hang: size, lift: size, bow: size, gap: size, joined: fc.nat(3), left: share, right: share }),
    at: fc.tuple(fc.double({ min: -9, max: 9, noNaN: true }), fc.double({ min: -9, max: 9, noNaN: true })),
  })
  .map(({ box, line, more, at: [top, bottom] }): Candidate => {
    const ink = { ...box, pixels: Int32Array.from({ length: box.height }, (_, y) => 100 * y) }
    return { ink, height: box.height / line, width: box.width / line, ...more, top, bottom }
  })
const opinions = fc
  .record({
    logits: fc.float32Array({ minLength: 10, maxLength: 10, noNaN: true, min: -1000, max: 1000 }),
    weights: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 10, maxLength: 10 }),
    digit: fc.nat(9),
    scraps: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ logits, weights, digit, scraps }): Opinion => {
    const all = weights.map((weight, k) => (k === digit ? 1 + weight : weight))
    const total = all.reduce((sum, weight) => sum + weight, 0)
    return { logits, digit, scraps, probabilities: all.map((weight) => weight / total) }
  })

describe('what a candidate may be read as', () => {
  it('is the likeliest digit, and the next where that is at least a twentieth as likely', () => {
    fc.assert(
      fc.property(opinions, (opinion) => {
        const { digit, probabilities } = opinion
        const next = Math.max(...probabilities.filter((_, k) => k !== digit))
        const [first, ...more] = digitsOf(opinion)
        expect(first).toBe(digit)
        expect(more.map((one) => probabilities[one])).toEqual(next >= 0.05 * probabilities[digit] ? [next] : [])
        expect(more).not.toContain(digit)
      }),
    )
  })
})

describe('the scorer', () => {
  it('knows as many inputs as it was fitted with, all of them numbers', () => {
    fc.assert(
      fc.property(candidates, opinions, fc.nat(9), (candidate, opinion, digit) => {
        const inputs = [
          ...candidateInputs(candidate, opinion, 0.1),
          ...mannerInputs(opinion, { digit, shared: 2, isSkip: false }),
        ]
        expect([candidateInputs(candidate, opinion, 0.1).length, inputs.length]).toEqual([CANDIDATE_INPUTS, INPUTS])
        expect(inputs.every(Number.isFinite)).toBe(true)
      }),
    )
  })

  it('is a perceptron of one hidden layer over its inputs', () => {
    const unit = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: INPUTS + 1, maxLength: INPUTS + 1 })
    const weights = fc
      .array(fc.tuple(unit, fc.double({ min: -1, max: 1, noNaN: true })), { minLength: 1, maxLength: 4 })
      .map((units) => ({ hidden: units.map(([hidden]) => hidden), output: units.map(([, output]) => output) }))
    const manners = fc.record({
      digit: fc.nat(9),
      shared: fc.double({ min: 0, max: 9, noNaN: true }),
      isSkip: fc.boolean(),
    })
    fc.assert(
      fc.property(candidates, opinions, weights, manners, (candidate, opinion, { hidden, output }, manner) => {
        const graph: JudgedGraph = {
          nodes: 2,
          stroke: 0.1,
          candidates: [candidate],
          arcs: [],
          skips: [],
          opinions: [opinion],
        }
        const inputs = [...candidateInputs(candidate, opinion, graph.stroke), ...mannerInputs(opinion, manner), 1]
        const sums = hidden.map((weights) => weights.reduce((sum, weight, k) => sum + weight * inputs[k], 0))
        const score = sums.reduce((total, sum, j) => total + output[j] * Math.max(0, sum), 0)
        const found = createScorer(graph, perceptronOf({ hidden, output }))
        // Asked twice: the second time from what was kept.
        for (const again of [found, found])
          expect(Math.abs(again(0, manner) - score)).toBeLessThan(1e-3 * (1 + Math.abs(score)))
      }),
    )
  })
})
