import { describe, expect, it } from 'vitest'
import { layoutOf } from '../../train/network.ts'
import { optimizer } from '../../train/optimizer.ts'

/** One kernel weight, one bias. */
const layout = layoutOf([1, 1])

describe('optimizer', () => {
  it('sgd: minus rate times gradient', () => {
    const parameters = Float32Array.of(1, 2)
    optimizer({ kind: 'sgd' }, layout).step(parameters, Float32Array.of(10, -10), 0.1)
    expect([...parameters]).toEqual([0, 3])
  })

  it('adamw: the first step is the learning rate against the sign, decay on the kernel only', () => {
    const parameters = Float32Array.of(1, 1)
    const adamw = optimizer({ kind: 'adamw', beta1: 0.9, beta2: 0.99, weightDecay: 0.5 }, layout)
    adamw.step(parameters, Float32Array.of(3, -0.002), 0.1)
    expect(parameters[0]).toBeCloseTo(1 * (1 - 0.1 * 0.5) - 0.1, 5)
    expect(parameters[1]).toBeCloseTo(1 + 0.1, 5)
  })

  it('adamw: the second step, worked by hand', () => {
    const parameters = Float32Array.of(0, 0)
    const adamw = optimizer({ kind: 'adamw', beta1: 0.5, beta2: 0.75, weightDecay: 0 }, layout)
    adamw.step(parameters, Float32Array.of(2, 0), 0)
    adamw.step(parameters, Float32Array.of(4, 0), 1)
    // mean (0.5·1 + 0.5·4)/0.75 = 10/3; square (0.75·1 + 0.25·16)/0.4375 = 10.857…
    expect(parameters[0]).toBeCloseTo(-(10 / 3) / Math.sqrt(4.75 / 0.4375), 5)
  })

  it('goes on from a kept state as if it had never stopped', () => {
    const settings = { kind: 'adamw', beta1: 0.9, beta2: 0.99, weightDecay: 0.1 } as const
    const whole = Float32Array.of(1, 1)
    const parted = Float32Array.of(1, 1)
    const one = optimizer(settings, layout)
    const two = optimizer(settings, layout)
    for (let i = 0; i < 5; i++) one.step(whole, Float32Array.of(i, -i), 0.1)
    for (let i = 0; i < 3; i++) two.step(parted, Float32Array.of(i, -i), 0.1)
    const three = optimizer(settings, layout, structuredClone(two.state))
    for (let i = 3; i < 5; i++) three.step(parted, Float32Array.of(i, -i), 0.1)
    expect(parted).toEqual(whole)
  })
})
