/** Optimizers: each changes the flat vector of parameters in place, one step at a time. */
import type { Floats, Kernels } from './kernels.ts'
import type { Layout } from './network.ts'

export type OptimizerSettings =
  /** Plain stochastic gradient descent. */
  | { kind: 'sgd' }
  /** Adam with decoupled weight decay (Loshchilov and Hutter 2019); decay applies to kernels, times the learning rate. */
  | { kind: 'adamw'; beta1: number; beta2: number; weightDecay: number }

export interface Optimizer {
  /** Changes the parameters. */
  step(parameters: Floats, gradient: Floats, learningRate: number): void
  /** Steps taken, those of an earlier run included. */
  readonly steps: number
  /** What must be kept to go on exactly: a copy. */
  state(): OptimizerState
  /** Gives its memory back. */
  release(): void
}

export interface OptimizerState {
  steps: number
  /** Vectors as long as the parameters. */
  moments: Float32Array[]
}

/** The state before the first step. */
export function firstState({ kind }: OptimizerSettings, layout: Layout): OptimizerState {
  return { steps: 0, moments: kind === 'sgd' ? [] : [0, 1].map(() => new Float32Array(layout.size)) }
}

/** @param state the first one, or from an earlier run to go on with */
export function optimizer(
  settings: OptimizerSettings,
  layout: Layout,
  kernels: Kernels,
  state: OptimizerState,
): Optimizer {
  return settings.kind === 'sgd' ? sgd(kernels, state) : adamw(settings, layout, kernels, state)
}

function sgd(kernels: Kernels, { steps }: OptimizerState): Optimizer {
  return {
    step: (parameters, gradient, learningRate) => {
      steps++
      const values = kernels.view(parameters)
      const slopes = kernels.view(gradient)
      for (let i = 0; i < values.length; i++) values[i] -= learningRate * slopes[i]
    },
    get steps() {
      return steps
    },
    state: () => ({ steps, moments: [] }),
    release: () => {},
  }
}

type AdamW = Extract<OptimizerSettings, { kind: 'adamw' }>

function adamw(
  { beta1, beta2, weightDecay }: AdamW,
  layout: Layout,
  kernels: Kernels,
  { steps, moments }: OptimizerState,
): Optimizer {
  const [mean, square] = moments.map((values) => kernels.floats(values))
  let decay1 = 1
  let decay2 = 1
  for (let i = 0; i < steps; i++) {
    decay1 *= beta1
    decay2 *= beta2
  }
  return {
    step: (parameters, gradient, learningRate) => {
      steps++
      decay1 *= beta1
      decay2 *= beta2
      const step = { beta1, beta2, rate: learningRate / (1 - decay1), scale: 1 / (1 - decay2) }
      const update = (at: number, count: number, keep: number) =>
        kernels.adamw(parameters, gradient, mean, square, at, count, { ...step, keep })
      for (const { kernelAt, biasAt, out } of layout.layers) {
        update(kernelAt, biasAt - kernelAt, 1 - learningRate * weightDecay)
        update(biasAt, out, 1)
      }
    },
    get steps() {
      return steps
    },
    state: () => ({ steps, moments: [mean, square].map((moment) => kernels.view(moment).slice()) }),
    release: () => kernels.release(mean, square),
  }
}
