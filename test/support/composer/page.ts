/** The ink on a page: what is put on it, left out of it, and where it lies when the page is turned. */
import type { Box } from '../../../image/picture.ts'
import type { Random } from '../../../train/random.ts'
import type { Glyph } from './glyph.ts'
import type { Scene } from './scene.ts'

/** Puts a glyph's ink on a page; what stands out over its edges is lost. */
export function stamp({ width, height, ink }: Glyph, glyph: Glyph, left: number, top: number): void {
  for (let y = 0; y < glyph.height; y++) {
    if (top + y < 0 || top + y >= height) continue
    for (let x = 0; x < glyph.width; x++) {
      if (left + x < 0 || left + x >= width) continue
      const i = (top + y) * width + left + x
      ink[i] = Math.max(ink[i], glyph.ink[y * glyph.width + x])
    }
  }
}

/** Ruled lines and specks. */
export function strew({ width, height, ink }: Glyph, scene: Scene, random: Random): void {
  if (scene.rules > 0) {
    const pitch = (scene.squared ? 0.5 + random.uniform() : 1.9) * scene.height
    const first = (scene.squared ? random.uniform() * 0.5 : 0.8) * scene.height
    for (let base = first; base < 2 * height; base += pitch) {
      for (let x = 0; x < width; x++) rule(x, Math.round(base + scene.slope * x), 0, 1)
    }
    for (let base = first; scene.squared && base < 2 * width; base += pitch) {
      for (let y = 0; y < height; y++) rule(Math.round(base - scene.slope * y), y, 1, 0)
    }
  }
  for (let k = 0; k < scene.specks; k++) {
    const x = random.below(width - 1)
    const y = random.below(height - 1)
    for (const i of [y * width + x, y * width + x + 1, (y + 1) * width + x]) ink[i] = Math.max(ink[i], random.uniform())
  }

  /** One dot of a rule, as thick as rules are towards one side. */
  function rule(x: number, y: number, stepX: number, stepY: number): void {
    for (let k = 0; k < Math.max(1, Math.round(scene.height / 40)); k++) {
      const [u, v] = [x + k * stepX, y + k * stepY]
      if (u < 0 || v < 0 || u >= width || v >= height) continue
      ink[v * width + u] = Math.max(ink[v * width + u], scene.rules)
    }
  }
}

/** Leaves out stripes of a page's ink in any direction, so many pixels apart. */
export function leaveOut({ width, ink }: Glyph, apart: number, share: number, random: Random): void {
  const turn = Math.PI * random.uniform()
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  for (let i = 0; i < ink.length; i++) {
    const at = ((i % width) * cos + Math.floor(i / width) * sin) / apart
    // Half a pixel from either edge on.
    const within = (share / 2 - Math.abs(at - Math.floor(at) - 0.5)) * apart
    ink[i] *= Math.max(0, Math.min(1, 0.5 - within))
  }
}

/** How large a page is when it is turned, and where a point of it then lies. */
function turning({ width, height }: Glyph, angle: number) {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const wide = Math.ceil(width * Math.abs(cos) + height * Math.abs(sin))
  const high = Math.ceil(width * Math.abs(sin) + height * Math.abs(cos))
  const to = (x: number, y: number): [number, number] => [
    wide / 2 + cos * (x - width / 2) - sin * (y - height / 2),
    high / 2 + sin * (x - width / 2) + cos * (y - height / 2),
  ]
  const from = (x: number, y: number): [number, number] => [
    width / 2 + cos * (x - wide / 2) + sin * (y - high / 2),
    height / 2 - sin * (x - wide / 2) + cos * (y - high / 2),
  ]
  return { width: wide, height: high, to, from }
}

/** A page turned clockwise, on paper large enough for it. */
export function turned(page: Glyph, angle: number): Glyph {
  const { width, height, from } = turning(page, angle)
  const ink = new Float32Array(width * height)
  const at = (x: number, y: number) =>
    x < 0 || y < 0 || x >= page.width || y >= page.height ? 0 : page.ink[y * page.width + x]
  for (let i = 0; i < ink.length; i++) {
    const [x, y] = from((i % width) + 0.5, Math.floor(i / width) + 0.5)
    const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)]
    const [u, v] = [x - 0.5 - left, y - 0.5 - top]
    const upper = at(left, top) * (1 - u) + at(left + 1, top) * u
    ink[i] = upper * (1 - v) + (at(left, top + 1) * (1 - u) + at(left + 1, top + 1) * u) * v
  }
  return { width, height, ink }
}

/** Where the ink within a box of a page is when the page is turned. */
export function boxTurned(page: Glyph, box: Box, angle: number): Box {
  const { to } = turning(page, angle)
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let y = Math.max(0, box.y); y < Math.min(page.height, box.y + box.height); y++) {
    for (let x = Math.max(0, box.x); x < Math.min(page.width, box.x + box.width); x++) {
      if (page.ink[y * page.width + x] < 0.3) continue
      const [u, v] = to(x + 0.5, y + 0.5)
      left = Math.min(left, Math.floor(u))
      right = Math.max(right, Math.floor(u))
      top = Math.min(top, Math.floor(v))
      bottom = Math.max(bottom, Math.floor(v))
    }
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
}
