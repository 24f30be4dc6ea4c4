/** npm run predict: reads pictures without a server, as the Worker does. */
import { readFileSync, writeFileSync } from 'node:fs'
import { Option } from 'commander'
import { INPUT_SIDE } from '../../model/artifact.ts'
import { type Prediction, recognizeDigits } from '../../recognize/digit.ts'
import { type Reading, readNumber } from '../../recognize/number.ts'
import { ARTIFACT_FOLDER } from '../artifact-folder.ts'
import { drawBoxes } from '../boxes.ts'
import { toInput } from '../data/dataset.ts'
import { chance } from '../format.ts'
import { decodePicture, readPicture } from '../pictures.ts'
import { command, EXIT, Failure, pngName, run } from './command.ts'
import { type LoadedModel, loadModel } from './model.ts'
import { inColour } from './terminal.ts'

interface Options {
  model: string
  digit?: true
  boxes?: string
  json?: true
}

type Answer = { prediction: Prediction } | { reading: Reading } | { error: string }

const BAR = 30
const REASONS = { blank: 'refused: blank', unfamiliar: 'refused: unlike any digit' } as const

const program = command('predict', 'Read the number in each picture, as the Worker does.')
  .argument('<files...>', 'PNG, JPEG or WebP files; - reads one from standard input')
  .option('--model <dir>', "the artifact's folder", ARTIFACT_FOLDER)
  .option('--digit', 'take each picture for one digit, as 28×28 pixels always are, and show every probability')
  .addOption(
    new Option('--boxes <file.png>', 'also write the picture with the digits drawn in')
      .argParser(pngName)
      .conflicts('digit'),
  )
  .option('--json', 'print JSON instead of text')
  .action(predict)

async function predict(files: string[], { model: folder, digit, boxes, json }: Options): Promise<void> {
  if (boxes !== undefined && files.length > 1) {
    throw new Failure(`error: --boxes writes one picture, ${files.length} files were given.`, EXIT.usage)
  }
  const model = await loadModel(folder)
  const { card } = model.artifact
  const found: object[] = []
  for (const file of files) {
    const answer = await answerOf(file, model, digit, boxes)
    if ('error' in answer) {
      console.error(`${file}: ${answer.error}`)
      process.exitCode = EXIT.failed
    } else if (!json) {
      console.log('prediction' in answer ? asBars(file, answer.prediction, card.labels) : asText(file, answer.reading))
    }
    found.push({
      file,
      ...('prediction' in answer ? answer.prediction : 'reading' in answer ? answer.reading : answer),
    })
  }
  if (json) {
    const model = { name: card.name, version: card.version }
    console.log(JSON.stringify({ model, predictions: found }, null, 2))
  } else if (boxes !== undefined && process.exitCode === undefined) {
    console.log(`boxes drawn in ${boxes}`)
  }
}

/** Reads one file. @param boxes where to write it with its digits drawn in */
async function answerOf(file: string, model: LoadedModel, digit?: true, boxes?: string): Promise<Answer> {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file === '-' ? 0 : file)
  } catch (cause) {
    return { error: `it cannot be read (${cause instanceof Error ? cause.message : String(cause)})` }
  }
  const { classifier, artifact } = model
  const { calibration } = artifact.card
  const decoded = decodePicture(bytes)
  if (!decoded.ok) return { error: decoded.reason }
  const { width, height } = decoded.picture.source
  if (digit || (width === INPUT_SIDE && height === INPUT_SIDE && boxes === undefined)) {
    const found = readPicture(bytes)
    if (!found.ok) return { error: found.reason }
    return { prediction: recognizeDigits(classifier, calibration, toInput(found.input), 1)[0] }
  }
  const read = readNumber(classifier, calibration, decoded.picture)
  if (!read.ok) return { error: read.error.message }
  if (boxes !== undefined) await write(boxes, await drawBoxes(bytes, read.value))
  return { reading: read.value }
}

function write(file: string, bytes: Uint8Array): void {
  try {
    writeFileSync(file, bytes)
  } catch (cause) {
    throw new Failure(`${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

/** A line with the number; several lines of digits stand below. */
function asText(file: string, { lines, confidence, accepted, reason }: Reading): string {
  const paint = inColour(process.stdout)
  const digits = lines.flatMap((line) => line.digits)
  if (digits.length === 0) {
    return `${file}: ${paint('yellow', reason === 'blank' ? REASONS.blank : 'refused: no digit found')}`
  }
  const doubtful = digits.filter((digit) => !digit.accepted).length
  const verdict = accepted
    ? paint('green', 'accepted')
    : paint('yellow', `refused: ${doubtful} of ${digits.length} digits ${doubtful === 1 ? 'is' : 'are'} doubtful`)
  const texts = lines.map((line) =>
    line.digits.map(({ digit, accepted }) => paint(accepted ? 'bold' : 'yellow', `${digit}`)).join(''),
  )
  const [head, below] = texts.length === 1 ? [texts[0], []] : [`${texts.length} lines`, texts]
  return [`${file}: ${head}  ${chance(confidence)}  ${verdict}`, ...below.map((text) => `  ${text}`)].join('\n')
}

/** One line with the digit, then a bar for every class. */
function asBars(file: string, prediction: Prediction, labels: string[]): string {
  const { digit, confidence, accepted, reason, probabilities } = prediction
  const paint = inColour(process.stdout)
  const verdict = accepted ? paint('green', 'accepted') : paint('yellow', REASONS[reason!])
  if (digit === null) return `${file}: ${verdict}`
  const head = `${file}: ${paint('bold', labels[digit])}  ${chance(confidence)}  ${verdict}`
  const bars = probabilities.map((probability, i) => {
    const text = `  ${labels[i]} ${bar(probability)} ${chance(probability).padStart(9)}`
    return i === digit ? text : paint('dim', text)
  })
  return [head, ...bars].join('\n')
}

/** A bar of up to thirty characters, in eighths of one. */
function bar(share: number): string {
  const eighths = Math.round(share * BAR * 8)
  const whole = '█'.repeat(Math.floor(eighths / 8))
  return (whole + (['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8] ?? '')).padEnd(BAR)
}

await run(program)
