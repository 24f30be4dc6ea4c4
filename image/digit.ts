import { type DigitInk, inkOf } from './ink.ts'
import { around, chooseDigit, findMarks } from './marks.ts'
import { type InkPatch, normalize } from './normalize.ts'
import type { Box, Picture } from './picture.ts'

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

/** One digit needs no more pixels than this along a side. */
const WORKING_SIDE = 512

/** Finds the digit in a picture and brings it to MNIST's form. */
export function digitFromPicture(picture: Picture): DigitInPicture {
  const ink = inkOf(picture, WORKING_SIDE)
  if (ink === null) return { kind: 'blank' }
  const patch = digitPatch(ink)
  if (patch === null) return { kind: 'blank' }
  const { x, y, width, height } = patch
  const { scale } = ink
  const right = Math.min(picture.source.width, Math.ceil((x + width) * scale))
  const bottom = Math.min(picture.source.height, Math.ceil((y + height) * scale))
  const left = Math.floor(x * scale)
  const top = Math.floor(y * scale)
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
