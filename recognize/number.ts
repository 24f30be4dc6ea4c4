/**
 * Every digit of a picture, in reading order.
 *
 * The page is taken apart into pieces that are digits or parts of digits; every run of neighbouring pieces that might be
 * a digit is an arc of a graph, the classifier says how much each is like one, all in one batch, and what most paths through
 * the graph say, by their weight, is the reading (after LeCun, Bottou, Bengio and Haffner, Gradient-Based Learning Applied to
 * Document Recognition, 1998, section IV).
 */
import { labelComponents } from '../image/components.ts'
import type { Cut } from '../image/cuts.ts'
import type { Ink } from '../image/ink.ts'
import { SIDE } from '../image/normalize.ts'
import type { Box, Picture } from '../image/picture.ts'
import { likeness } from '../image/pieces.ts'
import type { Line } from '../image/segment.ts'
import { boxInPicture, findWriting, type Writing } from '../image/writing.ts'
import type { Calibration } from '../model/artifact.ts'
import { type Classifier, softmax } from '../model/classifier.ts'
import type { Reason } from './digit.ts'
import { type Candidate, cutsOf, graphOf, isPart, type JudgedGraph, type Opinion, settle } from './lattice.ts'
import { bestPath } from './path.ts'
import { createScorer, digitsOf } from './scorer.ts'
import { type DigitEvidence, type Evidence, verdictOn } from './trust.ts'
import { viewsOf } from './views.ts'
import { type Element, withoutWords } from './words.ts'

/** One digit of a number. */
export interface DigitRead {
  digit: number
  /** The probability that a digit is there and that it is this one, 0..1. */
  confidence: number
  accepted: boolean
  /** In pixels of the picture as it was sent. */
  box: Box
}

export interface LineRead {
  text: string
  digits: DigitRead[]
}

/** What a picture says. */
export interface Reading {
  /** The lines, joined by newlines; empty when there is no digit. */
  text: string
  /** The least of the digits' confidences; 0 when there is none. */
  confidence: number
  /**
   * Whether there are digits and each of them was accepted. Where all together are nothing like a number none is named, and
   * where they may as well be something else, such as bars or a word, none is accepted.
   */
  accepted: boolean
  reason?: Reason
  /** Of the picture as it was sent, in pixels. */
  width: number
  height: number
  lines: LineRead[]
}

/** Why a picture is not read. */
export interface ReadError {
  kind: 'too-many-digits'
  limit: number
  message: string
}

export type ReadResult = { ok: true; value: Reading } | { ok: false; error: ReadError }

/** Digits in one picture: several telephone numbers, and little enough for one request. */
export const MAX_DIGITS = 64
/** Of more digits than that so many must be accepted, or the page holds something else, such as letters. */
const MOSTLY = 0.8
/** A digit that is this little certain is not accepted. */
const LEAST_CONFIDENCE = 0.75
/** Nor is one less familiar than this share of what is asked of a digit alone: its neighbours speak for it. */
const LEAST_FAMILIAR = 0.6
/** Ink is read at the same place when its boxes' intersection is this share of their union. */
const SAME_PLACE = 0.6
/** Pieces beyond which a page is not handwriting of at most {@link MAX_DIGITS} digits. */
const MOST_PIECES = 400
/** Digits stand beside each other: pieces whose boxes cover the page so many times over are strokes of a hatching. */
const MOST_COVERED = 3
/** Pieces beyond which none is cut apart: there are digits, or other things, enough. */
const MOST_CUT = 2 * MAX_DIGITS
/** Cuts beyond which none is made either: a drawing's hundred thousand parts would fill the memory. */
const MOST_CUTS = 10 * MAX_DIGITS

/**
 * Reads every digit of a picture. The classifier is asked once, about all pieces of ink as they are and about all other
 * ways to read them that their shapes leave open.
 */
