/** The graph of a line's possible digits: which runs of pieces may be one, and how likely shape and classifier make it. */
import type { Box } from '../image/picture.ts'
import { boxAround } from '../image/pieces.ts'
import type { Line, LinePiece } from '../image/segment.ts'

/** Pieces `from` up to, not including, `to` of a line, taken for one digit. */
export interface Arc {
  readonly from: number
  readonly to: number
  readonly box: Box
  /** Height and width over the line's usual height. */
  readonly height: number
  readonly width: number
  /** The widest gap between its pieces over the line's usual height. */
  readonly gap: number
  /** Cuts at its two ends, in strokes of ink crossed; 0 where it ends by itself. */
  readonly cut: number
  /** Cuts within it that it takes back, and pieces it joins that did not touch. */
  readonly healed: number
  readonly joined: number
  /** Size of the smaller side of its greatest join of what did not touch, over the line's usual height. */
  readonly bulk: number
}

/** Pieces in one digit at most. */
const MOST_PIECES = 5
/** No digit is wider or taller than so many times the line's usual height. */
const WIDEST = 1.5
/** Nor are its pieces farther apart than this. */
const FARTHEST = 0.3

/** Every run of pieces of a line that might be a digit. */
export function arcsOf({ pieces, height }: Line, stroke: number): Arc[] {
  const arcs: Arc[] = []
  for (let from = 0; from < pieces.length; from++) {
    let gap = 0
    let healed = 0
    let joined = 0
    let bulk = 0
    for (let to = from + 1; to <= Math.min(pieces.length, from + MOST_PIECES); to++) {
      const box = boxAround(pieces.slice(from, to))
      if (to > from + 1) {
        const last = pieces[to - 1]
        if (last.cut !== null) healed++
        else {
          joined++
          const before = boxAround(pieces.slice(from, to - 1))
          gap = Math.max(gap, apart(before, last) / height)
          bulk = Math.max(bulk, Math.min(sizeOf(before), sizeOf(last)) / height)
        }
      }
      const single = to === from + 1
      if (!single && (box.width > WIDEST * height || gap > FARTHEST)) break
      if (box.height < 0.2 * height || (single && Math.max(box.width, box.height) < 2 * stroke)) continue
      const cut = (pieces[from].cut ?? 0) + (to < pieces.length ? (pieces[to].cut ?? 0) : 0)
      arcs.push({
        from,
        to,
        box,
        height: box.height / height,
        width: box.width / height,
        gap,
        cut,
        healed,
        joined,
        bulk,
      })
    }
  }
  return arcs
}

const sizeOf = (box: Box) => Math.max(box.width, box.height)

/** Pixels between two boxes, across or down; 0 where they overlap both ways. */
function apart(a: Box, b: Box): number {
  const across = Math.max(a.x, b.x) - Math.min(a.x + a.width, b.x + b.width)
  const down = Math.max(a.y, b.y) - Math.min(a.y + a.height, b.y + b.height)
  return Math.max(0, across, down)
}

/** What an arc's score is weighed from, in order, and the weights, for the logarithm of the odds; `bench/weigh.ts` fits them. */
const WEIGHTS: Record<string, number> = {
  constant: -0.28,
  unfamiliar: -0.25,
  familiar: 2.31,
  certainty: 0.25,
  low: -3.11,
  tall: -0.12,
  narrow: -1.19,
  wide: -1.45,
  gap: -1.7,
  cut: -0.75,
  healed: 0.33,
  joined: -0.18,
  bulk: -2.8,
  broad: -0.57,
  whole: 2.19,
}

/** What speaks for or against an arc, each by its name in {@link WEIGHTS}. */
export function features(arc: Arc, verdict: { probability: number; familiarity: number }): Record<string, number> {
  const familiarity = Math.min(3, Math.max(-1, verdict.familiarity))
  return {
    constant: 1,
    unfamiliar: Math.max(0, 1 - familiarity),
    familiar: Math.max(0, familiarity - 1),
    certainty: Math.max(-3, Math.log(verdict.probability)),
    low: Math.max(0, Math.log(0.75 / arc.height)),
    tall: Math.max(0, Math.log(arc.height / 1.25)),
    narrow: Math.max(0, Math.log(0.3 / arc.width)),
    wide: Math.max(0, Math.log(arc.width / 0.8)),
    gap: arc.gap,
    cut: arc.cut,
    healed: arc.healed,
    joined: arc.joined,
    bulk: Math.max(0, arc.bulk - 0.25),
    broad: Math.max(0, Math.log(arc.width / arc.height)),
    whole: arc.cut === 0 && arc.to - arc.from === 1 ? 1 : 0,
  }
}

/** The logarithm of the odds that an arc is a digit. */
export function arcScore(arc: Arc, verdict: { probability: number; familiarity: number }): number {
  return Object.entries(features(arc, verdict)).reduce((sum, [name, value]) => sum + value * WEIGHTS[name], 0)
}

/** The score of passing over a piece: easy for a speck, a dot or a hyphen, hard for what is as tall as a digit. */
export function skipScore(piece: LinePiece, { height }: Line): number {
  const share = piece.height / height
  return piece.cut !== null ? -6 : share < 0.25 ? -0.5 : -6 * Math.min(1, share)
}
