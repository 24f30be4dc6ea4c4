/**
 * Fits the weights that tell words from numbers (recognize/words.ts) by logistic regression on composed pictures of
 * validation digits, with words beside them and without, and writes them. The scorer's weights come first: `bench/weigh.ts`.
 *
 * `node bench/weigh-words.ts [--count 40]`
 *
 * COUNT is of pictures in each case.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Box } from '../image/picture.ts'
import { boxInPicture, findWriting } from '../image/writing.ts'
import { elementsOf } from '../recognize/number.ts'
import { groupsOf, isLong, wordInputs } from '../recognize/words.ts'
import { compose } from '../test/support/compose.ts'
import { randomOf } from '../train/random.ts'
import { SCENES } from './scenes.ts'
import { withForms } from './support/digits.ts'
import { fitLogistic, type LabelledInputs } from './support/logistic.ts'
import { showProgress } from './support/progress.ts'
import { loadShipped } from './support/shipped.ts'

const { values: flags } = parseArgs({ options: { count: { type: 'string', default: '40' } } })
if (!(Number(flags.count) > 0)) throw new Error(`--count is a number above 0, not ${flags.count}.`)

/** A word beside numbers as some other cases have them. */
const BESIDE = ['plain', 'tight', 'wide', 'uneven', 'tails', 'sloping', 'lines', 'touching', 'pen', 'grouped']
const WORDED = BESIDE.map((name) => {
  const scene = SCENES[name]
  return [`words, ${name}`, (random: Parameters<typeof scene>[0]) => ({ ...scene(random), words: true })] as const
})
/** Of many lines the best is far better than the worst, and that is no word either. */
const FULL: (typeof SCENES)['plain'] = (random) => ({
  ...SCENES.lines(random),
  lines: Array.from({ length: 6 }, () => 8 + random.below(5)),
  gap: [0.05, 0.25],
})
/** Ink is a digit's where it covers so much of the smaller of their boxes. */
const COVERED = 0.2

const { classifier, calibration, digits: own } = await loadShipped('validation')
const digits = withForms(own)
const cases = [...Object.entries(SCENES), ...WORDED, ['full', FULL] as const]
const examples: LabelledInputs[] = []
const progress = showProgress()
for (const [c, [name, scene]] of cases.entries()) {
  progress.update(c / cases.length, `composing ${name}`)
  for (let k = 0; k < Number(flags.count); k++) {
    const random = randomOf('weigh words', name, k)
    const { picture, boxes } = compose(digits, scene(random), random)
    const writing = findWriting(picture)
    if (writing === null) continue
    const groups = elementsOf(classifier, calibration, writing).flatMap(groupsOf).filter(isLong)
    if (groups.length < 2) continue
    for (const [g, inputs] of wordInputs(groups).entries()) {
      const places = groups[g].map(({ candidate }) => boxInPicture(candidate.ink, writing, picture))
      const inDigits = places.filter((place) => boxes.flat().some((box) => covered(place, box) > COVERED)).length
      // What is a little of both teaches nothing.
      if (inDigits > 0 && inDigits < places.length / 2) continue
      examples.push({ inputs, label: inDigits === 0 ? 1 : 0 })
    }
  }
}
progress.close()
const words = examples.filter(({ label }) => label === 1).length
console.log(`${words} words, ${examples.length - words} groups of digits`)
const file = join(import.meta.dirname, '../recognize/words.json')
const weights = fitLogistic(examples).map((weight) => Math.round(weight * 1e4) / 1e4)
writeFileSync(file, `[${weights.join(', ')}]\n`)
console.log(`Wrote ${file}`)

/** The share of the smaller of two boxes that the other covers. */
function covered(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return width <= 0 || height <= 0 ? 0 : (width * height) / Math.min(a.width * a.height, b.width * b.height)
}
