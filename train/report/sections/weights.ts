/** What the first layer looks for. */
import type { DenseLayer } from '../../../model/artifact.ts'
import { html } from '../html.ts'
import { unitsShown, weightMosaic } from '../pictures.ts'
import type { Section } from './section.ts'

export function weightsSection(layers: DenseLayer[]): Section {
  const { shown, all } = unitsShown(layers)
  return {
    id: 'weights',
    title: 'First layer',
    body: html`<p class="note">Each picture is one unit's 784 weights: <span class="key warm">ink here excites it</span> <span class="key">ink here inhibits it</span>.
${shown < all ? `The ${shown} of ${all} units that weigh most, by their weights in and out.` : `All ${all} units.`}</p>
<div class="scroll">${weightMosaic(layers)}</div>`,
  }
}
