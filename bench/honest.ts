/** How many pictures without a number are read as one, kind by kind, and how many numbers are not believed. */
import type { Picture } from '../image/picture.ts'
import { INPUT_PIXELS } from '../model/artifact.ts'
import { type Reading, readNumber } from '../recognize/number.ts'
import { compose, PLAIN } from '../test/support/compose.ts'
import type { Split } from '../train/data/dataset.ts'
import { type Random, randomOf } from '../train/random.ts'
import { NOTHING } from './honest/kinds.ts'
import { take } from './pictures/camera.ts'
import { DIGITS } from './pictures/conditions.ts'
import { SCENES } from './scenes.ts'
import { between } from './support/chance.ts'
import { type Output, publish } from './support/output.ts'
import { showProgress } from './support/progress.ts'
import { newResults, type Results } from './support/results.ts'
import { shareOf, sharesTable } from './support/shares.ts'
import { loadShipped, type Part } from './support/shipped.ts'

export interface HonestOptions extends Output {
  /** The digits that numbers are composed of: validation while choosing, test for the final figure. */
  digits: Part
  /** Pictures of each kind. */
  count: number
  seed: number
}

/** A picture and what it says. */
interface Written {
  readonly picture: Picture
  readonly text: string
}

/** One digit, drawn under any condition of bench pictures. */
export async function oneDigit(digits: Split, random: Random): Promise<Written> {
  const names = Object.keys(DIGITS)
  const index = random.below(digits.count)
  const image = digits.images.subarray(index * INPUT_PIXELS, (index + 1) * INPUT_PIXELS)
  const picture = await take(image, DIGITS[names[random.below(names.length)]](random))
  return { picture, text: `${digits.labels[index]}` }
}

/** Numbers that must be read as before: every scene of bench numbers, short ones, and digits alone. */
export const NUMBERS: Record<string, (digits: Split, random: Random) => Written | Promise<Written>> = {
  ...Object.fromEntries(
    Object.entries(SCENES).map(([name, scene]) => [
      name,
      (digits: Split, random: Random) => compose(digits, scene(random), random),
    ]),
  ),
  short: (digits, random) => {
    const scene = SCENES[random.below(2) === 0 ? 'plain' : 'uneven'](random)
    return compose(digits, { ...scene, lines: [1 + random.below(4)] }, random)
  },
  'short, drawn': (digits, random) => {
    const scene = { ...PLAIN, noise: 0, falloff: 0, height: between(40, 200, random), fine: between(0.2, 0.5, random) }
    return compose(digits, { ...scene, lines: [1 + random.below(4)], uneven: 0.2 }, random)
  },
  'one digit': oneDigit,
}

/** Reads drawn pictures with the shipped network, prints the shares and writes them. */
export async function run({ digits: part, count, seed, ...output }: HonestOptions): Promise<void> {
  const { classifier, calibration, digits } = await loadShipped(part)
  const read = (picture: Picture): Reading | null => {
    const result = readNumber(classifier, calibration, picture)
    return result.ok ? result.value : null
  }

  const results = newResults('honest', { digits: part, count, seed })
  const progress = showProgress()
  const kinds = Object.keys(NOTHING).length + Object.keys(NUMBERS).length
  let done = 0
  for (const [name, drawing] of Object.entries(NOTHING)) {
    progress.update(done++ / kinds, name)
    const readings: (Reading | null)[] = []
    for (let k = 0; k < count; k++) {
      const { image, shot } = drawing(randomOf(seed, 'nothing', name, k))
      readings.push(read(await take(image, shot)))
    }
    const share = shareOf(readings, ['nothing', name])
    results.figures.push(
      share('blank', 'more', (reading) => reading?.reason === 'blank'),
      share('unfamiliar', 'more', (reading) => reading?.reason === 'unfamiliar'),
      share('accepted', 'less', (reading) => reading === null || reading.accepted),
    )
  }
  for (const [name, written] of Object.entries(NUMBERS)) {
    progress.update(done++ / kinds, name)
    const answers: { reading: Reading | null; right: boolean }[] = []
    for (let k = 0; k < count; k++) {
      const { picture, text } = await written(digits, randomOf(seed, 'number', name, k))
      const reading = read(picture)
      answers.push({ reading, right: reading?.text === text })
    }
    const share = shareOf(answers, ['number', name])
    results.figures.push(
      share('exact', 'more', ({ right }) => right),
      share('accepted', 'more', ({ reading }) => reading?.accepted === true),
      share('wrong but accepted', 'less', ({ reading, right }) => reading?.accepted === true && !right),
    )
  }
  progress.close()
  publish(results, output, render)
}

function render(results: Results): string {
  return [
    sharesTable(results, 'no number', 'nothing', Object.keys(NOTHING), ['blank', 'unfamiliar', 'accepted']),
    sharesTable(results, 'a number', 'number', Object.keys(NUMBERS), ['exact', 'accepted', 'wrong but accepted']),
  ].join('\n\n')
}
