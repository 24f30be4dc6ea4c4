/** What pictures of one digit, and of none, are measured under: each condition draws a scene for one picture. */
import type { Scene } from '../../test/image/scenes.ts'
import type { Random } from '../../train/random.ts'
import { between, type Colour, PENS, pick } from '../support/chance.ts'

/** A scene and what a camera and its file make of it. */
export interface Shot extends Scene {
  /** Standard deviation of the blur in pixels. */
  readonly blur?: number
  /** Of a JPEG file, 1..100; lossless without it. */
  readonly quality?: number
}

export type Light = NonNullable<Scene['light']>
type Marks = NonNullable<Scene['also']>

export const BLACK: Colour = [0, 0, 0]
export const WHITE: Colour = [255, 255, 255]
const PAPERS: readonly Colour[] = [
  [240, 238, 232],
  [205, 205, 203],
  [228, 214, 140],
  [225, 190, 195],
  [190, 205, 220],
]
/** Pen and paper of about one luma. */
const EQUALLY_BRIGHT: readonly (readonly [pen: Colour, paper: Colour])[] = [
  [
    [230, 40, 40],
    [20, 140, 20],
  ],
  [
    [110, 110, 255],
    [150, 135, 30],
  ],
  [
    [230, 130, 140],
    [110, 190, 110],
  ],
  [
    [0, 150, 200],
    [220, 90, 40],
  ],
]

/** Rows of MNIST's picture that its digits fill. */
const DIGIT_ROWS = 20

/** Light that falls off towards one side. */
export function falloff(share: number, random: Random): Light {
  const [x, y] = direction(random)
  return (u, v) => 1 - share * (0.5 + (x * (u - 0.5) + y * (v - 0.5)) / Math.SQRT2)
}

export function direction(random: Random): [number, number] {
  for (;;) {
    const [x, y] = [random.symmetric(1), random.symmetric(1)]
    const length = Math.hypot(x, y)
    if (length > 0.1 && length < 1) return [x / length, y / length]
  }
}

/** A shadow over one side of the picture, its edge through a place near the middle. @param softness of the edge; 0 is sharp */
export function shadow(softness: number, random: Random): Light {
  const [x, y] = direction(random)
  const [atX, atY] = [between(0.3, 0.7, random), between(0.3, 0.7, random)]
  const depth = between(0.3, 0.6, random)
  const edge = Math.max(softness, 0.002)
  return (u, v) => 1 - depth / (1 + Math.exp(-(x * (u - atX) + y * (v - atY)) / edge))
}

function vignette(random: Random): Light {
  const strength = between(0.5, 1.6, random)
  return (u, v) => 1 / (1 + strength * ((u - 0.5) ** 2 + (v - 0.5) ** 2)) ** 2
}

/** Rough paper: random heights on a grid, interpolated. */
function texture(random: Random): Light {
  const cells = 24 + random.below(60)
  const depth = between(0.06, 0.2, random)
  const heights = Float64Array.from({ length: (cells + 2) ** 2 }, () => random.uniform())
  return (u, v) => {
    const [x, y] = [Math.min(0.999, u) * cells, Math.min(0.999, v) * cells]
    const [left, top] = [Math.floor(x), Math.floor(y)]
    const at = (i: number, j: number) => heights[j * (cells + 2) + i]
    const upper = at(left, top) + (at(left + 1, top) - at(left, top)) * (x - left)
    const lower = at(left, top + 1) + (at(left + 1, top + 1) - at(left, top + 1)) * (x - left)
    return 1 - depth * (upper + (lower - upper) * (y - top))
  }
}

export function crease(random: Random): Light {
  const [x, y] = direction(random)
  const [atX, atY] = [between(0.3, 0.7, random), between(0.3, 0.7, random)]
  const [depth, width] = [between(0.1, 0.35, random), between(0.004, 0.015, random)]
  return (u, v) => 1 - depth * Math.exp(-(((x * (u - atX) + y * (v - atY)) / width) ** 2))
}

/** Printed lines. @param isSquared whether they run down as well */
function rules({ width, height }: Scene, isSquared: boolean, random: Random): Marks {
  const pitch = between(0.06, 0.2, random) * Math.min(width, height)
  const thick = Math.max(1, Math.round(between(0.02, 0.07, random) * pitch))
  const [strength, offset, lean] = [between(0.15, 0.55, random), random.uniform() * pitch, random.symmetric(0.02)]
  const isOn = (at: number) => (((at + offset) % pitch) + pitch) % pitch < thick
  return (x, y) => (isOn(y + lean * x) || (isSquared && isOn(x - lean * y)) ? strength : 0)
}

