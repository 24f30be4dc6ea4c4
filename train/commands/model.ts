/** The artifact that a command is run with. */
import type { Artifact } from '../../model/artifact.ts'
import { type Classifier, createClassifier } from '../../model/classifier.ts'
import { readArtifactFolder } from '../artifact-folder.ts'
import { startBackend } from '../backend.ts'
import { Failure } from './command.ts'

export interface LoadedModel {
  artifact: Artifact & { bytes: Uint8Array }
  classifier: Classifier
}

/** Reads and checks an artifact's folder and puts its weights on TensorFlow.js's WASM backend. */
export async function loadModel(folder: string): Promise<LoadedModel> {
  const read = await readArtifactFolder(folder)
  if (!read.ok) throw new Failure(`${read.error.path}: ${read.error.reason}.`)
  await startBackend()
  return { artifact: read.value, classifier: createClassifier(read.value.layers) }
}
