/**
 * How fast training is: stock `model.fit` and ours on the same WASM backend, in one run, and the time to the accuracy of
 * the notebook this project grew out of.
 */
import * as tf from '@tensorflow/tfjs'
import { PIXELS } from '../train/augment.ts'
import type { Digits } from '../train/batches.ts'
import { Failure } from '../train/commands/command.ts'
import { describeDataError, holdOut, loadDataset } from '../train/data/dataset.ts'
import { fit } from '../train/fit.ts'
import { percent } from '../train/format.ts'
import { startKernels } from '../train/kernels.ts'
import { RECIPES, type Recipe } from '../train/recipes.ts'
import { type Output, publish } from './support/output.ts'
import { type Figure, newResults } from './support/results.ts'

/** Validation accuracy to be timed: the notebook's test accuracy. */
export const NOTEBOOK_ACCURACY = 0.9721

/** The figure's name in results. */
export const TO_NOTEBOOK = `to ${percent(NOTEBOOK_ACCURACY)} on validation`

export interface TrainingBench {
  /** Seconds for one epoch of stock `model.fit`, batch 100, SGD, images as they are. */
  stockSeconds: number
  /** Seconds for one epoch of ours at the same settings, but every image deformed as `best` does. */
  ourSeconds: number
  /** stockSeconds / ourSeconds */
  ratio: number
  /** Seconds from nothing (threads and backend included) to the notebook's accuracy on validation; infinite if missed. */
  secondsToNotebook: number
}

export async function benchTraining(data: { train: Digits; validation: Digits }): Promise<TrainingBench> {
  const { best, tflearn } = RECIPES
  const secondsToNotebook = await secondsTo(NOTEBOOK_ACCURACY, quick(best), data)
  const [first] = tflearn.phases
  const deformed = { ...first, epochs: 3, augmentation: best.phases[0].augmentation }
  const ours = await fit({ data, recipe: { ...tflearn, phases: [deformed] }, seed: 1 })
  if (!ours.ok) throw new Error(`training failed: ${ours.error.kind}`)
  // The best of three epochs: another program on the machine only ever adds time.
  const ourSeconds = Math.min(...ours.history.map((epoch) => epoch.seconds))
  const stockSeconds = await stockEpoch(data.train, tflearn)
  return { stockSeconds, ourSeconds, ratio: stockSeconds / ourSeconds, secondsToNotebook }
}

/** `best` cut down to a few epochs at its highest learning rate, with images as they are. */
function quick(best: Recipe): Recipe {
  const [first] = best.phases
  const augmentation = { ...first.augmentation, clean: 1 }
  return { ...best, averaging: 0, phases: [{ ...first, epochs: 5, batchSize: 128, augmentation }] }
}

async function secondsTo(accuracy: number, recipe: Recipe, data: { train: Digits; validation: Digits }) {
  const began = performance.now()
  const abort = new AbortController()
  let seconds = Number.POSITIVE_INFINITY
  await fit({
    data,
    recipe,
    seed: 1,
    signal: abort.signal,
    onEpoch: ({ validationAccuracy }) => {
      if (validationAccuracy < accuracy || abort.signal.aborted) return
      seconds = (performance.now() - began) / 1000
      abort.abort()
    },
  })
  return seconds
}

async function stockEpoch(train: Digits, recipe: Recipe): Promise<number> {
  await startKernels()
  const model = tf.sequential()
  recipe.hidden.forEach((units, i) => {
    model.add(tf.layers.dense({ units, activation: 'relu', ...(i === 0 && { inputShape: [PIXELS] }) }))
  })
  model.add(tf.layers.dense({ units: 10, activation: 'softmax' }))
  model.compile({ optimizer: tf.train.sgd(0.1), loss: 'categoricalCrossentropy' })
  const x = tf.tensor2d(
    Float32Array.from(train.images, (byte) => byte / 255),
    [train.count, PIXELS],
  )
  const y = tf.tidy(() => tf.oneHot(tf.tensor1d(train.labels, 'int32'), 10).toFloat())
  const began = performance.now()
  await model.fit(x, y, { epochs: 1, batchSize: recipe.phases[0].batchSize, verbose: 0 })
  const seconds = (performance.now() - began) / 1000
  tf.dispose([x, y])
  model.dispose()
  return seconds
}

/** Runs the benchmark on MNIST, prints it and writes it. */
export async function run(options: Output): Promise<void> {
  const data = loadDataset()
  if (!data.ok) throw new Failure(describeDataError(data.error))
  console.error('Three trainings, about a minute.')
  const bench = await benchTraining(holdOut(data.value.train, 5000))
  const results = newResults('train', {})
  results.figures.push(...figuresOf(bench))
  publish(results, options, () => render(bench))
}

/** Without the time to the notebook's accuracy where that was missed. */
function figuresOf({ stockSeconds, ourSeconds, ratio, secondsToNotebook }: TrainingBench): Figure[] {
  const figures: Figure[] = [
    { of: ['train', 'stock'], what: 'one epoch', unit: 's', better: 'less', values: [stockSeconds] },
    { of: ['train', 'ours'], what: 'one epoch', unit: 's', better: 'less', values: [ourSeconds] },
    { of: ['train'], what: 'stock to ours', unit: '', better: 'more', values: [ratio] },
    { of: ['train', 'ours'], what: TO_NOTEBOOK, unit: 's', better: 'less', values: [secondsToNotebook] },
  ]
  return figures.filter(({ values }) => values.every(Number.isFinite))
}

function render(bench: TrainingBench): string {
  const seconds = (value: number) => `${value.toFixed(1)} s`.padStart(8)
  return [
    `stock model.fit, one epoch        ${seconds(bench.stockSeconds)}`,
    `ours, deformation included        ${seconds(bench.ourSeconds)}   ${bench.ratio.toFixed(1)}× faster`,
    `ours, to ${percent(NOTEBOOK_ACCURACY)} on validation     ${seconds(bench.secondsToNotebook)}`,
  ].join('\n')
}
