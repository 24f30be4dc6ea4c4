/** What training made of the digits. */
import type { Split } from '../../data/dataset.ts'
import type { Recipe } from '../../recipes.ts'
import { html } from '../html.ts'
import { augmentedDigits, deformingPhase, digitMosaic } from '../pictures.ts'
import type { Section } from './section.ts'

const COLUMNS = 16

export function augmentationSection({
  train,
  recipe,
  seed,
}: {
  train: Split
  recipe: Recipe
  seed: number
}): Section | undefined {
  const phase = deformingPhase(recipe)
  if (!phase) return undefined
  return {
    id: 'augmentation',
    title: 'Deformed digits',
    body: html`<p class="note">Every epoch shows the digits anew: turned, stretched, slanted, shifted, wobbled, drawn with a thinner or thicker pen.
On the left the first digit of each class as it is, then as the phase “${phase.name}” deforms it.</p>
<div class="scroll">${digitMosaic(augmentedDigits(train, phase.augmentation, seed, COLUMNS), COLUMNS, 'Digits as they are and deformed')}</div>`,
  }
}
