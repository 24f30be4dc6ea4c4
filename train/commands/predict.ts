/** npm run predict: reads pictures without a server, as the Worker does. */
import { readFileSync } from 'node:fs'
import { type Prediction, recognizeDigits } from '../../recognize/digit.ts'
import { ARTIFACT_FOLDER } from '../artifact-folder.ts'
import { toInput } from '../data/dataset.ts'
import { percent } from '../format.ts'
import { readPicture } from '../pictures.ts'
import { command, EXIT, run } from './command.ts'
import { loadModel } from './model.ts'
import { inColour } from './terminal.ts'

interface Options {
  model: string
  json?: true
}

type Answer = { file: string; prediction: Prediction } | { file: string; error: string }

const BAR = 30
const REASONS = { blank: 'refused: blank', unfamiliar: 'refused: unlike any digit' } as const

const program = command('predict', 'Read one handwritten digit from each picture, as the Worker does.')
  .argument('<files...>', 'PNG, JPEG or WebP files; - reads one from standard input')
  .option('--model <dir>', "the artifact's folder", ARTIFACT_FOLDER)
  .option('--json', 'print JSON instead of text')
  .action(predict)

async function predict(files: string[], { model, json }: Options): Promise<void> {
  const { artifact, classifier } = await loadModel(model)
  const { card } = artifact
  const answers = files.map((file): Answer => {
    const read = readInput(file)
    if (!read.ok) return { file, error: read.reason }
    const [prediction] = recognizeDigits(classifier, card.calibration, toInput(read.input), 1)
    return { file, prediction }
  })
  if (json) {
    const predictions = answers.map((answer) =>
      'error' in answer ? answer : { file: answer.file, ...answer.prediction },
    )
    console.log(JSON.stringify({ model: { name: card.name, version: card.version }, predictions }, null, 2))
  } else {
    const texts = answers.flatMap((answer) => ('error' in answer ? [] : [render(answer, card.labels)]))
    if (texts.length > 0) console.log(texts.join('\n\n'))
  }
  for (const answer of answers) if ('error' in answer) console.error(`${answer.file}: ${answer.error}`)
  if (answers.some((answer) => 'error' in answer)) process.exitCode = EXIT.failed
}

function readInput(file: string): ReturnType<typeof readPicture> {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file === '-' ? 0 : file)
  } catch (cause) {
    return { ok: false, reason: `it cannot be read (${cause instanceof Error ? cause.message : String(cause)})` }
  }
  return readPicture(bytes)
}

/** One line with the answer, then a bar for every class. */
function render({ file, prediction }: { file: string; prediction: Prediction }, labels: string[]): string {
  const { digit, confidence, accepted, reason, probabilities } = prediction
  const paint = inColour(process.stdout)
  const verdict = accepted ? paint('green', 'accepted') : paint('yellow', REASONS[reason!])
  if (digit === null) return `${file}: ${verdict}`
  const head = `${file}: ${paint('bold', labels[digit])}  ${percent(confidence)}  ${verdict}`
  const bars = probabilities.map((probability, i) => {
    const text = `  ${labels[i]} ${bar(probability)} ${percent(probability).padStart(8)}`
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
