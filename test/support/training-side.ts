/** Vitest global setup: what the training side, in Node, says of the first test images, for the Worker to be held against. */
import type { TestProject } from 'vitest/node'
import { createClassifier, softmax } from '../../model/classifier.ts'
import { ARTIFACT_FOLDER, readArtifactFolder } from '../../train/artifact-folder.ts'
import { startBackend } from '../../train/backend.ts'
import { slice } from '../../train/data/dataset.ts'
import { judge } from '../../train/evaluate.ts'
import { mnist } from './mnist.ts'

const COUNT = 1000

export default async function setup(project: TestProject): Promise<void> {
  await startBackend()
  const artifact = await readArtifactFolder(ARTIFACT_FOLDER)
  if (!artifact.ok) throw new Error(artifact.error.reason)
  const { layers, card } = artifact.value
  const { logits, classes } = judge(createClassifier(layers), slice(mnist.test, 0, COUNT))
  const rows = Array.from({ length: COUNT }, (_, i) =>
    Array.from(softmax(logits.subarray(i * classes, (i + 1) * classes), card.calibration.temperature)),
  )
  project.provide('trainingSide', rows)
}
