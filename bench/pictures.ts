/** How many pictures of one digit are read rightly, and how many of none are seen to be empty, condition by condition. */
import { digitFromPicture } from '../image/digit.ts'
import type { Picture } from '../image/picture.ts'
import { INPUT_PIXELS } from '../model/artifact.ts'
import { type Prediction, recognizeDigits } from '../recognize/digit.ts'
import { randomOf } from '../train/random.ts'
import { take } from './pictures/camera.ts'
import { DIGITS, EMPTY } from './pictures/conditions.ts'
import { type Output, publish } from './support/output.ts'
import { showProgress } from './support/progress.ts'
import { newResults, type Results } from './support/results.ts'
import { shareOf, sharesTable } from './support/shares.ts'
import { loadShipped, type Part } from './support/shipped.ts'

export interface PicturesOptions extends Output {
  /** The digits that are drawn: validation while choosing, test for the final figure. */
  digits: Part
  /** Pictures under each condition. */
  count: number
  seed: number
}

/** Reads drawn pictures with the shipped network, prints the shares and writes them. */
export async function run({ digits: part, count, seed, ...output }: PicturesOptions): Promise<void> {
  const { classifier, calibration, digits } = await loadShipped(part)
  const read = (picture: Picture): Prediction => {
    const found = digitFromPicture(picture)
    const image = new Float32Array(INPUT_PIXELS)
    if (found.kind === 'digit') for (let i = 0; i < INPUT_PIXELS; i++) image[i] = found.input[i] / 255
    return recognizeDigits(classifier, calibration, image, 1)[0]
  }

  const results = newResults('pictures', { digits: part, count, seed })
  const progress = showProgress()
  const conditions = Object.keys(DIGITS).length + Object.keys(EMPTY).length
  let done = 0
  for (const [name, shotOf] of Object.entries(DIGITS)) {
    progress.update(done++ / conditions, name)
    const answers: { prediction: Prediction; label: number }[] = []
    for (let k = 0; k < count; k++) {
      const random = randomOf(seed, name, k)
      const index = random.below(digits.count)
      const image = digits.images.subarray(index * INPUT_PIXELS, (index + 1) * INPUT_PIXELS)
      answers.push({ prediction: read(await take(image, shotOf(random))), label: digits.labels[index] })
    }
    const share = shareOf(answers, ['digit', name])
    results.figures.push(
      share('right', 'more', ({ prediction, label }) => prediction.digit === label),
      share('refused', 'less', ({ prediction }) => !prediction.accepted),
      share('taken for blank', 'less', ({ prediction }) => prediction.digit === null),
    )
  }
  for (const [name, shotOf] of Object.entries(EMPTY)) {
    progress.update(done++ / conditions, `empty: ${name}`)
    const answers: Prediction[] = []
    for (let k = 0; k < count; k++) answers.push(read(await take(null, shotOf(randomOf(seed, 'empty', name, k)))))
    const share = shareOf(answers, ['empty', name])
    results.figures.push(
      share('blank', 'more', ({ digit }) => digit === null),
      share('accepted', 'less', ({ accepted }) => accepted),
    )
  }
  progress.close()
  publish(results, output, render)
}

function render(results: Results): string {
  return [
    sharesTable(results, 'a digit', 'digit', Object.keys(DIGITS), ['right', 'refused', 'taken for blank']),
    sharesTable(results, 'an empty picture', 'empty', Object.keys(EMPTY), ['blank', 'accepted']),
  ].join('\n\n')
}
