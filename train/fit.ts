/** The training loop. */
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { PIXELS } from './augment.ts'
import { type Digits, type EpochOrder, startBatches } from './batches.ts'
import { startKernels } from './kernels.ts'
import { initialise, type LayerWeights, layersOf, layoutOf, network, score } from './network.ts'
import { type OptimizerState, optimizer } from './optimizer.ts'
import type { Phase, Recipe } from './recipes.ts'
import { learningRate } from './schedule.ts'

export interface FitOptions {
  data: { train: Digits; validation: Digits }
  recipe: Recipe
  /** Any whole number. The same seed and recipe give the same weights, bit for bit. */
  seed: number
  /** Number of classes: 10 unless the data has fewer. */
  classes?: number
  /** Ends training after the current batch. */
  signal?: AbortSignal
  /** State after some epoch of an earlier run of the same recipe, seed and data. */
  resume?: TrainingState
  onBatch?: (progress: BatchReport) => void
  /** `state` is a copy that stays as it is; awaited before training goes on. */
  onEpoch?: (report: EpochReport, state: TrainingState) => void | Promise<void>
}

export interface BatchReport {
  epoch: number
  epochs: number
  /** Images of this epoch seen so far, and in all. */
  done: number
  total: number
  /** Means over the epoch so far. */
  loss: number
  accuracy: number
}

export interface EpochReport {
  /** From 1. */
  epoch: number
  epochs: number
  phase: string
  /** Means over the epoch's batches, as the weights were then, on images as deformed. */
  loss: number
  accuracy: number
  /** On all validation images, undeformed, with the weights that would be exported now. */
  validationLoss: number
  validationAccuracy: number
  /** At the epoch's last step. */
  learningRate: number
  seconds: number
  imagesPerSecond: number
}

/** Everything that is needed to go on to the very same bits. */
export interface TrainingState {
  recipe: Recipe
  seed: number
  classes: number
  /** SHA-256 of the training images and labels. */
  data: string
  /** Epochs done. */
  epoch: number
  parameters: Float32Array
  /** The averaged weights; absent if the recipe does not average. */
  average?: Float32Array
  /** The averaged weights of one epoch before: the next epoch's teacher; absent if the recipe has none. */
  teacher?: Float32Array
  optimizer: OptimizerState
  history: EpochReport[]
}

export type FitResult =
  | { ok: true; weights: LayerWeights[]; history: EpochReport[]; state: TrainingState }
  | { ok: false; error: FitError }

export type FitError =
  /** The signal came. `state` is that of the last whole epoch. */
  | { kind: 'aborted'; state: TrainingState }
  /** The loss is no number any more. `advice` says what to change. */
  | { kind: 'diverged'; epoch: number; batch: number; learningRate: number; advice: string }
  /** `resume` is of another training: `differs` names what is not the same. */
  | { kind: 'mismatch'; differs: 'recipe' | 'seed' | 'data' }

