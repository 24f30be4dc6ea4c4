/** Pieces of ink: what a digit is put together from. */
import type { Ink } from './ink.ts'
import type { InkPatch } from './normalize.ts'
import type { Box } from './picture.ts'

/** A connected stroke, or a part of one between two cuts. */
export interface Piece extends Box {
  /** Indices of its pixels in the page's ink. */
  readonly pixels: Int32Array
}

/** Makes a piece of some pixels of a page `pageWidth` wide. @param pixels at least one */
export function pieceOf(pixels: Int32Array, pageWidth: number): Piece {
  let left = pageWidth
  let right = 0
  let top = Number.POSITIVE_INFINITY
  let bottom = 0
  for (let k = 0; k < pixels.length; k++) {
    const y = (pixels[k] / pageWidth) | 0
    const x = pixels[k] - y * pageWidth
    if (x < left) left = x
    if (x > right) right = x
    if (y < top) top = y
    if (y > bottom) bottom = y
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1, pixels }
}

/** One piece of several. */
export function joinPieces(pieces: readonly Piece[]): Piece {
  if (pieces.length === 1) return pieces[0]
  const pixels = new Int32Array(pieces.reduce((sum, piece) => sum + piece.pixels.length, 0))
  let at = 0
  for (const piece of pieces) {
    pixels.set(piece.pixels, at)
    at += piece.pixels.length
  }
  return { ...boxAround(pieces), pixels }
}

/** The box that holds them all. @param boxes at least one */
export function boxAround(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x))
  const y = Math.min(...boxes.map((box) => box.y))
  const right = Math.max(...boxes.map((box) => box.x + box.width))
  const bottom = Math.max(...boxes.map((box) => box.y + box.height))
  return { x, y, width: right - x, height: bottom - y }
}

/** Cuts a piece's ink, and nothing of its neighbours', out of the page. */
export function patchOf(piece: Piece, page: Ink): InkPatch {
  const ink = new Float32Array(piece.width * piece.height)
  for (let k = 0; k < piece.pixels.length; k++) {
    const y = (piece.pixels[k] / page.width) | 0
    const x = piece.pixels[k] - y * page.width
    ink[(y - piece.y) * piece.width + x - piece.x] = page.ink[piece.pixels[k]]
  }
  return { width: piece.width, height: piece.height, ink }
}
