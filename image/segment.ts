/** A page of writing taken apart: lines, and in each the pieces that its digits are made of, from left to right. */
import { type Component, labelComponents } from './components.ts'
import { clearFrames } from './frames.ts'
import type { Ink } from './ink.ts'
import { findLines, steepSlope, usualHeight } from './lines.ts'
import { strokeWidth } from './normalize.ts'
import { otsuThreshold } from './otsu.ts'
import type { Box } from './picture.ts'
import { joinPieces, type Piece, pieceOf } from './pieces.ts'
import { clearRules } from './ruled-lines.ts'

export interface Line {
  /** Usual height of its digits, in pixels of the page's ink. */
  readonly height: number
  /** Connected strokes, broken ones joined, from left to right. */
  readonly pieces: readonly Piece[]
}

export interface Segments {
  /** Usual width of a stroke, in pixels of the page's ink. */
  readonly stroke: number
  /** Usual height of a digit on the page, likewise. */
  readonly height: number
  readonly lines: readonly Line[]
  /** Rows per column by which the lines climb down; 0 where they are level enough to be read as they stand. */
  readonly slope: number
}

/** Ink below this share of Otsu's threshold is paper: strokes are let fade a little rather than break. */
const MASK_LEVEL = 0.75
/** Ink must be so many standard deviations above the paper's noise. */
const MASK_NOISE = 5
/** Ink that is at least this share of it belongs to what it touches. */
const FAINT = 0.5
/** Pieces lower than this share of the usual height, all ways, are specks. */
const SPECK = 0.12
/** What touches the picture's side along so many usual heights of a digit is no digit. */
const BESIDE = 1.25
/** A ruled line runs across this part of the page, is at most so thick, in strokes, and so many times as long as thick. */
const RULE_LONG = 0.6
const RULE_THICK = 0.75
const RULE_SLENDER = 14
/** … and as the writing's usual height: a bar of a seven that fills its picture is no longer than its stem. */
const RULE_WIDE = 1.25
/** Where digits are higher than this part of the page there is no room for a steep line of them. */
const HIGHEST = 0.6
/** A straight stroke longer than so many usual heights is no digit. */
const LONG = 1.7
/** No more pieces than this are looked at: a page has far fewer digits, and a checkerboard far more. */
const MOST_COMPONENTS = 1500

/**
 * Takes a page of ink apart, and clears from it in place what only its place along the page's edges tells from writing, such
 * as a corner of the desk: once the page is turned it lies there no more.
 */
export function segment(page: Ink): Segments {
  const { width, height } = page
  const level = Math.max(MASK_LEVEL * otsuThreshold(page.ink), MASK_NOISE * page.noise, 0.12)
  const mask = new Uint8Array(page.ink.length)
  const faint = new Uint8Array(page.ink.length)
  for (let i = 0; i < mask.length; i++) {
    if (page.ink[i] > level) mask[i] = 1
    if (page.ink[i] > FAINT * level) faint[i] = 1
  }
  clearFrames(mask, faint, width, height)
  const stroke = Math.max(1, strokeWidth(mask, width, height))
  const { labels, candidates, frames, usual } = withoutRules(mask, faint, width, height, stroke)
  if (candidates.length === 0) return { stroke, height: 0, lines: [], slope: 0 }
  const beside = besidePaper(labels, width, height, usual, Math.ceil(stroke))
  clear(page, labels, new Set([...beside, ...frames]))
  const kept = candidates.filter(
    (c) =>
      Math.max(c.width, c.height) > SPECK * usual &&
      !beside.has(c.label) &&
      !(isLine(c, stroke, height) && Math.max(c.width, c.height) > LONG * usual),
  )
  const pieces = piecesOf(page, labels, kept, FAINT * level)
  const lines = findLines(pieces, usual).map((line): Line => {
    const height = usualHeight(line)
    return { height, pieces: joinFragments(line, height) }
  })
  const slope = usual > HIGHEST * height ? 0 : steepSlope(pieces, usual)
  return { stroke, height: usual, lines, slope }
}

/** Strokes that may be writing. */
interface Strokes {
  /** Per pixel the label of its component, 0 where there is no ink. */
  readonly labels: Int32Array
  /** Those that may be writing, the largest first. */
  readonly candidates: readonly Component[]
  /** Labels of those along the page's edges that are none. */
  readonly frames: ReadonlySet<number>
  /** Usual height of those that are no straight lines. */
  readonly usual: number
}

function strokesOf(mask: Uint8Array, width: number, height: number, stroke: number): Strokes {
  const { labels, components } = labelComponents(mask, width, height)
  const frames = new Set(components.filter((c) => isFrame(c, width, height, stroke)).map(({ label }) => label))
  const candidates = components
    .filter((c) => Math.max(c.width, c.height) > 1.5 * stroke && !frames.has(c.label))
    .sort((a, b) => b.area - a.area)
    .slice(0, MOST_COMPONENTS)
  return { labels, candidates, frames, usual: usualHeight(candidates.filter((c) => !isLine(c, stroke, height))) }
}

/** The strokes of a page without the ruled lines among them. */
function withoutRules(mask: Uint8Array, faint: Uint8Array, width: number, height: number, stroke: number): Strokes {
  const rest = Uint8Array.from(mask)
  const thick = Math.ceil(RULE_THICK * stroke)
  const least = Math.round(Math.max(RULE_LONG * Math.max(width, height), RULE_SLENDER * thick))
  const rules = clearRules(rest, faint, width, height, least, thick)
  const strokes = strokesOf(rest, width, height, stroke)
  const isRuled = rules.some((rule) => rule.length > RULE_WIDE * strokes.usual)
  return rules.length === 0 || isRuled ? strokes : strokesOf(mask, width, height, stroke)
}

