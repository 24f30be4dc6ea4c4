/** The report on a network: one HTML file that needs no network, no script and nothing beside it. */
import { type Artifact, parameterCount } from '../../model/artifact.ts'
import type { Split } from '../data/dataset.ts'
import type { EpochReport } from '../fit.ts'
import type { Measured, NonDigitsMeasured } from '../measure.ts'
import type { Recipe } from '../recipes.ts'
import { html, raw } from './html.ts'
import { answersSection } from './sections/answers.ts'
import { augmentationSection } from './sections/augmentation.ts'
import { calibrationSection } from './sections/calibration.ts'
import { curvesSection } from './sections/curves.ts'
import { header } from './sections/header.ts'
import { mistakesSection } from './sections/mistakes.ts'
import { recipeSection } from './sections/recipe.ts'
import { rejectionSection } from './sections/rejection.ts'
import { weightsSection } from './sections/weights.ts'
import { STYLE } from './style.ts'

export interface ReportInput {
  artifact: Artifact & { bytes: Uint8Array }
  /** The images that the figures are about. */
  images: ReportImages
  measured: Measured
  /** Left out where the figures are about somebody's own pictures. */
  nonDigits?: NonDigitsMeasured[]
  /** How the network was trained; known only when it has just been. */
  training?: { history: EpochReport[]; train: Split; recipe: Recipe; seed: number }
}

export interface ReportImages {
  /** For example `the 10,000 test images of MNIST`. */
  name: string
  split: Split
  /** Own pictures: one file for every image of the split, and those in which nothing was found. */
  pictures?: { files: PictureFile[]; blank: PictureFile[] }
}

export interface PictureFile {
  file: string
  label: number
  /** The picture itself, small, as a `data:` URL; made when it is shown. */
  thumbnail: () => string
}

/** Renders the whole report; what is not known is left out. No line breaks before a percent sign. */
export function renderReport(input: ReportInput): string {
  const { card, layers } = input.artifact
  const sections = [
    input.training && curvesSection(input.training.history),
    answersSection(input),
    mistakesSection(input),
    calibrationSection(input),
    rejectionSection(input),
    weightsSection(layers),
    input.training && augmentationSection(input.training),
    recipeSection(card),
  ].filter((section) => section !== undefined)
  const widths = [layers[0].inputs, ...layers.map((layer) => layer.units)].join('-')
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${card.name} ${card.version}: report</title>
<link rel="icon" href="data:,">
<style>${raw(STYLE)}</style>
</head>
<body>
${header(input, `${widths}, ${parameterCount(layers).toLocaleString('en')} parameters`, sections)}
<main>
${sections.map(({ id, title, body }) => html`<section id="${id}"><h2>${title}</h2>\n${body}</section>\n`)}
</main>
<footer>Written by edge-digits. This file is complete: it loads nothing.</footer>
</body>
</html>
`.text.replaceAll(' %', '\u00a0%')
}
