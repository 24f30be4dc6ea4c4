import { type Component, labelComponents } from './components.ts'
import { type Ink, inkOf } from './ink.ts'
import { boundingBox, type InkPatch, normalize } from './normalize.ts'
import { otsuThreshold } from './otsu.ts'
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
function digitPatch(ink: Ink): (InkPatch & Box) | null {
  const threshold = otsuThreshold(ink.ink)
  const low = Math.max(0.4 * threshold, 3 * ink.noise)
  const mask = Uint8Array.from(ink.ink, (v) => (v > low ? 1 : 0))
  const { labels, components } = labelComponents(mask, ink.width, ink.height)
  const mass = new Float64Array(components.length + 1)
  const peak = new Float32Array(components.length + 1)
  for (let i = 0; i < labels.length; i++) {
    mass[labels[i]] += ink.ink[i]
    if (ink.ink[i] > peak[labels[i]]) peak[labels[i]] = ink.ink[i]
  }
  const strong = components.filter((c) => peak[c.label] >= threshold)
  if (strong.length === 0) return null
  let main = strong[0]
  for (const c of strong) if (mass[c.label] > mass[main.label]) main = c
  const chosen = strong.filter((c) => c === main || belongs(c, main, mass[c.label], mass[main.label]))
  const keep = new Uint8Array(components.length + 1)
  for (const c of chosen) keep[c.label] = 1
  const only = new Float32Array(ink.ink.length)
  for (let i = 0; i < only.length; i++) if (keep[labels[i]]) only[i] = ink.ink[i]
  const box = boundingBox({ width: ink.width, height: ink.height, ink: only }, 0)
  const tight = boundingBox({ width: ink.width, height: ink.height, ink: only }, low)
  if (box === null || tight === null) return null
  const patch = new Float32Array(tight.width * tight.height)
  for (let y = 0; y < tight.height; y++) {
    const from = (tight.y + y) * ink.width + tight.x
    patch.set(only.subarray(from, from + tight.width), y * tight.width)
  }
  return { ...tight, ink: patch }
}

function belongs(part: Component, main: Component, mass: number, mainMass: number): boolean {
  const reach = 0.3 * Math.max(main.width, main.height)
  const gapX = Math.max(0, part.x - main.x - main.width, main.x - part.x - part.width)
  const gapY = Math.max(0, part.y - main.y - main.height, main.y - part.y - part.height)
  return mass > 0.02 * mainMass && Math.max(gapX, gapY) <= reach
}
