/**
 * How many composed numbers are read exactly, case by case.
 *
 * `node bench/numbers.ts [--digits validation|test] [--count 200] [--seed 1] [--artifact DIR]`
 */
import { parseArgs } from 'node:util'
import { createClassifier } from '../model/classifier.ts'
import { readNumber } from '../recognize/number.ts'
import { compose, validationDigits } from '../test/support/compose.ts'
import { ARTIFACT_FOLDER, readArtifactFolder } from '../train/artifact-folder.ts'
import { startBackend } from '../train/backend.ts'
import { loadSplit } from '../train/data/dataset.ts'
import { randomOf } from '../train/random.ts'
import { SCENES } from './scenes.ts'

const { values: flags } = parseArgs({
  options: {
    digits: { type: 'string', default: 'validation' },
    count: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    artifact: { type: 'string', default: ARTIFACT_FOLDER },
  },
})
await startBackend()
const artifact = await readArtifactFolder(flags.artifact)
if (!artifact.ok) throw new Error(artifact.error.reason)
const loaded = loadSplit(flags.digits === 'test' ? 'test' : 'train')
if (!loaded.ok) throw new Error(loaded.error.path)
const digits = flags.digits === 'test' ? loaded.value : validationDigits(loaded.value)
const classifier = createClassifier(artifact.value.layers)
const count = Number(flags.count)

console.log('case        exact   accepted   wrong but accepted')
for (const [name, scene] of Object.entries(SCENES)) {
  let exact = 0
  let accepted = 0
  let misled = 0
  for (let k = 0; k < count; k++) {
    const random = randomOf(Number(flags.seed), name, k)
    const { picture, text } = compose(digits, scene(random), random)
    const result = readNumber(classifier, artifact.value.card.calibration, picture)
    if (!result.ok) continue
    const right = result.value.text === text
    if (right) exact++
    if (result.value.accepted) accepted++
    if (result.value.accepted && !right) misled++
  }
  const share = (n: number) => `${((100 * n) / count).toFixed(1)} %`.padStart(8)
  console.log(`${name.padEnd(10)}${share(exact)}   ${share(accepted)}   ${share(misled)}`)
}
