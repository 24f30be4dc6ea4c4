import { beforeAll, expect, it } from 'vitest'
import { NOTHING } from '../../bench/honest/kinds.ts'
import { take } from '../../bench/pictures/camera.ts'
import { createClassifier } from '../../model/classifier.ts'
import { type Reading, readNumber } from '../../recognize/number.ts'
import { ARTIFACT_FOLDER, readArtifactFolder } from '../../train/artifact-folder.ts'
import { startBackend } from '../../train/backend.ts'
import { randomOf } from '../../train/random.ts'

let read: (kind: string, key: number) => Promise<Reading>

beforeAll(async () => {
  await startBackend()
  const artifact = await readArtifactFolder(ARTIFACT_FOLDER)
  if (!artifact.ok) throw new Error(artifact.error.reason)
  const classifier = createClassifier(artifact.value.layers)
  read = async (kind, key) => {
    const { image, shot } = NOTHING[kind](randomOf('honest', kind, key))
    const result = readNumber(classifier, artifact.value.card.calibration, await take(image, shot))
    if (!result.ok) throw new Error(`${kind} ${key}: ${result.error.message}`)
    return result.value
  }
})

/** How many of twelve pictures of a kind are accepted as a number. */
async function accepted(kind: string): Promise<number> {
  let count = 0
  for (let k = 0; k < 12; k++) {
    const { accepted, reason, lines } = await read(kind, k)
    if (accepted) count++
    else expect(reason).toBe(lines.length === 0 && reason === 'blank' ? 'blank' : 'unfamiliar')
    expect(accepted).toBe(lines.length > 0 && lines.every(({ digits }) => digits.every((digit) => digit.accepted)))
  }
  return count
}

it.each(['text', 'signature', 'face', 'form', 'barcode', 'bricks', 'empty table', 'sign', 'squared'])(
  'hardly any %s is accepted as a number',
  async (kind) => {
    expect(await accepted(kind)).toBeLessThanOrEqual(1)
  },
)

it('creased paper without writing is blank', async () => {
  let blank = 0
  for (let k = 0; k < 12; k++) if ((await read('creased paper', k)).reason === 'blank') blank++
  expect(blank).toBeGreaterThanOrEqual(10)
})
