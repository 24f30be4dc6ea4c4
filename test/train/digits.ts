/** Small made-up data for the tests of training: ten blurry bars that are easy to tell apart. */
import { NO_AUGMENTATION, PIXELS, SIDE } from '../../train/augment.ts'
import type { Digits } from '../../train/batches.ts'
import { randomOf } from '../../train/random.ts'
import type { Recipe } from '../../train/recipes.ts'

/** Class c is a bright row at height 4 + 2c, with noise. */
export function bars(count: number, seed = 1): Digits {
  const random = randomOf(seed, 'bars')
  const images = new Uint8Array(count * PIXELS)
  const labels = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    labels[i] = i % 10
    for (let x = 4; x < 24; x++) images[i * PIXELS + (4 + 2 * labels[i]) * SIDE + x] = 155 + random.below(100)
  }
  return { images, labels, count }
}

/** Two phases, averaged AdamW, self-distillation, deformation: everything the best recipe has, small. */
export const SMALL: Recipe = {
  name: 'small',
  hidden: [24, 12],
  initialisation: 'he',
  optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.99, weightDecay: 1e-2 },
  averaging: 0.9,
  validation: 1 / 6,
  selfDistillation: { from: 2, share: 0.5 },
  phases: [
    {
      name: 'first',
      epochs: 3,
      batchSize: 32,
      learningRate: { kind: 'one-cycle', peak: 5e-3, warmup: 0.2, floor: 0.1 },
      augmentation: {
        clean: 0.2,
        rotation: 5,
        scale: 0.1,
        shear: 0.1,
        shift: 0.3,
        proportion: 0.1,
        elastic: 0.2,
        stroke: 0.2,
        skips: 0.1,
      },
    },
    {
      name: 'second',
      epochs: 2,
      batchSize: 48,
      learningRate: { kind: 'constant', rate: 1e-3 },
      augmentation: { ...NO_AUGMENTATION, clean: 1 },
    },
  ],
}
