/** The training loop. */
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { PIXELS } from './augment.ts'
import { type Digits, type EpochOrder, startBatches } from './batches.ts'
import { startKernels } from './kernels.ts'
import { initialise, type LayerWeights, layersOf, layoutOf, network, score } from './network.ts'
import { firstState, type OptimizerState, optimizer } from './optimizer.ts'
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
  /** Means over the epoch so far; what is of no class does not count for accuracy. */
  loss: number
  accuracy: number
}

export interface EpochReport {
  /** From 1. */
  epoch: number
  epochs: number
  phase: string
  /** Means over the epoch's batches, as the weights were then, on images as deformed; see {@link BatchReport}. */
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
  const kernels = await startKernels()
  const net = network(kernels, layout)
  const validationImages = normalised(validation)

  const dataHash = fingerprint(train)
  if (options.resume) {
    const differs = difference(options.resume, recipe, seed, dataHash)
    if (differs) return { ok: false, error: { kind: 'mismatch', differs } }
  }
  let state = options.resume ? structuredClone(options.resume) : beginning()
  const optimize = optimizer(recipe.optimizer, layout, kernels, state.optimizer)
  const parameters = kernels.floats(state.parameters)
  const average = state.average && kernels.floats(state.average)
  const exported = average ?? parameters
  const gradient = kernels.floats(layout.size)

  const largestBatch = Math.max(...recipe.phases.map((phase) => phase.batchSize))
  const taught = recipe.selfDistillation !== undefined
  const batches = startBatches(train, { classes, largestBatch, seed, teacher: taught ? layout.widths : undefined })
  try {
    if (state.epoch < epochs) batches.prepare(orderOf(recipe, state.epoch, state.teacher))
    while (state.epoch < epochs) {
      const { epoch } = state
      const { phase, before } = phaseOf(recipe, epoch)
      const teacher = taught ? state.average : undefined
      // The worker never waits for this epoch to end: the next one's teacher is what the average is now.
      if (epoch + 1 < epochs) batches.prepare(orderOf(recipe, epoch + 1, teacher))
      const stepsPerEpoch = Math.ceil(train.count / phase.batchSize)
      const began = performance.now()
      let step = 0
      let done = 0
      let loss = 0
      let classed = 0
      let correct = 0
      let rate = 0
      for await (const { x, targets, count } of batches.next()) {
        if (signal?.aborted) return { ok: false, error: { kind: 'aborted', state } }
        rate = learningRate(
          phase.learningRate,
          ((epoch - before) * stepsPerEpoch + step) / (phase.epochs * stepsPerEpoch),
        )
        const batch = net.backpropagate(parameters, x, targets, count, gradient)
        if (!Number.isFinite(batch.loss)) return diverged(epoch, step, rate)
        optimize.step(parameters, gradient, rate)
        if (average) kernels.average(average, parameters, 1 - averagingAt(recipe.averaging, optimize.steps))
        step++
        done += count
        loss += batch.loss
        classed += batch.classed
        correct += batch.correct
        const accuracy = correct / Math.max(1, classed)
        onBatch?.({ epoch: epoch + 1, epochs, done, total: train.count, loss: loss / done, accuracy })
        // The event loop must turn, or Ctrl-C would go unheard.
        if (step % 16 === 0) await setImmediate()
      }
      const seconds = (performance.now() - began) / 1000
      const judged = score(net.logits(exported, validationImages, validation.count), validation.labels, classes)
      if (!Number.isFinite(judged.loss)) return diverged(epoch, step - 1, rate)
      const report: EpochReport = {
        epoch: epoch + 1,
        epochs,
        phase: phase.name,
        loss: loss / done,
        accuracy: correct / Math.max(1, classed),
        validationLoss: judged.loss,
        validationAccuracy: judged.accuracy,
        learningRate: rate,
        seconds,
        imagesPerSecond: done / seconds,
      }
      state = {
        ...state,
        epoch: epoch + 1,
        parameters: kernels.view(parameters).slice(),
        ...(average && { average: kernels.view(average).slice() }),
        ...(teacher && { teacher }),
        optimizer: optimize.state(),
        history: [...state.history, report],
      }
      await onEpoch?.(report, state)
    }
    return { ok: true, weights: layersOf(layout, kernels.view(exported).slice()), history: state.history, state }
  } finally {
    await batches.close()
    optimize.release()
    kernels.release(parameters, gradient, ...(average ? [average] : []))
  }

  function beginning(): TrainingState {
    const parameters = initialise(layout, recipe.initialisation, seed)
    const start: TrainingState = {
      recipe,
      seed,
      classes,
      data: dataHash,
      epoch: 0,
      parameters,
      optimizer: firstState(recipe.optimizer, layout),
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

/** All images as the network sees them, count×784, 0..1. */
function normalised({ images }: Digits): Float32Array {
  return Float32Array.from(images, (byte) => byte / 255)
}

/** Early on the average forgets faster, so that it is not held back by the first weights. */
function averagingAt(averaging: number, steps: number): number {
  return Math.min(averaging, (1 + steps) / (10 + steps))
}

function diverged(epoch: number, batch: number, rate: number): FitResult {
  const advice =
    `the loss became infinite or no number in epoch ${epoch + 1}, batch ${batch + 1}, ` +
    `at learning rate ${rate.toPrecision(3)}: try a tenth of it`
  return { ok: false, error: { kind: 'diverged', epoch: epoch + 1, batch: batch + 1, learningRate: rate, advice } }
}
