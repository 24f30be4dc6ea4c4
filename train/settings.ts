/** A recipe with a trainer's own wishes worked in. */
import type { OptimizerSettings } from './optimizer.ts'
import { DEFAULT_RECIPE, type Phase, RECIPES, type Recipe } from './recipes.ts'
import type { Schedule } from './schedule.ts'

/** What a trainer may change of any recipe; what is absent stays as the recipe has it. */
export interface Overrides {
  hidden?: number[]
  /** Epochs in all; phases keep their shares. */
  epochs?: number
  batchSize?: number
  optimizer?: OptimizerSettings['kind']
  /** The first phase's (highest) rate; later phases keep their ratio to it. */
  learningRate?: number
  /** Images held out: a number, or a share below 1. */
  validation?: number
}

export interface SettingsError {
  kind: 'settings'
  reason: string
}

/** The recipe as it will be trained. Refuses what no data of `images` images could be trained with. */
export function settle(
  recipe: Recipe,
  overrides: Overrides,
  images: number,
): { ok: true; value: Recipe } | { ok: false; error: SettingsError } {
  const { hidden, epochs, batchSize, optimizer, learningRate, validation } = overrides
  let phases = recipe.phases
  if (epochs !== undefined) phases = shareEpochs(phases, epochs)
  if (batchSize !== undefined) phases = phases.map((phase) => ({ ...phase, batchSize }))
  if (learningRate !== undefined) {
    const factor = learningRate / rateOf(recipe.phases[0].learningRate)
    phases = phases.map((phase) => ({ ...phase, learningRate: scale(phase.learningRate, factor) }))
  }
  const largest = Math.max(...phases.map((phase) => phase.batchSize))
  if (largest > images) {
    const reason = `a batch of ${largest} is larger than the ${images} training images: choose --batch-size 1 to ${images}`
    return { ok: false, error: { kind: 'settings', reason } }
  }
  const changed = { ...recipe, phases }
  if (hidden) changed.hidden = hidden
  if (validation !== undefined) changed.validation = validation
  if (optimizer && optimizer !== recipe.optimizer.kind) changed.optimizer = defaultsOf(optimizer)
  return { ok: true, value: changed }
}

/** For data whose classes may be anything: what is drawn are MNIST's ten digits, and things that are none of them. */
export const withoutDrawings = (recipe: Recipe): Recipe => ({
  ...recipe,
  phases: recipe.phases.map(({ drawn: _, ...phase }) => phase),
})

/** Epochs of all phases together. */
export const epochsOf = (recipe: Recipe) => recipe.phases.reduce((sum, phase) => sum + phase.epochs, 0)

/** The flags that make this recipe out of the default one. */
export function flagsFor(recipe: Recipe): string[] {
  const base = RECIPES[recipe.name]
  const rate = rateOf(recipe.phases[0].learningRate)
  const { batchSize } = recipe.phases[0]
  return [
    ...flag('recipe', recipe.name, DEFAULT_RECIPE),
    ...flag('hidden', recipe.hidden.join(','), base.hidden.join(',')),
    ...flag('epochs', epochsOf(recipe), epochsOf(base)),
    ...flag('batch-size', batchSize, base.phases[0].batchSize),
    ...flag('optimizer', recipe.optimizer.kind, base.optimizer.kind),
    ...flag('learning-rate', rate, rateOf(base.phases[0].learningRate)),
    ...flag('validation', recipe.validation, base.validation),
  ]
}

const flag = (name: string, value: string | number, standard: string | number) =>
  value === standard ? [] : [`--${name} ${value}`]

/** Later phases get their rounded share, the first one the rest; a phase left without an epoch is dropped. */
function shareEpochs(phases: Phase[], epochs: number): Phase[] {
  const before = phases.reduce((sum, phase) => sum + phase.epochs, 0)
  const later = phases.slice(1).map((phase) => ({ ...phase, epochs: Math.round((phase.epochs * epochs) / before) }))
  const rest = epochs - later.reduce((sum, phase) => sum + phase.epochs, 0)
  return [{ ...phases[0], epochs: rest }, ...later].filter((phase) => phase.epochs > 0)
}

const rateOf = (schedule: Schedule) => (schedule.kind === 'constant' ? schedule.rate : schedule.peak)

const scale = (schedule: Schedule, factor: number): Schedule =>
  schedule.kind === 'constant'
    ? { ...schedule, rate: schedule.rate * factor }
    : { ...schedule, peak: schedule.peak * factor }

/** An optimizer's settings where the recipe speaks of another: those of the first recipe that uses it. */
function defaultsOf(kind: OptimizerSettings['kind']): OptimizerSettings {
  return Object.values(RECIPES).find((recipe) => recipe.optimizer.kind === kind)!.optimizer
}
