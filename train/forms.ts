/**
 * Digits in forms that are common elsewhere and rare or missing in MNIST, whose writers were Americans of the 1990s: ones
 * with a flag and a foot, barred sevens, fours in one bent stroke, nines with a hook, and the like. Drawn by a pen, every
 * one a little different.
 */
import { normalize } from '../image/normalize.ts'
import { INPUT_PIXELS } from '../model/artifact.ts'
import type { Digits } from './batches.ts'
import { curve, draw, oval, type Point, type Stroke, wobble } from './pen.ts'
import { type Random, randomOf } from './random.ts'

interface Form {
  readonly digit: number
  /** How often it is drawn beside the others. */
  readonly weight: number
  draw(random: Random): Stroke[]
}

/** Widths of the pen, in MNIST's pixels. */
const THINNEST = 1.8
const THICKEST = 3.6
/** Standard deviation of a hand's aim, in heights of a digit. */
const AIM = 0.02

const between = (random: Random, least: number, most: number) => least + random.uniform() * (most - least)

/** A stem from the top down, and a flag that runs from its top to the left and down. */
function flagged(random: Random): { flag: Stroke; stem: Stroke; foot: Point } {
  const reach = between(random, 0.12, 0.5)
  const drop = Math.min(0.55, reach * between(random, 0.45, 2))
  const foot: Point = [between(random, -0.15, 0.05), 1]
  const bend: Point = [-reach / 2, drop * between(random, 0.4, 0.65)]
  return { flag: curve([-reach, drop], bend, [0, 0]), stem: [[0, 0], foot], foot }
}

function line(from: Point, to: Point): Stroke {
  return [from, to]
}

/** A level line under a digit. */
function base([x, y]: Point, random: Random): Stroke {
  return line(
    [x - between(random, 0.12, 0.4), y + between(random, -0.03, 0.05)],
    [x + between(random, 0.12, 0.45), y + between(random, -0.05, 0.03)],
  )
}

