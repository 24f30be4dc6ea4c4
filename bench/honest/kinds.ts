/** Pictures without a number, by kind: each draws a scene for one picture. */
import { INPUT_PIXELS } from '../../model/artifact.ts'
import { CAPITALS, handOf, SMALL, write } from '../../test/support/composer/letters.ts'
import { curve, inkStroke, oval, type Point, type Stroke, wobble } from '../../train/pen.ts'
import type { Random } from '../../train/random.ts'
import { drawSigns } from '../../train/signs.ts'
import {
  BLACK,
  crease,
  EMPTY,
  falloff,
  type Light,
  lit,
  page,
  type Shot,
  shadow,
  sheet,
  WHITE,
} from '../pictures/conditions.ts'
import { between, type Colour, PENS, pick } from '../support/chance.ts'

/** A digit or a picture like one, 784 bytes, and the scene it is drawn into; or the scene alone. */
export interface Drawing {
  readonly shot: Shot
  readonly image: Uint8Array | null
}

const alone = (shot: Shot): Drawing => ({ shot, image: null })

/** Short words are what comes nearest to numbers; many of these have letters that look like digits. */
const WORDS =
  'lol look Zoo is oil soil bill bob goose see loss Bob SOS OK no yes hello the and you to of in a it go so zoo lily ' +
  'Lisa Ella Bess Ollie silo Ohio Oslo boss gloss bliss blog zigzag sizzle size Zita Sibyl Gigi quilo sign milk Anna ' +
  'Total date name'

/** A canvas of a paint program, or a photographed sheet. */
const ground = (random: Random): Shot => {
  if (random.below(2) === 0) return { ...sheet(random), blur: random.below(3) === 0 ? 0.7 : undefined }
  const width = 240 + random.below(400)
  const shot = page(width, Math.round(width * between(0.4, 1, random)), random)
  return random.below(5) === 0
    ? { ...shot, paper: BLACK, ink: WHITE }
    : { ...shot, paper: WHITE, ink: pick(PENS, random) }
}

/**
 * Strokes drawn on a ground, as large as it has room for or smaller.
 * @param unit what the pen's width depends on, in the strokes' own measure: a letter's height, or the whole drawing's
 */
function drawn(strokes: readonly Stroke[], unit: number, random: Random, shot = ground(random)): Drawing {
  const points = strokes.flat()
  const [left, top] = [Math.min(...points.map(([x]) => x)), Math.min(...points.map(([, y]) => y))]
  const [wide, high] = [Math.max(...points.map(([x]) => x)) - left, Math.max(...points.map(([, y]) => y)) - top]
  const { width, height } = shot
  const room = between(0.35, 0.85, random)
  const scale = Math.min((room * width) / Math.max(wide, 0.1), (room * height) / Math.max(high, 0.1))
  const x = (width - wide * scale) * between(0.3, 0.7, random)
  const y = (height - high * scale) * between(0.3, 0.7, random)
  const plane = { width, height, ink: new Float32Array(width * height) }
  const radius = Math.max(0.6, (unit * scale * between(0.06, 0.15, random)) / 2)
  for (const stroke of strokes) {
    inkStroke(
      plane,
      stroke.map(([px, py]): Point => [x + (px - left) * scale, y + (py - top) * scale]),
      radius,
    )
  }
  return alone({ ...shot, also: (px, py) => plane.ink[py * width + px] })
}

const shifted = (strokes: readonly Stroke[], dx: number, dy: number): Stroke[] =>
  strokes.map((stroke) => stroke.map(([x, y]): Point => [x + dx, y + dy]))

const closed = (...points: Point[]): Stroke => [...points, points[0]]
const box = (x: number, y: number, width: number, height: number): Stroke =>
  closed([x, y], [x + width, y], [x + width, y + height], [x, y + height])

/** What somebody signs with: a capital, a line of loops that flattens, a flourish. */
function signature(random: Random): Drawing {
  const hand = { ...handOf(random), joined: true, slant: between(0.1, 0.5, random) }
  const strokes = write(pick(CAPITALS, random), hand, random)
  const loops = 3 + random.below(7)
  const points: Point[] = []
  let x = between(0.5, 0.9, random)
  for (let k = 0; k < loops; k++) {
    const high = between(0.15, k === 0 || random.below(4) === 0 ? 1 : 0.5, random) * (1 - (0.6 * k) / loops)
    const step = between(0.12, 0.4, random)
    points.push([x, 1 + random.symmetric(0.06)], [x + step * between(0.5, 1.2, random) + hand.slant * high, 1 - high])
    x += step
  }
  points.push([x + between(0.1, 0.8, random), 1 - random.uniform() * 0.3])
  strokes.push(curve(...points))
  if (random.below(2) === 0) {
    strokes.push(curve([x, 1.2], [x / 2, 1.25 + random.symmetric(0.1)], [0, 1.3], [x * 0.6, 1.15], [x * 1.1, 1.2]))
  }
  return drawn(strokes, 1, random)
}

