/** What training made of the digits. */
import type { DrawnShares } from '../../batches.ts'
import type { Split } from '../../data/dataset.ts'
import { percent } from '../../format.ts'
import { drawForms } from '../../forms.ts'
import type { Recipe } from '../../recipes.ts'
import { drawSigns } from '../../signs.ts'
import { type Html, html } from '../html.ts'
import { augmentedDigits, deformingPhase, digitMosaic } from '../pictures.ts'
import type { Section } from './section.ts'

const COLUMNS = 16
/** Of each sort of drawing. */
const ROWS = 4

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
<div class="scroll">${digitMosaic(augmentedDigits(train, phase.augmentation, seed, COLUMNS), COLUMNS, 'Digits as they are and deformed')}</div>
${phase.drawn && drawings(phase.drawn, seed)}`,
  }
}

/** The first of the drawings that stand in for some digits; they are deformed in the same way. */
function drawings({ forms, signs }: DrawnShares, seed: number): Html {
  return html`<p class="note">In the place of ${percent(forms)} of them it draws digits in forms that are rare in MNIST: ones with flag and foot, barred
sevens, fours in one bent stroke, nines with a hook.</p>
<div class="scroll">${digitMosaic(drawForms(ROWS * COLUMNS, seed).images, COLUMNS, 'Drawn digits')}</div>
<p class="note">In the place of ${percent(signs)} it draws what is no digit, for the network to be unsure of.</p>
<div class="scroll">${digitMosaic(drawSigns(ROWS * COLUMNS, seed), COLUMNS, 'Drawn letters, signs, sketches and silhouettes')}</div>`
}