export function readNumber(classifier: Classifier, calibration: Calibration, picture: Picture): ReadResult {
  const writing = findWriting(picture)
  if (writing === null) return read(picture, [], 'blank')
  const { page, lines } = writing
  const pieces = lines.flatMap((line) => line.pieces)
  const covered = pieces.reduce((sum, piece) => sum + piece.width * piece.height, 0)
  const isDrawing = pieces.length > MOST_PIECES || covered > MOST_COVERED * page.width * page.height
  if (isDrawing) return read(picture, [], 'unfamiliar')
  const everything = elementsOf(classifier, calibration, writing)
  // Where nothing is refused there is no measure of what a digit is.
  const isMeasured = calibration.rejection !== undefined
  const { lines: kept, isPlain } = isMeasured ? withoutWords(everything) : { lines: everything, isPlain: true }
  const readings = kept.map((elements) => readLine(elements, calibration, writing, picture))
  const verdict = isMeasured ? verdictOn(evidenceOf(readings, page)) : 'number'
  if (verdict === 'none') return read(picture, [], 'unfamiliar')
  const found = readings
    .map(({ line }) => (verdict === 'number' ? line : refused(line)))
    .filter(({ digits }) => digits.length > 0)
  const digits = found.flatMap((line) => line.digits)
  if (digits.length <= MAX_DIGITS) return read(picture, isPlain ? found : found.map(refused), 'unfamiliar')
  // A page of letters holds no number, however many of them look like digits.
  const accepted = digits.filter((digit) => digit.accepted).length
  return accepted > MOSTLY * digits.length ? tooMany(digits.length) : read(picture, [], 'unfamiliar')
}

/** A line and what speaks for it. */
interface ReadLine extends Omit<Evidence, 'page'> {
  readonly line: LineRead
}

const evidenceOf = (lines: readonly ReadLine[], page: Ink): Evidence => ({
  page,
  digits: lines.flatMap(({ digits }) => digits),
  read: lines.reduce((sum, { read }) => sum + read, 0),
  passed: lines.reduce((sum, { passed }) => sum + passed, 0),
})

const refused = ({ text, digits }: LineRead): LineRead => ({
  text,
  digits: digits.map((digit) => ({ ...digit, accepted: false })),
})

/** The graphs of a page's lines, judged. */
export function judgedGraphs(
  classifier: Classifier,
  calibration: Calibration,
  { page, lines, stroke }: Writing,
): JudgedGraph[] {
  const uncut = lines.map((line) => line.pieces.map((): Cut[] => []))
  const found = uncut.flat().length <= MOST_CUT ? lines.map((line) => cutsOf(line, stroke, page.width)) : uncut
  const cuts = found.flat(2).length <= MOST_CUTS ? found : uncut
  const graphs = lines.map((line, k) => graphOf(line, cuts[k], stroke, page.width))
  const candidates = graphs.map((graph) => graph.candidates)
  const opinions = judge(classifier, calibration, page, lines, candidates)
  return graphs.map((graph, k) => settle(graph, opinions[k]))
}

/** Runs the candidates of all lines through the classifier at once; of a candidate's views the mean logits count. */
function judge(
  classifier: Classifier,
  calibration: Calibration,
  page: Ink,
  lines: readonly Line[],
  candidates: readonly (readonly Candidate[])[],
): Opinion[][] {
  const inputs = candidates.map((line, k) => line.map((one) => viewsOf(one, lines[k], page)))
  const views = inputs.flat(2)
  if (views.length === 0) return inputs.map(() => [])
  const images = new Uint8Array(views.length * SIDE * SIDE)
  for (const [k, view] of views.entries()) images.set(view, k * SIDE * SIDE)
  const { classes } = classifier
  const logits = classifier.logits(images, views.length)
  let row = 0
  return inputs.map((line, k) =>
    line.map((own, c) => {
      const mean = new Float32Array(classes)
      for (let view = 0; view < own.length; view++, row++) {
        for (let i = 0; i < classes; i++) mean[i] += logits[row * classes + i] / own.length
      }
      return opinionOf(mean, calibration, isPart(candidates[k][c]) ? scrapsOf(own[0]) : 0)
    }),
  )
}

/** Share of the ink outside its largest connected part, 0..1. */
function scrapsOf(view: Uint8Array): number {
  const mask = new Uint8Array(view.length)
  for (let i = 0; i < mask.length; i++) if (view[i] > 64) mask[i] = 1
  const { components } = labelComponents(mask, SIDE, SIDE)
  let all = 0
  let most = 0
  for (const { area } of components) {
    all += area
    most = Math.max(most, area)
  }
  return all === 0 ? 0 : 1 - most / all
}

