/**
 * `node scripts/number.ts`: the README's picture of a number, composed of MNIST's validation digits on paper with a shadow
 * across it.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { compose, PLAIN, validationDigits } from '../test/support/compose.ts'
import { describeDataError, loadSplit } from '../train/data/dataset.ts'
import { randomOf } from '../train/random.ts'

const FILE = join(import.meta.dirname, '../docs/number.jpg')

const loaded = loadSplit('train')
if (!loaded.ok) throw new Error(describeDataError(loaded.error))
const scene = { ...PLAIN, lines: [10], height: 56, slope: 0.03, falloff: 0.15, shadow: 0.35, noise: 1.5 }
const { picture, text } = compose(validationDigits(loaded.value), scene, randomOf(3, 'the number in the README'))
const { data, width, height } = picture
const jpeg = await sharp(data, { raw: { width, height, channels: 4 } })
  .removeAlpha()
  .jpeg({ quality: 80 })
  .toBuffer()
writeFileSync(FILE, jpeg)
console.log(`Wrote ${text}, ${width}×${height}, ${jpeg.length} bytes, to ${FILE}`)
