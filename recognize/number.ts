/**
 * Every digit of a picture, in reading order.
 *
 * The page is taken apart into pieces that are digits or parts of digits; every run of neighbouring pieces that might be
 * a digit is an arc of a graph, the classifier says how much each is like one, all in a single batch, and the best path
 * through the graph is the reading (LeCun, Bottou, Bengio and Haffner, Gradient-Based Learning Applied to Document
 * Recognition, 1998, section IV).
 */
import type { Ink } from '../image/ink.ts'
import { normalize, SIDE } from '../image/normalize.ts'
import { inkOfPage } from '../image/page.ts'
import type { Box, Picture } from '../image/picture.ts'
import { joinPieces, patchOf } from '../image/pieces.ts'
import { type Line, segment } from '../image/segment.ts'
import { lean } from '../image/slant.ts'
import type { Calibration } from '../model/artifact.ts'
import { type Classifier, softmax } from '../model/classifier.ts'
import type { Reason } from './digit.ts'
import { type Arc, arcScore, arcsOf, skipScore } from './lattice.ts'
import { bestPath } from './path.ts'

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
  /** Whether there are digits and each of them was accepted. */
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
/** Digits need no more pixels than a page of this many along its longer side gives them. */
export const WORKING_SIDE = 1280
/** A digit that is this little certain is not accepted. */
const LEAST_CONFIDENCE = 0.5
/** A digit so many times as high as its line's is tall, and is widened at most so many times. */
const TALL = 1.2
const MOST_WIDENED = 1.8
/** Pieces beyond which a page is not handwriting of at most {@link MAX_DIGITS} digits. */
const MOST_PIECES = 400

/** Reads every digit of a picture. All candidates go through the classifier in one batch. */
export function readNumber(classifier: Classifier, calibration: Calibration, picture: Picture): ReadResult {
  const page = inkOfPage(picture, WORKING_SIDE)
  if (page === null) return read(picture, [], 'blank')
  const { lines, stroke } = segment(page)
  if (lines.length === 0) return read(picture, [], 'blank')
  if (lines.reduce((sum, line) => sum + line.pieces.length, 0) > MOST_PIECES) return read(picture, [], 'unfamiliar')
  const arcs = lines.map((line) => arcsOf(line, stroke))
  const verdicts = judgeArcs(classifier, calibration, page, lines, arcs)
  const readings = lines.map((line, k) => readLine(line, arcs[k], verdicts[k], calibration, page, picture))
  const found = readings.filter((line) => line.digits.length > 0)
  const digits = found.reduce((sum, line) => sum + line.digits.length, 0)
  return digits > MAX_DIGITS ? tooMany(digits) : read(picture, found, 'unfamiliar')
}

/** What the classifier says of an arc. */
export interface Verdict {
  digit: number
  /** Calibrated probability of `digit`, given that it is one. */
  probability: number
  /** Largest logit over the level below which an artifact refuses; 1 is just accepted. */
  familiarity: number
}

/**
 * Runs all arcs of all lines through the classifier at once. What stands out from its line is shown twice: as it is, and
 * widened, because tails of sevens and nines are drawn as long as the paper is free and the rest shrinks beside them.
 */
export function judgeArcs(
  classifier: Classifier,
  calibration: Calibration,
  page: Ink,
  lines: readonly Line[],
  arcs: readonly (readonly Arc[])[],
): Verdict[][] {
  const inputs = lines.map((line, k) =>
    arcs[k].map((arc) => {
      const patch = patchOf(joinPieces(line.pieces.slice(arc.from, arc.to)), page)
      if (arc.height < TALL) return [normalize(patch)]
      return [normalize(patch), normalize(lean(patch, 0, Math.min(MOST_WIDENED, arc.height)))]
    }),
  )
  const views = inputs.flat(2)
  const images = new Float32Array(views.length * SIDE * SIDE)
  views.forEach((view, k) => {
    for (let i = 0; i < view.length; i++) images[k * SIDE * SIDE + i] = view[i] / 255
  })
  const { classes } = classifier
  const logits = classifier.logits(images, views.length)
  let row = 0
  return inputs.map((line) =>
    line.map((own) => {
      const mean = new Float32Array(classes)
      for (let view = 0; view < own.length; view++, row++) {
        for (let i = 0; i < classes; i++) mean[i] += logits[row * classes + i] / own.length
      }
      return verdictOf(mean, calibration)
    }),
  )
}

function verdictOf(logits: Float32Array, { temperature, rejection }: Calibration): Verdict {
  const probabilities = softmax(logits, temperature)
  let digit = 0
  for (let i = 1; i < logits.length; i++) if (logits[i] > logits[digit]) digit = i
  const level = rejection && rejection.threshold > 0 ? rejection.threshold : 1
  return { digit, probability: probabilities[digit], familiarity: logits[digit] / level }
}

/** The best path through a line's graph. */
function readLine(
  line: Line,
  arcs: readonly Arc[],
  verdicts: readonly Verdict[],
  calibration: Calibration,
  page: Ink,
  picture: Picture,
): LineRead {
  const scored = arcs.map((arc, k) => ({ ...arc, score: arcScore(arc, verdicts[k]), verdict: verdicts[k] }))
  const skips = line.pieces.map((piece) => skipScore(piece, line))
  const digits = bestPath(scored, skips).map(({ arc, share }): DigitRead => {
    const { digit, probability, familiarity } = arc.verdict
    const confidence = Math.round(probability * share * 1e6) / 1e6
    const familiar = calibration.rejection === undefined || familiarity >= 1
    return {
      digit,
      confidence,
      accepted: familiar && confidence >= LEAST_CONFIDENCE,
      box: boxInPicture(arc.box, page, picture),
    }
  })
  return { text: digits.map(({ digit }) => digit).join(''), digits }
}

/** A box of the page's ink in the sent picture's pixels. */
function boxInPicture(box: Box, page: Ink, { source }: Picture): Box {
  const x = Math.min(source.width - 1, Math.floor(box.x * page.scale))
  const y = Math.min(source.height - 1, Math.floor(box.y * page.scale))
  const right = Math.min(source.width, Math.ceil((box.x + box.width) * page.scale))
  const bottom = Math.min(source.height, Math.ceil((box.y + box.height) * page.scale))
  return { x, y, width: Math.max(1, right - x), height: Math.max(1, bottom - y) }
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
