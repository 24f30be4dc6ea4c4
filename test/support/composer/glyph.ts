/** Ink of one thing that is written. */
import type { Random } from '../../../train/random.ts'

export interface Glyph {
  readonly width: number
  readonly height: number
  readonly ink: Float32Array
}

/** Ink as a pen `radius` pixels wider on each side leaves it. */
export function widen({ width, height, ink }: Glyph, radius: number): Glyph {
  const reach = Math.ceil(radius)
  const wide = width + 2 * reach
  const high = height + 2 * reach
  const out = new Float32Array(wide * high)
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const share = Math.max(0, Math.min(1, radius + 0.5 - Math.hypot(dx, dy)))
      if (share === 0) continue
      for (let y = 0, i = 0; y < height; y++) {
        const row = (y + reach + dy) * wide + reach + dx
        for (let x = 0; x < width; x++, i++) if (ink[i] * share > out[row + x]) out[row + x] = ink[i] * share
      }
    }
  }
  return { width: wide, height: high, ink: out }
}

/** A digit of whose ink a short stripe is missing, which runs through a point of a stroke in any direction. */
export function interrupted({ width, height, ink }: Glyph, size: number, random: Random): Glyph {
  const inked = Array.from(ink.keys()).filter((i) => ink[i] > 0.5)
  const through = inked[random.below(inked.length)]
  const turn = Math.PI * random.uniform()
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  const breadth = (0.04 + 0.1 * random.uniform()) * size
  const length = 0.3 * size
  const left = ink.map((value, i) => {
    const [x, y] = [(i % width) - (through % width), Math.floor(i / width) - Math.floor(through / width)]
    const outside = Math.max(Math.abs(x * cos + y * sin) - breadth / 2, Math.abs(y * cos - x * sin) - length / 2)
    return value * Math.max(0, Math.min(1, outside + 0.5))
  })
  return { width, height, ink: left }
}

/** How far right of `left` its neighbour stands when their ink, both on the same base line, just meets in some row. */
export function nearest(left: Glyph, right: Glyph): number {
  let most = Number.NEGATIVE_INFINITY
  for (let up = 1; up <= Math.min(left.height, right.height); up++) {
    const a = (left.height - up) * left.width
    const b = (right.height - up) * right.width
    let end = -1
    for (let x = 0; x < left.width; x++) if (left.ink[a + x] > 0.5) end = x
    let start = -1
    for (let x = right.width - 1; x >= 0; x--) if (right.ink[b + x] > 0.5) start = x
    if (end >= 0 && start >= 0) most = Math.max(most, end + 1 - start)
  }
  // A tail that reaches far under its neighbour is not followed.
  return Math.max(most, 0.5 * left.width)
}
