/** Words that people write beside numbers. */
import { inkStroke, type Point } from '../../../train/pen.ts'
import type { Random } from '../../../train/random.ts'
import type { Glyph } from './glyph.ts'
import { CAPITALS, type Hand, SMALL, write } from './letters.ts'
import type { Scene } from './scene.ts'

const LABELS =
  'Tel Fax PLZ Phone Home Mobil Nr No Room Cell Office Zip Code Box Apt Date Name Total Ref Kunde Haus Bern Basel Berlin ' +
  'London Paris Oslo Bonn Wien Roma Leeds Boston Miami Lisa Anna Bob Max Otto Emil Frau Herr'

/** A word, and how far it reaches below the base line, in pixels. */
export interface Word {
  readonly glyph: Glyph
  readonly hang: number
}

/** One that is often beside numbers, or any letters. */
function wordOf(random: Random): string {
  const labels = LABELS.split(' ')
  if (random.below(2) === 0) return labels[random.below(labels.length)]
  const isCapital = random.below(3) === 0
  return Array.from({ length: 2 + random.below(6) }, (_, k) => {
    const letters = isCapital || (k === 0 && random.below(3) > 0) ? CAPITALS : SMALL
    return letters[random.below(letters.length)]
  }).join('')
}

/** Draws a word with a pen as wide as the digits' is. */
export function drawWord(hand: Hand, scene: Scene, random: Random): Word {
  const size = scene.height * (0.85 + 0.4 * random.uniform())
  const pen = Math.max(1, (0.06 + 0.04 * random.uniform() + scene.bold) * scene.height)
  const strokes = write(wordOf(random), hand, random)
  const points = strokes.flat()
  const left = Math.min(...points.map(([x]) => x))
  const top = Math.min(...points.map(([, y]) => y))
  const at = ([x, y]: Point): Point => [pen + (x - left) * size, pen + (y - top) * size]
  const bottom = Math.max(...points.map(([, y]) => y))
  const width = Math.ceil((Math.max(...points.map(([x]) => x)) - left) * size + 2 * pen)
  const height = Math.ceil((bottom - top) * size + 2 * pen)
  const sheet = { width, height, ink: new Float32Array(width * height) }
  for (const stroke of strokes) inkStroke(sheet, stroke.map(at), pen / 2)
  return { glyph: sheet, hang: (bottom - 1) * size + pen }
}