/** One pen that wanders. */
function scribble(random: Random): Drawing {
  const count = 8 + random.below(25)
  const at = (): Point => [random.uniform() * between(0.6, 2, random), random.uniform()]
  const strokes = [curve(...Array.from({ length: count }, at))]
  return drawn(strokes, between(0.3, 1, random), random)
}

/** A pen that goes to and fro, or round and round. */
function hatching(random: Random): Drawing {
  const count = 6 + random.below(20)
  const round = random.below(2) === 0
  const step = between(0.03, 0.2, random)
  const points = Array.from({ length: count * (round ? 4 : 1) }, (_, k): Point => {
    const along = step * (round ? k / 4 : k)
    if (!round) return [along + random.symmetric(0.03), (k % 2) + random.symmetric(0.08)]
    const [c, s] = [
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
    ][k % 4]
    return [along + 0.4 * c + random.symmetric(0.04), 0.5 + 0.5 * s + random.symmetric(0.04)]
  })
  return drawn([round || random.below(2) === 0 ? curve(...points) : points], 1, random)
}

const SHAPES: readonly ((random: Random) => Stroke[])[] = [
  (random) => [box(0, 0, between(0.5, 2, random), 1)],
  (random) => [closed([0, 1], [between(0.2, 0.8, random), 0], [1, 1])],
  () => [closed([0.5, 0], [0.8, 0.95], [0, 0.36], [1, 0.36], [0.2, 0.95])],
  () => [
    curve([0.5, 1], [0.05, 0.5], [0.1, 0.1], [0.4, 0.1], [0.5, 0.35], [0.6, 0.1], [0.9, 0.1], [0.95, 0.5], [0.5, 1]),
  ],
  () => [
    box(0.1, 0.45, 0.8, 0.55),
    [
      [0, 0.5],
      [0.5, 0],
      [1, 0.5],
    ],
    box(0.4, 0.65, 0.2, 0.35),
  ],
  () => [closed([0.5, 0], [1, 0.5], [0.5, 1], [0, 0.5])],
  () => [closed([0, 0.25], [0.5, 0], [1, 0.25], [1, 0.75], [0.5, 1], [0, 0.75])],
  (random) => [
    [
      [0, 0.5],
      [1, 0.5],
    ],
    [
      [0.5, 0],
      [0.5, 1],
    ],
    ...(random.below(2) === 0
      ? []
      : [
          [
            [0.1, 0.1],
            [0.9, 0.9],
          ] as Stroke,
          [
            [0.9, 0.1],
            [0.1, 0.9],
          ] as Stroke,
        ]),
  ],
  () => [
    [
      [0, 0.5],
      [0.35, 1],
      [1, 0],
    ],
  ],
  () => [
    [
      [0, 0],
      [1, 1],
    ],
    [
      [1, 0],
      [0, 1],
    ],
  ],
  () => [curve([0, 0.6], [0.2, 0.2], [0.5, 0.15], [0.8, 0.2], [1, 0.6], [0.7, 0.85], [0.2, 0.85], [0, 0.6])],
]

/** One outline, or some beside each other. */
function shapes(random: Random): Drawing {
  const strokes: Stroke[] = []
  for (let k = 0, x = 0; k < 1 + random.below(3); k++) {
    const own = wobble(pick(SHAPES, random)(random), 0.012, random)
    strokes.push(...shifted(own, x, random.symmetric(0.1)))
    x = Math.max(...strokes.flat().map(([at]) => at)) + between(0.1, 0.6, random)
  }
  return drawn(strokes, between(0.5, 1.2, random), random)
}

function arrow(random: Random): Drawing {
  const [dx, dy] = [random.symmetric(1), random.symmetric(1)]
  const length = Math.max(0.3, Math.hypot(dx, dy))
  const [ux, uy] = [dx / length, dy / length]
  const head = between(0.15, 0.35, random)
  const strokes: Stroke[] = [
    curve([0, 0], [0.5 * ux - random.symmetric(0.1), 0.5 * uy], [ux, uy]),
    [
      [ux - head * (ux + uy), uy - head * (uy - ux)],
      [ux, uy],
      [ux - head * (ux - uy), uy - head * (uy + ux)],
    ],
  ]
  return drawn(wobble(strokes, 0.01, random), between(0.4, 1, random), random)
}

