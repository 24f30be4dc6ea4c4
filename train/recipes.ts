/** Every recipe there is: plain data, one object each. */
import { type Augmentation, NO_AUGMENTATION } from './augment.ts'
import type { DrawnShares } from './batches.ts'
import type { Initialisation } from './network.ts'
import type { OptimizerSettings } from './optimizer.ts'
import type { Schedule } from './schedule.ts'

export interface Recipe {
  name: string
  /** Widths of the hidden layers. */
  hidden: number[]
  initialisation: Initialisation
  optimizer: OptimizerSettings
  /** Share of the averaged weights kept at each step, 0..1: the average is what is validated and exported. 0: no average. */
  averaging: number
  /**
   * From epoch `from` (counted from 1) on, labels are mixed with what the network's own average of two epochs before makes
   * of the same deformed image, in this `share`: some deformed digits are hard to tell, and the average knows which
   * (Tarvainen and Valpola, "Mean teachers", 2017). Wants `averaging`. The second core does it beside the deformation.
   */
  selfDistillation?: { from: number; share: number }
  /** Share of the training images, the last of them, held out for validation. */
  validation: number
  phases: Phase[]
}

/** A stretch of epochs with settings of its own. */
export interface Phase {
  name: string
  epochs: number
  batchSize: number
  learningRate: Schedule
  augmentation: Augmentation
  /** Share of the images, 0..1, replaced by made-up pictures of no digit that are to get equal probabilities. */
  strangers?: number
  /**
   * Shares of the images, 0..1, replaced by drawn digits in forms that MNIST lacks and by what digits that touch are cut into,
   * and by drawn letters, signs and sketches, and wrong cuttings, that are strangers too. For MNIST's ten digits only: with
   * other data nothing is drawn.
   */
  drawn?: DrawnShares
}

/** The TFLearn notebook to the letter. */
const tflearn: Recipe = {
  name: 'tflearn',
  hidden: [342, 68],
  initialisation: 'tflearn',
  optimizer: { kind: 'sgd' },
  averaging: 0,
  validation: 1 / 10,
  phases: [
    {
      name: 'training',
      epochs: 10,
      batchSize: 100,
      learningRate: { kind: 'constant', rate: 0.1 },
      augmentation: NO_AUGMENTATION,
    },
  ],
}

const strong: Augmentation = {
  clean: 0,
  rotation: 10,
  scale: 0.15,
  shear: 0.2,
  shift: 1,
  proportion: 0.2,
  elastic: 1,
  stroke: 0.3,
  skips: 0.1,
}

/** The default: strong deformation under one long cycle, then a short one nearer to the real images. */
const best: Recipe = {
  name: 'best',
  hidden: [342, 68],
  initialisation: 'he',
  optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.99, weightDecay: 3e-2 },
  averaging: 0.999,
  selfDistillation: { from: 7, share: 0.5 },
  validation: 1 / 12,
  phases: [
    {
      name: 'strong deformation',
      epochs: 200,
      batchSize: 256,
      learningRate: { kind: 'one-cycle', peak: 2e-3, warmup: 0.1, floor: 0.1 },
      augmentation: strong,
      strangers: 0.03,
      drawn: { forms: 0.03, signs: 0.04, parted: 0.04, torn: 0.04 },
    },
    {
      name: 'fine tuning',
      epochs: 20,
      batchSize: 256,
      learningRate: { kind: 'one-cycle', peak: 3e-4, warmup: 0, floor: 0 },
      augmentation: { ...strong, clean: 0.5, elastic: 0.6 },
      strangers: 0.02,
      drawn: { forms: 0.02, signs: 0.03, parted: 0.04, torn: 0.03 },
    },
  ],
}

export const RECIPES: Record<string, Recipe> = { best, tflearn }

export const DEFAULT_RECIPE = 'best'
