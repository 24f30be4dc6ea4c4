/** Requests of growing size, along the three ways in which they grow. */
import sharp from 'sharp'
import { INPUT_PIXELS } from '../../model/artifact.ts'
import { compose, PLAIN } from '../../test/support/compose.ts'
import { randomOf } from '../../train/random.ts'
import { jpeg, makeCases, type Question, readableDigits } from '../serve/cases.ts'

/** `size` is what grows. */
export interface Sized extends Question {
  axis: Axis
  size: number
}

export const AXES = {
  images: { label: 'images in a batch', sizes: [1, 2, 4, 8, 16, 32, 64, 128] },
  PNG: { label: 'width of a PNG, pixels', sizes: [56, 112, 224, 448, 896, 1792, 4000] },
  JPEG: { label: 'width of a JPEG, pixels', sizes: [56, 112, 224, 448, 896, 1792, 4000] },
  digits: { label: 'digits in a picture', sizes: [1, 2, 4, 8, 16, 32, 64] },
} as const

export type Axis = keyof typeof AXES

/** Longest line of digits, and their height in pixels. */
const LINE = 8
const HEIGHT = 48

export const nameOf = (axis: Axis, size: number) => `${size} ${axis}`

export async function makeQuestions(): Promise<Sized[]> {
  const digits = await readableDigits(Math.max(...AXES.images.sizes))
  const drawing = (await makeCases()).PNG.body
  const images = AXES.images.sizes.map((size) =>
    sized('images', size, '/v1/predict', 'application/octet-stream', digits.images.slice(0, size * INPUT_PIXELS)),
  )
  const page = (width: number) =>
    sharp(drawing).resize(width, Math.round(width * 0.75), { fit: 'contain', background: 'white' })
  const png = AXES.PNG.sizes.map(async (size) =>
    sized('PNG', size, '/v1/predict', 'image/png', await page(size).png().toBuffer()),
  )
  const photo = AXES.JPEG.sizes.map(async (size) =>
    sized('JPEG', size, '/v1/predict', 'image/jpeg', await page(size).jpeg({ quality: 85 }).toBuffer()),
  )
  const numbers = AXES.digits.sizes.map(async (size) => {
    const lines = Array.from({ length: Math.ceil(size / LINE) }, () => Math.min(size, LINE))
    const { picture } = compose(digits, { ...PLAIN, lines, height: HEIGHT }, randomOf(1, 'digits', size))
    return sized('digits', size, '/v1/read', 'image/jpeg', await jpeg(picture))
  })
  return Promise.all([...images, ...png, ...photo, ...numbers])
}

const sized = (axis: Axis, size: number, path: Question['path'], contentType: string, body: Uint8Array): Sized => ({
  name: nameOf(axis, size),
  axis,
  size,
  path,
  contentType,
  body,
})