function face(random: Random): Drawing {
  const eye = between(0.03, 0.1, random)
  const bend = random.symmetric(0.15)
  const strokes: Stroke[] = [oval(0.5, 0.5, 1, between(0.9, 1.2, random))]
  for (const x of [0.32, 0.68])
    strokes.push(
      random.below(3) === 0
        ? [
            [x, 0.3],
            [x, 0.42],
          ]
        : oval(x, 0.37, eye, eye),
    )
  strokes.push(curve([0.28, 0.68], [0.5, 0.72 + bend], [0.72, 0.68]))
  if (random.below(2) === 0)
    strokes.push([
      [0.5, 0.45],
      [0.45, 0.58],
      [0.52, 0.58],
    ])
  return drawn(wobble(strokes, 0.01, random), between(0.3, 0.7, random), random)
}

/** A form to fill in: labels of letters, lines and boxes. */
function form(random: Random): Drawing {
  const hand = { ...handOf(random), slant: 0, wobble: 0.003, joined: false }
  const strokes: Stroke[] = []
  for (let row = 0; row < 2 + random.below(4); row++) {
    const label = write(pick(['Name', 'date', 'Total', 'Street', 'City', 'Phone', 'sign'], random), hand, random)
    strokes.push(...shifted(label, 0, 2 * row))
    if (random.below(2) === 0)
      strokes.push([
        [5, 2 * row + 1],
        [9, 2 * row + 1],
      ])
    else for (let k = 0; k < 5; k++) strokes.push(box(5 + 0.8 * k, 2 * row, 0.7, 1))
  }
  return drawn(strokes, between(0.5, 0.9, random), random)
}

function emptyTable(random: Random): Drawing {
  const [columns, rows] = [2 + random.below(5), 2 + random.below(6)]
  const wide = between(1, 3, random)
  const strokes: Stroke[] = []
  for (let c = 0; c <= columns; c++)
    strokes.push([
      [c * wide, 0],
      [c * wide, rows],
    ])
  for (let r = 0; r <= rows; r++)
    strokes.push([
      [0, r],
      [columns * wide, r],
    ])
  return drawn(wobble(strokes, 0.01, random), between(0.3, 0.8, random), random)
}

/** Bars of one to four widths. */
function barcode(random: Random): Drawing {
  const shot = ground(random)
  const { width, height } = shot
  const module = Math.max(1, (width / 110) * between(0.5, 1, random))
  const bars = Array.from({ length: 60 + random.below(40) }, () => 1 + random.below(3))
  const ends = bars.map((_, k) => bars.slice(0, k + 1).reduce((sum, bar) => sum + bar * module, 0))
  const left = Math.max(4, (width - ends[ends.length - 1]) / 2)
  const [top, bottom] = [height * between(0.15, 0.35, random), height * between(0.6, 0.85, random)]
  return alone({
    ...shot,
    also: (x, y) => {
      if (x < left || x > width - 4 || y < top || y > bottom) return 0
      const bar = ends.findIndex((end) => x - left < end)
      return bar >= 0 && bar % 2 === 0 ? 1 : 0
    },
  })
}

const word = (random: Random) => drawn(write(pick(WORDS.split(' '), random), handOf(random), random), 1, random)

function letters(random: Random): Drawing {
  const count = 2 + random.below(5)
  const capitals = random.below(2) === 0
  const text = Array.from({ length: count }, () => pick(capitals ? CAPITALS : SMALL, random)).join('')
  return drawn(write(text, handOf(random), random), 1, random)
}

/** One letter that no digit resembles. */
const letter = (random: Random) =>
  drawn(write(pick([...'AEFHKMNPRTVWXYaehkmnptwxr'], random), handOf(random), random), 1, random)

function text(random: Random): Drawing {
  const hand = handOf(random)
  const words = WORDS.split(' ')
  const lines = Array.from({ length: 2 + random.below(5) }, (_, row) => {
    const some = Array.from({ length: 2 + random.below(3) }, () => pick(words, random)).join(' ')
    return shifted(write(some, hand, random), 0, 1.9 * row)
  })
  return drawn(lines.flat(), 1, random)
}

