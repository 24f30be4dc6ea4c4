/** npm run evaluate: how well an artifact reads labelled images. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Option } from 'commander'
import { INPUT_PIXELS, type ModelCard } from '../../model/artifact.ts'
import { ARTIFACT_FOLDER } from '../artifact-folder.ts'
import { datasetName, describeDataError, loadSplit } from '../data/dataset.ts'
import { count, percent, percentRange } from '../format.ts'
import { type Measured, measure, measureNonDigits, type NonDigitsMeasured } from '../measure.ts'
import { type LabelledFile, listPictures, readPicture, thumbnail } from '../pictures.ts'
import { type ReportImages, renderReport } from '../report/report.ts'
import { command, EXIT, Failure, run } from './command.ts'
import { evaluateNumbers } from './evaluate-numbers.ts'
import { loadModel } from './model.ts'
import { showCount } from './progress.ts'
import { inColour } from './terminal.ts'

interface Options {
  model: string
  data?: string
  images?: string
  read?: true
  json?: true
  report?: string
}

/** Pictures that cannot be read at all: neither right nor wrong, but to be said. */
interface Unreadable {
  file: string
  error: string
}

/** Mistakes that the text lists when there are many more. */
const LISTED = 10

const program = command('evaluate', 'Measure how well an artifact reads labelled images.')
  .option('--model <dir>', "the artifact's folder", ARTIFACT_FOLDER)
  .option('--data <dir>', "a folder with IDX files named as MNIST's test images are (default: MNIST)")
  .addOption(
    new Option(
      '--images <dir>',
      'your own pictures: a folder for each class, or labels.csv with file and label',
    ).conflicts('data'),
  )
  .option('--read', 'the pictures of --images hold whole numbers: a folder for each, or labels.csv')
  .option('--json', 'print JSON instead of text')
  .addOption(
    new Option(
      '--report <file.html>',
      'also write everything as a page with plots and the mistakes as pictures',
    ).conflicts('read'),
  )
  .action(evaluate)

async function evaluate({ model, data, images: folder, read, json, report }: Options): Promise<void> {
  if (read && folder === undefined) {
    throw new Failure('error: --read wants the folder of the pictures: --images DIR.', EXIT.usage)
  }
  const loaded = await loadModel(model)
  if (read) return evaluateNumbers(loaded, folder!, json ?? false)
  const { artifact, classifier } = loaded
  const { card } = artifact
  const { images, unreadable } = folder ? loadPictures(folder, card.labels) : loadData(data, card.labels)
  const measured = measure(classifier, card.calibration, images.split, images.pictures?.blank.length)
  const nonDigits = folder ? undefined : measureNonDigits(classifier, card.calibration, images.split)
  if (report) writeReport(report, renderReport({ artifact, images, measured, nonDigits }))
  console.log(json ? asJson(card, images, measured, nonDigits, unreadable) : asText(card, images, measured, nonDigits))
  if (report && !json) console.log(`\nreport written to ${report}`)
  for (const { file, error } of unreadable) console.error(`${file}: ${error}`)
  if (unreadable.length > 0) process.exitCode = EXIT.failed
}

interface Loaded {
  images: ReportImages
  unreadable: Unreadable[]
}

function loadData(data: string | undefined, labels: string[]): Loaded {
  const loaded = loadSplit('test', data)
  if (!loaded.ok) throw new Failure(describeDataError(loaded.error))
  const split = loaded.value
  const largest = split.labels.reduce((most, label) => Math.max(most, label), 0)
  if (largest >= labels.length) {
    throw new Failure(`The data has labels up to ${largest}, the model tells only ${labels.length} classes apart.`)
  }
  return { images: { name: `the ${count(split.count)} test images of ${datasetName(data)}`, split }, unreadable: [] }
}

function loadPictures(folder: string, labels: string[]): Loaded {
  const listed = listPictures(folder, labels)
  if (!listed.ok) throw new Failure(`${listed.error.path}: ${listed.error.reason}.`)
  const found: { file: LabelledFile; bytes: Uint8Array; input: Uint8Array }[] = []
  const unreadable: Unreadable[] = []
  const progress = showCount(process.stderr, listed.value.length)
  for (const file of listed.value) {
    progress.step()
    let bytes: Uint8Array
    try {
      bytes = readFileSync(join(folder, file.file))
    } catch (cause) {
      unreadable.push({ file: file.file, error: cause instanceof Error ? cause.message : String(cause) })
      continue
    }
    const read = readPicture(bytes)
    if (read.ok) found.push({ file, bytes, input: read.input })
    else unreadable.push({ file: file.file, error: read.reason })
  }
  progress.close()
  const isBlank = ({ input }: { input: Uint8Array }) => input.every((value) => value === 0)
  const inked = found.filter((picture) => !isBlank(picture))
  if (inked.length === 0) throw new Failure(`${folder}: in none of the ${listed.value.length} pictures ink was found.`)
  const split = {
    count: inked.length,
    images: new Uint8Array(inked.length * INPUT_PIXELS),
    labels: Uint8Array.from(inked, ({ file }) => file.label),
  }
  for (const [i, { input }] of inked.entries()) split.images.set(input, i * INPUT_PIXELS)
  const shown = ({ file, bytes }: { file: LabelledFile; bytes: Uint8Array }) => ({
    ...file,
    thumbnail: () => thumbnail(bytes),
  })
  const pictures = { files: inked.map(shown), blank: found.filter(isBlank).map(shown) }
  return { images: { name: `${count(found.length)} pictures in ${folder}`, split, pictures }, unreadable }
}