function specks({ width, height }: Scene, random: Random): Marks {
  const dots = Array.from({ length: 3 + random.below(12) }, () => ({
    x: random.uniform() * width,
    y: random.uniform() * height,
    r: between(0.5, 0.008 * Math.min(width, height), random),
    ink: between(0.3, 1, random),
  }))
  return (x, y) =>
    dots.reduce((most, dot) => (Math.hypot(x - dot.x, y - dot.y) <= dot.r ? Math.max(most, dot.ink) : most), 0)
}

/** A line around the picture, near its border. */
function frame({ width, height }: Scene, random: Random): Marks {
  const inset = between(0, 0.05, random) * Math.min(width, height)
  const thick = between(1, 0.02 * Math.min(width, height), random)
  const strength = between(0.3, 1, random)
  return (x, y) => {
    const d = Math.min(x, y, width - 1 - x, height - 1 - y) - inset
    return d >= 0 && d <= thick ? strength : 0
  }
}

/** A surface beside the sheet, on one or two sides of it. */
function desk({ width, height }: Scene, random: Random): Marks {
  const [left, top] = [between(0.04, 0.14, random) * width, between(0.04, 0.14, random) * height]
  const [lean, strength, corner] = [random.symmetric(0.06), between(0.3, 0.9, random), random.below(3)]
  return (x, y) => {
    const isLeft = x + lean * (y - height / 2) < left
    const isAbove = y - lean * (x - width / 2) < top
    return (corner !== 1 && isLeft) || (corner !== 0 && isAbove) ? strength : 0
  }
}

/** All but a rectangle around a digit. */
function surroundings(shot: Shot, colour: Colour, random: Random): NonNullable<Scene['around']> {
  const reach = shot.zoom * DIGIT_ROWS * between(0.65, 0.85, random)
  const [middleX, middleY] = [shot.x + 14 * shot.zoom, shot.y + 14 * shot.zoom]
  return { colour, at: (x, y) => Math.max(Math.abs(x - middleX), Math.abs(y - middleY)) > reach }
}

/** A window's title bar with buttons, and a line around its canvas. */
function screenWindow({ width, height }: Scene, random: Random): Marks {
  const bar = Math.round(between(0.05, 0.1, random) * height)
  const strength = between(0.1, 0.8, random)
  return (x, y) => {
    if (y < bar) {
      const isButton =
        Math.hypot(x - (width - bar), y - bar / 2) < bar / 4 || Math.hypot(x - bar / 2, y - bar / 2) < bar / 4
      return isButton ? 1 - strength : strength
    }
    return x < 2 || y >= height - 2 || x >= width - 2 ? strength : 0
  }
}

const both =
  (a: Light, b: Light): Light =>
  (u, v) =>
    a(u, v) * b(u, v)

/** An empty picture. */
export function page(width: number, height: number, random: Random): Shot {
  return { width, height, zoom: 1, x: 0, y: 0, seed: random.bits() }
}

/** Puts a digit of a height in pixels with its box's middle at a place, in shares of the picture. */
function put(shot: Shot, size: number, middleX: number, middleY: number): Shot {
  const zoom = size / DIGIT_ROWS
  return { ...shot, zoom, x: middleX * shot.width - 14 * zoom, y: middleY * shot.height - 14 * zoom }
}

/** A digit of a share of the shorter side, wherever it has room. */
function somewhere(shot: Shot, share: number, random: Random): Shot {
  const { width, height } = shot
  const size = share * Math.min(width, height)
  const roomX = Math.max(0, 0.46 - size / 2 / width)
  const roomY = Math.max(0, 0.46 - size / 2 / height)
  return put(shot, size, 0.5 + random.symmetric(roomX), 0.5 + random.symmetric(roomY))
}

const penOf = ({ zoom }: Shot, random: Random) => between(0.07, 0.15, random) * DIGIT_ROWS * zoom

