/** A sheet that lies on something else and is seen whole: a note on a desk, a canvas in a page, a form's tinted field. */
import { type Component, labelComponents } from './components.ts'
import { backdrop, borderPixels } from './ink.ts'
import type { Box, Picture } from './picture.ts'
import type { Sheet } from './sheet.ts'
import { quantileOf } from './statistics.ts'

/** Pixels looked at along the longer side, about. */
const SAMPLES = 160
/** What differs from the picture's edge by more than so many times what most of the edge differs by itself is not like it. */
const UNLIKE = 2
const MOST_OF_EDGE = 0.9
/** Sum of the three channels' differences below which no two colours differ. */
const LEAST_DIFFERENCE = 24
/** A sheet fills this part of the picture, and its shorter side this many samples; … */
const LEAST_AREA = 0.15
const LEAST_SIDE = 8
/** … along the inside of its edges, a margin of this part of its shorter side, it is of one piece to this share, … */
const MARGIN = 0.08
const SOLID = 0.92
/** … and around it so much is like it at most: what lies there is no second sheet, nor written on. */
const MOST_AROUND = 0.05
/** What is left out along each side, in samples: its edge may be blurred, and not quite upright. */
const INSET = 1.5

/**
 * Finds the sheet in a picture whose edge shows only what the sheet lies on.
 * @returns the inside of it, in the picture's pixels; `null` where there is none, or it is askew
 */
export function sheetIn(picture: Picture): Box | null {
  const step = Math.max(1, Math.ceil(Math.max(picture.width, picture.height) / SAMPLES))
  const unlike = unlikeEdge(picture, step)
  const { width, height, mask } = unlike
  const { labels, components } = labelComponents(mask, width, height)
  if (components.length === 0) return null
  const sheet = components.reduce((most, one) => (one.area > most.area ? one : most))
  if (Math.min(sheet.width, sheet.height) < LEAST_SIDE) return null
  if (sheet.width * sheet.height < LEAST_AREA * width * height || !isAlone(sheet, labels, unlike)) return null
  const inset = Math.ceil(INSET * step)
  const [x, y] = [sheet.x * step + inset, sheet.y * step + inset]
  return { x, y, width: sheet.width * step - 2 * inset, height: sheet.height * step - 2 * inset }
}

/** Of a picture's pixels, one in so many each way, whether it is unlike the picture's edge. */
function unlikeEdge({ width: stride, height: rows, data }: Picture, step: number): Sheet {
  const [width, height] = [Math.floor(stride / step), Math.floor(rows / step)]
  const [red, green, blue] = backdrop(data, borderPixels(stride, rows))
  const difference = new Float32Array(width * height)
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const p = 4 * ((y * step + (step >> 1)) * stride + x * step + (step >> 1))
      difference[i] = Math.abs(data[p] - red) + Math.abs(data[p + 1] - green) + Math.abs(data[p + 2] - blue)
    }
  }
  const isEdge = (x: number, y: number) => x === 0 || y === 0 || x === width - 1 || y === height - 1
  const edge = difference.filter((_, i) => isEdge(i % width, Math.floor(i / width)))
  const level = Math.max(LEAST_DIFFERENCE, UNLIKE * quantileOf(edge, MOST_OF_EDGE))
  return { width, height, mask: Uint8Array.from(difference, (value) => (value > level ? 1 : 0)) }
}

/** Whether a component is solid along its box's edges, all of which are seen, and there is next to nothing around it. */
function isAlone(sheet: Component, labels: Int32Array, { width, height, mask }: Sheet): boolean {
  const [right, bottom] = [sheet.x + sheet.width - 1, sheet.y + sheet.height - 1]
  if (sheet.x === 0 || sheet.y === 0 || right === width - 1 || bottom === height - 1) return false
  const margin = Math.max(1, Math.round(MARGIN * Math.min(sheet.width, sheet.height)))
  let [around, marked, edge, solid] = [0, 0, 0, 0]
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const within = Math.min(x - sheet.x, y - sheet.y, right - x, bottom - y)
      if (within < 0) {
        around++
        marked += mask[i]
      } else if (within < margin) {
        edge++
        if (labels[i] === sheet.label) solid++
      }
    }
  }
  return solid >= SOLID * edge && marked <= MOST_AROUND * around
}