function opinionOf(logits: Float32Array, { temperature, rejection }: Calibration, scraps: number): Opinion {
  let digit = 0
  for (let i = 1; i < logits.length; i++) if (logits[i] > logits[digit]) digit = i
  const level = rejection && rejection.threshold > 0 ? rejection.threshold : 1
  const probabilities = softmax(logits, temperature)
  return { digit, probabilities, logits: logits.map((logit) => logit / level), scraps }
}

/** What the best paths through a page's lines make of them. */
export const elementsOf = (classifier: Classifier, calibration: Calibration, writing: Writing): Element[][] =>
  judgedGraphs(classifier, calibration, writing).map(pathThrough)

/** What the best path through a line's graph makes of its ink, from left to right. */
function pathThrough(graph: JudgedGraph): Element[] {
  const { nodes, candidates, arcs, skips, opinions } = graph
  const score = createScorer(graph)
  const possible = [
    ...arcs.flatMap(({ from, to, candidate: k, shared }) =>
      digitsOf(opinions[k]).map((digit) => {
        const weight = score(k, { digit, shared, isSkip: false })
        return { from, to, score: weight, says: String(digit), candidate: k, digit }
      }),
    ),
    ...skips.map(({ from, to }, k) => {
      const weight = score(k, { digit: opinions[k].digit, shared: 0, isSkip: true })
      return { from, to, score: weight, says: '', candidate: k, digit: null }
    }),
  ]
  const { path, shares } = bestPath(possible, nodes)
  return path.map(({ candidate: k, digit }) => {
    // Cuts a little apart leave the same digit: all that read it here speak for it.
    let share = 0
    for (const other of possible) {
      if (other.digit !== digit) continue
      if (likeness(candidates[other.candidate].ink, candidates[k].ink) >= SAME_PLACE) share += shares.get(other)!
    }
    return { candidate: candidates[k], opinion: opinions[k], digit, share: Math.min(1, share) }
  })
}

/** A line's digits and what speaks for them. */
function readLine(
  elements: readonly Element[],
  calibration: Calibration,
  writing: Writing,
  picture: Picture,
): ReadLine {
  const digits: DigitRead[] = []
  const evidence: DigitEvidence[] = []
  let [inked, passed] = [0, 0]
  for (const { candidate, opinion, digit, share } of elements) {
    const { ink } = candidate
    if (digit === null) {
      passed += ink.pixels.length
      continue
    }
    inked += ink.pixels.length
    // The share says how sure it is among the digits that it may be, these how sure it is one of them.
    const known = digitsOf(opinion).reduce((sum, one) => sum + opinion.probabilities[one], 0)
    const confidence = Math.round(known * share * 1e6) / 1e6
    const familiarity = opinion.logits[digit]
    const familiar = calibration.rejection === undefined || familiarity >= LEAST_FAMILIAR
    const accepted = familiar && confidence >= LEAST_CONFIDENCE
    digits.push({ digit, confidence, accepted, box: boxInPicture(ink, writing, picture) })
    evidence.push({ digit, familiarity, isPart: isPart(candidate), ink })
  }
  const line = { text: digits.map(({ digit }) => digit).join(''), digits }
  return { line, digits: evidence, read: inked, passed }
}

function read({ source }: Picture, lines: LineRead[], otherwise: Reason): ReadResult {
  const digits = lines.flatMap((line) => line.digits)
  const accepted = digits.length > 0 && digits.every((digit) => digit.accepted)
  const reading = {
    text: lines.map((line) => line.text).join('\n'),
    confidence: digits.length > 0 ? Math.min(...digits.map((digit) => digit.confidence)) : 0,
    accepted,
    ...(accepted ? {} : { reason: otherwise }),
    width: source.width,
    height: source.height,
    lines,
  }
  return { ok: true, value: reading }
}

function tooMany(digits: number): ReadResult {
  const message = `The picture holds ${digits} digits; at most ${MAX_DIGITS} are read at once. Send it in parts.`
  return { ok: false, error: { kind: 'too-many-digits', limit: MAX_DIGITS, message } }
}
