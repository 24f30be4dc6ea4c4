import { type Component, labelComponents } from './components.ts'
import { encloses } from './enclosure.ts'
import type { DigitInk } from './ink.ts'
import { otsuThreshold } from './otsu.ts'
import { outlineOf } from './outline.ts'
import { type Box, isWithin } from './picture.ts'
import { eraseRules } from './rules.ts'

/** Connected ink. */
export interface Mark extends Component {
  /** Sum of its ink. */
  readonly mass: number
  /** Part of its ink that lies in the zone along the picture's edge, 0..1. */
  readonly atEdge: number
  /** Whether it has an outline of its own, as a stroke has, rather than being a piece of a shadow. */
  readonly isOutlined: boolean
}

/** All marks of a picture. */
export interface Marks {
  /** Per pixel the label of its component, 0 where there is no ink. */
  readonly labels: Int32Array
  /** The greatest label. */
  readonly count: number
  /** Those strong enough to be marks. */
  readonly marks: readonly Mark[]
  /** Ink from here on is strong: Otsu's threshold. Each mark has some. */
  readonly strong: number
  /** Whether full ink is hardly stronger than the paper's own grain, or than what compression makes of it. */
  readonly isFaint: boolean
  /** Whether ruled lines were taken away. */
  readonly isRuled: boolean
}

/** A mark reaches from its strongest ink down to this part of Otsu's threshold (hysteresis, as in Canny, 1986). */
const LOW = 0.4
/** … but not into the noise: so many standard deviations. */
const LOW_DEVIATIONS = 3.5
/** Width of the zone along the edge, as part of the shorter side. */
const EDGE_ZONE = 0.12
/** A mark whose ink lies to this part in the zone belongs to the edge: a frame, the paper's rim, a thumb. */
const EDGE_SHARE = 0.85
/** A mark along this part of a side is too long for one stroke of a digit that lies elsewhere. */
const LONG = 0.7
/** Marks smaller than this along both sides are specks: as part of the picture's shorter side, and in pixels. */
const SPECK = 0.02
const SPECK_PIXELS = 4
/** A mark within this part of both sides of the picture runs across it. */
const ACROSS = 0.07
/** A line is fine when its width is less than this part of its length. */
const FINE = 0.05
/** What ends within this part of the shorter side of the picture's edge runs out of it. */
const TOUCH = 0.01
/** Ink is clear of the paper's own grain when it is so many standard deviations of it strong, and so many grey levels … */
const CLEAR_OF_GRAIN = 16
const CLEAR_LEVELS = 20
/** … and where it is not, more marks than this are the paper's texture: it has them everywhere, and a pen does not. */
const MAX_MARKS = 30
/** Smaller pictures have no ruled lines but strokes that look like them. */
const MIN_RULED = 96
/** Strokes of one digit are apart by no more than this part of what is gathered of it … */
const REACH = 0.3
/** … where the heaviest has less than this share of all, the pen failed, and this part of the picture's shorter side will do. */
const BROKEN_SHARE = 0.4
const BROKEN_REACH = 0.08
/** … and have at least this part of its ink. */
const LEAST_MASS = 0.02

/** Finds connected ink; where some runs from side to side, without the lines that were on the paper before. */
export function findMarks(field: DigitInk): Marks {
  const { width, height, ink, noise } = field
  const threshold = otsuThreshold(ink)
  const low = Math.min(0.9 * threshold, Math.max(LOW * threshold, LOW_DEVIATIONS * noise))
  const mask = new Uint8Array(ink.length)
  for (let i = 0; i < ink.length; i++) if (ink[i] > low) mask[i] = 1
  const all = measureMarks(field, mask, threshold)
  if (Math.min(width, height) < MIN_RULED || !all.marks.some((mark) => isAcross(mark, width, height))) return all
  const erased = eraseRules(mask, width, height)
  if (erased.found === 0) return all
  const rest = { ...measureMarks(field, erased.mask, threshold), isRuled: true }
  const main = heaviest(
    rest.marks.filter((mark) => mark.atEdge < EDGE_SHARE && mark.isOutlined && !isSpeck(mark, width, height)),
  )
  // One line with nothing else may be a one; several are paper.
  if (main === null) return erased.found === 1 ? all : rest
  // A rule runs on past the digit on both sides; what ends where the digit does is a stroke of it.
  return isAcross(main, width, height) ? all : rest
}

