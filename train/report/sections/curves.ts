/** How the network learned, epoch by epoch. */
import type { EpochReport } from '../../fit.ts'
import { duration, percent } from '../../format.ts'
import { html } from '../html.ts'
import { accuracyPlot, learningRatePlot, lossPlot, timePlot } from '../plots.ts'
import type { Section } from './section.ts'

export function curvesSection(history: EpochReport[]): Section | undefined {
  if (history.length === 0) return undefined
  const last = history[history.length - 1]
  const best = history.reduce((a, b) => (b.validationAccuracy > a.validationAccuracy ? b : a))
  const seconds = history.reduce((sum, epoch) => sum + epoch.seconds, 0)
  const phases = [...new Set(history.map((epoch) => epoch.phase))]
  const keys = html`<span class="key warm">training</span> <span class="key">validation</span>`
  return {
    id: 'curves',
    title: 'Learning',
    body: html`<p class="note">${history.length} ${history.length === 1 ? 'epoch' : 'epochs'} in ${duration(seconds)}; validation ends at ${percent(last.validationAccuracy)}, its best was ${percent(best.validationAccuracy)} in epoch ${best.epoch}.
Training is judged on deformed images as they go by, validation on clean ones with the weights as exported: so training looks worse.
${phases.length > 1 ? `Dashed lines part the phases: ${phases.join(', ')}.` : ''}</p>
<div class="grid">
<figure><figcaption><b>Loss</b> (cross-entropy) ${keys}</figcaption>${lossPlot(history)}</figure>
<figure><figcaption><b>Accuracy</b> ${keys}</figcaption>${accuracyPlot(history)}</figure>
<figure><figcaption><b>Learning rate</b> at the end of the epoch</figcaption>${learningRatePlot(history)}</figure>
<figure><figcaption><b>Time</b> per epoch</figcaption>${timePlot(history)}</figure>
</div>`,
  }
}
