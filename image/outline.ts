import type { DigitInk } from './ink.ts'

/** A stroke's edge is no wider than this part of the picture's longer side, … */
const EDGE_WIDTH = 0.035
/** … and what ink rises to beyond it lies no deeper than so many edges. */
const DEPTH = 5
/** Ink rises steeply where its edge takes it to this part of that; a shadow's edge rises slowly. */
const STEEP = 0.52
/** A stroke's outline is steep over this share of its length. */
const STEEP_SHARE = 0.5
/**
 * The share of a mark's edge that must stand in the picture itself; the rest was made by taking the shadow away, or is
 * where the mark runs out of the picture, as a stroke does at its end and a shadow along its side.
 */
const OWN_EDGE = 0.82

/** What was taken away as light and shadow must be at least this deep, where full ink is 1, to leave anything like ink. */
const DEEP = 0.3

/** The difference between the lightest and the darkest of what was taken away. */
export function depthOf(shadow: Float32Array): number {
  let least = Infinity
  let most = -Infinity
  for (let i = 0; i < shadow.length; i++) {
    if (shadow[i] < least) least = shadow[i]
    if (shadow[i] > most) most = shadow[i]
  }
  return most - least
}

/**
 * Tells strokes from what is left of shadows. A stroke is bounded by an edge all around. A shadow fades, if only on
 * one side; or a piece of it, narrow enough to be taken for ink, ends where it does because the rest was taken away.
 * @param labels width×height, per pixel the component it belongs to, from 1; 0 for none
 * @returns per component 1 if it has an outline of its own, otherwise 0
 */
export function outlineOf({ width, height, ink, shadow }: DigitInk, labels: Int32Array, count: number): Uint8Array {
  if (shadow === null || depthOf(shadow) < DEEP) return new Uint8Array(count + 1).fill(1)
  const reach = Math.max(1, Math.round(Math.max(width, height) * EDGE_WIDTH))
  const depth = DEPTH * reach
  const outline = new Float64Array(count + 1)
  const steep = new Float64Array(count + 1)
  const rises = new Float64Array(count + 1)
  const own = new Float64Array(count + 1)
  const beyond = new Float64Array(count + 1)
  const cross = (at: number, step: number, inside: number, outside: number): void => {
    let high = at
    let low = at + step
    let crest = ink[at]
    for (let k = 1; k <= Math.min(depth, inside); k++) {
      const value = ink[at - k * step]
      if (value > crest) crest = value
      if (k <= reach && value > ink[high]) high = at - k * step
    }
    for (let k = 2; k <= Math.min(reach + 1, outside); k++) if (ink[at + k * step] < ink[low]) low = at + k * step
    const rise = ink[high] - ink[low]
    const label = labels[at]
    outline[label]++
    if (rise >= STEEP * crest) steep[label]++
    rises[label] += rise
    own[label] += Math.max(0, Math.min(rise, rise + shadow[high] - shadow[low]))
  }
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const label = labels[i]
      if (label === 0) continue
      if (x === 0 || x === width - 1) beyond[label]++
      if (y === 0 || y === height - 1) beyond[label]++
      if (x > 0 && labels[i - 1] === 0) cross(i, -1, width - 1 - x, x)
      if (x < width - 1 && labels[i + 1] === 0) cross(i, 1, x, width - 1 - x)
      if (y > 0 && labels[i - width] === 0) cross(i, -width, height - 1 - y, y)
      if (y < height - 1 && labels[i + width] === 0) cross(i, width, y, height - 1 - y)
    }
  }
  const isOutlined = new Uint8Array(count + 1)
  for (let k = 1; k <= count; k++) {
    const all = rises[k] * (1 + beyond[k] / outline[k])
    if (steep[k] >= STEEP_SHARE * outline[k] && own[k] >= OWN_EDGE * all) isOutlined[k] = 1
  }
  return isOutlined
}