/** A square canvas of a paint program. */
export function canvas(side: number, random: Random): Shot {
  const shot = somewhere(page(side, side, random), between(0.3, 0.9, random), random)
  return { ...shot, paper: WHITE, ink: BLACK, pen: penOf(shot, random) }
}

/** An empty sheet, photographed in light that is nearly even. */
export function sheet(random: Random): Shot {
  const width = 180 + random.below(340)
  const shot = page(width, Math.round(width * between(0.75, 1.33, random)), random)
  const light = falloff(between(0, 0.12, random), random)
  return { ...shot, paper: pick(PAPERS, random), ink: pick(PENS, random), noise: between(2, 8, random), light }
}

/** A digit on it. */
function photo(random: Random): Shot {
  const shot = somewhere(sheet(random), between(0.3, 0.85, random), random)
  return { ...shot, pen: penOf(shot, random) }
}

export const lit = (shot: Shot, light: Light): Shot => ({
  ...shot,
  light: shot.light ? both(shot.light, light) : light,
})

/** Where the pen failed. */
function broken(shot: Shot, random: Random): Shot {
  const pitch = Math.max(6, shot.zoom * between(2, 4, random))
  const gap = between(0.15, 0.35, random) * pitch
  const [x0, y0] = direction(random)
  return { ...shot, erased: (x, y) => (((x * x0 + y * y0) % pitch) + pitch) % pitch < gap }
}

/** A line drawn around the digit. */
function enclosed(shot: Shot, isRound: boolean, random: Random): Shot {
  const [middleX, middleY] = [shot.x + 14 * shot.zoom, shot.y + 14 * shot.zoom]
  const radius = shot.zoom * DIGIT_ROWS * between(0.68, 0.8, random)
  const thick = Math.max(1, 0.03 * radius * between(0.5, 2, random))
  return {
    ...shot,
    also: (x, y) => {
      const [dx, dy] = [Math.abs(x - middleX), Math.abs(y - middleY)]
      const d = isRound ? Math.hypot(dx, dy) : Math.max(dx, dy)
      return Math.abs(d - radius) < thick ? 1 : 0
    },
  }
}

