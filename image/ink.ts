import { evenOut } from './background.ts'
import { depthOf } from './outline.ts'
import { createReducer, type Picture, reductionFor } from './picture.ts'
import { quantileOf } from './statistics.ts'

/** How strongly each pixel is inked. */
export interface Ink {
  readonly width: number
  readonly height: number
  /** width×height, 0 (background) to 1 (the pen at its strongest). */
  readonly ink: Float32Array
  /** Grey levels (of 255) between the background and ink 1. */
  readonly contrast: number
  /** Standard deviation of the background, in the same unit as `ink`. */
  readonly noise: number
  /** Pixels of the picture to one of `ink`, along each side. */
  readonly scale: number
}

/** The ink of a picture with one digit. */
export interface DigitInk extends Ink {
  /** What was taken away as light and shadow, in the unit of `ink` and towards its side; null where the light is even. */
  readonly shadow: Float32Array | null
}

/** A pen that differs from its paper by less than this many of 255 grey levels is taken for none. */
export const MIN_CONTRAST = 12
/** Ink at this quantile of the strongest pixels counts as 1, so that single outliers do not set the scale. */
const FULL_INK = 0.995
/** Ink stronger than so many standard deviations of the noise is clear as it is; weaker, the picture is smoothed. */
const CLEAR = 10
/** Ink must be so many standard deviations strong to be seen at all. */
const VISIBLE = 7
/** Beside a shadow, ink must be as strong as this part of its depth: compression leaves ripples along its edge. */
const BESIDE_SHADOW = 0.18
/** Pixels looked at for the axis of most contrast, about. */
const MOMENT_SAMPLE = 20_000
/** Luma of ITU-R BT.601. */
const LUMA = [0.299, 0.587, 0.114] as const

/** Pixels of the border that are looked at, about. */
const BORDER_SAMPLE = 4096

/**
 * Indices of pixels spread evenly over a strip along the border, 8 % of the shorter side wide: a frame along the edge
 * fills less than half of it.
 */
export function borderPixels(width: number, height: number): Uint32Array {
  const strip = Math.ceil(Math.min(width, height) * 0.08)
  const inner = Math.max(0, width - 2 * strip) * Math.max(0, height - 2 * strip)
  const step = Math.max(1, Math.floor((width * height - inner) / BORDER_SAMPLE))
  const pixels = new Uint32Array(Math.ceil((width * height - inner) / step))
  let count = 0
  // Pixels until the next one is taken: a remainder for each would be dear.
  let until = 0
  for (let y = 0; y < height; y++) {
    const isInner = y >= strip && y < height - strip
    for (let x = 0; x < width; x++) {
      if (isInner && x === strip && width > 2 * strip) x = width - strip
      if (until === 0) {
        pixels[count++] = y * width + x
        until = step
      }
      until--
    }
  }
  return pixels.subarray(0, count)
}

/** How many of some pixels of an RGBA picture are more transparent than not. */
function transparentOf(data: Uint8Array, pixels: Uint32Array): number {
  let transparent = 0
  for (let k = 0; k < pixels.length; k++) if (data[pixels[k] * 4 + 3] < 128) transparent++
  return transparent
}

/** Channel by channel the median of some pixels of an RGBA picture, among those not transparent. */
function medianColour(data: Uint8Array, pixels: Uint32Array): [number, number, number] {
  const histograms = new Uint32Array(3 * 256)
  let total = 0
  for (let k = 0; k < pixels.length; k++) {
    const i = pixels[k] * 4
    if (data[i + 3] < 128) continue
    histograms[data[i]]++
    histograms[256 + data[i + 1]]++
    histograms[512 + data[i + 2]]++
    total++
  }
  const median = (start: number) => {
    let value = 0
    for (let seen = histograms[start]; seen * 2 < total; ) seen += histograms[start + ++value]
    return value
  }
  return [median(0), median(256), median(512)]
}

/**
 * The colour that shows through where a picture is transparent. On a transparent canvas it is the one that what was drawn
 * stands out from: white behind dark ink, black behind light ink. On an opaque one with transparent parts it is the paper's.
 */
