/** Optimizers: each changes the flat vector of parameters in place, one step at a time. */
import type { Layout } from './network.ts'

export type OptimizerSettings =
  /** Plain stochastic gradient descent. */
  | { kind: 'sgd' }
  /** Adam with decoupled weight decay (Loshchilov and Hutter 2019); decay applies to kernels, times the learning rate. */
  | { kind: 'adamw'; beta1: number; beta2: number; weightDecay: number }

export interface Optimizer {
  /** What must be kept to go on exactly: vectors as long as the parameters, and the number of steps taken. */
  state: OptimizerState
  step(parameters: Float32Array, gradient: Float32Array, learningRate: number): void
}

export interface OptimizerState {
  steps: number
  moments: Float32Array[]
}

/** @param state from an earlier run to go on with; new by default */
export function optimizer(settings: OptimizerSettings, layout: Layout, state?: OptimizerState): Optimizer {
  switch (settings.kind) {
    case 'sgd':
      return sgd(state ?? { steps: 0, moments: [] })
    case 'adamw':
      return adamw(
        settings,
        layout,
        state ?? { steps: 0, moments: [new Float32Array(layout.size), new Float32Array(layout.size)] },
      )
  }
}

function sgd(state: OptimizerState): Optimizer {
  return {
    state,
    step: (parameters, gradient, learningRate) => {
      state.steps++
      for (let i = 0; i < parameters.length; i++) parameters[i] -= learningRate * gradient[i]
    },
  }
}

type AdamW = Extract<OptimizerSettings, { kind: 'adamw' }>

function adamw({ beta1, beta2, weightDecay }: AdamW, layout: Layout, state: OptimizerState): Optimizer {
  const [mean, square] = state.moments
  let decay1 = 1
  let decay2 = 1
  for (let i = 0; i < state.steps; i++) {
    decay1 *= beta1
    decay2 *= beta2
  }
  return {
    state,
    step: (parameters, gradient, learningRate) => {
      state.steps++
      decay1 *= beta1
      decay2 *= beta2
      const rate = learningRate / (1 - decay1)
      const scale = 1 / (1 - decay2)
      for (const { kernelAt, biasAt, out } of layout.layers) {
        update(parameters, gradient, mean, square, kernelAt, biasAt, rate, scale, 1 - learningRate * weightDecay)
        update(parameters, gradient, mean, square, biasAt, biasAt + out, rate, scale, 1)
      }
    },
  }

  function update(
    parameters: Float32Array,
    gradient: Float32Array,
    mean: Float32Array,
    square: Float32Array,
    from: number,
    to: number,
    rate: number,
    scale: number,
    keep: number,
  ): void {
    // Math.fround lets the engine compute in single precision, where roots and quotients cost half.
    const f = Math.fround
    const [b1, b2, a1, a2, r, s, k, epsilon] = [beta1, beta2, 1 - beta1, 1 - beta2, rate, scale, keep, 1e-8].map(f)
    for (let i = from; i < to; i++) {
      const g = gradient[i]
      const m = f(f(b1 * mean[i]) + f(a1 * g))
      const v = f(f(b2 * square[i]) + f(a2 * f(g * g)))
      mean[i] = m
      square[i] = v
      parameters[i] = f(f(k * parameters[i]) - f(f(r * m) / f(f(Math.sqrt(f(s * v))) + epsilon)))
    }
  }
}
