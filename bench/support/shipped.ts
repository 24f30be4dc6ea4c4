/** The shipped network in Node, and the digits that pictures for it are drawn of. */

import type { Calibration } from '../../model/artifact.ts'
import { type Classifier, createClassifier } from '../../model/classifier.ts'
import { validationDigits } from '../../test/support/compose.ts'
import { ARTIFACT_FOLDER, readArtifactFolder } from '../../train/artifact-folder.ts'
import { startBackend } from '../../train/backend.ts'
import { Failure } from '../../train/commands/command.ts'
import { describeDataError, loadSplit, type Split } from '../../train/data/dataset.ts'

/** Validation while choosing, test for the final figure. */
export type Part = 'validation' | 'test'

/** Loads the network and MNIST's digits; throws a `Failure` that says which of them is not there. */
export async function loadShipped(
  part: Part,
): Promise<{ classifier: Classifier; calibration: Calibration; digits: Split }> {
  await startBackend()
  const artifact = await readArtifactFolder(ARTIFACT_FOLDER)
  if (!artifact.ok) throw new Failure(`${artifact.error.path}: ${artifact.error.reason}.`)
  const loaded = loadSplit(part === 'test' ? 'test' : 'train')
  if (!loaded.ok) throw new Failure(describeDataError(loaded.error))
  const { layers, card } = artifact.value
  return {
    classifier: createClassifier(layers),
    calibration: card.calibration,
    digits: part === 'test' ? loaded.value : validationDigits(loaded.value),
  }
}
