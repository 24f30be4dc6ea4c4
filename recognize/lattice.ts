/** The graph of a line's possible digits: which ink may be one, and how likely shape and classifier make it. */
import { type Cut, findCuts, inkBetween, isLeftOf, partsBetween } from '../image/cuts.ts'
import { bandAround } from '../image/lines.ts'
import type { Box } from '../image/picture.ts'
import { bowOf, boxAround, joinPieces, type Piece } from '../image/pieces.ts'
import type { Line } from '../image/segment.ts'
import { bestThrough } from './path.ts'

/** Ink that may be one digit. */
export interface Candidate {
  readonly ink: Piece
  /** Height and width over the line's usual height. */
  readonly height: number
  readonly width: number
  /**
   * How far its top lies below its piece's and its bottom above, over the line's usual height; where a piece stands out
   * from its line, as with a tail, the line's own top and bottom count.
   */
  readonly hang: number
  readonly lift: number
  /** How far it bends to one side, as {@link bowOf} measures it. */
  readonly bow: number
  /** The widest gap between its pieces over the line's usual height. */
  readonly gap: number
  /** How far its top and its bottom lie below its line's there, over the line's usual height. */
  readonly top: number
  readonly bottom: number
  /** Ink that the cut at its left end and the one at its right cross, in strokes; `null` where it ends as its piece does. */
  readonly left: number | null
  readonly right: number | null
  /** Pieces it joins that did not touch, less one. */
  readonly joined: number
}

/** Whether a candidate was cut off a piece. */
export const isPart = ({ left, right }: Candidate): boolean => left !== null || right !== null

/** A candidate between two nodes of the graph. */
export interface Arc {
  readonly from: number
  readonly to: number
  /** Its index in {@link Graph.candidates}. */
  readonly candidate: number
  /** Ink that it has in common with the one before, in squares of a stroke: digits do not only touch, they also cross. */
  readonly shared: number
}

/** Passing over a piece: it is no digit, nor part of one. */
export interface Skip {
  readonly from: number
  readonly to: number
  /** The piece as it is. */
  readonly whole: Candidate
}

/** A line's nodes are the left ends of its pieces, each followed by the piece's cuts, and at last the line's end. */
export interface Graph {
  readonly nodes: number
  /** The usual width of a stroke over the line's usual height. */
  readonly stroke: number
  readonly candidates: readonly Candidate[]
  readonly arcs: readonly Arc[]
  /** One for each piece; its `whole` is the candidate of the same index. */
  readonly skips: readonly Skip[]
}

/** Pieces in one digit at most. */
const MOST_PIECES = 4
/** No digit is wider or taller than so many times the line's usual height. */
const WIDEST = 1.5
/** Nor are its pieces farther apart than this, over the line's usual height. */
const FARTHEST = 0.3
/** No digit is lower than this share of the line's usual height. */
const LOWEST = 0.2

/** Pieces lower than this, over the line's usual height, are no digits. */
const SCRAP = 0.5

/** Pieces wider than this share of their line's height may be several digits … */
const WIDE = 0.4
/** … but not ones that are this many times as high as the line, or as wide: those are drawings. */
const TALLEST = 3
const LONGEST = 6
/** The cuts at a part's two ends cross at most so much ink, in strokes, … */
const MOST_CUT = 4
/** … and it hangs or is lifted by at most so much. */
const MOST_APART = 0.6

/**
 * Parts are looked at if by their shapes alone some way to part the piece with them scores at most so much less than the
 * piece as it is, by the piece's width in usual heights: a narrow one is hardly ever several digits, a wide one hardly ever
 * a single one.
 */
const MOST_BEHIND: readonly { readonly below: number; readonly most: number }[] = [
  { below: 1, most: 2 },
  { below: 1.15, most: 3.4 },
  { below: Number.POSITIVE_INFINITY, most: 5 },
]

/** Neighbours have at most so much ink in common, and between them lose at most so much, in squares of a stroke. */
const MOST_SHARED = 9
const MOST_LOST = 0.3

/** A candidate as it is weighed before it is known to be worth a look. */
type Shape = Omit<Candidate, 'bow' | 'top' | 'bottom'>

/** Ink taken for a digit as it is. @param height the line's usual height of a digit, in pixels */
function shapeOf(ink: Piece, height: number): Shape {
  const [high, wide] = [ink.height / height, ink.width / height]
  return { ink, height: high, width: wide, hang: 0, lift: 0, gap: 0, left: null, right: null, joined: 0 }
}

/** Where each of a line's pieces may be cut apart. */
export function cutsOf({ pieces, height }: Line, stroke: number, pageWidth: number): Cut[][] {
  return pieces.map((piece) => (mayTouch(piece, height) ? findCuts(piece, pageWidth, stroke, height) : []))
}

/**
 * Everything in a line that might be a digit; its pieces as they are are the first candidates.
 * @param cuts of each piece
 */
