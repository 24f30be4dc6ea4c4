/** Pictures of handwritten numbers, composed from MNIST's digits on paper, with what is written where known exactly. */

import type { Box, Picture } from '../../image/picture.ts'
import { INPUT_SIDE } from '../../model/artifact.ts'
import { type Split, slice } from '../../train/data/dataset.ts'
import type { Random } from '../../train/random.ts'

/** How a number is written and photographed; lengths are in heights of a digit unless they are in pixels. */
export interface Scene {
  /** Digits in each line. */
  readonly lines: readonly number[]
  /** Height of a digit in pixels, and the share by which it varies. */
  readonly height: number
  readonly uneven: number
  /** Share by which long digits may be drawn longer, below the line, and noughts smaller than the rest. */
  readonly tails: number
  readonly long: readonly number[]
  /** How many times as wide as MNIST's the digits are, and how far they lean to the right, in columns per row. */
  readonly breadth: number
  readonly lean: number
  /** Least gap between neighbours' ink. */
  readonly gap: readonly [least: number, most: number]
  /** In how many places of the first line neighbours touch, and by how much their ink then runs into each other's. */
  readonly touching: number
  readonly overlap: readonly [least: number, most: number]
  /** Rows per column. */
  readonly slope: number
  /** How far the camera was held askew, in radians: the page is turned clockwise. */
  readonly turn: number
  readonly pen: readonly [number, number, number]
  /** MNIST's grey, 0..1, from which on there is ink: the more, the finer the strokes. */
  readonly fine: number
  /** By how much a marker makes the strokes wider on each side. */
  readonly bold: number
  /** Share of the digits in one stroke of which the pen skips. */
  readonly skips: number
  /** Where a printer or a dry pen left out stripes across the page: how far apart they are, and the share left out; or none. */
  readonly bands: readonly [apart: number, share: number] | null
  /** Whether marks or spaces part the digits into groups of three or four; some marks also stand first. */
  readonly grouped: boolean
  readonly paper: readonly [number, number, number]
  /** Share of light lost from one side of the picture to the other. */
  readonly falloff: number
  /** Share of light lost under a shadow that is cast over a part of the picture, and how soft its edge is. */
  readonly shadow: number
  readonly edge: number
  /** Grey levels. */
  readonly noise: number
  /** Ruled lines across the page: their share of the pen's darkness; 0 for plain paper. */
  readonly rules: number
  /** Whether lines run down the page as well: squares of half a digit's height to one and a half. */
  readonly squared: boolean
  /** How much of a dark desk is seen beside the paper; 0 for none. */
  readonly desk: number
  /** Specks of ink strewn over the page. */
  readonly specks: number
}

/** A picture and what it says. */
export interface Composed {
  readonly picture: Picture
  readonly text: string
  /** Where each digit's ink is, line by line. */
  readonly boxes: readonly (readonly Box[])[]
}

/** Dark blue on white, evenly lit: every other scene differs from it in what it states. */
export const PLAIN: Scene = {
  lines: [7],
  height: 48,
  uneven: 0.1,
  tails: 0,
  long: [7, 9],
  breadth: 1,
  lean: 0,
  gap: [0.12, 0.5],
  touching: 0,
  overlap: [0.01, 0.04],
  slope: 0,
  turn: 0,
  pen: [30, 35, 90],
  fine: 0.2,
  bold: 0,
  skips: 0,
  bands: null,
  grouped: false,
  paper: [235, 232, 225],
  falloff: 0.05,
  shadow: 0,
  edge: 0.3,
  noise: 3,
  rules: 0,
  squared: false,
  desk: 0,
  specks: 0,
}

/** MNIST's digits that no shipped network was trained on and no final figure is taken from. */
export const validationDigits = (train: Split): Split => slice(train, train.count - 5000, train.count)

interface Glyph {
  readonly width: number
  readonly height: number
  readonly ink: Float32Array
}

