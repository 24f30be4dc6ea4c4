/** How many composed numbers are read exactly, case by case. */
import { readNumber } from '../recognize/number.ts'
import { compose } from '../test/support/compose.ts'
import { randomOf } from '../train/random.ts'
import { SCENES } from './scenes.ts'
import { type Output, publish } from './support/output.ts'
import { showProgress } from './support/progress.ts'
import { type Figure, medianOf, newResults, type Results } from './support/results.ts'
import { loadShipped, type Part } from './support/shipped.ts'
import { table } from './support/table.ts'

export interface NumbersOptions extends Output {
  /** The digits that numbers are composed of: validation while choosing, test for the final figure. */
  digits: Part
  /** Numbers in each case. */
  count: number
  seed: number
}

/** Reads composed numbers with the shipped network, prints the shares and writes them. */
export async function run({ digits: part, count, seed, ...output }: NumbersOptions): Promise<void> {
  const { classifier, calibration, digits } = await loadShipped(part)

  const results = newResults('numbers', { digits: part, count, seed })
  const progress = showProgress()
  const scenes = Object.entries(SCENES)
  for (const [index, [name, scene]] of scenes.entries()) {
    progress.update(index / scenes.length, name)
    let exact = 0
    let accepted = 0
    let misled = 0
    for (let k = 0; k < count; k++) {
      const random = randomOf(seed, name, k)
      const { picture, text } = compose(digits, scene(random), random)
      const result = readNumber(classifier, calibration, picture)
      if (!result.ok) continue
      const right = result.value.text === text
      if (right) exact++
      if (result.value.accepted) accepted++
      if (result.value.accepted && !right) misled++
    }
    const share = (what: string, better: Figure['better'], n: number): Figure => {
      return { of: ['numbers', name], what, unit: '%', better, values: [(100 * n) / count] }
    }
    results.figures.push(
      share('exact', 'more', exact),
      share('accepted', 'more', accepted),
      share('wrong but accepted', 'less', misled),
    )
  }
  progress.close()
  publish(results, output, render)
}

function render(results: Results): string {
  const rows = Object.keys(SCENES).map((name) => {
    const share = (what: string) => `${medianOf(results, what, 'numbers', name)!.toFixed(1)} %`
    return [name, share('exact'), share('accepted'), share('wrong but accepted')]
  })
  return table(['case', 'exact', 'accepted', 'wrong but accepted'], rows)
}
