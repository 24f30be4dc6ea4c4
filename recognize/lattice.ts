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
  /** Ink that the cuts at its two ends cross, in strokes; `null` where it is all of its pieces. */
  readonly cut: number | null
  /** Pieces it joins that did not touch, less one. */
  readonly joined: number
}

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
const MOST_SHARED = 3
const MOST_LOST = 0.3

/** A candidate as it is weighed before it is known to be worth a look. */
type Shape = Omit<Candidate, 'bow'>

/** Ink taken for a digit as it is. @param height the line's usual height of a digit, in pixels */
function shapeOf(ink: Piece, height: number): Shape {
  return { ink, height: ink.height / height, width: ink.width / height, hang: 0, lift: 0, gap: 0, cut: null, joined: 0 }
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
    for (const { from, to, candidate, shared } of likely(ways, wholes[k], cuts[k].length + 2)) {
      // All arcs of one part stand together.
      if (shapes[shapes.length - 1] !== candidate) shapes.push(candidate)
      arcs.push({ from: starts[k] + from, to: starts[k] + to, candidate: shapes.length - 1, shared })
    }
  })
  const candidates = shapes.map((shape): Candidate => ({ ...shape, bow: bowOf(shape.ink, pageWidth) }))
  const skips = pieces.map((_, k): Skip => ({ from: starts[k], to: starts[k + 1], whole: candidates[k] }))
  return { nodes: starts[pieces.length] + 1, candidates, arcs, skips }
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
      const cut = (left?.cost ?? 0) + (right?.cost ?? 0)
      if (cut > MOST_CUT) continue
      const ink = between(left, right)
      if (ink === null || ink.width > WIDEST * height || ink.height < LOWEST * height) continue
      if (Math.max(ink.width, ink.height) < 2 * stroke) continue
      const hang = Math.max(0, ink.y - top) / height
      const lift = Math.max(0, bottom - ink.y - ink.height) / height
      if (Math.max(hang, lift) > MOST_APART) continue
      const candidate = { ...shapeOf(ink, height), hang, lift, cut }
      found.push({ from, to, candidate, shared: 0 })
      for (const { node, shared } of crossings(cuts, from, to)) found.push({ from: node, to, candidate, shared })
    }
  }
  return found
}

/** Those of a piece's parts that are worth a look: by their shapes, and by those of the others that must be there too. */
function likely(parts: readonly Part[], whole: Shape, nodes: number): Part[] {
  const scored = parts.map(({ from, to, candidate, shared }) => {
    return { from, to, score: scoreOf(shapeFeatures(candidate, shared)) }
  })
  const best = bestThrough(scored, nodes)
  const { most } = MOST_BEHIND.find(({ below }) => whole.width < below)!
  const least = scoreOf(shapeFeatures(whole, 0)) - most
  return parts.filter((_, k) => best[k] >= least)
}

/** Pixels between two boxes, across or down; 0 where they overlap both ways. */
function apart(a: Box, b: Box): number {
  const across = Math.max(a.x, b.x) - Math.min(a.x + a.width, b.x + b.width)
  const down = Math.max(a.y, b.y) - Math.min(a.y + a.height, b.y + b.height)
  return Math.max(0, across, down)
}

/** What the classifier says of an arc's ink. */
export interface Opinion {
  /** Calibrated probability of the likeliest digit, given that it is one. */
  readonly probability: number
  /** Largest logit over the level below which the artifact refuses; 1 is just accepted. */
  readonly familiarity: number
  /** The likeliest digit's index. */
  readonly digit: number
  /** Share of its ink that does not touch the rest, 0..1. */
  readonly scraps: number
}

/** A piece is a digit beyond doubt when it is as familiar and as certain as this … */
const SETTLED_FAMILIARITY = 1.7
const SETTLED_PROBABILITY = 0.985
/** … and as high as its line's digits are, more or less, and no wider than high. */
const SETTLED_HEIGHTS = [0.6, 1.4]

/** Drops the arcs that read nothing but pieces that are digits beyond doubt, and those in other ways. */
export function settle(graph: Graph, opinions: readonly Opinion[]): Graph {
  const doubtful = graph.skips.filter(({ whole }, k) => !isSettled(whole, opinions[k]))
  const isKept = ({ from, to, candidate }: Arc) =>
    candidate < graph.skips.length || doubtful.some((piece) => piece.from < to && piece.to > from)
  return { ...graph, arcs: graph.arcs.filter(isKept) }
}

/** Whether a piece is a digit beyond doubt. */
function isSettled({ height, width }: Candidate, { familiarity, probability }: Opinion): boolean {
  return (
    familiarity >= SETTLED_FAMILIARITY &&
    probability >= SETTLED_PROBABILITY &&
    height >= SETTLED_HEIGHTS[0] &&
    height <= SETTLED_HEIGHTS[1] &&
    width <= height
  )
}

/**
 * What an arc's score is weighed from, and the weights: of all paths through a graph, each as likely as e to its summed
 * score, the right one shall be likely. `bench/weigh.ts` fits them.
 */
