/** Rings of any form around writing. */
import type { Component, Labels } from './components.ts'
import { distanceWithin } from './distance.ts'
import { type Sheet, thicknessOf } from './sheet.ts'

/** A ring goes around so many pieces of ink: a nought goes around a dot, or a stroke. */
const SEVERAL = 2

/**
 * What is left of a ring's ink without the line that bounds it; `null` if it is no ring.
 * @param within what lies in its box
 */
export function withoutRing(
  ring: Sheet,
  { x, y }: Component,
  within: readonly Component[],
  labels: Labels['labels'],
  pageWidth: number,
): Uint8Array | null {
  if (within.length < SEVERAL) return null
  const { width, height, mask } = ring
  const outside = outsideOf(ring)
  const at = (u: number, v: number) => (v + 1) * (width + 2) + u + 1
  const isEnclosed = (other: Component): boolean => {
    let u = other.x
    while (labels[other.y * pageWidth + u] !== other.label) u++
    return outside[at(u - x, other.y - y)] === 0
  }
  if (within.filter(isEnclosed).length < SEVERAL) return null
  const thick = thicknessOf(ring)
  const distance = distanceWithin(thick, outside, width + 2, height + 2)
  const rest = mask.slice()
  for (let v = 0, i = 0; v < height; v++) {
    for (let u = 0; u < width; u++, i++) if (distance[at(u, v)] <= thick) rest[i] = 0
  }
  return rest
}

/** Where paper is reached from beyond a sheet without crossing its ink; with a margin of one pixel on each side. */
function outsideOf({ width, height, mask }: Sheet): Uint8Array {
  const wide = width + 2
  const ink = new Uint8Array(wide * (height + 2))
  for (let y = 0; y < height; y++) ink.set(mask.subarray(y * width, (y + 1) * width), (y + 1) * wide + 1)
  const outside = new Uint8Array(ink.length)
  const reached = [0]
  outside[0] = 1
  for (let i = reached.pop(); i !== undefined; i = reached.pop()) {
    const x = i % wide
    for (const next of [i - wide, i + wide, x > 0 ? i - 1 : -1, x + 1 < wide ? i + 1 : -1]) {
      if (next < 0 || next >= ink.length || outside[next] || ink[next]) continue
      outside[next] = 1
      reached.push(next)
    }
  }
  return outside
}
