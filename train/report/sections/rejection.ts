/** Whether pictures that are no digits are told from digits. */

import { INPUT_PIXELS } from '../../../model/artifact.ts'
import { count, percent } from '../../format.ts'
import { html } from '../html.ts'
import { digitMosaic } from '../pictures.ts'
import { histogramRows, type Row } from '../plots.ts'
import type { ReportInput } from '../report.ts'
import type { Section } from './section.ts'

/** Pictures of each kind that are shown. */
const EXAMPLES = 16

export function rejectionSection({ artifact, measured, nonDigits }: ReportInput): Section | undefined {
  const { rejection } = artifact.card.calibration
  const { answers } = measured
  if (answers.score.length === 0) return undefined
  const groups = [{ name: 'digits', ...answers }, ...(nonDigits ?? [])]
  const byConfidence = groups.map(({ name, confidence }): Row => {
    const sure = confidence.filter((value) => value > 0.9).length / confidence.length
    return { name, note: `${percent(sure)} above 90 %`, values: confidence }
  })
  const byScore = groups.map(
    ({ name, score, refused }): Row => ({ name, note: `${percent(refused)} refused`, values: score }),
  )
  const scores = groups.flatMap(({ score }) => [...score]).sort((a, b) => a - b)
  const domain: [number, number] = [Math.floor(scores[0]), Math.ceil(scores[Math.floor(scores.length * 0.999)])]
  const threshold = rejection?.threshold
  return {
    id: 'refusal',
    title: 'Digits and non-digits',
    body: html`<p class="note">Confidence says how sure the answer is if the picture is a digit. Whether it is one is judged by the largest logit.
${threshold === undefined ? 'This artifact refuses nothing.' : `Pictures whose largest logit is below ${threshold.toFixed(2)} (dashed) are answered with accepted: false. The threshold was set on validation digits alone: it refuses one in a hundred of them.`}</p>
<div class="grid">
<figure><figcaption><b>Confidence</b> each row as high as its highest bar</figcaption>${histogramRows(byConfidence, { label: 'Confidence of digits and non-digits', domain: [0, 1], bins: 40, tickFormat: (share) => `${Math.round(share * 100)} %` })}</figure>
<figure><figcaption><b>Largest logit</b> <span class="key warm">refused</span> <span class="key">accepted</span></figcaption>${histogramRows(byScore, { label: 'Rejection score of digits and non-digits', domain, bins: 48, threshold, tickFormat: (score) => `${score}` })}</figure>
</div>
${
  nonDigits &&
  html`<h3>The non-digits</h3>
<p class="note">${count(nonDigits[0].count)} of each kind, made by the program from the test digits and a fixed seed, so that anybody gets the same. None of these pictures was used in training or to set the threshold;
non-digits that a recipe trains with are drawn by other rules, from training digits.
All were brought to MNIST's size and place. They say little about letters or photographs of other things.</p>
<div class="rows">${nonDigits.map(
    ({ name, description, images, refused }) =>
      html`<figure><figcaption><b>${name}</b> ${description}; ${percent(refused)} refused</figcaption><div class="scroll">${digitMosaic(images.subarray(0, EXAMPLES * INPUT_PIXELS), EXAMPLES, name)}</div></figure>\n`,
  )}</div>`
}`,
  }
}
