/** The shipped artifact inside a contender's Worker, read as the project's own Worker reads it. */
import { describeArtifactError, readArtifact } from '../../model/artifact.ts'
import modelJson from '../../model/digits/model.json'
import weights from '../../model/digits/weights.bin'

const artifact = readArtifact(modelJson, new Uint8Array(weights))
if (!artifact.ok) throw new Error(describeArtifactError(artifact.error))

export const { card, layers } = artifact.value
export { modelJson, weights }