export function backdrop(data: Uint8Array, border: Uint32Array): [number, number, number] {
  if (transparentOf(data, border) * 2 < border.length) return medianColour(data, border)
  let luma = 0
  let weight = 0
  for (let i = 0; i < data.length; i += 4) {
    luma += (LUMA[0] * data[i] + LUMA[1] * data[i + 1] + LUMA[2] * data[i + 2]) * data[i + 3]
    weight += data[i + 3]
  }
  return luma > 127.5 * weight ? [0, 0, 0] : [255, 255, 255]
}

/**
 * The direction in colour space along which a picture varies most around its background: the principal axis of the
 * deviations, found by power iteration. Black on white gives luma's; red ink on green paper that of red against green.
 * @param moments the six second moments rr, rg, rb, gg, gb, bb
 */
export function principalAxis(moments: readonly number[]): [number, number, number] {
  const [rr, rg, rb, gg, gb, bb] = moments
  let axis: [number, number, number] = rr + gg + bb > 0 ? [rr + rg + rb, rg + gg + gb, rb + gb + bb] : [1, 1, 1]
  if (Math.hypot(...axis) === 0) axis = [1, 0, 0]
  for (let i = 0; i < 16; i++) {
    const [r, g, b] = axis
    const next: [number, number, number] = [
      rr * r + rg * g + rb * b,
      rg * r + gg * g + gb * b,
      rb * r + gb * g + bb * b,
    ]
    const length = Math.hypot(...next)
    if (length === 0) break
    axis = [next[0] / length, next[1] / length, next[2] / length]
  }
  const length = Math.hypot(...axis)
  return [axis[0] / length, axis[1] / length, axis[2] / length]
}

/** RGBA as one number a pixel, to compare pixels by. */
function wholePixels(data: Uint8Array): Uint32Array {
  const aligned = data.byteOffset % 4 === 0 ? data : data.slice()
  return new Uint32Array(aligned.buffer, aligned.byteOffset, data.length / 4)
}

/**
 * One number a pixel: the deviation from the background's colour along the axis of most contrast, in grey levels
 * (black on white deviates by 255).
 */
function deviations(
  data: Uint8Array,
  background: readonly number[],
  behind: readonly number[],
): { values: Float32Array; level: number } {
  const [backR, backG, backB] = background
  const moments = [0, 0, 0, 0, 0, 0]
  const count = data.length / 4
  const step = Math.max(1, Math.floor(count / MOMENT_SAMPLE))
  for (let p = 0; p < count; p += step) {
    const i = p * 4
    const alpha = data[i + 3] / 255
    const r = data[i] * alpha + behind[0] * (1 - alpha) - backR
    const g = data[i + 1] * alpha + behind[1] * (1 - alpha) - backG
    const b = data[i + 2] * alpha + behind[2] * (1 - alpha) - backB
    if (r === 0 && g === 0 && b === 0) continue
    moments[0] += r * r
    moments[1] += r * g
    moments[2] += r * b
    moments[3] += g * g
    moments[4] += g * b
    moments[5] += b * b
  }
  const axis = principalAxis(moments)
  const unit = 1 / Math.sqrt(3)
  const [weightR, weightG, weightB] = axis.map((weight) => weight * unit)
  const values = new Float32Array(count)
  const pixels = wholePixels(data)
  for (let p = 0, i = 0; p < count; p++, i += 4) {
    // Most of a drawing has the colour of the pixel before.
    if (p > 0 && pixels[p] === pixels[p - 1]) {
      values[p] = values[p - 1]
      continue
    }
    const alpha = data[i + 3]
    let r = data[i]
    let g = data[i + 1]
    let b = data[i + 2]
    if (alpha < 255) {
      const through = 1 - alpha / 255
      r += (behind[0] - r) * through
      g += (behind[1] - g) * through
      b += (behind[2] - b) * through
    }
    values[p] = (r - backR) * weightR + (g - backG) * weightG + (b - backB) * weightB
  }
  const level = (background[0] * axis[0] + background[1] * axis[1] + background[2] * axis[2]) * unit
  return { values, level }
}

