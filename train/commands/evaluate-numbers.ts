/** npm run evaluate -- --images DIR --read: how well an artifact reads labelled pictures of whole numbers. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readNumber } from '../../recognize/number.ts'
import { count, percent, percentRange } from '../format.ts'
import { decodePicture, listNumbers } from '../pictures.ts'
import { type Misread, measureReadings, type ReadingsMeasured, type ReadPicture } from '../readings.ts'
import { EXIT, Failure } from './command.ts'
import type { LoadedModel } from './model.ts'
import { showCount } from './progress.ts'
import { inColour } from './terminal.ts'

/** Reads all pictures of a folder and prints the figures. */
export function evaluateNumbers({ artifact, classifier }: LoadedModel, folder: string, json: boolean): void {
  const { card } = artifact
  const listed = listNumbers(folder)
  if (!listed.ok) throw new Failure(`${listed.error.path}: ${listed.error.reason}.`)
  const pictures: ReadPicture[] = []
  const unreadable: { file: string; error: string }[] = []
  const progress = showCount(process.stderr, listed.value.length)
  for (const { file, label } of listed.value) {
    const read = readPictureFile(join(folder, file))
    if (read.ok) pictures.push({ file, expected: label, reading: readingOf(read.picture) })
    else unreadable.push({ file, error: read.reason })
    progress.step()
  }
  progress.close()
  for (const { file, error } of unreadable) console.error(`${file}: ${error}`)
  if (unreadable.length > 0) process.exitCode = EXIT.failed
  if (pictures.length === 0) throw new Failure(`${folder}: none of the ${listed.value.length} pictures can be read.`)

  const measured = measureReadings(pictures)
  const images = `${count(pictures.length)} pictures of numbers in ${folder}`
  if (json) {
    const model = { name: card.name, version: card.version }
    console.log(JSON.stringify({ model, images, ...measured, unreadable }, null, 2))
  } else {
    console.log([`${card.name} ${card.version} on ${images}`, '', ...asText(measured)].join('\n'))
  }

  function readingOf(picture: Parameters<typeof readNumber>[2]): ReadPicture['reading'] {
    const read = readNumber(classifier, card.calibration, picture)
    return read.ok ? read.value : { text: '', confidence: 0, accepted: false }
  }
}

function readPictureFile(path: string): ReturnType<typeof decodePicture> {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    return { ok: false, reason: cause instanceof Error ? cause.message : String(cause) }
  }
  return decodePicture(bytes)
}

function asText(measured: ReadingsMeasured): string[] {
  const { accuracy, interval, digits, accepted, acceptedWrong, misread } = measured
  const bold = (text: string) => inColour(process.stdout)('bold', text)
  const figures = [
    ['read exactly', `${bold(percent(accuracy))}  (95 % interval ${percentRange(interval)})`],
    ['misread', `${count(misread.length)} of ${count(measured.count)}`],
    ['digits right', `${percent(digits.accuracy)} of ${count(digits.count)}, by edit distance`],
    ['accepted', `${count(accepted)} of ${count(measured.count)}; ${count(acceptedWrong)} of them wrong`],
  ].map(([name, value]) => `${name.padEnd(19)}${value}`)
  if (misread.length === 0) return figures
  return [...figures, '', 'misread, the accepted first', ...misreadLines(misread)]
}

function misreadLines(misread: readonly Misread[]): string[] {
  const rows = misread.map(({ file, expected, text, confidence, accepted }) => {
    const verdict = accepted ? 'accepted' : 'refused'
    return [oneLine(expected), oneLine(text) || '–', percent(confidence), `${file}, ${verdict}`]
  })
  const [wide, wider] = [0, 1].map((column) => Math.max(...rows.map((row) => row[column].length)))
  return rows.map(
    ([expected, text, confidence, file]) =>
      `${expected.padEnd(wide)} → ${text.padEnd(wider)} ${confidence.padStart(9)}  ${file}`,
  )
}

const oneLine = (text: string) => text.replaceAll('\n', ' / ')
