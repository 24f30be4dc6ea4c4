import type { InkPatch } from './normalize.ts'
import type { Box } from './picture.ts'

/** Sides shorter than this in pixels, or so many times as long as the other, belong to a stroke. */
const LEAST_SIDE = 24
const LONGEST = 2.5
/** A margin along the inside of a panel's box, as part of its shorter side, … */
const MARGIN = 0.1
/** … is filled to this share, which no digit does, whose corners are round. */
const FILLED = 0.78
/** Pixels of at least this much ink count as filled. */
const INK = 0.35
/** What is left out along each side, where the panel's edge is blurred or not quite upright. */
const INSET = 0.04

/**
 * Tells whether what stands out from a picture is no digit but a panel that may hold one: a sheet on a desk, a canvas in a
 * page, a tile.
 * @returns the inside of it, in the patch's pixels, or `null`
 */
export function panelIn({ width, height, ink }: InkPatch): Box | null {
  const shorter = Math.min(width, height)
  if (shorter < LEAST_SIDE || Math.max(width, height) > LONGEST * shorter) return null
  const margin = Math.ceil(MARGIN * shorter)
  let filled = 0
  let count = 0
  for (let y = 0, i = 0; y < height; y++) {
    const isInner = y >= margin && y < height - margin
    for (let x = 0; x < width; x++, i++) {
      if (isInner && x >= margin && x < width - margin) continue
      count++
      if (ink[i] >= INK) filled++
    }
  }
  if (filled < FILLED * count) return null
  const inset = Math.ceil(INSET * shorter)
  return { x: inset, y: inset, width: width - 2 * inset, height: height - 2 * inset }
}
