/** What a composed picture of a number is like. */

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
  /** Whether words stand beside the digits of each line: before them, as `Tel`, or after, as a town. */
  readonly words: boolean
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
  words: false,
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