export function graphOf(
  { pieces, height }: Line,
  cuts: readonly (readonly Cut[])[],
  stroke: number,
  pageWidth: number,
): Graph {
  const wholes = pieces.map((piece) => shapeOf(piece, height))
  const starts = [0]
  for (const own of cuts) starts.push(starts[starts.length - 1] + 1 + own.length)
  const shapes = [...wholes]
  const arcs: Arc[] = []
  pieces.forEach((piece, k) => {
    if (wholes[k].height >= LOWEST) arcs.push({ from: starts[k], to: starts[k + 1], candidate: k, shared: 0 })
    for (const { to, candidate } of joins(pieces, k, height)) {
      arcs.push({ from: starts[k], to: starts[to], candidate: shapes.push(candidate) - 1, shared: 0 })
    }
    const band = bandOf(piece, pieces, height)
    const ways = parts(piece, cuts[k], band, height, stroke, pageWidth)
    const chosen = likely(ways, wholes[k], cuts[k].length + 2)
    for (const [part, own] of Map.groupBy(chosen, ({ candidate }) => candidate)) {
      const add = (shape: Shape, first: number | null, end: number) => {
        const candidate = shapes.push(shape) - 1
        for (const { from, shared } of own) arcs.push({ from: first ?? starts[k] + from, to: end, candidate, shared })
      }
      const [{ to }] = own
      add(part, null, starts[k] + to)
      const before = own[0].from === 0 ? withScrap(part, pieces[k - 1], height) : null
      if (before !== null) add(before, starts[k - 1], starts[k] + to)
      const after = to === cuts[k].length + 1 ? withScrap(part, pieces[k + 1], height) : null
      if (after !== null) add(after, null, starts[k + 2])
    }
  })
  const candidates = shapes.map((shape): Candidate => {
    const { ink } = shape
    const line = bandAround(pieces, ink.x + ink.width / 2, height)
    const top = (ink.y - line.top) / height
    const bottom = (ink.y + ink.height - line.bottom) / height
    return { ...shape, bow: bowOf(ink, pageWidth), top, bottom }
  })
  const skips = pieces.map((_, k): Skip => ({ from: starts[k], to: starts[k + 1], whole: candidates[k] }))
  return { nodes: starts[pieces.length] + 1, stroke: stroke / height, candidates, arcs, skips }
}

/** The rows between which a piece's digits stand: its own, but no farther than its line's. */
function bandOf(piece: Piece, pieces: readonly Piece[], height: number): { top: number; bottom: number } {
  const line = bandAround(pieces, piece.x + piece.width / 2, height)
  const bottom = piece.y + piece.height
  return {
    top: Math.max(piece.y, Math.min(line.top, bottom)),
    bottom: Math.min(bottom, Math.max(line.bottom, piece.y)),
  }
}

/** Nodes between two of a piece where the digit before may end instead, having some ink in common. */
function crossings(cuts: readonly Cut[], from: number, to: number): { node: number; shared: number }[] {
  if (from === 0) return []
  const own = cuts[from - 1]
  const found: { node: number; shared: number }[] = []
  for (let node = 1; node < to; node++) {
    if (node === from) continue
    const shared = inkBetween(own, cuts[node - 1])
    if (shared > 0 && shared <= MOST_SHARED && inkBetween(cuts[node - 1], own) <= MOST_LOST)
      found.push({ node, shared })
  }
  return found
}

/** Whether a piece may be several digits. */
function mayTouch(piece: Piece, height: number): boolean {
  return (
    piece.width > WIDE * height &&
    piece.height > height / 2 &&
    piece.height < TALLEST * height &&
    piece.width < LONGEST * height
  )
}

/** Two whole pieces and more from one on, taken together; `to` is the piece after the last. */
function joins(pieces: readonly Piece[], from: number, height: number): { to: number; candidate: Shape }[] {
  const found: { to: number; candidate: Shape }[] = []
  let box: Box = pieces[from]
  let gap = 0
  for (let to = from + 2; to <= Math.min(pieces.length, from + MOST_PIECES); to++) {
    const last = pieces[to - 1]
    gap = Math.max(gap, apart(box, last) / height)
    box = boxAround([box, last])
    if (box.width > WIDEST * height || gap > FARTHEST) break
    if (box.height < LOWEST * height) continue
    const ink = joinPieces(pieces.slice(from, to))
    found.push({ to, candidate: { ...shapeOf(ink, height), gap, joined: to - from - 1 } })
  }
  return found
}

/**
 * A part together with a piece beside it that is too low for a digit, as the bar of a five whose rest touches a neighbour;
 * `null` where there is none such near.
 */
function withScrap(part: Shape, scrap: Piece | undefined, height: number): Shape | null {
  if (scrap === undefined || scrap.height >= SCRAP * height) return null
  const gap = apart(part.ink, scrap) / height
  const ink = joinPieces([part.ink, scrap])
  if (gap > FARTHEST || ink.width > WIDEST * height) return null
  return { ...part, ink, height: ink.height / height, width: ink.width / height, gap, joined: 1 }
}

/** A part of a piece, and the nodes that it leads from and to, counted from the piece's left end. */
interface Part extends Omit<Arc, 'candidate'> {
  readonly candidate: Shape
}