const FORMS: readonly Form[] = [
  {
    // Crossed out, as those write it who write letters beside it.
    digit: 0,
    weight: 1,
    draw: (random) => {
      const width = between(random, 0.45, 0.75)
      const over = between(random, -0.1, 0.1)
      return [
        oval(width / 2, 0.5, width, 1),
        line([width + over, between(random, 0, 0.2)], [-over, between(random, 0.8, 1)]),
      ]
    },
  },
  {
    digit: 1,
    weight: 5,
    draw: (random) => {
      const { flag, stem } = flagged(random)
      return [flag, stem]
    },
  },
  {
    digit: 1,
    weight: 3,
    draw: (random) => {
      const { flag, stem, foot } = flagged(random)
      return [flag, stem, base(foot, random)]
    },
  },
  {
    digit: 1,
    weight: 1,
    draw: (random) => {
      const foot: Point = [between(random, -0.1, 0.1), 1]
      return [line([0, 0], foot), base(foot, random)]
    },
  },
  {
    digit: 2,
    weight: 1,
    draw: (random) => {
      const width = between(random, 0.4, 0.7)
      const rise = between(random, 0.12, 0.3)
      return [
        curve([0, rise], [width * 0.35, 0], [width * 0.85, 0.12], [width * 0.8, 0.4], [width * 0.4, 0.72], [0, 1]),
        curve([0, 1], [width * 0.5, 1 + between(random, -0.08, 0.04)], [width * between(random, 0.9, 1.2), 1]),
      ]
    },
  },
  {
    // With a small head, nearly a one that stands on a line.
    digit: 2,
    weight: 2,
    draw: (random) => {
      const width = between(random, 0.25, 0.45)
      const foot = between(random, -0.05, 0.15)
      return [
        curve(
          [0, between(random, 0.08, 0.22)],
          [width * 0.5, 0],
          [width, between(random, 0.12, 0.25)],
          [width * 0.7, 0.6],
          [foot, 0.97],
        ),
        curve(
          [foot, 0.97],
          [foot + 0.2, between(random, 0.9, 1)],
          [foot + between(random, 0.4, 0.65), between(random, 0.95, 1.02)],
        ),
      ]
    },
  },
  {
    // Like a Z.
    digit: 2,
    weight: 2,
    draw: (random) => {
      const width = between(random, 0.4, 0.75)
      const rise = between(random, 0.02, 0.15)
      return [
        curve([0, rise], [width * 0.5, 0], [width, rise * between(random, 0.3, 1.2)]),
        line([width, rise], [0, 1]),
        line([0, 1], [width * between(random, 1, 1.4), 1 + random.symmetric(0.06)]),
      ]
    },
  },
  {
    digit: 3,
    weight: 1,
    draw: (random) => {
      const width = between(random, 0.4, 0.65)
      const middle = between(random, 0.35, 0.48)
      return [
        [
          [0, between(random, 0, 0.05)],
          [width, 0],
          [width * between(random, 0.25, 0.5), middle],
        ],
        curve(
          [width * 0.4, middle],
          [width, middle + 0.15],
          [width * 0.95, 0.85],
          [width * 0.45, 1],
          [-0.02, between(random, 0.82, 0.95)],
        ),
      ]
    },
  },
  {
    // In two strokes, the second of which begins lower than the first, even within it.
    digit: 4,
    weight: 3,
    draw: (random) => {
      const width = between(random, 0.45, 0.8)
      const level = between(random, 0.5, 0.7)
      const top = width * between(random, 0.3, 0.75)
      const x = width * between(random, 0.5, 0.8)
      return [
        curve([top, 0], [top * 0.55, level * 0.5], [0, level]),
        curve(
          [0, level],
          [width * 0.5, level + between(random, -0.04, 0.06)],
          [width, level - between(random, 0, 0.1)],
        ),
        line([x + between(random, 0, 0.12), between(random, 0.15, 0.45)], [x - between(random, -0.02, 0.2), 1]),
      ]
    },
  },
  {
    // Likewise, without a corner.
    digit: 4,
    weight: 2,
    draw: (random) => {
      const width = between(random, 0.45, 0.75)
      const level = between(random, 0.55, 0.78)
      const top = width * between(random, 0.3, 0.8)
      const x = width * between(random, 0.55, 0.85)
      return [
        curve(
          [top, 0],
          [top * 0.3, level * 0.55],
          [0.04, level * 0.92],
          [width * 0.45, level],
          [width, level - between(random, 0.02, 0.18)],
        ),
        line([x + between(random, 0, 0.1), between(random, 0.2, 0.55)], [x - between(random, -0.02, 0.2), 1]),
      ]
    },
  },
  {
    // As lightning is drawn, the pen never lifted.
    digit: 4,
    weight: 2,
    draw: (random) => {
      const width = between(random, 0.45, 0.75)
      const level = between(random, 0.48, 0.66)
      const x = width * between(random, 0.7, 1)
      return [
        [
          [width * between(random, 0.3, 0.8), 0],
          [0, level],
          [x, level - between(random, 0.02, 0.14)],
        ],
        line([x, level - 0.2 * random.uniform()], [x - between(random, 0.05, 0.3), 1]),
      ]
    },
  },
  {
    // Open at the top, one stroke like a u and a long stem.
    digit: 4,
    weight: 2,
    draw: (random) => {
      const width = between(random, 0.3, 0.6)
      const level = between(random, 0.35, 0.65)
      const over = between(random, -0.02, 0.2)
      return [
        curve(
          [0, between(random, 0, 0.2)],
          [between(random, -0.04, 0.04), level * 0.7],
          [width * 0.3, level],
          [width + over, level - between(random, 0, 0.15)],
        ),
        line([width + between(random, 0, 0.08), between(random, 0, 0.25)], [width - between(random, -0.05, 0.25), 1]),
      ]
    },
  },
  {
    digit: 5,
    weight: 1,
    draw: (random) => {
      const width = between(random, 0.4, 0.6)
      const lift = between(random, 0, 0.08)
      return [
        line([width * 0.1, lift], [width * between(random, 0.9, 1.2), lift - between(random, 0, 0.08)]),
        curve(
          [width * 0.1, lift],
          [0, 0.42],
          [width * 0.6, 0.4],
          [width, 0.66],
          [width * 0.7, 0.95],
          [-0.02, between(random, 0.88, 1)],
        ),
      ]
    },
  },
  {
    // A long, straight stem and a small loop at its foot.
    digit: 6,
    weight: 2,
    draw: (random) => {
      const loop = between(random, 0.22, 0.45)
      const width = between(random, 0.25, 0.5)
      return [
        curve(
          [between(random, 0.05, 0.4), 0],
          [between(random, -0.02, 0.12), 0.45],
          [0, 1 - loop / 2],
          [width / 2, 1],
          [width, 1 - loop * between(random, 0.4, 0.6)],
          [width * 0.6, 1 - loop],
          [0, 1 - loop * between(random, 0.2, 0.5)],
        ),
      ]
    },
  },
  {
    // Nothing but a top and a long, straight stroke.
    digit: 7,
    weight: 2,
    draw: (random) => {
      const width = between(random, 0.35, 0.65)
      const foot: Point = [width - between(random, 0.05, 0.6), 1]
      return [[[0, between(random, -0.02, 0.1)], [width, 0], foot]]
    },
  },
  {
    digit: 7,
    weight: 3,
    draw: (random) => {
      const width = between(random, 0.45, 0.7)
      const foot: Point = [width * between(random, 0.1, 0.5), 1]
      const y = between(random, 0.42, 0.6)
      const x = width + (foot[0] - width) * y
      const left = between(random, 0.12, 0.3)
      return [
        curve([0, between(random, -0.02, 0.08)], [width * 0.5, between(random, -0.02, 0.06)], [width, 0]),
        curve([width, 0], [x + between(random, -0.05, 0.02), y], foot),
        line(
          [x - left, y + between(random, -0.03, 0.06)],
          [x + between(random, 0.1, 0.3), y + between(random, -0.06, 0.03)],
        ),
      ]
    },
  },
  {
    // With a serif at the left end of its top.
    digit: 7,
    weight: 2,
    draw: (random) => {
      const width = between(random, 0.45, 0.7)
      const foot: Point = [width * between(random, 0.2, 0.6), 1]
      const y = between(random, 0.45, 0.68)
      const x = width + (foot[0] - width) * y
      const bar = line(
        [x - between(random, 0.15, 0.35), y],
        [x + between(random, 0.1, 0.3), y + random.symmetric(0.05)],
      )
      return [
        [
          [between(random, -0.04, 0.04), between(random, 0.12, 0.25)],
          [0, 0.02],
          [width, between(random, -0.03, 0.03)],
        ],
        curve([width, 0], [(width + foot[0]) / 2 + between(random, -0.1, 0.02), 0.5], foot),
        ...(random.below(2) === 0 ? [bar] : []),
      ]
    },
  },
  {
    digit: 8,
    weight: 1,
    draw: (random) => {
      const small = between(random, 0.28, 0.45)
      const large = between(random, 0.4, 0.6)
      const waist = between(random, 0.38, 0.5)
      const x = large / 2
      return [
        oval(x + between(random, -0.05, 0.05), waist / 2, small, waist),
        oval(x, (1 + waist) / 2, large, 1 - waist),
      ]
    },
  },
  {
    // A loop and a stem that hooks to the left.
    digit: 9,
    weight: 4,
    draw: (random) => {
      const width = between(random, 0.3, 0.55)
      const loop = between(random, 0.32, 0.52)
      const hook = between(random, 0.1, 0.5)
      const lean = between(random, -0.12, 0.08)
      return [
        curve([width, loop * 0.35], [width * 0.55, 0], [0, loop * 0.5], [width * 0.45, loop], [width, loop * 0.45]),
        curve(
          [width, loop * 0.35],
          [width + lean * 0.5, 0.62],
          [width + lean - 0.06, between(random, 0.85, 0.93)],
          [width - hook * 0.5, 1],
          [width - hook - 0.1, between(random, 0.8, 0.95)],
        ),
      ]
    },
  },
  {
    // Whose stem runs to the left and turns back.
    digit: 9,
    weight: 1,
    draw: (random) => {
      const width = between(random, 0.35, 0.55)
      const loop = between(random, 0.32, 0.48)
      const left = between(random, -0.05, 0.2)
      return [
        curve(
          [width, loop * 0.3],
          [width * 0.5, 0],
          [between(random, 0, 0.1), loop * 0.55],
          [width * 0.5, loop],
          [width, loop * 0.4],
        ),
        curve(
          [width, loop * 0.3],
          [width * 0.95, 0.6],
          [left + 0.1, between(random, 0.8, 0.9)],
          [left, between(random, 0.88, 0.95)],
          [left + between(random, 0.15, 0.3), between(random, 0.94, 1)],
        ),
      ]
    },
  },
  {
    // With a straight line as its end.
    digit: 9,
    weight: 1,
    draw: (random) => {
      const width = between(random, 0.3, 0.5)
      const loop = between(random, 0.32, 0.5)
      return [
        curve([width, loop * 0.3], [width * 0.5, 0], [0, loop * 0.5], [width * 0.5, loop], [width, loop * 0.5]),
        curve([width, loop * 0.2], [width + between(random, -0.05, 0.05), 0.95]),
        line([width, 0.97], [between(random, -0.1, 0.1), between(random, 0.94, 1.02)]),
      ]
    },
  },
  {
    // A small loop on a long, straight stem.
    digit: 9,
    weight: 4,
    draw: (random) => {
      const loop = between(random, 0.24, 0.42)
      const width = between(random, 0.22, 0.42)
      const x = width * between(random, 0.45, 1)
      const foot: Point = [x - between(random, -0.08, 0.22), 1]
      return [oval(width / 2, loop / 2, width, loop), line([x, loop * between(random, 0.3, 0.9)], foot)]
    },
  },
]

const TICKETS = FORMS.flatMap((form) => new Array<Form>(form.weight).fill(form))

/**
 * Draws digits in such forms, brought to MNIST's form as any picture is.
 * @returns the same for the same count and seed
 */
export function drawForms(count: number, seed: number): Digits {
  const images = new Uint8Array(count * INPUT_PIXELS)
  const labels = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    const random = randomOf(seed, 'form', i)
    const form = TICKETS[random.below(TICKETS.length)]
    const slant = random.symmetric(0.25)
    const strokes = wobble(form.draw(random), AIM, random)
    const leaning = strokes.map((stroke) => stroke.map(([x, y]): Point => [x + slant * (1 - y), y]))
    images.set(normalize(draw(leaning, between(random, THINNEST, THICKEST))), i * INPUT_PIXELS)
    labels[i] = form.digit
  }
  return { images, labels, count }
}