/** Whether a mark runs from one side of the picture to the other. */
function isAcross(mark: Component, width: number, height: number): boolean {
  const marginX = ACROSS * width
  const marginY = ACROSS * height
  return (
    (mark.x <= marginX && mark.x + mark.width >= width - marginX) ||
    (mark.y <= marginY && mark.y + mark.height >= height - marginY)
  )
}

function measureMarks(field: DigitInk, mask: Uint8Array, threshold: number): Marks {
  const { width, height, ink, noise, contrast } = field
  const { labels, components } = labelComponents(mask, width, height)
  const isOutlined = outlineOf(field, labels, components.length)
  const mass = new Float64Array(components.length + 1)
  const edge = new Float64Array(components.length + 1)
  const peak = new Float32Array(components.length + 1)
  const zone = Math.ceil(Math.min(width, height) * EDGE_ZONE)
  for (let y = 0, i = 0; y < height; y++) {
    const edgeRow = y < zone || y >= height - zone
    for (let x = 0; x < width; x++, i++) {
      const label = labels[i]
      if (label === 0) continue
      mass[label] += ink[i]
      if (edgeRow || x < zone || x >= width - zone) edge[label] += ink[i]
      if (ink[i] > peak[label]) peak[label] = ink[i]
    }
  }
  const marks = components
    .filter(({ label }) => peak[label] >= threshold)
    .map((c) => ({
      ...c,
      mass: mass[c.label],
      atEdge: edge[c.label] / mass[c.label],
      isOutlined: isOutlined[c.label] === 1,
    }))
  const isFaint = noise * CLEAR_OF_GRAIN > 1 || contrast < CLEAR_LEVELS
  return { labels, count: components.length, strong: threshold, marks, isFaint, isRuled: false }
}

function isSpeck(mark: Component, width: number, height: number): boolean {
  return Math.max(mark.width, mark.height) < Math.max(SPECK_PIXELS, SPECK * Math.min(width, height))
}

/**
 * The marks that make the digit: the heaviest that is no part of the edge, and what lies near it; what it encloses, when
 * it is a line drawn around a digit. Empty when there is none.
 */
export function chooseDigit(field: Marks, width: number, height: number): readonly Mark[] {
  if (isTexture(field)) return []
  const { marks, labels } = field
  const strokes = marks.filter((mark) => mark.isOutlined && !isCrease(mark, labels, width, height))
  const sizeable = strokes.filter((mark) => !isSpeck(mark, width, height))
  const inside = sizeable.filter((mark) => mark.atEdge < EDGE_SHARE)
  // A digit may lie along the edge, but neither a bar from one side to the other nor what is left there of a rule.
  const atEdge = field.isRuled ? [] : sizeable.filter((mark) => !isAcross(mark, width, height))
  const main = heaviest(inside.length > 0 ? inside : atEdge)
  if (main === null) return []
  const enclosed = heaviest(inside.filter((mark) => encloses(main, mark, labels, width)))
  const digit = enclosed ?? main
  const enclosure = enclosed ? main : inside.find((mark) => encloses(mark, main, labels, width))
  const others = strokes.filter((mark) => {
    if (mark === digit || isEdge(mark, digit, width, height)) return false
    return enclosure === undefined || (mark !== enclosure && isWithin(mark, enclosure))
  })
  const mass = others.reduce((sum, mark) => sum + mark.mass, digit.mass)
  return gather(digit, others, digit.mass < BROKEN_SHARE * mass ? BROKEN_REACH * Math.min(width, height) : 0)
}

