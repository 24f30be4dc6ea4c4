/** A sheet that lies on something else and is seen whole: a note on a desk, a canvas in a page, a form's tinted field. */
import { type Component, labelComponents } from './components.ts'
import { crop } from './content.ts'
import type { Picture } from './picture.ts'
import { quantileOf } from './statistics.ts'

/** Pixels looked at along the longer side, about. */
const SAMPLES = 160
/** What differs from the picture's edge by more than so many times what most of the edge differs by itself is not like it. */
const UNLIKE = 2
const MOST_OF_EDGE = 0.9
/** Sum of the three channels' differences below which no two colours differ. */
const LEAST_DIFFERENCE = 24
/** A sheet's box fills this part of the picture, and its shorter side this many samples; … */
const LEAST_AREA = 0.15
const LEAST_SIDE = 8
/** … along the inside of its edges, a margin of this part of its shorter side, it is of one piece to this share, … */
const MARGIN = 0.08
const SOLID = 0.88
/** … and around it so much is like it at most: what lies there is no second sheet, nor written on. */
const MOST_AROUND = 0.05
/** What is left out along each side, in samples: its edge may be blurred, and not quite straight. */
const INSET = 1.5
/** It may be askew by so many degrees to either side, which are tried in steps of a fourth of one. */
const MOST_ASKEW = 20
const STEPS_PER_DEGREE = 4

/** A picture's samples by rows: 1 where they are unlike its edge. */
interface Samples {
  readonly width: number
  readonly height: number
  readonly mask: Uint8Array
}

/** A sheet by itself, and where its upper left corner is in the picture that it was cut out of. */
export interface CutOut {
  readonly x: number
  readonly y: number
  readonly picture: Picture
}

/** A rectangle that is askew: its sides along `cos, sin` and across, in samples. */
interface Askew {
  readonly cos: number
  readonly sin: number
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/**
 * Cuts out the sheet in a picture whose edge shows only what the sheet lies on. Where it is askew, the corners of its box are
 * painted in its colour.
 * @returns the inside of the sheet, and its place in the picture's pixels; `null` where there is none
 */
export function cutOutSheet(picture: Picture): CutOut | null {
  const step = Math.max(1, Math.ceil(Math.max(picture.width, picture.height) / SAMPLES))
  const unlike = unlikeEdge(picture, step)
  const { width, height, mask } = unlike
  const { labels, components } = labelComponents(mask, width, height)
  if (components.length === 0) return null
  const sheet = components.reduce((most, one) => (one.area > most.area ? one : most))
  const isLarge = sheet.width * sheet.height >= LEAST_AREA * width * height
  if (!isLarge || Math.min(sheet.width, sheet.height) < LEAST_SIDE || isCutOff(sheet, unlike)) return null
  const sides = sidesOf(sheet, labels, width)
  if (!isAlone(sheet, sides, labels, unlike)) return null
  const inset = sides.sin === 0 ? Math.ceil(INSET * step) : 0
  const [x, y] = [sheet.x * step + inset, sheet.y * step + inset]
  const box = { x, y, width: sheet.width * step - 2 * inset, height: sheet.height * step - 2 * inset }
  const scale = picture.source.width / picture.width
  const source = { width: box.width * scale, height: box.height * scale }
  const inside = { ...crop(picture, box), source }
  if (sides.sin !== 0) paintAround(inside, x, y, sides, step)
  return { x, y, picture: inside }
}

/** Of a picture's pixels, one in so many each way, whether it is unlike the picture's edge. */
function unlikeEdge({ width: stride, height: rows, data }: Picture, step: number): Samples {
  const [width, height] = [Math.floor(stride / step), Math.floor(rows / step)]
  const first = step >> 1
  const at = (i: number) => 4 * ((Math.floor(i / width) * step + first) * stride + (i % width) * step + first)
  const edge: number[] = []
  for (let x = 0; x < width; x++) edge.push(x, (height - 1) * width + x)
  for (let y = 0; y < height; y++) edge.push(y * width, y * width + width - 1)
  const [red, green, blue] = [0, 1, 2].map((c) => medianOf(edge.map((i) => data[at(i) + c])))
  const difference = new Float32Array(width * height)
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0, p = at(i); x < width; x++, i++, p += 4 * step) {
      difference[i] = Math.abs(data[p] - red) + Math.abs(data[p + 1] - green) + Math.abs(data[p + 2] - blue)
    }
  }
  const usual = quantileOf(
    Float32Array.from(edge, (i) => difference[i]),
    MOST_OF_EDGE,
  )
  const level = Math.max(LEAST_DIFFERENCE, UNLIKE * usual)
  const mask = new Uint8Array(difference.length)
  for (let i = 0; i < mask.length; i++) if (difference[i] > level) mask[i] = 1
  return { width, height, mask }
}