/** Composes one picture. */
export function compose(digits: Split, scene: Scene, random: Random): Composed {
  const margin = 0.6 * scene.height
  const desk = Math.round(scene.desk * scene.height)
  const rows = scene.lines.map((count) => layOut(digits, scene, count, random))
  const inner = Math.max(...rows.map((row) => row.width))
  const width = Math.ceil(inner + 2 * margin) + desk
  const climb = Math.abs(scene.slope) * inner
  const pitch = 1.9 * scene.height
  const height = Math.ceil(scene.lines.length * pitch + climb + 2 * margin + (scene.tails - 0.9) * scene.height)
  const page: Glyph = { width, height, ink: new Float32Array(width * height) }
  const places = rows.map((row, line) =>
    row.placed.flatMap(({ glyph, label, hang, x }) => {
      const left = Math.round(margin + x)
      const base = margin + line * pitch + scene.height + scene.slope * (x + glyph.width / 2)
      const top = Math.round(
        base + hang - glyph.height + (scene.slope < 0 ? climb : 0) + random.symmetric(0.06) * scene.height,
      )
      stamp(page.ink, width, height, glyph, left, top)
      return label === null ? [] : { x: left, y: top, width: glyph.width, height: glyph.height }
    }),
  )
  strew(page.ink, width, height, scene, random)
  if (scene.bands) leaveOut(page, scene.bands[0] * scene.height, scene.bands[1], random)
  const text = rows.map((row) => row.placed.map(({ label }) => label ?? '').join('')).join('\n')
  if (scene.turn === 0) return { picture: photograph(page, scene, random), text, boxes: places }
  const boxes = places.map((line) => line.map((box) => boxTurned(page, box, scene.turn)))
  return { picture: photograph(turned(page, scene.turn), scene, random), text, boxes }
}

function layOut(digits: Split, scene: Scene, count: number, random: Random) {
  const touching = new Set<number>()
  while (touching.size < Math.min(scene.touching, count - 1)) touching.add(1 + random.below(count - 1))
  const placed: { glyph: Glyph; label: number | null; hang: number; x: number }[] = []
  let width = 0
  const part = (mark: PartingMark) => {
    const glyph = drawMark(mark, scene, random)
    const x = placed.length === 0 ? 0 : width + (0.15 + 0.25 * random.uniform()) * scene.height
    placed.push({ glyph, label: null, hang: -mark.rise * scene.height, x })
    width = x + glyph.width
  }
  if (scene.grouped) OPENINGS[random.below(OPENINGS.length)].forEach(part)
  let group = scene.grouped ? 3 + random.below(2) : count
  for (let k = 0; k < count; k++) {
    if (k === group) {
      group += 3 + random.below(2)
      PARTINGS[random.below(PARTINGS.length)].forEach(part)
    }
    const index = random.below(digits.count)
    const size = scene.height * (1 + random.symmetric(scene.uneven))
    const tail = scene.tails * random.uniform()
    const label = digits.labels[index]
    const long = scene.long.includes(label) ? 1 + tail : 1
    const drawn = drawDigit(digits, index, label === 0 ? size / (1 + tail) : size, long, scene)
    const marked = scene.bold > 0 ? widen(drawn, scene.bold * scene.height) : drawn
    const glyph = scene.skips > 0 && random.uniform() < scene.skips ? interrupted(marked, scene.height, random) : marked
    const last = placed[placed.length - 1]
    const gap = scene.gap[0] + random.uniform() * (scene.gap[1] - scene.gap[0])
    const apart = touching.has(k) ? -(scene.overlap[0] + random.uniform() * (scene.overlap[1] - scene.overlap[0])) : gap
    const after = last?.label === null ? width : last ? last.x + nearest(last.glyph, glyph) : 0
    const x = last ? after + apart * scene.height : 0
    placed.push({ glyph, label, hang: (glyph.height * (long - 1)) / long, x })
    width = Math.max(width, x + glyph.width)
  }
  return { placed, width }
}

/** A mark between digits: strokes from point to point in a square as high as a digit is, and how far above the line it ends. */
interface PartingMark {
  readonly points: readonly (readonly [x: number, y: number])[]
  readonly rise: number
}

const HYPHEN: PartingMark = {
  points: [
    [0, 0],
    [0.4, 0],
  ],
  rise: 0.42,
}
const DOT: PartingMark = {
  points: [
    [0, 0],
    [0.02, 0.02],
  ],
  rise: 0,
}
const OPEN: PartingMark = {
  points: [
    [0.22, 0],
    [0.05, 0.3],
    [0, 0.6],
    [0.05, 0.9],
    [0.22, 1.2],
  ],
  rise: -0.1,
}
const CLOSE: PartingMark = { points: OPEN.points.map(([x, y]) => [0.22 - x, y]), rise: -0.1 }
const COMMA: PartingMark = {
  points: [
    [0.08, 0],
    [0, 0.2],
  ],
  rise: -0.1,
}
const plus = (arm: number): PartingMark => ({
  points: [
    [0, arm],
    [2 * arm, arm],
    [arm, arm],
    [arm, 0],
    [arm, 2 * arm],
  ],
  rise: 0.45 - arm,
})
const APOSTROPHE: PartingMark = {
  points: [
    [0.06, 0],
    [0, 0.2],
  ],
  rise: 0.85,
}
/** Higher than a digit: one no higher is a one. */
const SLASH: PartingMark = {
  points: [
    [0.5, 0],
    [0, 1.4],
  ],
  rise: -0.2,
}
/** What stands between two groups of digits; nothing is a space. */
const PARTINGS: readonly (readonly PartingMark[])[] = [
  [],
  [HYPHEN],
  [HYPHEN],
  [DOT],
  [OPEN],
  [CLOSE],
  [COMMA],
  [APOSTROPHE],
  [SLASH],
  [plus(0.22)],
  [plus(0.32)],
]
/** What stands before the first. */
const OPENINGS: readonly (readonly PartingMark[])[] = [[], [], [], [OPEN], [plus(0.22)], [plus(0.32)]]

