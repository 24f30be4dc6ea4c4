/** The ink of one component by itself, as frames are looked for in it. */
import type { Component, Labels } from './components.ts'
import { strokeWidth } from './normalize.ts'

/** Ink by rows: 1 where inked. */
export interface Sheet {
  readonly width: number
  readonly height: number
  readonly mask: Uint8Array
}

/** A line is at most so many times as thick as a frame's ink mostly is. */
const THICK = 1.5

/** A component's box, with nothing in it but its own ink. */
export function sheetOf(labels: Labels['labels'], { x, y, width, height, label }: Component, pageWidth: number): Sheet {
  const mask = new Uint8Array(width * height)
  for (let v = 0, i = 0; v < height; v++) {
    for (let u = 0; u < width; u++, i++) if (labels[(y + v) * pageWidth + x + u] === label) mask[i] = 1
  }
  return { width, height, mask }
}

/** Rows for columns. */
export function transpose({ width, height, mask }: Sheet): Sheet {
  const turned = new Uint8Array(mask.length)
  for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i++) turned[x * height + y] = mask[i]
  return { width: height, height: width, mask: turned }
}

/** How thick a line of a frame may be whose ink is mostly so thick, in pixels. */
export const lineThickness = (usual: number): number => Math.ceil(THICK * usual)

/** Likewise of a frame as it is. */
export const thicknessOf = ({ mask, width, height }: Sheet): number => lineThickness(strokeWidth(mask, width, height))

/** The first and the last inked row of a column; `null` where there is none. */
export function endsOf({ width, height, mask }: Sheet, x: number): { first: number; last: number } | null {
  let first = 0
  while (first < height && !mask[first * width + x]) first++
  if (first === height) return null
  let last = height - 1
  while (!mask[last * width + x]) last--
  return { first, last }
}
