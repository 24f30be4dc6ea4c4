/** What the documents say is what the code has and does. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decode, MAX_HEAVY_PIXELS, MAX_SIDE } from '../image/decode.ts'
import { MAX_HELD_SAMPLES } from '../image/jpeg.ts'
import { createClassifier } from '../model/classifier.ts'
import { MAX_DIGITS, type Reading, readNumber } from '../recognize/number.ts'
import { ARTIFACT_FOLDER, readArtifactFolder } from '../train/artifact-folder.ts'
import { startBackend } from '../train/backend.ts'
import { CODECS } from '../train/codecs.ts'
import { chance } from '../train/format.ts'
import { LIMITS } from '../worker/limits.ts'

const megapixels = (pixels: number) => (pixels / 1e6).toFixed(1)

test('docs/operating.md states the limits as they are', () => {
  const text = readFileSync('docs/operating.md', 'utf8').replaceAll(/\s+/g, ' ')
  const rows = [
    `| worker/limits.ts | ${LIMITS.bodyBytes / 2 ** 20} MiB, ${LIMITS.images}, ${megapixels(LIMITS.pixels)} megapixels |`,
    `| recognize/number.ts | ${MAX_DIGITS} |`,
    `| image/decode.ts | ${megapixels(MAX_HEAVY_PIXELS)} megapixels |`,
    `| image/jpeg.ts | ${megapixels(MAX_HELD_SAMPLES / 1.5)} and ${megapixels(MAX_HELD_SAMPLES / 3)} megapixels |`,
    `a side over ${MAX_SIDE.toLocaleString('en')} pixels`,
    `at most ${LIMITS.requestIdLength} letters`,
  ]
  for (const row of rows) expect(text).toContain(row)
})

test('README.md shows what is read in docs/number.jpg', async () => {
  const text = readFileSync('README.md', 'utf8')
  const [block] = text.slice(text.indexOf('docs/number.jpg -H')).match(/(?<=```json\n).*?(?=```)/s) ?? []
  await startBackend()
  const artifact = await readArtifactFolder(ARTIFACT_FOLDER)
  if (!artifact.ok) throw new Error(artifact.error.reason)
  const { card, layers } = artifact.value
  const decoded = decode(readFileSync('docs/number.jpg'), { maxPixels: LIMITS.pixels }, CODECS)
  if (!decoded.ok) throw new Error(decoded.error.message)
  const read = readNumber(createClassifier(layers), card.calibration, decoded.picture)
  if (!read.ok) throw new Error(read.error.message)
  const answer = JSON.parse(block!)
  // How sure a network is changes with every training; what it reads does not.
  const gist = ({ text, accepted, width, height, lines }: Reading) => ({
    ...{ text, accepted, width, height },
    digits: lines.map((line) => line.digits.map(({ digit }) => digit)),
  })
  expect(gist(answer)).toEqual(gist(read.value))
  expect(text).toContain(`docs/number.jpg: ${answer.text}  ${chance(answer.confidence)}  accepted`)
  expect(text).toContain(`console.log(text, accepted) // ${answer.text} true`)
})