/** Draws a mark with a pen as wide as the digits' is, each time a little otherwise. */
function drawMark({ points }: PartingMark, scene: Scene, random: Random): Glyph {
  const size = scene.height * (0.8 + 0.4 * random.uniform())
  const pen = Math.max(1, (0.06 + 0.04 * random.uniform() + scene.bold) * scene.height)
  const path = points.map(([x, y]): [number, number] => [
    pen + (x + 0.02 * random.symmetric(1)) * size,
    pen + (y + 0.02 * random.symmetric(1)) * size,
  ])
  const width = Math.ceil(Math.max(...path.map(([x]) => x)) + pen)
  const height = Math.ceil(Math.max(...path.map(([, y]) => y)) + pen)
  const ink = new Float32Array(width * height)
  for (let i = 0; i < ink.length; i++) {
    const x = (i % width) + 0.5
    const y = Math.floor(i / width) + 0.5
    let away = Number.POSITIVE_INFINITY
    for (let k = 1; k < path.length; k++) away = Math.min(away, distanceToStroke(x, y, path[k - 1], path[k]))
    ink[i] = Math.max(0, Math.min(1, pen / 2 + 0.5 - away))
  }
  return { width, height, ink }
}

function distanceToStroke(x: number, y: number, [ax, ay]: [number, number], [bx, by]: [number, number]): number {
  const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
  const share = Math.max(0, Math.min(1, along))
  return Math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay))
}

/** Ink as a pen `radius` pixels wider on each side leaves it. */
function widen({ width, height, ink }: Glyph, radius: number): Glyph {
  const reach = Math.ceil(radius)
  const wide = width + 2 * reach
  const high = height + 2 * reach
  const out = new Float32Array(wide * high)
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const share = Math.max(0, Math.min(1, radius + 0.5 - Math.hypot(dx, dy)))
      if (share === 0) continue
      for (let y = 0, i = 0; y < height; y++) {
        const row = (y + reach + dy) * wide + reach + dx
        for (let x = 0; x < width; x++, i++) if (ink[i] * share > out[row + x]) out[row + x] = ink[i] * share
      }
    }
  }
  return { width: wide, height: high, ink: out }
}

/** A digit of whose ink a short stripe is missing, which runs through a point of a stroke in any direction. */
function interrupted({ width, height, ink }: Glyph, size: number, random: Random): Glyph {
  const inked = Array.from(ink.keys()).filter((i) => ink[i] > 0.5)
  const through = inked[random.below(inked.length)]
  const turn = Math.PI * random.uniform()
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  const breadth = (0.04 + 0.1 * random.uniform()) * size
  const length = 0.3 * size
  const left = ink.map((value, i) => {
    const [x, y] = [(i % width) - (through % width), Math.floor(i / width) - Math.floor(through / width)]
    const outside = Math.max(Math.abs(x * cos + y * sin) - breadth / 2, Math.abs(y * cos - x * sin) - length / 2)
    return value * Math.max(0, Math.min(1, outside + 0.5))
  })
  return { width, height, ink: left }
}

/**
 * A digit's ink, scaled so that a box of MNIST's 20 pixels is `height` high and then, its lower half stretched, `long`
 * times as long, edges sharpened, as broad and leaning as the scene's are, cropped to its box.
 */
