/** Answers in plain words. Pure, so that what people read is tested without a browser. */
import type { Prediction, ReadResponse } from '../../client/index.ts'
import type { Failure } from '../service.ts'

export interface Words {
  title: string
  text: string
}

const DIGIT_NAMES = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']

/** 0.9987 as "99.9 %"; never rounded up to a certainty that nothing has, nor down to none. */
export function percent(part: number): string {
  if (part < 0.0005) return 'less than 0.1 %'
  const rounded = Math.min(99.9, Math.round(part * 1000) / 10)
  return `${rounded >= 10 && rounded < 99 ? Math.round(rounded) : rounded} %`
}

/** A digit of a number below this confidence is worth a second look. */
const CLEAR = 0.9

/** How a confidence is said: an adverb that people agree on. */
function adverb(confidence: number): string {
  if (confidence >= 0.99) return 'Clearly'
  if (confidence >= 0.9) return 'Almost certainly'
  if (confidence >= 0.6) return 'Probably'
  return 'Perhaps'
}

export function predictionWords({ digit, confidence, reason, probabilities }: Prediction): Words {
  if (digit === null) return { title: 'Blank', text: 'There is no ink in this picture.' }
  const name = DIGIT_NAMES[digit]
  if (reason === 'unfamiliar') {
    return { title: 'No digit I know', text: `If it must be one, then ${name}.` }
  }
  const runnerUp = probabilities
    .map((probability, other) => ({ probability, other }))
    .filter(({ other }) => other !== digit)
    .sort((a, b) => b.probability - a.probability)[0]
  const doubt = runnerUp.probability >= 0.05 ? `, or else ${DIGIT_NAMES[runnerUp.other]}` : ''
  return { title: `${adverb(confidence)} ${name}`, text: `${percent(confidence)} confident${doubt}` }
}

export function readingWords({ text, confidence, reason, lines }: ReadResponse): Words {
  if (text === '') {
    return reason === 'blank'
      ? { title: 'Blank', text: 'There is no ink in this picture.' }
      : { title: 'No digits here', text: 'There is ink, but none that reads as a number.' }
  }
  const digits = lines.flatMap((line) => line.digits)
  if (!digits.some((digit) => digit.accepted)) {
    return { title: 'No number I know', text: 'If it must be one, then this.' }
  }
  if (digits.length === 1) return { title: 'One digit', text: `${percent(confidence)} confident` }
  const doubtful = digits.filter((digit) => !digit.accepted || digit.confidence < CLEAR).length
  const doubt = doubtful === 0 ? 'all clear' : doubtful === digits.length ? 'none clear' : `${doubtful} doubtful`
  return { title: `${digits.length} digits, ${doubt}`, text: `The least certain at ${percent(confidence)}` }
}

export function failureWords(failure: Failure, online: boolean): Words {
  switch (failure.kind) {
    case 'unreachable':
      return online
        ? { title: 'The server does not answer', text: 'What you drew is kept.' }
        : { title: 'You are offline', text: 'What you drew is kept. The answer comes once you are connected again.' }
    case 'key':
      return failure.given
        ? { title: 'This key is not accepted', text: 'Check it and enter it again.' }
        : {
            title: 'A key is needed',
            text: 'Whoever runs this service gives you one. It is kept until you close the tab.',
          }
    case 'too-many':
      return {
        title: 'A moment, please',
        text: `So many requests in so little time. The next one goes out in ${seconds(failure.seconds)}.`,
      }
    case 'refused':
      return failure.status === 413
        ? { title: 'This picture is too large', text: failure.detail }
        : failure.status >= 500
          ? { title: 'The server failed', text: 'What you drew is kept. Try again in a moment.' }
          : { title: 'This picture cannot be read', text: failure.detail }
  }
}

const seconds = (count: number) => (count === 1 ? 'a second' : `${count} seconds`)

export const unopenedWords = (name: string): Words => ({
  title: 'This file cannot be opened',
  text: `The browser finds no picture in ${name}. PNG, JPEG and WebP always work.`,
})
