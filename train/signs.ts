/**
 * What people write and draw that is no digit, for the network to learn not to be sure of: letters and signs that no digit
 * resembles, little drawings, silhouettes. All is brought to MNIST's form, as the pictures are that a network is shown.
 */
import { type InkPatch, normalize } from '../image/normalize.ts'
import { INPUT_PIXELS } from '../model/artifact.ts'
import { curve, draw, oval, type Point, type Stroke, wobble } from './pen.ts'
import { type Random, randomOf } from './random.ts'

const between = (random: Random, least: number, most: number) => least + random.uniform() * (most - least)

/** Each stroke's points, on a grid of tenths. */
const GLYPHS: readonly (readonly (readonly number[])[])[] = [
  // A E F H K L M N P R T V W X Y
  [
    [0, 10, 4, 0, 8, 10],
    [1, 6, 7, 6],
  ],
  [
    [6, 0, 0, 0, 0, 10, 6, 10],
    [0, 5, 5, 5],
  ],
  [
    [6, 0, 0, 0, 0, 10],
    [0, 5, 5, 5],
  ],
  [
    [0, 0, 0, 10],
    [7, 0, 7, 10],
    [0, 5, 7, 5],
  ],
  [
    [0, 0, 0, 10],
    [6, 0, 0, 5, 6, 10],
  ],
  [[0, 10, 1, 0, 4, 6, 7, 0, 8, 10]],
  [[0, 10, 0, 0, 7, 10, 7, 0]],
  [
    [0, 10, 0, 0, 4, 0, 6, 2, 4, 5, 0, 5],
    [2, 5, 7, 10],
  ],
  [
    [0, 0, 8, 0],
    [4, 0, 4, 10],
  ],
  [[0, 0, 2, 10, 5, 3, 8, 10, 10, 0]],
  [
    [0, 0, 7, 10],
    [7, 0, 0, 10],
  ],
  // h k m n t w x in the height of small letters
  [
    [0, 0, 0, 10],
    [0, 6, 3, 5, 5, 6, 5, 10],
  ],
  [
    [0, 0, 0, 7],
    [0, 2, 2, 0, 4, 2, 4, 7],
    [4, 2, 6, 0, 8, 2, 8, 7],
  ],
  [
    [0, 0, 0, 6],
    [0, 2, 3, 0, 5, 2, 5, 6],
  ],
  [[0, 0, 1, 6, 3, 1, 5, 6, 6, 0]],
  // + × # = - * & in the height of digits
  [
    [0, 5, 10, 5],
    [5, 0, 5, 10],
  ],
  [
    [0, 0, 10, 10],
    [10, 0, 0, 10],
  ],
  [
    [3, 0, 2, 10],
    [7, 0, 6, 10],
    [0, 3, 9, 3],
    [0, 7, 9, 7],
  ],
  [
    [0, 0, 10, 0],
    [0, 4, 10, 4],
  ],
  [[0, 0, 10, 0]],
  [
    [0, 2, 10, 8],
    [10, 2, 0, 8],
    [5, 0, 5, 10],
  ],
]

/** Letters and signs. */
function drawGlyph(random: Random): InkPatch {
  const glyph = GLYPHS[random.below(GLYPHS.length)]
  const aspect = between(random, 0.8, 1.25)
  const slant = random.symmetric(0.2)
  const strokes = glyph.map((numbers): Stroke => {
    const points: Point[] = []
    for (let i = 0; i < numbers.length; i += 2) {
      const y = numbers[i + 1] / 10 + random.symmetric(0.05)
      points.push([(aspect * numbers[i]) / 10 + random.symmetric(0.05) + slant * (1 - y), y])
    }
    return random.below(3) === 0 ? curve(...points) : points
  })
  return draw(strokes, between(random, 1.6, 3.6))
}

/** A few lines, ovals, boxes and arches beside, in and over each other, as in a sketch. */
function drawSketch(random: Random): InkPatch {
  const parts = 3 + random.below(5)
  const strokes: Stroke[] = []
  for (let part = 0; part < parts; part++) {
    const x = random.uniform()
    const y = random.uniform()
    const width = between(random, 0.1, 0.8)
    const height = between(random, 0.1, 0.8)
    switch (random.below(5)) {
      case 0:
        strokes.push(oval(x, y, width, height))
        break
      case 1:
        strokes.push([
          [x, y],
          [x + width, y],
          [x + width, y + height],
          [x, y + height],
          [x, y],
        ])
        break
      case 2:
        strokes.push(arch(x, y, width, height))
        break
      case 3:
        strokes.push([
          [x, y + height],
          [x + width / 2, y],
          [x + width, y + height],
        ])
        break
      default:
        strokes.push([
          [x, y],
          [x + random.symmetric(0.8), y + random.symmetric(0.8)],
        ])
    }
  }
  return draw(wobble(strokes, 0.01, random), between(random, 1.2, 3))
}

