import { describe, expect, it } from 'vitest'
import { learningRate } from '../../train/schedule.ts'

describe('learning rate', () => {
  it('constant stays', () => {
    expect(learningRate({ kind: 'constant', rate: 0.1 }, 0)).toBe(0.1)
    expect(learningRate({ kind: 'constant', rate: 0.1 }, 0.9)).toBe(0.1)
  })

  it('one cycle rises from a 25th of the peak to the peak, then falls by an S to the floor', () => {
    const at = (progress: number) => learningRate({ kind: 'one-cycle', peak: 1, warmup: 0.2, floor: 0.1 }, progress)
    expect(at(0)).toBeCloseTo(0.04, 12)
    expect(at(0.1)).toBeCloseTo(0.52, 12)
    expect(at(0.2)).toBeCloseTo(1, 12)
    expect(at(0.6)).toBeCloseTo(0.55, 12)
    expect(at(1)).toBeCloseTo(0.1, 12)
  })

  it('one cycle without warm-up begins at the peak', () => {
    expect(learningRate({ kind: 'one-cycle', peak: 3, warmup: 0, floor: 0 }, 0)).toBe(3)
  })
})