/** Trains a network from its first weights, or from where `resume` left off, to the end of the recipe. */
export async function fit(options: FitOptions): Promise<FitResult> {
  const { data, recipe, seed, signal, onBatch, onEpoch } = options
  const { train, validation } = data
  const classes = options.resume?.classes ?? options.classes ?? 10
  const layout = layoutOf([PIXELS, ...recipe.hidden, classes])
  const epochs = recipe.phases.reduce((sum, phase) => sum + phase.epochs, 0)
  const net = network(await startKernels(), layout)
  const validationImages = normalised(validation)

  const dataHash = fingerprint(train)
  if (options.resume) {
    const differs = difference(options.resume, recipe, seed, dataHash)
    if (differs) return { ok: false, error: { kind: 'mismatch', differs } }
  }
  const state = options.resume ? copyOf(options.resume) : firstState()
  const { parameters, average, history } = state
  const optimize = optimizer(recipe.optimizer, layout, state.optimizer)
  state.optimizer = optimize.state
  let saved = copyOf(state)

  const largestBatch = Math.max(...recipe.phases.map((phase) => phase.batchSize))
  const gradient = new Float32Array(layout.size)
  const teacher = recipe.selfDistillation && layout.widths
  const batches = startBatches(train, { classes, largestBatch, seed, teacher })
  try {
    if (state.epoch < epochs) batches.prepare(orderOf(recipe, state.epoch, state.teacher))
    while (state.epoch < epochs) {
      const epoch = state.epoch
      const { phase, before } = phaseOf(recipe, epoch)
      if (recipe.selfDistillation) state.teacher = average?.slice()
      // The worker never waits for this epoch to end: the next one's teacher is what the average is now.
      if (epoch + 1 < epochs) batches.prepare(orderOf(recipe, epoch + 1, state.teacher))
      const stepsPerEpoch = Math.ceil(train.count / phase.batchSize)
      const began = performance.now()
      let step = 0
      let done = 0
      let loss = 0
      let correct = 0
      let rate = 0
      for await (const { x, targets, count } of batches.next()) {
        if (signal?.aborted) return { ok: false, error: { kind: 'aborted', state: saved } }
        rate = learningRate(
          phase.learningRate,
          ((epoch - before) * stepsPerEpoch + step) / (phase.epochs * stepsPerEpoch),
        )
        const batch = net.backpropagate(parameters, x, targets, count, gradient)
        if (!Number.isFinite(batch.loss)) return diverged(epoch, step, rate)
        optimize.step(parameters, gradient, rate)
        if (average) moveAverage(average, parameters, averagingAt(recipe.averaging, optimize.state.steps))
        step++
        done += count
        loss += batch.loss
        correct += batch.correct
        onBatch?.({ epoch: epoch + 1, epochs, done, total: train.count, loss: loss / done, accuracy: correct / done })
        // The event loop must turn, or Ctrl-C would go unheard.
        if (step % 16 === 0) await setImmediate()
      }
      const seconds = (performance.now() - began) / 1000
      const judged = score(
        net.logits(average ?? parameters, validationImages, validation.count),
        validation.labels,
        classes,
      )
      if (!Number.isFinite(judged.loss)) return diverged(epoch, step - 1, rate)
      const report: EpochReport = {
        epoch: epoch + 1,
        epochs,
        phase: phase.name,
        loss: loss / done,
        accuracy: correct / done,
        validationLoss: judged.loss,
        validationAccuracy: judged.accuracy,
        learningRate: rate,
        seconds,
        imagesPerSecond: done / seconds,
      }
      state.epoch++
      history.push(report)
      saved = copyOf(state)
      await onEpoch?.(report, saved)
    }
  } finally {
    await batches.close()
  }
  return { ok: true, weights: layersOf(layout, (average ?? parameters).slice()), history, state: saved }

  function firstState(): TrainingState {
    const parameters = initialise(layout, recipe.initialisation, seed)
    const start: TrainingState = {
      recipe,
      seed,
      classes,
      data: dataHash,
      epoch: 0,
      parameters,
      optimizer: optimizer(recipe.optimizer, layout).state,
      history: [],
    }
    return recipe.averaging > 0 ? { ...start, average: parameters.slice() } : start
  }
}

function fingerprint({ images, labels }: Digits): string {
  return createHash('sha256').update(images).update(labels).digest('hex')
}

function difference(
  state: TrainingState,
  recipe: Recipe,
  seed: number,
  data: string,
): 'recipe' | 'seed' | 'data' | null {
  if (!isDeepStrictEqual(state.recipe, recipe)) return 'recipe'
  if (state.seed !== seed) return 'seed'
  return state.data === data ? null : 'data'
}

/** The phase an epoch belongs to, and the number of epochs before that phase. */
function phaseOf(recipe: Recipe, epoch: number): { phase: Phase; before: number } {
  let before = 0
  for (const phase of recipe.phases) {
    if (epoch < before + phase.epochs) return { phase, before }
    before += phase.epochs
  }
  throw new RangeError(`epoch ${epoch} is beyond the recipe's ${before}`)
}

function orderOf(recipe: Recipe, epoch: number, teacher: Float32Array | undefined): EpochOrder {
  const { batchSize, augmentation, strangers, drawn } = phaseOf(recipe, epoch).phase
  const order = { epoch, batchSize, augmentation, strangers, drawn }
  const teaching = recipe.selfDistillation
  if (!teaching || !teacher || epoch + 1 < teaching.from) return order
  return { ...order, teacher: { parameters: teacher, share: teaching.share } }
}

function copyOf(state: TrainingState): TrainingState {
  return structuredClone(state)
}

/** All images as the network sees them, count×784, 0..1. */
function normalised({ images }: Digits): Float32Array {
  return Float32Array.from(images, (byte) => byte / 255)
}

/** Early on the average forgets faster, so that it is not held back by the first weights. */
function averagingAt(averaging: number, steps: number): number {
  return Math.min(averaging, (1 + steps) / (10 + steps))
}

function moveAverage(average: Float32Array, parameters: Float32Array, keep: number): void {
  const share = 1 - keep
  for (let i = 0; i < average.length; i++) average[i] += share * (parameters[i] - average[i])
}

function diverged(epoch: number, batch: number, rate: number): FitResult {
  const advice =
    `the loss became infinite or no number in epoch ${epoch + 1}, batch ${batch + 1}, ` +
    `at learning rate ${rate.toPrecision(3)}: try a tenth of it`
  return { ok: false, error: { kind: 'diverged', epoch: epoch + 1, batch: batch + 1, learningRate: rate, advice } }
}
