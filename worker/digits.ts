/** The shipped model, ready to answer. Importing this module loads it; with an unusable artifact the Worker does not start. */

import { describeArtifactError, readArtifact } from '../model/artifact.ts'
import { createClassifier } from '../model/classifier.ts'
import modelJson from '../model/digits/model.json'
import weights from '../model/digits/weights.bin'
import { startBackend } from './backend.ts'

const artifact = readArtifact(modelJson, new Uint8Array(weights))
if (!artifact.ok) throw new Error(describeArtifactError(artifact.error))

export const { card, layers } = artifact.value
export const classifier = createClassifier(layers, await startBackend())