const medianOf = (values: readonly number[]) => quantileOf(Float32Array.from(values), 0.5)

const isCutOff = ({ x, y, width, height }: Component, page: Samples) =>
  x === 0 || y === 0 || x + width === page.width || y + height === page.height

/** The least rectangle around a component, level where none is less. */
function sidesOf(sheet: Component, labels: Int32Array, stride: number): Askew {
  // Of each row only the ends may lie on a side.
  const ends: [x: number, y: number][] = []
  for (let y = sheet.y; y < sheet.y + sheet.height; y++) {
    let [first, last] = [sheet.x, sheet.x + sheet.width - 1]
    while (labels[y * stride + first] !== sheet.label) first++
    while (labels[y * stride + last] !== sheet.label) last--
    ends.push([first, y], [last, y])
  }
  let best = rectangleAround(ends, 0)
  for (let k = 1; k <= MOST_ASKEW * STEPS_PER_DEGREE; k++) {
    for (const sign of [1, -1]) {
      const other = rectangleAround(ends, (sign * k * Math.PI) / 180 / STEPS_PER_DEGREE)
      if (areaOf(other) < areaOf(best)) best = other
    }
  }
  return best
}

function rectangleAround(points: readonly (readonly [x: number, y: number])[], angle: number): Askew {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [x, y] of points) {
    const [u, v] = [x * cos + y * sin, y * cos - x * sin]
    left = Math.min(left, u)
    right = Math.max(right, u)
    top = Math.min(top, v)
    bottom = Math.max(bottom, v)
  }
  return { cos, sin, left, top, right, bottom }
}

const areaOf = ({ left, top, right, bottom }: Askew) => (right - left + 1) * (bottom - top + 1)

/** How far within a rectangle a point is; below 0 beyond it. */
function depthIn({ cos, sin, left, top, right, bottom }: Askew, x: number, y: number): number {
  const u = x * cos + y * sin
  const v = y * cos - x * sin
  return Math.min(u - left, v - top, right - u, bottom - v)
}

/** Whether a component is solid along the sides of its rectangle, and there is next to nothing around it. */
function isAlone(sheet: Component, sides: Askew, labels: Int32Array, { width, height, mask }: Samples): boolean {
  const margin = Math.max(1, MARGIN * Math.min(sides.right - sides.left + 1, sides.bottom - sides.top + 1))
  let [around, marked, edge, solid] = [0, 0, 0, 0]
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const depth = depthIn(sides, x, y)
      if (depth < 0) {
        around++
        marked += mask[i]
      } else if (depth < margin) {
        edge++
        if (labels[i] === sheet.label) solid++
      }
    }
  }
  return solid >= SOLID * edge && marked <= MOST_AROUND * around
}

/** Paints what is beyond a sheet's sides in the colour that the sheet mostly has along them. */
function paintAround({ width, height, data }: Picture, left: number, top: number, sides: Askew, step: number): void {
  const depthAt = (x: number, y: number) => depthIn(sides, (left + x + 0.5) / step - 0.5, (top + y + 0.5) / step - 0.5)
  const edge: number[] = []
  for (let y = 0; y < height; y += step) {
    for (let x = 0; x < width; x += step) {
      const depth = depthAt(x, y)
      if (depth >= INSET && depth < INSET + 2) edge.push(4 * (y * width + x))
    }
  }
  const [red, green, blue] = [0, 1, 2].map((c) => medianOf(edge.map((p) => data[p + c])))
  for (let y = 0, p = 0; y < height; y++) {
    for (let x = 0; x < width; x++, p += 4) {
      if (depthAt(x, y) >= INSET) continue
      data[p] = red
      data[p + 1] = green
      data[p + 2] = blue
    }
  }
}