/**
 * Joins what can only be one digit: a low piece that lies above, below or within another, as the bar of a 5 does, and
 * fragments that nearly touch, as in a dotted scan.
 */
function joinFragments(found: readonly Piece[], height: number): Piece[] {
  const pieces = [...found].sort((a, b) => b.height - a.height)
  const groups: Piece[][] = []
  for (const piece of pieces) {
    const home =
      piece.height < 0.6 * height ? groups.find((group) => belongs(piece, joinPieces(group), height)) : undefined
    if (home) home.push(piece)
    else groups.push([piece])
  }
  return groups.map(joinPieces).sort((a, b) => a.x + a.width / 2 - b.x - b.width / 2)
}

function belongs(part: Box, main: Box, height: number): boolean {
  const overlap = Math.min(part.x + part.width, main.x + main.width) - Math.max(part.x, main.x)
  const gapY = Math.max(0, part.y - main.y - main.height, main.y - part.y - part.height)
  const top = Math.min(part.y, main.y)
  const bottom = Math.max(part.y + part.height, main.y + main.height)
  const within = overlap >= 0.6 * Math.min(part.width, main.width)
  return within && gapY < 0.25 * height && bottom - top < 1.5 * Math.max(height, main.height)
}

/** What no digit looks like: it encloses most of the page, or it is the page's edge. */
function isFrame(c: Component, width: number, height: number, stroke: number): boolean {
  if (c.width > 0.9 * width && c.height > 0.9 * height && c.area < 0.3 * c.width * c.height && width > 100) {
    return c.x === 0 || c.y === 0
  }
  const edges = [c.x === 0, c.y === 0, c.x + c.width === width, c.y + c.height === height]
  const upright = (edges[0] || edges[2]) && c.height > 6 * c.width && c.height > 0.5 * height
  const level = (edges[1] || edges[3]) && c.width > 4 * c.height && c.width > 8 * stroke
  return (upright && edges.filter(Boolean).length > 1) || level
}

/** Whether a component is a straight stroke along the page that nothing but its length tells from a one or a hyphen. */
function isLine(c: Component, stroke: number, pageHeight: number): boolean {
  const along = Math.max(c.width, c.height)
  if (c.area > 1.6 * stroke * along || along < 8 * Math.min(c.width, c.height)) return false
  return c.width > c.height || c.height > 0.85 * pageHeight
}

/**
 * Labels of what is seen beside the paper: it lies along the picture's left or right side for longer than a digit is high,
 * or fills one of its corners.
 * @param corner side of a corner's square, in pixels
 */
function besidePaper(labels: Int32Array, width: number, height: number, usual: number, corner: number): Set<number> {
  const found = new Set<number>()
  for (const x0 of [0, width - corner]) {
    for (const y0 of [0, height - corner]) {
      const label = labels[y0 * width + x0]
      if (label > 0 && isFilled(labels, label, x0, y0, corner, width)) found.add(label)
    }
  }
  for (const x of [0, width - 1]) {
    for (let y = 0, run = 0; y < height; y++) {
      const i = y * width + x
      run = labels[i] === 0 ? 0 : y > 0 && labels[i] === labels[i - width] ? run + 1 : 1
      if (run > BESIDE * usual) found.add(labels[i])
    }
  }
  return found
}

function isFilled(labels: Int32Array, label: number, x0: number, y0: number, side: number, width: number): boolean {
  for (let y = y0; y < y0 + side; y++) {
    for (let x = x0; x < x0 + side; x++) if (labels[y * width + x] !== label) return false
  }
  return true
}

/** Clears components and the faint pixels beside them. */
function clear({ width, height, ink }: Ink, labels: Int32Array, gone: ReadonlySet<number>): void {
  if (gone.size === 0) return
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (labels[i] === 0 || !gone.has(labels[i])) continue
      for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) {
          const at = v * width + u
          if (labels[at] === 0 || labels[at] === labels[i]) ink[at] = 0
        }
      }
    }
  }
}

/** The components' pixels, and the faint ones at their edges that belong to them. */
function piecesOf(page: Ink, labels: Int32Array, components: readonly Component[], faint: number): Piece[] {
  const { width, height, ink } = page
  return components.map((component) => {
    const { label } = component
    const pixels: number[] = []
    const x0 = Math.max(0, component.x - 1)
    const x1 = Math.min(width - 1, component.x + component.width)
    const y1 = Math.min(height - 1, component.y + component.height)
    for (let y = Math.max(0, component.y - 1); y <= y1; y++) {
      for (let x = x0; x <= x1; x++) {
        const i = y * width + x
        if (labels[i] === label || (labels[i] === 0 && ink[i] > faint && touches(labels, label, x, y, width, height))) {
          pixels.push(i)
        }
      }
    }
    return pieceOf(Int32Array.from(pixels), width)
  })
}

function touches(labels: Int32Array, label: number, x: number, y: number, width: number, height: number): boolean {
  const i = y * width + x
  return (
    (x > 0 && labels[i - 1] === label) ||
    (x + 1 < width && labels[i + 1] === label) ||
    (y > 0 && labels[i - width] === label) ||
    (y + 1 < height && labels[i + width] === label)
  )
}
