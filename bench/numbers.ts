/** How many composed numbers are read exactly, case by case. */
import { createClassifier } from '../model/classifier.ts'
import { readNumber } from '../recognize/number.ts'
import { compose, validationDigits } from '../test/support/compose.ts'
import { ARTIFACT_FOLDER, readArtifactFolder } from '../train/artifact-folder.ts'
import { startBackend } from '../train/backend.ts'
import { Failure } from '../train/commands/command.ts'
import { describeDataError, loadSplit } from '../train/data/dataset.ts'
import { randomOf } from '../train/random.ts'
import { SCENES } from './scenes.ts'

export interface NumbersOptions {
  /** The digits that numbers are composed of: validation while choosing, test for the final figure. */
  digits: 'validation' | 'test'
  /** Numbers in each case. */
  count: number
  seed: number
}

/** Reads composed numbers with the shipped network and prints the shares. */
export async function run({ digits: part, count, seed }: NumbersOptions): Promise<void> {
  await startBackend()
  const artifact = await readArtifactFolder(ARTIFACT_FOLDER)
  if (!artifact.ok) throw new Failure(`${artifact.error.path}: ${artifact.error.reason}.`)
  const loaded = loadSplit(part === 'test' ? 'test' : 'train')
  if (!loaded.ok) throw new Failure(describeDataError(loaded.error))
  const digits = part === 'test' ? loaded.value : validationDigits(loaded.value)
  const classifier = createClassifier(artifact.value.layers)

  console.log('case        exact   accepted   wrong but accepted')
  for (const [name, scene] of Object.entries(SCENES)) {
    let exact = 0
    let accepted = 0
    let misled = 0
    for (let k = 0; k < count; k++) {
      const random = randomOf(seed, name, k)
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
}