const WEIGHTS: Record<string, number> = {
  is0: 1.24,
  is1: 0.73,
  is2: 0.32,
  is3: 0.4,
  is4: 1,
  is5: 0.9,
  is6: 0.61,
  is7: 0.56,
  is8: 0.61,
  is9: 0.97,
  familiar0: 0.73,
  familiar1: 0.67,
  familiar2: 1.09,
  familiar3: 0.29,
  familiar4: 0.94,
  familiar5: 0.66,
  familiar6: 0.99,
  familiar7: 0.97,
  familiar8: 1.03,
  familiar9: 0.94,
  parted0: 0.47,
  parted1: -0.05,
  parted2: -0.93,
  parted3: -0.57,
  parted4: 0.1,
  parted5: -0.42,
  parted6: -0.1,
  parted7: -0.93,
  parted8: -0.68,
  parted9: 0.48,
  strange: -0.77,
  stranger: -0.61,
  well: 0.81,
  better: 0.64,
  best: 0.51,
  certainty: 0.74,
  low: -2.39,
  lowNought: -0.55,
  lowOne: -1.86,
  lowFamiliar: -1.65,
  tall: -0.41,
  narrow: -1.29,
  wide: 0.24,
  wideStrange: -1.43,
  wider: -1.39,
  broad: -0.52,
  bowed: -1.99,
  bowedTall: -0.87,
  tallOne: -1,
  gap: -0.4,
  joined: -0.34,
  partedFamiliar: -0.93,
  hang: -1.77,
  lift: -1.78,
  scraps: -0.16,
  scrappy: -0.23,
  cut: -0.38,
  crossing: -0.53,
  shared: -0.42,
  skip: -1.47,
  skipHigh: -1.43,
  skipHigher: -1.34,
  skipBent: 3.07,
}

const above = (value: number, least: number) => Math.max(0, value - least)

/** A one's bow is at most this; more than the second says no more against it. */
const STRAIGHT = 0.03
const BENT = 0.2
/** Parentheses are narrower than this share of their height. */
const SLENDER = 0.45

/** More familiar than this says no more, and no less for less than −1. */
const MOST_FAMILIAR = 5

/** What a candidate's shape says for or against it, each by its name in {@link WEIGHTS}. */
function shapeFeatures(candidate: Shape, shared: number) {
  return {
    low: above(Math.log(0.75 / candidate.height), 0),
    tall: above(Math.log(candidate.height / 1.25), 0),
    narrow: above(Math.log(0.3 / candidate.width), 0),
    wide: above(Math.log(candidate.width / 0.8), 0),
    wider: above(candidate.width, 1),
    broad: above(Math.log(candidate.width / candidate.height), 0),
    gap: candidate.gap,
    joined: candidate.joined,
    hang: above(candidate.hang, 0.1),
    lift: above(candidate.lift, 0.1),
    cut: candidate.cut ?? 0,
    crossing: shared > 0 ? 1 : 0,
    shared,
  }
}

/** All that speaks for or against a candidate. */
export function arcFeatures(
  candidate: Candidate,
  shared: number,
  { probability, familiarity, digit, scraps }: Opinion,
): Record<string, number> {
  const shape = shapeFeatures(candidate, shared)
  const parted = candidate.cut === null ? 0 : 1
  const one = digit === 1 ? 1 : 0
  const bend = bendOf(candidate)
  const known = Math.min(MOST_FAMILIAR, Math.max(-1, familiarity))
  const familiar = above(known, 1)
  return {
    ...shape,
    // The classifier's logits, and pens, are not the same for all digits.
    [`is${digit}`]: 1,
    [`familiar${digit}`]: familiar,
    [`parted${digit}`]: parted,
    strange: above(1, known),
    stranger: above(0.6, known),
    well: above(known, 1.5),
    better: above(known, 2.2),
    best: above(known, 3),
    certainty: Math.max(-3, Math.log(probability)),
    lowNought: digit === 0 ? shape.low : 0,
    lowOne: one * shape.low,
    lowFamiliar: parted * shape.low * familiar,
    wideStrange: above(candidate.width, 0.8) * above(2.5, known),
    bowed: one * bend,
    bowedTall: one * bend * above(candidate.height, 1),
    tallOne: one * above(Math.log(candidate.height), 0),
    partedFamiliar: parted * familiar,
    scraps: parted * scraps,
    scrappy: parted && scraps > 0.03 ? 1 : 0,
  }
}

/**
 * What speaks for or against passing over a piece. A parenthesis is slender and bent, and the classifier takes it for a one
 * or for nothing that it knows; what it takes for another digit, such as a slender three, is none.
 */
export function skipFeatures({ whole }: Skip, { digit, familiarity }: Opinion): Record<string, number> {
  const share = Math.min(1.5, Math.max(whole.height, whole.width / 2))
  const isStroke = whole.width < SLENDER * whole.height && (digit === 1 || familiarity < 1)
  return { skip: 1, skipHigh: share, skipHigher: above(share, 0.4), skipBent: isStroke ? bendOf(whole) : 0 }
}

/** How much more a candidate bends than a one does, in steps of 0.05. */
const bendOf = ({ bow }: Candidate) => 20 * above(Math.min(BENT, bow), STRAIGHT)

/** The summed score of some features. */
export function scoreOf(features: Record<string, number>): number {
  let sum = 0
  for (const name in features) sum += features[name] * (WEIGHTS[name] ?? 0)
  return sum
}
