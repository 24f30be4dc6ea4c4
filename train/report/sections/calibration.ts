/** Whether a confidence of 90 % is right nine times out of ten. */
import { count, percent } from '../../format.ts'
import { html } from '../html.ts'
import { calibrationPlot } from '../plots.ts'
import type { ReportInput } from '../report.ts'
import type { Section } from './section.ts'

export function calibrationSection({ artifact, measured }: ReportInput): Section | undefined {
  const { evaluation, uncalibrated } = measured
  if (evaluation.count === 0) return undefined
  const { temperature, fittedTemperature } = artifact.card.calibration
  const top = evaluation.bins[evaluation.bins.length - 1]
  const applied = fittedTemperature ?? temperature
  return {
    id: 'calibration',
    title: 'Confidence',
    body: html`<p class="note">Images by the confidence of the answer, in fifteenths; a dot on the dashed line claims as much as it holds. The larger a dot, the more images:
${count(top.count)} of ${count(evaluation.count)} lie in the last fifteenth, above 93 %. Bars are 95 % intervals: long where images are few.
Logits are divided by a temperature of ${applied.toFixed(3)}, found on validation images (Guo et al. 2017)${fittedTemperature === undefined ? '' : ' and worked into the last layer'}.</p>
<div class="grid">
<figure><figcaption><b>Before</b> error ${percent(uncalibrated.calibrationError)}, cross-entropy ${uncalibrated.loss.toFixed(4)}</figcaption>${calibrationPlot(uncalibrated.bins, 'Calibration before the temperature')}</figure>
<figure><figcaption><b>After</b> error ${percent(evaluation.calibrationError)}, cross-entropy ${evaluation.loss.toFixed(4)}</figcaption>${calibrationPlot(evaluation.bins, 'Calibration after the temperature')}</figure>
</div>`,
  }
}