function drawDigit(digits: Split, index: number, height: number, long: number, { fine, breadth, lean }: Scene): Glyph {
  const pixels = digits.images.subarray(index * INPUT_SIDE ** 2, (index + 1) * INPUT_SIDE ** 2)
  const scale = height / 20
  const rows = Math.ceil(Math.ceil(INPUT_SIDE * scale) * long)
  const aside = (Math.abs(lean) * rows) / 2
  const side = Math.ceil(INPUT_SIDE * scale * breadth + 2 * aside)
  const ink = new Float32Array(side * rows)
  let left = side
  let right = 0
  let top = rows
  let bottom = 0
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < side; x++) {
      const column = (x + 0.5 - aside + lean * (y - rows / 2)) / (scale * breadth)
      const value = (sample(pixels, column - 0.5, sourceRow((y + 0.5) / scale, long) - 0.5) / 255 - fine) / 0.5
      if (value <= 0) continue
      ink[y * side + x] = Math.min(1, value)
      if (value < 0.3) continue
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.min(top, y)
      bottom = Math.max(bottom, y)
    }
  }
  const width = right - left + 1
  const cropped = new Float32Array(width * (bottom - top + 1))
  for (let y = top; y <= bottom; y++) {
    cropped.set(ink.subarray(y * side + left, y * side + right + 1), (y - top) * width)
  }
  return { width, height: bottom - top + 1, ink: cropped }
}

/** The row of MNIST's picture that stands at a row of one whose lower half is stretched; both in MNIST's pixels. */
function sourceRow(row: number, long: number): number {
  const half = INPUT_SIDE / 2
  return row < half ? row : half + (row - half) / (2 * long - 1)
}

function sample(pixels: Uint8Array, x: number, y: number): number {
  const x0 = Math.floor(x)
  const y0 = Math.floor(y)
  const at = (column: number, row: number) =>
    column < 0 || row < 0 || column >= INPUT_SIDE || row >= INPUT_SIDE ? 0 : pixels[row * INPUT_SIDE + column]
  const upper = at(x0, y0) * (1 - x + x0) + at(x0 + 1, y0) * (x - x0)
  const lower = at(x0, y0 + 1) * (1 - x + x0) + at(x0 + 1, y0 + 1) * (x - x0)
  return upper * (1 - y + y0) + lower * (y - y0)
}

/** How far right of `left` its neighbour stands when their ink, both on the same base line, just meets in some row. */
function nearest(left: Glyph, right: Glyph): number {
  let most = Number.NEGATIVE_INFINITY
  for (let up = 1; up <= Math.min(left.height, right.height); up++) {
    const a = (left.height - up) * left.width
    const b = (right.height - up) * right.width
    let end = -1
    for (let x = 0; x < left.width; x++) if (left.ink[a + x] > 0.5) end = x
    let start = -1
    for (let x = right.width - 1; x >= 0; x--) if (right.ink[b + x] > 0.5) start = x
    if (end >= 0 && start >= 0) most = Math.max(most, end + 1 - start)
  }
  // A tail that reaches far under its neighbour is not followed.
  return Math.max(most, 0.5 * left.width)
}

function stamp(ink: Float32Array, width: number, height: number, glyph: Glyph, left: number, top: number): void {
  for (let y = 0; y < glyph.height; y++) {
    if (top + y < 0 || top + y >= height) continue
    for (let x = 0; x < glyph.width; x++) {
      if (left + x < 0 || left + x >= width) continue
      const i = (top + y) * width + left + x
      ink[i] = Math.max(ink[i], glyph.ink[y * glyph.width + x])
    }
  }
}

/** How large a page is when it is turned, and where a point of it then lies. */
function turning({ width, height }: Glyph, angle: number) {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const wide = Math.ceil(width * Math.abs(cos) + height * Math.abs(sin))
  const high = Math.ceil(width * Math.abs(sin) + height * Math.abs(cos))
  const to = (x: number, y: number): [number, number] => [
    wide / 2 + cos * (x - width / 2) - sin * (y - height / 2),
    high / 2 + sin * (x - width / 2) + cos * (y - height / 2),
  ]
  const from = (x: number, y: number): [number, number] => [
    width / 2 + cos * (x - wide / 2) + sin * (y - high / 2),
    height / 2 - sin * (x - wide / 2) + cos * (y - high / 2),
  ]
  return { width: wide, height: high, to, from }
}

/** A page turned clockwise, on paper large enough for it. */
function turned(page: Glyph, angle: number): Glyph {
  const { width, height, from } = turning(page, angle)
  const ink = new Float32Array(width * height)
  const at = (x: number, y: number) =>
    x < 0 || y < 0 || x >= page.width || y >= page.height ? 0 : page.ink[y * page.width + x]
  for (let i = 0; i < ink.length; i++) {
    const [x, y] = from((i % width) + 0.5, Math.floor(i / width) + 0.5)
    const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)]
    const [u, v] = [x - 0.5 - left, y - 0.5 - top]
    const upper = at(left, top) * (1 - u) + at(left + 1, top) * u
    ink[i] = upper * (1 - v) + (at(left, top + 1) * (1 - u) + at(left + 1, top + 1) * u) * v
  }
  return { width, height, ink }
}

