/** The shipped artifact's files, for tests that read or spoil them. */
import { readFileSync } from 'node:fs'
import { ARTIFACT_FOLDER } from '../../train/artifact-folder.ts'

export const modelJson = (): Record<string, unknown> =>
  JSON.parse(readFileSync(`${ARTIFACT_FOLDER}/model.json`, 'utf8')) as Record<string, unknown>

export const weights = () => new Uint8Array(readFileSync(`${ARTIFACT_FOLDER}/weights.bin`))
