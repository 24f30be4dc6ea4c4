/** What was answered for what: the confusion matrix, and every digit by itself. */
import type { Evaluation } from '../../evaluate.ts'
import { count, percent } from '../../format.ts'
import { type Html, html } from '../html.ts'
import { digitsPlot } from '../plots.ts'
import type { ReportInput } from '../report.ts'
import type { Section } from './section.ts'

export function answersSection({ artifact, measured }: ReportInput): Section | undefined {
  const { evaluation } = measured
  if (evaluation.count === 0) return undefined
  const { labels } = artifact.card
  return {
    id: 'answers',
    title: 'Answers',
    body: html`<div class="grid">
<figure><figcaption><b>Confusion matrix</b> rows: the truth; columns: the answer</figcaption>${confusionTable(evaluation.confusion, labels)}</figure>
<figure><figcaption><b>Digit by digit</b> <span class="key">recall, 95 % interval</span> <span class="key ring">precision</span></figcaption>${digitsPlot(evaluation)}</figure>
</div>
<div class="grid">
${digitTable(evaluation, labels)}
<p class="note">Recall: of the images of a digit, how many were read as it. Precision: of the answers with a digit, how many were right.
Accuracy: of all images, how many were rightly taken for this digit or rightly for another.</p>
</div>`,
  }
}

/** Mistakes are coloured by their number; the root brings out the rare ones. */
function confusionTable(confusion: number[][], labels: string[]): Html {
  const worst = Math.max(1, ...confusion.flatMap((row, truth) => row.filter((_, answer) => answer !== truth)))
  const cell = (number: number, truth: number, answer: number) => {
    const title = `${labels[truth]} read as ${labels[answer]}: ${number}`
    if (truth === answer) return html`<td class="right" title="${title}">${number}</td>`
    if (number === 0) return html`<td class="none" title="${title}">·</td>`
    return html`<td style="--v:${Math.sqrt(number / worst).toFixed(2)}" title="${title}">${number}</td>`
  }
  return html`<table class="confusion"><thead><tr><th></th>${labels.map((label) => html`<th scope="col">${label}</th>`)}</tr></thead>
<tbody>${confusion.map((row, truth) => html`<tr><th scope="row">${labels[truth]}</th>${row.map((number, answer) => cell(number, truth, answer))}</tr>\n`)}</tbody></table>`
}

function digitTable({ digits }: Evaluation, labels: string[]): Html {
  return html`<div class="scroll"><table><thead><tr><th>digit</th><th>images</th><th>accuracy</th><th>precision</th><th>recall</th></tr></thead>
<tbody>${digits.map((d) => html`<tr><td>${labels[d.digit]}</td><td>${count(d.count)}</td><td>${percent(d.accuracy)}</td><td>${percent(d.precision)}</td><td>${percent(d.recall)}</td></tr>\n`)}</tbody></table></div>`
}