/** One of what the network learns to refuse, drawn with other chances. */
const sign = (random: Random): Drawing => {
  const side = 200 + random.below(200)
  const zoom = (side / 28) * between(0.5, 1, random)
  const at = (side - 28 * zoom) / 2
  // The kind goes by the index, so that one of eight is taken.
  const signs = drawSigns(8, random.bits())
  const k = random.below(8)
  const image = signs.subarray(k * INPUT_PIXELS, (k + 1) * INPUT_PIXELS)
  return { shot: { ...page(side, side, random), zoom, x: at, y: at, paper: WHITE, ink: BLACK }, image }
}

/** Folded once or more and smoothed out: each fold has a lit and a shaded side, and the light breaks there. */
function folds(random: Random): Light {
  const all = Array.from({ length: 1 + random.below(4) }, () => {
    const fold = crease(random)
    const edge = shadow(between(0.002, 0.01, random), random)
    const depth = between(0, 0.25, random)
    return (u: number, v: number) => fold(u, v) * (1 - depth * (1 - edge(u, v)))
  })
  return (u, v) => all.reduce((light, fold) => light * fold(u, v), 1)
}

/** Crumpled: facets that lie differently, parted by ridges. */
function crumpled(random: Random): Light {
  const facets = Array.from({ length: 8 + random.below(25) }, () => ({
    x: random.uniform(),
    y: random.uniform(),
    light: between(0.75, 1, random),
  }))
  const ridge = between(0.003, 0.01, random)
  return (u, v) => {
    let [first, second, light] = [9, 9, 1]
    for (const facet of facets) {
      const away = Math.hypot(u - facet.x, v - facet.y)
      if (away < first) [second, first, light] = [first, away, facet.light]
      else if (away < second) second = away
    }
    return light * (1 - 0.2 * Math.exp(-(((second - first) / ridge) ** 2)))
  }
}

/** Left by a cup. */
function coffee(random: Random): Drawing {
  const shot = sheet(random)
  const [x0, y0] = [between(0.3, 0.7, random) * shot.width, between(0.3, 0.7, random) * shot.height]
  const radius = between(0.15, 0.4, random) * Math.min(shot.width, shot.height)
  const [thick, strength, gap] = [between(0.02, 0.1, random) * radius, between(0.2, 0.7, random), random.uniform()]
  return alone({
    ...shot,
    ink: [110, 70, 30],
    also: (x, y) => {
      const off = Math.abs(Math.hypot(x - x0, y - y0) - radius) / thick
      const turn = Math.abs(Math.atan2(y - y0, x - x0) / Math.PI)
      return off > 1 ? 0 : strength * (1 - 0.5 * off) * (turn > gap ? 1 : 0.4)
    },
  })
}

/** A bent wire, or two holes. */
function fastened(random: Random): Drawing {
  const shot = { ...sheet(random), ink: [90, 90, 95] as Colour }
  const { width, height } = shot
  const least = Math.min(width, height)
  if (random.below(2) === 0) {
    const radius = between(0.015, 0.04, random) * least
    const x0 = between(0.05, 0.12, random) * width
    const holes = [0.35, 0.65].map((y) => y * height)
    return alone({ ...shot, also: (x, y) => (holes.some((y0) => Math.hypot(x - x0, y - y0) < radius) ? 0.8 : 0) })
  }
  const [x0, y0] = [between(0.05, 0.8, random) * width, between(0.05, 0.3, random) * height]
  const [long, thick] = [between(0.06, 0.15, random) * least, Math.max(1, 0.008 * least)]
  const lean = random.symmetric(0.7)
  return alone({
    ...shot,
    also: (x, y) => (x >= x0 && x <= x0 + long && Math.abs(y - y0 - lean * (x - x0)) < thick ? 0.9 : 0),
  })
}

/** Smooth chance between 0 and 1 over the picture. @param across, down how many cells of it */
function field(across: number, down: number, random: Random): (u: number, v: number) => number {
  const columns = Math.ceil(across) + 2
  const values = Float64Array.from({ length: columns * (Math.ceil(down) + 2) }, () => random.uniform())
  return (u, v) => {
    const [x, y] = [Math.min(0.9999, Math.max(0, u)) * across, Math.min(0.9999, Math.max(0, v)) * down]
    const [left, top] = [Math.floor(x), Math.floor(y)]
    const at = (i: number, j: number) => values[j * columns + i]
    const upper = at(left, top) + (at(left + 1, top) - at(left, top)) * (x - left)
    const lower = at(left, top + 1) + (at(left + 1, top + 1) - at(left, top + 1)) * (x - left)
    return upper + (lower - upper) * (y - top)
  }
}

