/** Every mistake as a picture, the most confident first. */
import { count, percent } from '../../format.ts'
import { imageAt, type Mistake } from '../../measure.ts'
import { type Html, html } from '../html.ts'
import { digitPicture } from '../pictures.ts'
import type { PictureFile, ReportInput } from '../report.ts'
import type { Section } from './section.ts'

/** Beyond these a reader learns nothing new, and the file grows. */
const MOST = 120

export function mistakesSection({ artifact, images, measured }: ReportInput): Section {
  const { labels } = artifact.card
  const { split, pictures } = images
  const { mistakes } = measured
  const blank = pictures?.blank ?? []
  const shown = mistakes.slice(0, MOST)
  const item = (mistake: Mistake) => {
    const image = digitPicture(imageAt(split.images, mistake.index), `A ${labels[mistake.truth]}`)
    const verdict = html`<b>${labels[mistake.truth]} → <i>${labels[mistake.answer]}</i></b><span class="sure">${percent(mistake.confidence)}</span>`
    const refused = mistake.accepted ? undefined : html`<span>refused</span>`
    if (!pictures) return html`<li>${image}${verdict}<span>image ${mistake.index}</span>${refused}</li>\n`
    const { file, thumbnail } = pictures.files[mistake.index]
    return html`<li><div class="pair">${sent(thumbnail())}${image}</div>${verdict}<span>${file}</span>${refused}</li>\n`
  }
  const list = pictures ? 'mistakes pictures' : 'mistakes'
  return {
    id: 'mistakes',
    title: 'Mistakes',
    body: html`<p class="note">${introduction(mistakes.length, shown.length)}
${pictures ? 'Each as it was sent, and as the network saw it.' : html`An image's number is what <code>npm run show -- NUMBER --split test</code> draws.`}</p>
<ol class="${list}">${shown.map(item)}</ol>
${blank.length === 0 ? undefined : blankList(blank, labels)}`,
  }
}

function introduction(all: number, shown: number): string {
  if (all === 0) return 'There are none.'
  const which = shown < all ? `The ${shown} most confident of ${count(all)} mistakes` : `All ${count(all)} mistakes`
  return `${which}, worst first: the truth, the answer, and its confidence.`
}

function blankList(blank: PictureFile[], labels: string[]): Html {
  return html`<h3>Nothing found</h3><p class="note">In these pictures no ink was found; they count as mistakes.</p>
<ol class="mistakes">${blank.map(({ file, label, thumbnail }) => html`<li>${sent(thumbnail())}<b>${labels[label]}</b><span>${file}</span></li>\n`)}</ol>`
}

const sent = (thumbnail: string) => html`<img class="sent" src="${thumbnail}" alt="As sent" width="72" height="72">`
