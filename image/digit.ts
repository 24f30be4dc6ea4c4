import { contentOf } from './content.ts'
import { type DigitInk, inkOf } from './ink.ts'
import { around, chooseDigit, findMarks } from './marks.ts'
import { type InkPatch, normalize } from './normalize.ts'
import { type Box, type Picture, reductionFor } from './picture.ts'

/** A digit as a model sees it and where it was found, or nothing. */
export type DigitInPicture =
  | {
      readonly kind: 'digit'
      /** 784 values 0..255, light ink on dark, as MNIST has them. */
      readonly input: Uint8Array
      /** In pixels of the picture as it was sent. */
      readonly box: Box
    }
  | { readonly kind: 'blank' }

/** A page with one digit needs no more pixels than this along a side, … */
const PAGE_SIDE = 512
/** … and what is drawn on a canvas no more than this. */
const DRAWING_SIDE = 200

/** Finds the digit in a picture and brings it to MNIST's form. */
export function digitFromPicture(picture: Picture): DigitInPicture {
  const content = contentOf(picture)
  if (content === null) return { kind: 'blank' }
  const isPage = content.width === picture.width && content.height === picture.height
  const most = isPage ? PAGE_SIDE : DRAWING_SIDE
  const ink = inkOf(content, most)
  if (ink === null) return { kind: 'blank' }
  const patch = digitPatch(ink)
  if (patch === null) return { kind: 'blank' }
  const scale = picture.source.width / picture.width
  const side = reductionFor(content.width, content.height, most)
  const at = (start: number, pixel: number): number => (start + pixel * side) * scale
  const { width, height } = picture.source
  const left = Math.floor(at(content.x, patch.x))
  const top = Math.floor(at(content.y, patch.y))
  const right = Math.min(width, Math.ceil(at(content.x, patch.x + patch.width)))
  const bottom = Math.min(height, Math.ceil(at(content.y, patch.y + patch.height)))
  return { kind: 'digit', input: normalize(patch), box: { x: left, y: top, width: right - left, height: bottom - top } }
}

/** Brings 784 raw pixels, of either polarity, to MNIST's form. */
export function digitFromPixels(pixels: Uint8Array): DigitInPicture {
  const data = new Uint8Array(pixels.length * 4)
  for (let i = 0; i < pixels.length; i++) {
    data.fill(pixels[i], i * 4, i * 4 + 3)
    data[i * 4 + 3] = 255
  }
  return digitFromPicture({ width: 28, height: 28, data, source: { width: 28, height: 28 } })
}

/** The ink of the digit, cut out. */
function digitPatch(ink: DigitInk): (InkPatch & Box) | null {
  const marks = findMarks(ink)
  const chosen = chooseDigit(marks, ink.width, ink.height)
  if (chosen.length === 0) return null
  const keep = new Uint8Array(marks.count + 1)
  for (const mark of chosen) keep[mark.label] = 1
  const { x: left, y: top, width, height } = around(chosen)
  const patch = new Float32Array(width * height)
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, from = (top + y) * ink.width + left; x < width; x++, from++, to++) {
      if (keep[marks.labels[from]]) patch[to] = ink.ink[from]
    }
  }
  return { x: left, y: top, width, height, ink: patch }
}
