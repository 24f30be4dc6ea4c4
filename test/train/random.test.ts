import { describe, expect, it } from 'vitest'
import { randomOf, shuffled } from '../../train/random.ts'

describe('random numbers', () => {
  it('are the same for the same parts, on every machine', () => {
    const random = randomOf(1, 'shuffle', 0)
    expect([random.bits(), random.bits(), random.bits()]).toMatchInlineSnapshot(`
      [
        2925000872,
        3373221582,
        1711826268,
      ]
    `)
  })

  it('differ in every part of the seed, order and great numbers included', () => {
    const first = (...parts: (number | string)[]) => randomOf(...parts).bits()
    const all = [
      first(1),
      first(2),
      first(1, 2),
      first(2, 1),
      first('a'),
      first('b'),
      first('a', 1),
      first(1 + 2 ** 32),
    ]
    expect(new Set(all).size).toBe(all.length)
  })

  it('are uniform: mean 1/2, variance 1/12', () => {
    const random = randomOf(7)
    const values = Array.from({ length: 20000 }, () => random.uniform())
    expect(mean(values)).toBeCloseTo(1 / 2, 2)
    expect(mean(values.map((v) => (v - 0.5) ** 2))).toBeCloseTo(1 / 12, 2)
    expect(values.every((v) => v >= 0 && v < 1)).toBe(true)
  })

  it('are normal: mean 0, variance 1, about 4.6 % beyond two', () => {
    const random = randomOf(8)
    const values = Array.from({ length: 20000 }, () => random.normal())
    expect(mean(values)).toBeCloseTo(0, 1)
    expect(mean(values.map((v) => v * v))).toBeCloseTo(1, 1)
    expect(mean(values.map((v) => Number(Math.abs(v) > 2)))).toBeCloseTo(0.046, 2)
  })

  it('shuffle every index to exactly one place', () => {
    const order = shuffled(1000, randomOf(3))
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i))
    expect([...order]).not.toEqual([...order].sort((a, b) => a - b))
  })
})

function mean(values: number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length
}
