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

/**
 * How far a stroke drawn from above to below bends to one side, over its height: the mean distance of its rows' middles
 * from the straight line between its ends. A parenthesis bends by more than 0.1, a one hardly.
 */
export function bowOf({ pixels, x: left, y: top, height }: Piece, pageWidth: number): number {
  const count = new Uint32Array(height)
  const sum = new Float64Array(height)
  for (let k = 0, row = -1, start = 0; k < pixels.length; k++) {
    // Most are of the same row as the one before.
    if (row < 0 || pixels[k] < start || pixels[k] >= start + pageWidth) {
      row = ((pixels[k] / pageWidth) | 0) - top
      start = (row + top) * pageWidth
    }
    count[row]++
    sum[row] += pixels[k] - start - left
  }
  const first = sum[0] / count[0]
  const last = sum[height - 1] / count[height - 1]
  let bend = 0
  let rows = 0
  for (let y = 0; y < height; y++) {
    if (count[y] === 0) continue
    bend += sum[y] / count[y] - first - ((last - first) * y) / Math.max(1, height - 1)
    rows++
  }
  return Math.abs(bend) / rows / height
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

/** Intersection of two boxes over their union, 0..1. */
export function likeness(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  return (width * height) / (a.width * a.height + b.width * b.height - width * height)
}

/** Cuts a piece's ink, and nothing of its neighbours', out of the page. */
export function patchOf(piece: Piece, page: Ink): InkPatch {
  const ink = new Float32Array(piece.width * piece.height)
  const { pixels } = piece
  for (let k = 0, start = 0, shift = 0; k < pixels.length; k++) {
    // Most are of the same row as the one before.
    if (k === 0 || pixels[k] < start || pixels[k] >= start + page.width) {
      const y = (pixels[k] / page.width) | 0
      start = y * page.width
      shift = (y - piece.y) * piece.width - piece.x - start
    }
    ink[pixels[k] + shift] = page.ink[pixels[k]]
  }
  return { width: piece.width, height: piece.height, ink }
}