function arch(x: number, y: number, width: number, height: number): Stroke {
  return curve(
    [x, y + height],
    [x + 0.1 * width, y + 0.35 * height],
    [x + width / 2, y],
    [x + 0.9 * width, y + 0.35 * height],
    [x + width, y + height],
  )
}

/** One to four arches, one in the other. */
function drawArches(random: Random): InkPatch {
  const height = between(random, 0.3, 1.1)
  const count = 1 + random.below(4)
  const apart = between(random, 0.06, 0.16)
  const strokes = Array.from({ length: count }, (_, k) => {
    const inset = k * apart
    return arch(inset, inset, 1 - 2 * inset, height - inset)
  })
  return draw(wobble(strokes, 0.015, random), between(random, 1.2, 3.2))
}

/** Heights at which a silhouette's outline bends. */
const BENDS = 6
const SILHOUETTE = 40

/** A filled shape whose sides mirror each other, as garments, vessels and buildings have it, sometimes with two legs or arms. */
function drawSilhouette(random: Random): InkPatch {
  const tall = Math.round(between(random, 24, SILHOUETTE))
  const ink = new Float32Array(SILHOUETTE * SILHOUETTE)
  const widths = Array.from({ length: BENDS }, () => between(random, 0.2, 0.5) * SILHOUETTE)
  const isStepped = random.below(2) === 0
  const legs = random.below(4) === 0 ? between(random, 0.1, 0.8) : 1
  const shade = random.below(2) === 0 ? between(random, 0, 0.5) : 0
  const lean = random.symmetric(0.15)
  for (let y = 0; y < tall; y++) {
    const at = ((BENDS - 1) * y) / tall
    const k = Math.floor(at)
    const width = isStepped ? widths[k] : widths[k] + (at - k) * (widths[k + 1] - widths[k])
    const middle = SILHOUETTE / 2 + lean * (y - tall / 2)
    for (let x = 0; x < SILHOUETTE; x++) {
      const away = Math.abs(x + 0.5 - middle)
      const gap = y > legs * tall ? 2 : 0
      if (away >= width || away < gap) continue
      ink[y * SILHOUETTE + x] = 1 - shade * random.uniform()
    }
  }
  return { width: SILHOUETTE, height: SILHOUETTE, ink }
}

const CORNERS = 8

/** A filled shape with corners at random distances from its middle, no two alike. */
function drawPolygon(random: Random): InkPatch {
  const half = SILHOUETTE / 2
  const flat = between(random, 0.4, 1)
  const corners = Array.from({ length: CORNERS }, (_, k): Point => {
    // Around the middle in even steps along a square.
    const along = (8 * (k + random.symmetric(0.3))) / CORNERS
    const side = (offset: number) => Math.max(-1, Math.min(1, Math.abs(((along + offset + 16) % 8) - 4) - 2))
    const distance = half * between(random, 0.2, 1)
    return [half + distance * side(0), half + flat * distance * side(2)]
  })
  const ink = new Float32Array(SILHOUETTE * SILHOUETTE)
  for (let y = 0; y < SILHOUETTE; y++) {
    for (let x = 0; x < SILHOUETTE; x++) if (isInside(corners, x + 0.5, y + 0.5)) ink[y * SILHOUETTE + x] = 1
  }
  return { width: SILHOUETTE, height: SILHOUETTE, ink }
}

/** Whether a ray to the right crosses the outline an odd number of times (Shimrat, 1962). */
function isInside(corners: readonly Point[], x: number, y: number): boolean {
  let inside = false
  for (let k = 0; k < corners.length; k++) {
    const [ax, ay] = corners[k]
    const [bx, by] = corners[(k + 1) % corners.length]
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside
  }
  return inside
}

const KINDS: readonly ((random: Random) => InkPatch)[] = [
  drawGlyph,
  drawGlyph,
  drawSketch,
  drawSketch,
  drawArches,
  drawSilhouette,
  drawSilhouette,
  drawPolygon,
]

/**
 * Draws such pictures.
 * @returns count × 784 bytes, 0..255, light ink on dark; the same for the same count and seed
 */
export function drawSigns(count: number, seed: number): Uint8Array {
  const images = new Uint8Array(count * INPUT_PIXELS)
  for (let i = 0; i < count; i++) {
    const random = randomOf(seed, 'sign', i)
    images.set(normalize(KINDS[i % KINDS.length](random)), i * INPUT_PIXELS)
  }
  return images
}
