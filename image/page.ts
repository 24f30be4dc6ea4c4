/**
 * The ink of a whole page: a photo with shadows, coloured paper, ruled lines and a desk around it. Where `ink.ts` takes
 * one digit's even background away, here light is followed at the scale of a stroke: whatever is wider is not writing.
 */
import { type Grid, without } from './grid.ts'
import { backdrop, borderPixels, fullInk, type Ink, MIN_CONTRAST, reduce } from './ink.ts'
import { takeLight } from './light.ts'
import { type Axis, axisOfContrast, type Colours, type Flat, GREY, paperOf } from './paper.ts'
import type { Picture } from './picture.ts'
import { quantileOf } from './statistics.ts'
import { usualStroke } from './stroke.ts'

/** Ink must be so many standard deviations of the paper's grain strong to be seen at all. */
const VISIBLE = 6
/** Levels along an axis that sees this share of the paper's brightness follow the light. */
const SEEN = 0.5
/** The share of the paper that is in full light, at least. */
const IN_FULL_LIGHT = 0.1

/**
 * Finds the ink of a page: transparency laid over what it stands out from, local light and colour of the paper taken away,
 * one number a pixel along the colour axis of most contrast, polarity found.
 * @param maxSide larger pictures are reduced by a whole factor first
 * @returns `null` when nothing stands out from the paper
 */
export function inkOfPage(picture: Picture, maxSide: number): Ink | null {
  const flat = flatten(reduce(picture, maxSide))
  const { width, height } = flat
  const paper = paperOf(flat)
  const axis = axisOfContrast(flat, paper)
  const ink = levelsAlong(axis, flat)
  const level = gridAlong(axis, paper)
  const deviation = without(ink, level, width, height)
  const sign = polarity(deviation)
  const stroke = usualStroke(deviation, sign, width, height)
  for (let i = 0; i < ink.length; i++) ink[i] *= sign
  const { noise, gain } = takeLight(ink, width, height, stroke, fullLightOf(level, paper))
  for (let i = 0; i < ink.length; i++) if (ink[i] < 0) ink[i] = 0
  const full = fullInk(ink, noise)
  if (full < Math.max(MIN_CONTRAST * gain, VISIBLE * noise)) return null
  for (let i = 0; i < ink.length; i++) ink[i] = Math.min(1, ink[i] / full)
  const scale = picture.source.width / width
  return { width, height, ink, contrast: full, noise: noise / full, scale }
}

/** One number a pixel: its level along a colour axis, in grey levels of which white has 255 along grey's. */
function levelsAlong([red, green, blue]: Axis, { width, height, data }: Flat): Float32Array {
  const levels = new Float32Array(width * height)
  for (let i = 0, p = 0; i < levels.length; i++, p += 4) {
    levels[i] = data[p] * red + data[p + 1] * green + data[p + 2] * blue
  }
  return levels
}

/** A grid's levels along a colour axis. */
function gridAlong([red, green, blue]: Axis, [reds, greens, blues]: Colours): Grid {
  const values = reds.values.map((value, k) => value * red + greens.values[k] * green + blues.values[k] * blue)
  return { ...reds, values }
}

/**
 * The paper's level along a colour axis in full light; null where it says little of the light, the axis being one of hue.
 */
function fullLightOf(level: Grid, paper: Colours): number | null {
  const brightness = gridAlong(GREY, paper).values
  const seen = level.values.map(Math.abs)
  const sum = (values: Float32Array) => values.reduce((all, value) => all + value, 0)
  return sum(seen) < SEEN * sum(brightness) ? null : quantileOf(seen, 1 - IN_FULL_LIGHT)
}

/** Lays a picture over the colour that shows through where it is transparent. */
function flatten({ width, height, data }: Flat): Flat {
  let opaque = 3
  while (opaque < data.length && data[opaque] === 255) opaque += 4
  if (opaque >= data.length) return { width, height, data }
  const behind = backdrop(data, borderPixels(width, height))
  const flat = new Uint8Array(data.length)
  for (let p = 0; p < data.length; p += 4) {
    const alpha = data[p + 3]
    for (let c = 0; c < 3; c++) flat[p + c] = Math.round((data[p + c] * alpha + behind[c] * (255 - alpha)) / 255)
  }
  return { width, height, data: flat }
}

/**
 * 1 or −1: the side of the paper to which the pen deviates. What is written is less than the paper and deviates by more, while
 * at the edge of a shadow as much lies above the paper as below.
 */
function polarity(deviation: Float32Array): 1 | -1 {
  let balance = 0
  for (let i = 0; i < deviation.length; i++) balance += deviation[i] * deviation[i] * deviation[i]
  return balance > 0 ? 1 : -1
}
