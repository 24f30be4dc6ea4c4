import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Piece, pieceOf } from '../../image/pieces.ts'
import { type DigitEvidence, type Evidence, verdictOn } from '../../recognize/trust.ts'

const page = { width: 200, height: 80 }
/** A bar, without some of its rows. */
function bar(
  x: number,
  y: number,
  width: number,
  height: number,
  without: readonly number[] = [],
  across = page.width,
): Piece {
  const pixels: number[] = []
  for (let row = 0; row < height; row++) {
    if (!without.includes(row)) for (let k = 0; k < width; k++) pixels.push((y + row) * across + x + k)
  }
  return pieceOf(Int32Array.from(pixels), across)
}

const digit = fc.record({
  digit: fc.integer({ min: 0, max: 9 }),
  familiarity: fc.double({ min: 0.5, max: 5, noNaN: true }),
  isPart: fc.boolean(),
  ink: fc.constant(bar(20, 20, 12, 30)),
})

const evidence = fc.record({
  page: fc.constant(page),
  digits: fc.array(digit, { minLength: 1, maxLength: 12 }),
  read: fc.integer({ min: 1, max: 10_000 }),
  passed: fc.integer({ min: 0, max: 10_000 }),
})
const seven = { digit: 7, familiarity: 3, isPart: false, ink: bar(20, 20, 12, 30) }
const alone = (digits: DigitEvidence[]): Evidence => ({ page, digits, read: 100, passed: 0 })

describe('whether digits together look like a number', () => {
  it('none do not', () => {
    expect(verdictOn({ page, digits: [], read: 0, passed: 0 })).toBe('none')
  })

  it.each([0, 1])('three of %i or more are doubtful, however familiar; two do', (digit) => {
    const alike = (count: number) => alone(Array.from({ length: count }, () => ({ ...seven, digit, familiarity: 4 })))
    expect([1, 2, 3, 8].map((count) => verdictOn(alike(count)))).toEqual(['number', 'number', 'doubtful', 'doubtful'])
  })

  it('a one that lies does not, nor one at the edge, unless it fills the page', () => {
    const one = { ...seven, digit: 1, familiarity: 4 }
    const at = (ink: DigitEvidence['ink']) => verdictOn(alone([{ ...one, ink }]))
    expect(at(bar(20, 20, 30, 30))).toBe('none')
    expect(at(bar(0, 20, 5, 30))).toBe('none')
    const tight = { ...one, ink: bar(0, 0, 10, 50, [], 11) }
    expect(verdictOn({ ...alone([tight]), page: { width: 11, height: 50 } })).toBe('number')
  })

  it('a one with a dot above is doubtful, in any company; one that is broken elsewhere is not', () => {
    const beside = (ink: Piece) => verdictOn(alone([seven, seven, { ...seven, digit: 1, ink }]))
    expect(beside(bar(60, 20, 4, 30))).toBe('number')
    expect(beside(bar(60, 20, 4, 30, [5, 6, 7]))).toBe('doubtful')
    expect(beside(bar(60, 20, 4, 30, [20, 21, 22]))).toBe('number')
    expect(beside(bar(60, 20, 4, 30, [5, 6, 7, 20, 21]))).toBe('number')
  })

  it('a familiar digit alone does, one that is just accepted may, one that is less does not, nor one beside as much ink again', () => {
    expect(verdictOn(alone([seven]))).toBe('number')
    expect(verdictOn(alone([{ ...seven, familiarity: 1.1 }]))).toBe('doubtful')
    expect(verdictOn(alone([{ ...seven, familiarity: 0.9 }]))).toBe('none')
    expect(verdictOn({ page, digits: [seven], read: 100, passed: 100 })).toBe('none')
  })

  it('two parts of one stroke need more than two strokes, a pair among many digits does not', () => {
    const [one, other] = [1, 7].map((label) => ({ ...seven, digit: label, familiarity: 2.3, isPart: true }))
    const whole = [one, other].map((part) => ({ ...part, isPart: false }))
    expect(verdictOn(alone([one, other]))).toBe('doubtful')
    expect(verdictOn(alone(whole))).toBe('number')
    expect(verdictOn(alone([one, other, ...whole, ...whole]))).toBe('number')
  })

  it('more familiar digits, fewer parts and less ink passed over are never worse', () => {
    fc.assert(
      fc.property(evidence, fc.nat(11), fc.double({ min: 0, max: 2, noNaN: true }), (found, at, more) => {
        const rank = (one: Evidence) => ['none', 'doubtful', 'number'].indexOf(verdictOn(one))
        const k = at % found.digits.length
        const better = found.digits.map((one, i) => (i === k ? { ...one, familiarity: one.familiarity + more } : one))
        expect(rank({ ...found, digits: better })).toBeGreaterThanOrEqual(rank(found))
        const whole = found.digits.map((one, i) => (i === k ? { ...one, isPart: false } : one))
        expect(rank({ ...found, digits: whole })).toBeGreaterThanOrEqual(rank(found))
        expect(rank({ ...found, passed: Math.floor(found.passed / 2) })).toBeGreaterThanOrEqual(rank(found))
      }),
    )
  })
})
