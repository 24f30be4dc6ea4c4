import { describe, expect, it } from 'vitest'
import { expOfNegative } from '../../train/math.ts'

describe('expOfNegative', () => {
  it('is e^x to a few units in the last place', () => {
    for (let x = 0; x >= -700; x -= 0.37) expect(Math.abs(expOfNegative(x) / Math.exp(x) - 1)).toBeLessThan(1e-14)
  })

  it('is 1 at 0 and 0 far below', () => {
    expect(expOfNegative(0)).toBe(1)
    expect(expOfNegative(-1e6)).toBe(0)
    expect(expOfNegative(Number.NEGATIVE_INFINITY)).toBe(0)
  })

  it('is no number when x is none', () => {
    expect(expOfNegative(Number.NaN)).toBeNaN()
  })
})
