import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DigitEvidence, type Evidence, looksLikeNumber } from '../../recognize/trust.ts'

const digit = fc.record({
  digit: fc.integer({ min: 0, max: 9 }),
  familiarity: fc.double({ min: 0.5, max: 5, noNaN: true }),
  isPart: fc.boolean(),
  ink: fc.constant({ x: 20, y: 20, width: 12, height: 30 }),
})
const page = { width: 200, height: 80 }
const evidence = fc.record({
  page: fc.constant(page),
  digits: fc.array(digit, { minLength: 1, maxLength: 12 }),
  read: fc.integer({ min: 1, max: 10_000 }),
  passed: fc.integer({ min: 0, max: 10_000 }),
})
const seven = { digit: 7, familiarity: 3, isPart: false, ink: { x: 20, y: 20, width: 12, height: 30 } }
const alone = (digits: DigitEvidence[]): Evidence => ({ page, digits, read: 100, passed: 0 })

describe('whether digits together look like a number', () => {
  it('none do not', () => {
    expect(looksLikeNumber({ page, digits: [], read: 0, passed: 0 })).toBe(false)
  })

  it.each([0, 1])('nor do three of %i or more, however familiar; two do', (digit) => {
    const alike = (count: number) => alone(Array.from({ length: count }, () => ({ ...seven, digit, familiarity: 4 })))
    expect([1, 2, 3, 8].map((count) => looksLikeNumber(alike(count)))).toEqual([true, true, false, false])
  })

  it('a one that lies does not, nor one at the edge, unless it fills the page', () => {
    const one = { ...seven, digit: 1, familiarity: 4 }
    const at = (ink: DigitEvidence['ink']) => looksLikeNumber(alone([{ ...one, ink }]))
    expect(at({ x: 20, y: 20, width: 30, height: 30 })).toBe(false)
    expect(at({ x: 0, y: 20, width: 5, height: 30 })).toBe(false)
    const tight = { ...one, ink: { x: 0, y: 0, width: 10, height: 50 } }
    expect(looksLikeNumber({ ...alone([tight]), page: { width: 11, height: 50 } })).toBe(true)
  })

  it('a familiar digit alone does, one that is just accepted does not, nor one beside as much ink again', () => {
    expect(looksLikeNumber(alone([seven]))).toBe(true)
    expect(looksLikeNumber(alone([{ ...seven, familiarity: 1.1 }]))).toBe(false)
    expect(looksLikeNumber({ page, digits: [seven], read: 100, passed: 100 })).toBe(false)
  })

  it('two parts of one stroke need more than two strokes, and a pair among many digits does not', () => {
    const [one, other] = [1, 7].map((label) => ({ ...seven, digit: label, familiarity: 2.3, isPart: true }))
    const whole = [one, other].map((part) => ({ ...part, isPart: false }))
    expect(looksLikeNumber(alone([one, other]))).toBe(false)
    expect(looksLikeNumber(alone(whole))).toBe(true)
    expect(looksLikeNumber(alone([one, other, ...whole, ...whole]))).toBe(true)
  })

  it('more familiar digits, fewer parts and less ink passed over are never worse', () => {
    fc.assert(
      fc.property(evidence, fc.nat(11), fc.double({ min: 0, max: 2, noNaN: true }), (found, at, more) => {
        if (!looksLikeNumber(found)) return
        const k = at % found.digits.length
        const better = found.digits.map((one, i) => (i === k ? { ...one, familiarity: one.familiarity + more } : one))
        expect(looksLikeNumber({ ...found, digits: better })).toBe(true)
        const whole = found.digits.map((one, i) => (i === k ? { ...one, isPart: false } : one))
        expect(looksLikeNumber({ ...found, digits: whole })).toBe(true)
        expect(looksLikeNumber({ ...found, passed: Math.floor(found.passed / 2) })).toBe(true)
      }),
    )
  })
})