function surface(colour: Colour, light: Light, random: Random): Drawing {
  const shot = { ...page(240 + random.below(240), 180 + random.below(200), random), paper: colour }
  return alone(lit({ ...shot, noise: between(2, 10, random), light: falloff(between(0, 0.4, random), random) }, light))
}

const TEXTURES: Record<string, (random: Random) => Drawing> = {
  wood: (random) => {
    const bend = field(3, 2, random)
    const grain = field(2, 60, random)
    const rings = between(8, 30, random)
    const wave = (u: number, v: number) => 0.5 + 0.5 * Math.sin(rings * (v + 0.35 * bend(u, v)) * 2 * Math.PI)
    const light: Light = (u, v) => 1 - 0.25 * wave(u, v) ** 3 - 0.15 * grain(u, v)
    return surface([170, 120, 75], light, random)
  },
  cloth: (random) => {
    const threads = between(20, 70, random)
    const fold = field(3, 3, random)
    const light: Light = (u, v) => {
      const over = Math.sin(threads * u * Math.PI) * Math.sin(threads * v * Math.PI)
      return (0.85 + 0.15 * over) * (0.6 + 0.4 * fold(u, v))
    }
    return surface([120, 130, 160], light, random)
  },
  bricks: (random) => {
    const rows = 4 + random.below(8)
    const tone = field(rows, rows, random)
    const light: Light = (u, v) => {
      const row = Math.floor(v * rows)
      const x = (u * rows) / 2.2 + (row % 2) / 2
      const joint = Math.min(x - Math.floor(x), (v * rows - row) / 2.2)
      return joint < 0.05 ? 1 : 0.5 + 0.2 * tone(u, v)
    }
    return surface([200, 180, 170], light, random)
  },
  keyboard: (random) => {
    const rows = 4 + random.below(2)
    const light: Light = (u, v) => {
      const row = Math.floor(v * rows)
      const x = u * rows * 2.4 + 0.3 * row
      const [dx, dy] = [Math.abs(x - Math.floor(x) - 0.5), Math.abs(v * rows - row - 0.5)]
      return Math.max(dx, dy) > 0.44 ? 0.2 : Math.max(dx, dy) > 0.4 ? 0.8 : 1
    }
    const shot = surface(pick([[60, 60, 65] as const, [225, 225, 220] as const], random), light, random).shot
    const { width, height } = shot
    const caps: Stroke[] = []
    for (let row = 0; row < rows; row++) {
      for (let key = 0; key < rows * 2.4; key++) {
        const size = (0.35 * height) / rows
        const [x, y] = [((key + 0.2 - 0.3 * (row % 3)) * width) / rows / 2.4, ((row + 0.25) * height) / rows]
        const cap = write(pick(CAPITALS, random), { slant: 0, width: 0.8, gap: 0, wobble: 0, joined: false }, random)
        caps.push(...cap.map((stroke) => stroke.map(([px, py]): Point => [x + px * size, y + py * size])))
      }
    }
    const plane = { width, height, ink: new Float32Array(width * height) }
    for (const stroke of caps) inkStroke(plane, stroke, Math.max(0.6, height / rows / 40))
    const ink = shot.paper![0] < 128 ? WHITE : BLACK
    return alone({ ...shot, ink, also: (x, y) => plane.ink[y * width + x] })
  },
  clouds: (random) => {
    const parts = [3, 7, 15].map((cells) => field(cells, cells, random))
    const light: Light = (u, v) => 0.35 + 0.65 * parts.reduce((sum, part, k) => sum + part(u, v) / 2 ** (k + 1), 0)
    return surface(
      pick([[150, 190, 230] as const, [90, 140, 80] as const, [200, 200, 200] as const], random),
      light,
      random,
    )
  },
}

export const NOTHING: Record<string, (random: Random) => Drawing> = {
  word,
  letters,
  letter,
  text,
  signature,
  scribble,
  hatching,
  shapes,
  arrow,
  face,
  form,
  'empty table': emptyTable,
  barcode,
  sign,
  ...TEXTURES,
  folded: (random) => alone(lit(sheet(random), folds(random))),
  crumpled: (random) => alone(lit(sheet(random), crumpled(random))),
  'coffee ring': coffee,
  'stapled or holed': fastened,
  ...Object.fromEntries(Object.entries(EMPTY).map(([name, of]) => [name, (random: Random) => alone(of(random))])),
}
