/** How well whole numbers are read, in the figures that the command line shows. */
import type { Reading } from '../recognize/number.ts'
import { wilson } from './evaluate.ts'

/** A picture of a number, what is in it, and what was read. */
export interface ReadPicture {
  file: string
  /** Digits, lines joined by newlines where line breaks count. */
  expected: string
  reading: Pick<Reading, 'text' | 'confidence' | 'accepted'>
}

export interface Misread {
  file: string
  expected: string
  text: string
  confidence: number
  accepted: boolean
}

export interface ReadingsMeasured {
  count: number
  /** Numbers read exactly, their share and its 95 % interval (Wilson 1927). */
  right: number
  accuracy: number
  interval: [low: number, high: number]
  /** Digits that are there, and how many insertions, deletions and substitutions mend what was read (Levenshtein 1966). */
  digits: { count: number; errors: number; accuracy: number }
  accepted: number
  acceptedWrong: number
  /** Wrong but accepted first, then by confidence. */
  misread: Misread[]
}

/** @param pictures at least one */
export function measureReadings(pictures: readonly ReadPicture[]): ReadingsMeasured {
  const answers = pictures.map(({ file, expected, reading: { text, confidence, accepted } }) => {
    // A label on one line says nothing of where lines end.
    const read = expected.includes('\n') ? text : text.replaceAll('\n', '')
    return { file, expected, text: read, confidence, accepted }
  })
  const misread = answers
    .filter(({ expected, text }) => text !== expected)
    .sort((a, b) => Number(b.accepted) - Number(a.accepted) || b.confidence - a.confidence)
  const count = answers.length
  const right = count - misread.length
  const digits = sum(answers.map(({ expected }) => expected.replaceAll('\n', '').length))
  const errors = sum(misread.map(({ expected, text }) => editDistance(expected, text)))
  return {
    count,
    right,
    accuracy: right / count,
    interval: wilson(right, count),
    digits: { count: digits, errors, accuracy: Math.max(0, 1 - errors / digits) },
    accepted: answers.filter(({ accepted }) => accepted).length,
    acceptedWrong: misread.filter(({ accepted }) => accepted).length,
    misread,
  }
}

/** The least number of insertions, deletions and substitutions that turn `from` into `to`. */
export function editDistance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, j) => j)
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      row.push(Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1)))
    }
    above = row
  }
  return above[to.length]
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