/** Where the ink within a box of a page is when the page is turned. */
function boxTurned(page: Glyph, box: Box, angle: number): Box {
  const { to } = turning(page, angle)
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let y = Math.max(0, box.y); y < Math.min(page.height, box.y + box.height); y++) {
    for (let x = Math.max(0, box.x); x < Math.min(page.width, box.x + box.width); x++) {
      if (page.ink[y * page.width + x] < 0.3) continue
      const [u, v] = to(x + 0.5, y + 0.5)
      left = Math.min(left, Math.floor(u))
      right = Math.max(right, Math.floor(u))
      top = Math.min(top, Math.floor(v))
      bottom = Math.max(bottom, Math.floor(v))
    }
  }
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
}

/** Ruled lines and specks. */
function strew(ink: Float32Array, width: number, height: number, scene: Scene, random: Random): void {
  if (scene.rules > 0) {
    const pitch = (scene.squared ? 0.5 + random.uniform() : 1.9) * scene.height
    const first = (scene.squared ? random.uniform() * 0.5 : 0.8) * scene.height
    for (let base = first; base < 2 * height; base += pitch) {
      for (let x = 0; x < width; x++) rule(x, Math.round(base + scene.slope * x), 0, 1)
    }
    for (let base = first; scene.squared && base < 2 * width; base += pitch) {
      for (let y = 0; y < height; y++) rule(Math.round(base - scene.slope * y), y, 1, 0)
    }
  }
  for (let k = 0; k < scene.specks; k++) {
    const x = random.below(width - 1)
    const y = random.below(height - 1)
    for (const i of [y * width + x, y * width + x + 1, (y + 1) * width + x]) ink[i] = Math.max(ink[i], random.uniform())
  }

  /** One dot of a rule, as thick as rules are towards one side. */
  function rule(x: number, y: number, stepX: number, stepY: number): void {
    for (let k = 0; k < Math.max(1, Math.round(scene.height / 40)); k++) {
      const [u, v] = [x + k * stepX, y + k * stepY]
      if (u < 0 || v < 0 || u >= width || v >= height) continue
      ink[v * width + u] = Math.max(ink[v * width + u], scene.rules)
    }
  }
}

/** Leaves out stripes of a page's ink in any direction, so many pixels apart. */
function leaveOut({ width, ink }: Glyph, apart: number, share: number, random: Random): void {
  const turn = Math.PI * random.uniform()
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  for (let i = 0; i < ink.length; i++) {
    const at = ((i % width) * cos + Math.floor(i / width) * sin) / apart
    // Half a pixel from either edge on.
    const within = (share / 2 - Math.abs(at - Math.floor(at) - 0.5)) * apart
    ink[i] *= Math.max(0, Math.min(1, 0.5 - within))
  }
}

/** What lies beyond the paper's right edge, which leans a little. */
function showDesk(data: Uint8Array, width: number, height: number, scene: Scene, random: Random): void {
  const lean = random.symmetric(0.1)
  const dark = 40 + random.below(60)
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      if (x + lean * (y - height / 2) < width - scene.desk * scene.height) continue
      for (let c = 0; c < 3; c++) {
        data[i + c] = Math.max(0, Math.min(255, Math.round(dark * (1.2 - 0.15 * c) + scene.noise * random.normal())))
      }
    }
  }
}

/** Ink on paper under a light, seen by a camera, and what lies beside the paper. */
function photograph({ width, height, ink }: Glyph, scene: Scene, random: Random): Picture {
  const data = new Uint8Array(width * height * 4)
  const edge = width * (0.25 + 0.5 * random.uniform())
  const lean = random.symmetric(0.8)
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const depth = (x + lean * y - edge) / (scene.edge * scene.height)
      const shade = scene.shadow / (1 + Math.exp(-Math.max(-30, Math.min(30, depth))))
      const light = (1 - (scene.falloff * x) / width) * (1 - shade)
      const grain = scene.noise * random.normal()
      for (let c = 0; c < 3; c++) {
        const colour = scene.paper[c] + (scene.pen[c] - scene.paper[c]) * ink[i]
        data[i * 4 + c] = Math.max(0, Math.min(255, Math.round(colour * light + grain)))
      }
      data[i * 4 + 3] = 255
    }
  }
  if (scene.desk > 0) showDesk(data, width, height, scene, random)
  return { width, height, data, source: { width, height } }
}