/**
 * Whether a mark is a fine straight line that runs out of the picture at both ends: a fold, a wire, a rule. A one that
 * fills its picture runs from corner to corner instead.
 */
function isCrease(mark: Mark, labels: Int32Array, width: number, height: number): boolean {
  if (Math.min(width, height) < MIN_RULED) return false
  const reach = Math.ceil(TOUCH * Math.min(width, height))
  const touched = [
    mark.x <= reach,
    mark.y <= reach,
    mark.x + mark.width >= width - reach,
    mark.y + mark.height >= height - reach,
  ]
  const sides = touched.filter(Boolean).length
  return (sides === 2 || sides === 3) && slenderness(mark, labels, width) < FINE
}

/** Standard deviation of a mark's pixels across its principal axis to that along it: of a straight line, width to length. */
function slenderness({ label, x: left, y: top, width: w, height: h, area }: Mark, labels: Int32Array, width: number) {
  let [x1, y1, xx, xy, yy] = [0, 0, 0, 0, 0]
  for (let y = 0; y < h; y++) {
    for (let x = 0, i = (top + y) * width + left; x < w; x++, i++) {
      if (labels[i] !== label) continue
      x1 += x
      y1 += y
      xx += x * x
      xy += x * y
      yy += y * y
    }
  }
  const [a, b, c] = [xx / area - (x1 / area) ** 2, xy / area - (x1 * y1) / area ** 2, yy / area - (y1 / area) ** 2]
  const root = Math.hypot((a - c) / 2, b)
  return Math.sqrt(Math.max(0, (a + c) / 2 - root) / Math.max(1e-9, (a + c) / 2 + root))
}

/** The box around some boxes. */
export function around(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x))
  const y = Math.min(...boxes.map((box) => box.y))
  const width = Math.max(...boxes.map((box) => box.x + box.width)) - x
  const height = Math.max(...boxes.map((box) => box.y + box.height)) - y
  return { x, y, width, height }
}

/** The main mark and, as long as there are any, those that lie near what has been gathered: a pen that fails leaves many. */
function gather(main: Mark, others: readonly Mark[], leastReach: number): readonly Mark[] {
  const chosen = [main]
  let all: Box & { mass: number } = main
  for (let rest = others; ; ) {
    const near = rest.filter((mark) => belongs(mark, all, leastReach))
    if (near.length === 0) return chosen
    chosen.push(...near)
    all = { ...around([all, ...near]), mass: near.reduce((sum, mark) => sum + mark.mass, all.mass) }
    rest = rest.filter((mark) => !near.includes(mark))
  }
}

/** Whether what was found is the texture of empty paper: hardly stronger than its grain, and all over it. */
function isTexture({ marks, isFaint }: Marks): boolean {
  return isFaint && marks.length > MAX_MARKS
}

function heaviest(marks: readonly Mark[]): Mark | null {
  let best: Mark | null = null
  for (const mark of marks) if (best === null || mark.mass > best.mass) best = mark
  return best
}

/** Whether a mark belongs to the picture's edge rather than to the digit: it lies along it, long or apart. */
function isEdge(mark: Mark, main: Mark, width: number, height: number): boolean {
  if (mark.atEdge < EDGE_SHARE) return false
  const isLong = mark.width >= LONG * width || mark.height >= LONG * height
  return isLong || gap(mark, main) > 0.1 * Math.max(main.width, main.height)
}

/** Pixels between two boxes along the axis on which they are further apart. */
function gap(a: Box, b: Box): number {
  const x = Math.max(0, a.x - b.x - b.width, b.x - a.x - a.width)
  const y = Math.max(0, a.y - b.y - b.height, b.y - a.y - a.height)
  return Math.max(x, y)
}

function belongs(mark: Mark, main: Box & { readonly mass: number }, leastReach: number): boolean {
  const reach = Math.max(leastReach, REACH * Math.max(main.width, main.height))
  return mark.mass > LEAST_MASS * main.mass && gap(mark, main) <= reach
}