/** Reduces a picture by a whole factor until neither side exceeds `maxSide`. */
export function reduce(picture: Picture, maxSide: number): { width: number; height: number; data: Uint8Array } {
  const factor = reductionFor(picture.width, picture.height, maxSide)
  if (factor === 1) return picture
  const reducer = createReducer(picture.width, picture.height, factor)
  for (let y = 0; y < picture.height; y++) reducer.push(picture.data, y * picture.width * 4)
  return reducer
}

/**
 * Finds the ink in a picture: grey along the axis of most contrast, transparency laid over what it stands out from, the
 * background evened out, polarity found.
 * @param maxSide larger pictures are reduced by a whole factor first
 * @returns `null` when nothing stands out from the background
 */
export function inkOf(picture: Picture, maxSide: number): DigitInk | null {
  const { width, height, data } = reduce(picture, maxSide)
  const border = borderPixels(width, height)
  const behind = backdrop(data, border)
  const background = transparentOf(data, border) * 2 <= border.length ? medianColour(data, border) : behind
  const { values: deviation, level } = deviations(data, background, behind)
  const { values, noise, sign, shadow } = evenOut(deviation, width, height, level, border)
  for (let i = 0; i < values.length; i++) values[i] = Math.max(0, values[i] * sign)
  const raw = { width, height, ink: values, noise }
  const clear = fullInk(values, noise)
  const isClear = clear >= CLEAR * noise
  const { ink, noise: grain } = isClear ? raw : smooth(raw)
  const full = isClear ? clear : fullInk(ink, grain)
  if (full < Math.max(MIN_CONTRAST, VISIBLE * grain, BESIDE_SHADOW * (shadow === null ? 0 : depthOf(shadow))))
    return null
  for (let i = 0; i < ink.length; i++) if (ink[i] > 0) ink[i] = Math.min(1, ink[i] / full)
  if (shadow !== null) for (let i = 0; i < shadow.length; i++) shadow[i] *= sign / full
  return { width, height, ink, contrast: full, noise: grain / full, scale: picture.source.width / width, shadow }
}

/** Means over 3×3 pixels, twice, which takes four fifths off the noise. */
function smooth({ width, height, ink, noise }: { width: number; height: number; ink: Float32Array; noise: number }): {
  ink: Float32Array
  noise: number
} {
  let from = ink
  for (let round = 0; round < 2; round++) {
    const to = new Float32Array(from.length)
    for (let y = 0; y < height; y++) {
      const above = Math.max(0, y - 1) * width
      const row = y * width
      const below = Math.min(height - 1, y + 1) * width
      for (let x = 0; x < width; x++) {
        const left = Math.max(0, x - 1)
        const right = Math.min(width - 1, x + 1)
        const sum = from[above + left] + from[above + x] + from[above + right] + from[row + left] + from[row + x]
        to[row + x] = (sum + from[row + right] + from[below + left] + from[below + x] + from[below + right]) / 9
      }
    }
    from = to
  }
  // The noise is one-sided here: its mean is not taken away by averaging.
  const floor = 0.4 * noise
  for (let i = 0; i < from.length; i++) from[i] = Math.max(0, from[i] - floor)
  return { ink: from, noise: noise / 5 }
}

/** The level of full ink: a high quantile of the pixels that are not background. */
export function fullInk(ink: Float32Array, noise: number): number {
  const floor = Math.max(MIN_CONTRAST / 2, 3 * noise)
  let count = 0
  for (let i = 0; i < ink.length; i++) if (ink[i] > floor) count++
  const inked = new Float32Array(count)
  for (let i = 0, k = 0; i < ink.length; i++) if (ink[i] > floor) inked[k++] = ink[i]
  return inked.length === 0 ? 0 : quantileOf(inked, Math.min(FULL_INK, 1 - 2 / inked.length))
}
