/**
 * Words beside a number, as `Tel` before it or a town behind. The path through a line's graph reads letters as digits, and
 * parts of them: each may pass for one, but a group of them is less like digits than the number that stands beside it.
 */
import { type Candidate, isPart, type Opinion } from './lattice.ts'
import fitted from './words.json' with { type: 'json' }

/** What the path through a line's graph makes of some ink. */
export interface Element {
  readonly candidate: Candidate
  readonly opinion: Opinion
  /** `null` where it is passed over. */
  readonly digit: number | null
  /** Share of all paths' weight that reads the same here, 0..1. */
  readonly share: number
}

/** Weights of a group's inputs, in their order, and of 1. */
const WEIGHTS: readonly number[] = fitted

/** Groups of strokes: neighbours in a line whose gaps are usual for it. */
export type Groups = readonly (readonly Element[])[]

/** Groups stand apart by more than this, in the line's usual heights, … */
const APART = 0.3
/** … and by more than so many times the line's usual gap. */
const USUAL_GAPS = 1.5
/** Fewer elements than that are no word: one letter is as a digit by itself. */
const SHORTEST = 2
/** A group that is more likely a word than this is passed over, … */
const WORD = 0.6
/** … but nothing is accepted where it is less likely than this, … */
const CERTAIN = 0.9
/** … or where another that stays is more likely a word than this. */
const DOUBTFUL = 0.4

/** Parts a line where its gaps are wide. @param elements from left to right */
export function groupsOf(elements: readonly Element[]): Groups {
  const gaps: number[] = []
  let end = Number.NEGATIVE_INFINITY
  for (const { candidate } of elements) {
    const { ink, height } = candidate
    gaps.push(((ink.x - end) * height) / ink.height)
    end = Math.max(end, ink.x + ink.width)
  }
  const usual = gaps.slice(1).sort((a, b) => a - b)[(gaps.length - 1) >> 1] ?? 0
  const groups: Element[][] = []
  for (const [k, element] of elements.entries()) {
    if (gaps[k] > Math.max(APART, USUAL_GAPS * usual)) groups.push([])
    groups[groups.length - 1].push(element)
  }
  return groups
}

const clip = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value))
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** How like digits a group is. */
interface Quality {
  /** Mean logits of the third of its elements that are least familiar, of that half, and of all. */
  readonly third: number
  readonly half: number
  readonly mean: number
  /** Share of its elements that were cut off a piece. */
  readonly parts: number
}

function qualityOf(group: readonly Element[]): Quality {
  const logits = group.map(({ opinion, digit }) => clip(opinion.logits[digit ?? opinion.digit], -1, 4))
  const sorted = [...logits].sort((a, b) => a - b)
  const leastOf = (share: number) => mean(sorted.slice(0, Math.ceil(share * sorted.length)))
  const parts = mean(group.map(({ candidate }) => (isPart(candidate) ? 1 : 0)))
  return { third: leastOf(1 / 3), half: leastOf(1 / 2), mean: mean(logits), parts }
}

/**
 * What tells which of a page's groups are words: each by itself, and beside the best of the others.
 * @param groups at least two
 * @returns the inputs of each
 */
export function wordInputs(groups: Groups): number[][] {
  const qualities = groups.map(qualityOf)
  const [best, next] = [...qualities].sort((a, b) => b.mean - b.parts - (a.mean - a.parts))
  return groups.map((group, k) => {
    const own = qualities[k]
    const other = own === best ? next : best
    const heights = group.map(({ candidate }) => Math.log(clip(candidate.height, 0.1, 3)))
    return [
      own.third,
      own.half,
      own.mean,
      own.parts,
      mean(group.map(({ digit }) => (digit === null ? 1 : 0))),
      mean(group.map(({ digit }) => (digit === 1 ? 1 : 0))),
      Math.max(...heights) - Math.min(...heights),
      mean(group.map(({ share }) => Math.log(Math.max(0.01, share)))),
      mean(group.map(({ candidate: { top, bottom } }) => Math.abs(top) + Math.abs(bottom))),
      1 / group.length,
      other.mean,
      other.third,
      other.parts,
    ]
  })
}

/** How likely each of some groups is to be a word, 0..1; one that is too short for it, or alone, is none. */
function likelihoodOf(groups: Groups): (group: readonly Element[]) => number {
  const long = groups.filter(isLong)
  const inputs = long.length < 2 ? [] : wordInputs(long)
  const likelihoods = new Map(
    inputs.map((own, g) => {
      const sum = own.reduce((sum, input, k) => sum + WEIGHTS[k] * input, WEIGHTS[own.length])
      return [long[g], 1 / (1 + Math.exp(-sum))]
    }),
  )
  return (group) => likelihoods.get(group) ?? 0
}

/** Whether a group is long enough for a word. */
export const isLong = (group: readonly Element[]): boolean => group.length >= SHORTEST

/** A page's lines without words, and whether it is plain what is one. */
export interface WithoutWords {
  readonly lines: readonly (readonly Element[])[]
  readonly isPlain: boolean
}

/**
 * Passes over words that begin or end a line; never over all there is.
 * @param lines from left to right each
 */
export function withoutWords(lines: readonly (readonly Element[])[]): WithoutWords {
  const groups = lines.map(groupsOf)
  const likelihood = likelihoodOf(groups.flat())
  const judged = groups.map((line) => {
    const likelihoods = line.map(likelihood)
    const isNumber = (group: readonly Element[], k: number) => likelihoods[k] <= WORD && group.some(isRead)
    const [first, last] = [line.findIndex(isNumber), line.findLastIndex(isNumber)]
    return line.map((group, k) => {
      const isOutside = first < 0 || k < first || k > last
      return { group, likelihood: likelihoods[k], isWord: isOutside && likelihoods[k] > WORD }
    })
  })
  const kept = judged.map((line) => line.filter(({ isWord }) => !isWord).flatMap(({ group }) => group))
  if (!kept.flat().some(isRead)) return { lines, isPlain: false }
  const isPlain = judged
    .flat()
    .every(({ isWord, likelihood }) => (isWord ? likelihood >= CERTAIN : likelihood <= DOUBTFUL))
  return { lines: kept, isPlain }
}

const isRead = ({ digit }: Element) => digit !== null