/** Parts of a piece between two of its cuts or a cut and an end, from each node where the digit before may end. */
function parts(
  piece: Piece,
  cuts: readonly Cut[],
  { top, bottom }: { top: number; bottom: number },
  height: number,
  stroke: number,
  pageWidth: number,
): Part[] {
  if (cuts.length === 0) return []
  const found: Part[] = []
  const between = partsBetween(piece, pageWidth)
  for (let from = 0; from <= cuts.length; from++) {
    for (let to = from + 1; to <= cuts.length + 1; to++) {
      const left = from === 0 ? null : cuts[from - 1]
      const right = to > cuts.length ? null : cuts[to - 1]
      if ((left === null && right === null) || (left && right && !isLeftOf(left, right))) continue
      if ((left?.cost ?? 0) + (right?.cost ?? 0) > MOST_CUT) continue
      const ink = between(left, right)
      if (ink === null || ink.width > WIDEST * height || ink.height < LOWEST * height) continue
      if (Math.max(ink.width, ink.height) < 2 * stroke) continue
      const hang = Math.max(0, ink.y - top) / height
      const lift = Math.max(0, bottom - ink.y - ink.height) / height
      if (Math.max(hang, lift) > MOST_APART) continue
      const ends = { left: left?.cost ?? null, right: right?.cost ?? null }
      const candidate = { ...shapeOf(ink, height), hang, lift, ...ends }
      found.push({ from, to, candidate, shared: 0 })
      for (const { node, shared } of crossings(cuts, from, to)) found.push({ from: node, to, candidate, shared })
    }
  }
  return found
}

/** Those of a piece's parts that are worth a look: by their shapes, and by those of the others that must be there too. */
function likely(parts: readonly Part[], whole: Shape, nodes: number): Part[] {
  const scored = parts.map(({ from, to, candidate, shared }) => ({ from, to, score: shapeScore(candidate, shared) }))
  const best = bestThrough(scored, nodes)
  const { most } = MOST_BEHIND.find(({ below }) => whole.width < below)!
  const least = shapeScore(whole, 0) - most
  return parts.filter((_, k) => best[k] >= least)
}

/** Pixels between two boxes, across or down; 0 where they overlap both ways. */
function apart(a: Box, b: Box): number {
  const across = Math.max(a.x, b.x) - Math.min(a.x + a.width, b.x + b.width)
  const down = Math.max(a.y, b.y) - Math.min(a.y + a.height, b.y + b.height)
  return Math.max(0, across, down)
}

/** What the classifier says of a candidate. */
export interface Opinion {
  /** Logits over the level below which the artifact refuses: where the largest is 1 it is just accepted. */
  readonly logits: Float32Array
  /** Calibrated, given that it is a digit. */
  readonly probabilities: readonly number[]
  /** The likeliest digit's index. */
  readonly digit: number
  /** Share of its ink that does not touch the rest, 0..1. */
  readonly scraps: number
}

/** A graph, and what the classifier says of each of its candidates. */
export interface JudgedGraph extends Graph {
  readonly opinions: readonly Opinion[]
}

/** A piece is a digit beyond doubt when it is as familiar and as certain as this … */
const SETTLED_FAMILIARITY = 1.7
const SETTLED_PROBABILITY = 0.985
/** … and as high as its line's digits are, more or less, and no wider than high. */
const SETTLED_HEIGHTS = [0.6, 1.4]

/** Drops the arcs that read nothing but pieces that are digits beyond doubt, and those in other ways. */
export function settle(graph: Graph, opinions: readonly Opinion[]): JudgedGraph {
  const doubtful = graph.skips.filter(({ whole }, k) => !isSettled(whole, opinions[k]))
  const isKept = ({ from, to, candidate }: Arc) =>
    candidate < graph.skips.length || doubtful.some((piece) => piece.from < to && piece.to > from)
  return { ...graph, arcs: graph.arcs.filter(isKept), opinions }
}

/** Whether a piece is a digit beyond doubt. */
function isSettled({ height, width }: Candidate, { digit, logits, probabilities }: Opinion): boolean {
  return (
    logits[digit] >= SETTLED_FAMILIARITY &&
    probabilities[digit] >= SETTLED_PROBABILITY &&
    height >= SETTLED_HEIGHTS[0] &&
    height <= SETTLED_HEIGHTS[1] &&
    width <= height
  )
}

/** How much a shape alone speaks for one digit: weights fitted as those of recognize/scorer.ts are, but linear. */
function shapeScore({ height, width, gap, joined, hang, lift, left, right }: Shape, shared: number): number {
  return (
    -2.39 * above(Math.log(0.75 / height), 0) +
    -0.41 * above(Math.log(height / 1.25), 0) +
    -1.29 * above(Math.log(0.3 / width), 0) +
    0.24 * above(Math.log(width / 0.8), 0) +
    -1.39 * above(width, 1) +
    -0.52 * above(Math.log(width / height), 0) +
    -0.4 * gap +
    -0.34 * joined +
    -1.77 * above(hang, 0.1) +
    -1.78 * above(lift, 0.1) +
    -0.38 * ((left ?? 0) + (right ?? 0)) +
    (shared > 0 ? -0.53 : 0) +
    -0.42 * shared
  )
}

const above = (value: number, least: number) => Math.max(0, value - least)
