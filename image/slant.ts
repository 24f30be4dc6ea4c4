/** How far a digit leans, and the digit set upright. */
import type { InkPatch } from './normalize.ts'

/** Columns per row beyond which a digit is not set upright any further. */
const MOST_SLANT = 0.7

/** Columns by which the ink's middle moves per row, from its second moments; 0 for what has no height. */
export function slantOf({ width, height, ink }: InkPatch): number {
  let mass = 0
  let sumX = 0
  let sumY = 0
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      mass += ink[i]
      sumX += ink[i] * x
      sumY += ink[i] * y
    }
  }
  let xy = 0
  let yy = 0
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      xy += ink[i] * (x - sumX / mass) * (y - sumY / mass)
      yy += ink[i] * (y - sumY / mass) ** 2
    }
  }
  return yy === 0 ? 0 : Math.max(-MOST_SLANT, Math.min(MOST_SLANT, xy / yy))
}

/**
 * Redraws a patch, each row moved so that its slant becomes `slant + change`, and its columns `stretch` times as wide;
 * values between pixels are interpolated linearly.
 */
export function lean({ width, height, ink }: InkPatch, change: number, stretch: number): InkPatch {
  const reach = Math.abs(change) * height
  const wide = Math.ceil(width * stretch + reach) + 1
  const out = new Float32Array(wide * height)
  for (let y = 0; y < height; y++) {
    const shift = change > 0 ? change * y : reach + change * y
    for (let x = 0; x < wide; x++) {
      const at = (x + 0.5 - shift) / stretch - 0.5
      const left = Math.floor(at)
      const share = at - left
      const a = left >= 0 && left < width ? ink[y * width + left] : 0
      const b = left + 1 >= 0 && left + 1 < width ? ink[y * width + left + 1] : 0
      out[y * wide + x] = a * (1 - share) + b * share
    }
  }
  return { width: wide, height, ink: out }
}
