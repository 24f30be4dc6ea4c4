/** What the server is asked, and what is the right answer. */
import sharp from 'sharp'
import type { Picture } from '../../image/picture.ts'
import { INPUT_PIXELS, INPUT_SIDE } from '../../model/artifact.ts'
import { compose, PLAIN, type Scene, validationDigits } from '../../test/support/compose.ts'
import { ARTIFACT_FOLDER, readArtifactFolder } from '../../train/artifact-folder.ts'
import { Failure } from '../../train/commands/command.ts'
import { describeDataError, loadSplit, type Split, toInput } from '../../train/data/dataset.ts'
import { type Random, randomOf } from '../../train/random.ts'
import { plainClassifier } from '../contenders/plain.ts'
import { localReader } from './local-reader.ts'

/** A request that is sent again and again. */
export interface Question {
  name: string
  path: '/v1/predict' | '/v1/read'
  contentType: string
  body: Uint8Array
}

export interface Case extends Question {
  /** The right answer: the digits in their order. */
  digits: string
}

export const CASE_NAMES = ['one image', 'batch of 128', 'PNG', 'photo'] as const
export type CaseName = (typeof CASE_NAMES)[number]

const BATCH = 128
const PNG_SIDE = 280

/** The digits are validation images that the network reads right: a wrong answer is the server's fault. */
export async function makeCases(): Promise<Record<CaseName, Case>> {
  const digits = await readableDigits(BATCH)
  const pixels = 'application/octet-stream'
  const one = { digits: `${digits.labels[0]}`, path: '/v1/predict' as const }
  return {
    'one image': { ...one, name: 'one image', contentType: pixels, body: digits.images.slice(0, INPUT_PIXELS) },
    'batch of 128': {
      name: 'batch of 128',
      path: '/v1/predict',
      contentType: pixels,
      body: digits.images,
      digits: digits.labels.join(''),
    },
    PNG: { ...one, name: 'PNG', contentType: 'image/png', body: await drawing(digits.images.slice(0, INPUT_PIXELS)) },
    photo: await photo(digits),
  }
}

/** MNIST's validation images that the shipped network reads right, the first `count` of them. */
export async function readableDigits(count: number): Promise<Split> {
  const artifact = await readArtifactFolder(ARTIFACT_FOLDER)
  if (!artifact.ok) throw new Failure(`${artifact.error.path}: ${artifact.error.reason}.`)
  const train = loadSplit('train')
  if (!train.ok) throw new Failure(describeDataError(train.error))
  const candidates = validationDigits(train.value)
  const { logits } = plainClassifier(artifact.value.layers)
  const images = new Uint8Array(count * INPUT_PIXELS)
  const labels: number[] = []
  for (let i = 0; labels.length < count; i++) {
    const image = candidates.images.subarray(i * INPUT_PIXELS, (i + 1) * INPUT_PIXELS)
    const row = logits(toInput(image), 1)
    if (row.indexOf(Math.max(...row)) !== candidates.labels[i]) continue
    images.set(image, labels.length * INPUT_PIXELS)
    labels.push(candidates.labels[i])
  }
  return { images, labels: Uint8Array.from(labels), count }
}

/** A digit as a drawing page sends it: dark on white, 280 × 280. */
const drawing = (image: Uint8Array): Promise<Uint8Array> =>
  sharp(image, { raw: { width: INPUT_SIDE, height: INPUT_SIDE, channels: 1 } })
    .negate()
    .resize(PNG_SIDE, PNG_SIDE)
    .png()
    .toBuffer()

/** A ten-digit number on paper under uneven light, as a phone's camera saves it. */
async function photo(digits: Split): Promise<Case> {
  const scene = { ...PLAIN, lines: [10], height: 150, falloff: 0.2, shadow: 0.25, noise: 5, slope: 0.02 }
  const { file, text } = await readableScene(digits, scene, randomOf(1, 'photo'))
  return { name: 'photo', path: '/v1/read', contentType: 'image/jpeg', body: file, digits: text }
}

/** Compositions that are tried. The network reads two of three or more. */
const MOST_SCENES = 20

/** A scene, as JPEG, that the network reads right, as those of `readableDigits`: the first that `random` draws. */
export async function readableScene(digits: Split, scene: Scene, random: Random) {
  const read = await localReader()
  for (let k = 0; k < MOST_SCENES; k++) {
    const { picture, text } = compose(digits, scene, random)
    const file = await jpeg(picture)
    if (read(file) === text) return { file, text }
  }
  throw new Failure(`The network reads none of ${MOST_SCENES} composed pictures right.`)
}

export const jpeg = (picture: Picture): Promise<Uint8Array> => encoder(picture).jpeg({ quality: 85 }).toBuffer()
export const png = (picture: Picture): Promise<Uint8Array> => encoder(picture).png().toBuffer()

const encoder = ({ width, height, data }: Picture) => sharp(data, { raw: { width, height, channels: 4 } }).removeAlpha()
