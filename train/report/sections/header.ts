/** What the report is about, and its figures at a glance. */
import { count, percent, percentRange } from '../../format.ts'
import { type Html, html } from '../html.ts'
import type { ReportInput } from '../report.ts'
import type { Section } from './section.ts'

export function header(input: ReportInput, shape: string, sections: Section[]): Html {
  const { artifact, images, measured, nonDigits } = input
  const { card, bytes } = artifact
  const { evaluation, answers, acceptedAccuracy } = measured
  const total = measured.total
  const refused = nonDigits?.reduce((sum, kind) => sum + kind.refused * kind.count, 0)
  const all = nonDigits?.reduce((sum, kind) => sum + kind.count, 0) ?? 0
  return html`<header>
<h1>${card.name} <small>${card.version}</small></h1>
<p class="lead">A multilayer perceptron that reads one handwritten digit: ${shape}, ${Math.round(bytes.length / 1024)} KiB as float16. Figures are for ${images.name}.</p>
<dl class="figures">
<div class="main"><dt>Accuracy</dt><dd>${percent(total.accuracy)}<small>95 % interval ${percentRange(total.interval)}</small></dd></div>
<div><dt>Mistakes</dt><dd>${count(total.count - total.right)}<small>of ${count(total.count)} images</small></dd></div>
<div><dt>Calibration error</dt><dd>${percent(evaluation.calibrationError)}<small>before calibration ${percent(measured.uncalibrated.calibrationError)}</small></dd></div>
<div><dt>Digits refused</dt><dd>${percent(answers.refused)}<small>${percent(acceptedAccuracy)} right among the rest</small></dd></div>
${refused === undefined ? undefined : html`<div><dt>Non-digits refused</dt><dd>${percent(refused / all)}<small>of ${count(all)} made-up ones</small></dd></div>`}
</dl>
<nav>${sections.map(({ id, title }) => html`<a href="#${id}">${title}</a>`)}</nav>
</header>`
}