export const DIGITS: Record<string, (random: Random) => Shot> = {
  canvas: (random) => canvas(pick([200, 280, 400], random), random),
  'canvas, light on dark': (random) => ({ ...canvas(280, random), paper: BLACK, ink: WHITE }),
  'transparent, dark ink': (random) => ({ ...canvas(280, random), transparent: true }),
  'transparent, white ink': (random) => ({ ...canvas(280, random), transparent: true, ink: WHITE }),
  'transparent, coloured ink': (random) => ({ ...canvas(280, random), transparent: true, ink: [255, 200, 0] }),
  '28×28 paint': (random) => {
    const shot = put(
      page(28, 28, random),
      between(13, 25, random),
      between(0.44, 0.56, random),
      between(0.44, 0.56, random),
    )
    const [paper, ink] = pick(
      [
        [WHITE, BLACK],
        [BLACK, WHITE],
      ] as const,
      random,
    )
    return { ...shot, paper, ink, pen: between(0.8, 2.6, random) }
  },
  'fine pen': (random) => ({ ...canvas(280, random), pen: between(1, 2, random) }),
  'fine pen, 1000 pixels': (random) => ({ ...canvas(1000, random), pen: between(1, 2.5, random) }),
  'fine pen, broken': (random) => broken({ ...canvas(280, random), pen: between(1, 2, random) }, random),
  'thick pen': (random) => {
    const shot = canvas(280, random)
    return { ...shot, pen: between(0.18, 0.28, random) * DIGIT_ROWS * shot.zoom }
  },
  'tiny in 2000×2000': (random) => {
    const shot = somewhere(page(2000, 2000, random), between(0.025, 0.06, random), random)
    return { ...shot, pen: penOf(shot, random), noise: random.below(5) }
  },
  'very wide or high': (random) => {
    const [long, short] = [500 + random.below(500), 60 + random.below(80)]
    const isWide = random.below(2) === 0
    const shot = somewhere(
      page(isWide ? long : short, isWide ? short : long, random),
      between(0.5, 0.9, random),
      random,
    )
    return { ...shot, pen: penOf(shot, random) }
  },
  'at the border': (random) => {
    const size = between(0.3, 0.8, random)
    const middle = 0.5 + (random.below(2) === 0 ? -1 : 1) * (0.5 - size / 2)
    const other = 0.5 + random.symmetric(0.5 - size / 2)
    const shot = sheet(random)
    const square = { ...shot, height: shot.width }
    const placed =
      random.below(2) === 0
        ? put(square, size * shot.width, middle, other)
        : put(square, size * shot.width, other, middle)
    return { ...placed, pen: penOf(placed, random) }
  },
  'filling the picture': (random) => {
    const shot = put(sheet(random), 0, 0.5, 0.5)
    const placed = put(shot, between(0.95, 1.02, random) * Math.min(shot.width, shot.height), 0.5, 0.5)
    return { ...placed, pen: penOf(placed, random) }
  },
  'cut by the edge': (random) => {
    const size = between(0.4, 0.8, random)
    const shot = sheet(random)
    const square = { ...shot, height: shot.width }
    const beyond = random.below(2) === 0 ? size * 0.42 : 1 - size * 0.42
    const placed = put(square, size * shot.width, 0.5, beyond)
    return { ...placed, pen: penOf(placed, random) }
  },
  photo,
  'photo, inverted': (random) => ({ ...photo(random), paper: [25, 30, 35], ink: [225, 225, 215] }),
  chalkboard: (random) => {
    const shot = lit(photo(random), texture(random))
    return { ...shot, paper: [50, 75, 60], ink: [200, 205, 200], noise: between(6, 14, random) }
  },
  pencil: (random) => {
    const grey = between(150, 220, random)
    const pen = grey - between(25, 50, random)
    return { ...photo(random), paper: [grey, grey, grey], ink: [pen, pen, pen], noise: between(2, 6, random) }
  },
  'pen as bright as paper': (random) => {
    const [ink, paper] = pick(EQUALLY_BRIGHT, random)
    return { ...photo(random), ink, paper }
  },
  'strong noise': (random) => ({ ...photo(random), noise: between(25, 60, random) }),
  'rough paper': (random) => lit(photo(random), texture(random)),
  gradient: (random) => ({ ...photo(random), light: falloff(between(0.3, 0.7, random), random) }),
  vignette: (random) => lit(photo(random), vignette(random)),
  'soft shadow': (random) => lit(photo(random), shadow(between(0.03, 0.12, random), random)),
  'hard shadow': (random) => lit(photo(random), shadow(0, random)),
  'hard shadow, JPEG': (random) => ({ ...lit(photo(random), shadow(0.004, random)), quality: 40 + random.below(40) }),
  'tight, thick, uneven light': (random) => {
    const shot = sheet(random)
    const placed = put(shot, between(0.8, 0.97, random) * Math.min(shot.width, shot.height), 0.5, 0.5)
    const pen = between(0.14, 0.25, random) * DIGIT_ROWS * placed.zoom
    return { ...placed, pen, light: falloff(between(0.1, 0.4, random), random) }
  },
  'JPEG of quality 20': (random) => ({ ...photo(random), noise: between(5, 15, random), quality: 20 }),
  blurred: (random) => {
    const shot = photo(random)
    return { ...shot, blur: between(0.02, 0.06, random) * DIGIT_ROWS * shot.zoom }
  },
  ruled: (random) => {
    const shot = photo(random)
    return { ...shot, also: rules(shot, false, random) }
  },
  squared: (random) => {
    const shot = photo(random)
    return { ...shot, also: rules(shot, true, random) }
  },
  specks: (random) => {
    const shot = photo(random)
    return { ...shot, also: specks(shot, random) }
  },
  'framed at the border': (random) => {
    const shot = somewhere(sheet(random), between(0.3, 0.7, random), random)
    return { ...shot, pen: penOf(shot, random), also: frame(shot, random) }
  },
  'desk around': (random) => {
    const shot = put(sheet(random), 0, 0.55, 0.55)
    const placed = put(shot, between(0.3, 0.6, random) * Math.min(shot.width, shot.height), 0.57, 0.57)
    return { ...placed, pen: penOf(placed, random), also: desk(placed, random) }
  },
  screenshot: (random) => {
    const shot = put(canvas(320, random), between(120, 220, random), 0.5, 0.55)
    return { ...shot, pen: penOf(shot, random), also: screenWindow(shot, random) }
  },
  'canvas in a page': (random) => {
    const shot = put(
      canvas(400, random),
      between(120, 230, random),
      between(0.45, 0.55, random),
      between(0.45, 0.55, random),
    )
    const [ink, paper, colour] = pick(
      [
        [WHITE, BLACK, WHITE],
        [BLACK, WHITE, [225, 230, 235]],
        [
          [60, 60, 200],
          [250, 245, 230],
          [40, 44, 52],
        ],
      ] as const,
      random,
    )
    return { ...shot, ink, paper, pen: penOf(shot, random), around: surroundings(shot, colour, random) }
  },
  'sheet on a desk': (random) => {
    const shot = somewhere(sheet(random), between(0.3, 0.52, random), random)
    const middle = put(shot, shot.zoom * DIGIT_ROWS, between(0.46, 0.54, random), between(0.46, 0.54, random))
    const colour = pick(
      [
        [90, 65, 45],
        [60, 60, 65],
        [130, 110, 85],
      ] as const,
      random,
    )
    return { ...middle, pen: penOf(middle, random), around: surroundings(middle, colour, random) }
  },
  'tight, thick, light on dark': (random) => {
    const shot = sheet(random)
    const placed = put(shot, between(0.8, 0.97, random) * Math.min(shot.width, shot.height), 0.5, 0.5)
    const pen = between(0.14, 0.25, random) * DIGIT_ROWS * placed.zoom
    const colours = { paper: [40, 60, 50], ink: [225, 225, 215] } as const
    return { ...placed, ...colours, pen, light: falloff(between(0.1, 0.4, random), random) }
  },
  'in a circle': (random) => {
    const shot = somewhere(sheet(random), between(0.25, 0.5, random), random)
    const middle = put(shot, shot.zoom * DIGIT_ROWS, 0.5, 0.5)
    return enclosed({ ...middle, pen: penOf(middle, random) }, true, random)
  },
  'in a box': (random) => {
    const shot = somewhere(sheet(random), between(0.25, 0.5, random), random)
    const middle = put(shot, shot.zoom * DIGIT_ROWS, 0.5, 0.5)
    return enclosed({ ...middle, pen: penOf(middle, random) }, false, random)
  },
  'creased paper': (random) => lit(photo(random), crease(random)),
}

