/** A page turned so that its lines run level. */
import type { Ink } from './ink.ts'
import type { Box } from './picture.ts'
import type { Piece } from './pieces.ts'

/** How a page lies in another: turned around both their middles. */
export interface Turn {
  readonly cos: number
  readonly sin: number
  /** Middles of the page as it was and as it is, in its pixels. */
  readonly before: Point
  readonly after: Point
}

interface Point {
  readonly x: number
  readonly y: number
}

/** A page turned, all of it within a larger one; values between pixels are interpolated linearly. */
export interface Turned {
  readonly page: Ink
  readonly turn: Turn
}

/** Turns a page so that what ran along a slope runs level. @param slope rows per column */
export function turnPage(page: Ink, slope: number): Turned {
  const cos = 1 / Math.hypot(1, slope)
  const sin = slope * cos
  const width = Math.ceil(page.width * cos + page.height * Math.abs(sin))
  const height = Math.ceil(page.width * Math.abs(sin) + page.height * cos)
  const turn: Turn = {
    cos,
    sin,
    before: { x: page.width / 2, y: page.height / 2 },
    after: { x: width / 2, y: height / 2 },
  }
  const ink = new Float32Array(width * height)
  for (let y = 0, i = 0; y < height; y++) {
    let { x: u, y: v } = pointBefore(turn, 0.5, y + 0.5)
    for (let x = 0; x < width; x++, i++, u += cos, v += sin) ink[i] = inkAt(page, u - 0.5, v - 0.5)
  }
  return { page: { ...page, width, height, ink }, turn }
}

/** The box that a piece of a turned page had before. */
export function boxBefore(turn: Turn, piece: Piece, pageWidth: number): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const pixel of piece.pixels) {
    const row = Math.floor(pixel / pageWidth)
    const { x, y } = pointBefore(turn, pixel - row * pageWidth + 0.5, row + 0.5)
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  return { x: left - 0.5, y: top - 0.5, width: right - left + 1, height: bottom - top + 1 }
}

function pointBefore({ cos, sin, before, after }: Turn, x: number, y: number): Point {
  const [u, v] = [x - after.x, y - after.y]
  return { x: before.x + cos * u - sin * v, y: before.y + sin * u + cos * v }
}

/** The ink between pixels, of which the first's middle is (0, 0); beyond the outermost there is none. */
function inkAt({ width, height, ink }: Ink, x: number, y: number): number {
  const left = Math.floor(x)
  const top = Math.floor(y)
  if (left < 0 || top < 0 || left + 1 >= width || top + 1 >= height) return 0
  const [right, below] = [x - left, y - top]
  const i = top * width + left
  const upper = ink[i] * (1 - right) + ink[i + 1] * right
  const lower = ink[i + width] * (1 - right) + ink[i + width + 1] * right
  return upper * (1 - below) + lower * below
}