function asText(
  card: ModelCard,
  images: ReportImages,
  measured: Measured,
  nonDigits: NonDigitsMeasured[] | undefined,
): string {
  const { total, evaluation, uncalibrated, answers, acceptedAccuracy } = measured
  const bold = (text: string) => inColour(process.stdout)('bold', text)
  const figures = [
    ['accuracy', `${bold(percent(total.accuracy))}  (95 % interval ${percentRange(total.interval)})`],
    ['mistakes', `${count(total.count - total.right)} of ${count(total.count)}`],
    ['cross-entropy', evaluation.loss.toFixed(4)],
    [
      'calibration error',
      `${percent(evaluation.calibrationError)}  (${percent(uncalibrated.calibrationError)} before calibration)`,
    ],
    ['refused', `${percent(answers.refused)} of these digits; ${percent(acceptedAccuracy)} of the others are right`],
    ...(nonDigits ?? []).map(({ name, refused, count: number }) => [
      '',
      `${percent(refused)} of ${count(number)} non-digits (${name})`,
    ]),
  ].map(([name, value]) => `${name.padEnd(19)}${value}`)
  return [
    `${card.name} ${card.version} on ${images.name}`,
    '',
    ...figures,
    '',
    ...digitLines(measured, card.labels),
    '',
    ...confusionLines(evaluation.confusion, card.labels),
    ...mistakeLines(images, measured, card.labels),
  ].join('\n')
}

function digitLines({ evaluation }: Measured, labels: string[]): string[] {
  const line = (...cells: string[]) => cells.map((cell, i) => (i === 0 ? cell.padEnd(6) : cell.padStart(11))).join('')
  return [
    line('digit', 'images', 'accuracy', 'precision', 'recall'),
    ...evaluation.digits.map((d) =>
      line(labels[d.digit], count(d.count), percent(d.accuracy), percent(d.precision), percent(d.recall)),
    ),
  ]
}

function confusionLines(confusion: number[][], labels: string[]): string[] {
  const paint = inColour(process.stdout)
  const cell = (number: number, truth: number, answer: number) => {
    const text = (number === 0 ? '·' : `${number}`).padStart(6)
    if (number === 0 || truth === answer) return paint('dim', text)
    return paint('red', text)
  }
  return [
    `${'truth ↓'.padEnd(12)}${labels.map((label) => label.padStart(6)).join('')}   ← read as`,
    ...confusion.map(
      (row, truth) => labels[truth].padEnd(12) + row.map((n, answer) => cell(n, truth, answer)).join(''),
    ),
  ]
}

function mistakeLines({ pictures }: ReportImages, { mistakes }: Measured, labels: string[]): string[] {
  const listed = pictures ? mistakes : mistakes.slice(0, LISTED)
  const lines = listed.map(({ index, truth, answer, confidence, accepted }) => {
    const name = pictures ? pictures.files[index].file : `image ${index}`
    return `${labels[truth]} → ${labels[answer]} ${percent(confidence).padStart(9)}  ${name}${accepted ? '' : ', refused'}`
  })
  const blank = (pictures?.blank ?? []).map(({ file, label }) => `${labels[label]} → –  nothing found  ${file}`)
  if (lines.length + blank.length === 0) return []
  const more = mistakes.length - listed.length
  const rest = more > 0 ? [`… and ${count(more)} more: --report FILE.html shows them`] : []
  return ['', 'mistakes, the most confident first', ...lines, ...rest, ...blank]
}

function asJson(
  card: ModelCard,
  { name, pictures }: ReportImages,
  { total, evaluation, uncalibrated, answers, acceptedAccuracy, mistakes }: Measured,
  nonDigits: NonDigitsMeasured[] | undefined,
  unreadable: Unreadable[],
): string {
  const { loss, calibrationError, digits, confusion } = evaluation
  const result = {
    model: { name: card.name, version: card.version },
    images: name,
    ...total,
    loss,
    calibrationError,
    uncalibratedError: uncalibrated.calibrationError,
    refused: answers.refused,
    acceptedAccuracy,
    nonDigits: nonDigits?.map(({ name, count, refused }) => ({ name, count, refused })),
    digits,
    confusion,
    mistakes: mistakes.map(({ index, ...mistake }) =>
      pictures ? { file: pictures.files[index].file, ...mistake } : { index, ...mistake },
    ),
    blank: pictures?.blank.map(({ file }) => file),
    unreadable: pictures ? unreadable : undefined,
  }
  return JSON.stringify(result, null, 2)
}

function writeReport(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (cause) {
    throw new Failure(`${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

await run(program)