export const EMPTY: Record<string, (random: Random) => Shot> = {
  'one colour': (random) => ({ ...page(280, 280, random), paper: pick([WHITE, BLACK, ...PAPERS], random) }),
  transparent: (random) => ({ ...page(280, 280, random), transparent: true, ink: pick([WHITE, BLACK], random) }),
  'clean sheet': sheet,
  'strong noise': (random) => ({ ...sheet(random), noise: between(25, 60, random) }),
  'rough paper': (random) => lit(sheet(random), texture(random)),
  gradient: (random) => ({ ...sheet(random), light: falloff(between(0.3, 0.7, random), random) }),
  vignette: (random) => lit(sheet(random), vignette(random)),
  'soft shadow': (random) => lit(sheet(random), shadow(between(0.03, 0.12, random), random)),
  'hard shadow': (random) => lit(sheet(random), shadow(0, random)),
  'hard shadow, JPEG': (random) => ({ ...lit(sheet(random), shadow(0.004, random)), quality: 40 + random.below(40) }),
  'JPEG of quality 20': (random) => ({ ...sheet(random), noise: between(5, 15, random), quality: 20 }),
  ruled: (random) => {
    const shot = sheet(random)
    return { ...shot, also: rules(shot, false, random) }
  },
  squared: (random) => {
    const shot = sheet(random)
    return { ...shot, also: rules(shot, true, random) }
  },
  'squared, in shadow': (random) => {
    const shot = lit(sheet(random), shadow(between(0.03, 0.12, random), random))
    return { ...shot, also: rules(shot, true, random) }
  },
  specks: (random) => {
    const shot = sheet(random)
    return { ...shot, also: specks(shot, random) }
  },
  'framed at the border': (random) => {
    const shot = sheet(random)
    return { ...shot, also: frame(shot, random) }
  },
  'desk around': (random) => {
    const shot = sheet(random)
    return { ...shot, also: desk(shot, random) }
  },
  'window on a screen': (random) => {
    const shot = { ...page(320, 320, random), paper: WHITE, ink: BLACK }
    return { ...shot, also: screenWindow(shot, random) }
  },
  'creased paper': (random) => lit(sheet(random), crease(random)),
}
