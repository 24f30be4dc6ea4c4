/** What the shipped network reads in a picture, without a server: the answer to hold a server's against. */
import { readNumber } from '../../recognize/number.ts'
import { ARTIFACT_FOLDER, readArtifactFolder } from '../../train/artifact-folder.ts'
import { Failure } from '../../train/commands/command.ts'
import { decodePicture } from '../../train/pictures.ts'
import { plainClassifier } from '../contenders/plain.ts'

/** @returns takes a PNG, JPEG or WebP file and gives its digits, line by line; nothing where it cannot be read */
export async function localReader(): Promise<(file: Uint8Array) => string | undefined> {
  const artifact = await readArtifactFolder(ARTIFACT_FOLDER)
  if (!artifact.ok) throw new Failure(`${artifact.error.path}: ${artifact.error.reason}.`)
  const { layers, card } = artifact.value
  const classifier = plainClassifier(layers)
  return (file) => {
    const decoded = decodePicture(file)
    if (!decoded.ok) return
    const read = readNumber(classifier, card.calibration, decoded.picture)
    return read.ok ? read.value.text : undefined
  }
}
