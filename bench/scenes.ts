/** The cases that reading numbers is measured on: each draws a scene for one picture. */
import { PLAIN, type Scene } from '../test/support/compose.ts'
import type { Random } from '../train/random.ts'
import { between, type Colour, PENS, pick } from './support/chance.ts'

const PAPERS: readonly Colour[] = [
  [240, 238, 232],
  [205, 205, 203],
  [228, 214, 140],
  [230, 226, 60],
  [190, 205, 220],
]

/** Five to eleven digits in some pen on some paper. */
const string = (random: Random): Scene => ({
  ...PLAIN,
  lines: [5 + random.below(7)],
  height: between(26, 80, random),
  pen: pick(PENS, random),
  paper: pick(PAPERS, random),
})

export const SCENES: Record<string, (random: Random) => Scene> = {
  plain: string,
  tight: (random) => ({ ...string(random), gap: [0.05, 0.15] }),
  wide: (random) => ({ ...string(random), gap: [0.8, 2] }),
  uneven: (random) => ({ ...string(random), uneven: 0.35 }),
  tails: (random) => ({ ...string(random), uneven: 0.25, tails: 1, gap: [0.05, 0.5] }),
  sloping: (random) => ({ ...string(random), slope: random.symmetric(0.18) }),
  turned: (random) => ({ ...string(random), turn: random.symmetric(0.6) }),
  shadow: (random) => ({ ...string(random), falloff: 0.35, shadow: 0.45 }),
  'hard shadow': (random) => ({ ...string(random), falloff: 0.2, shadow: between(0.3, 0.55, random), edge: 0.02 }),
  noisy: (random) => ({ ...string(random), noise: 12, specks: 30 }),
  ruled: (random) => ({ ...string(random), rules: between(0.15, 0.5, random) }),
  inverse: (random) => ({ ...string(random), pen: [240, 240, 240], paper: [20, 40, 30] }),
  lines: (random) => ({ ...string(random), lines: [5 + random.below(6), 5 + random.below(6), 5 + random.below(6)] }),
  touching: (random) => ({ ...string(random), touching: 1 }),
  overlapping: (random) => ({ ...string(random), touching: 1, overlap: [0.03, 0.08] }),
  fine: (random) => ({ ...string(random), fine: 0.5, touching: random.below(3) }),
  joined: (random) => ({ ...string(random), touching: 3 }),
  pen: (random) => ({ ...string(random), fine: between(0.35, 0.5, random) }),
  marker: (random) => ({ ...string(random), bold: between(0.02, 0.05, random), gap: [0.15, 0.5] }),
  broken: (random) => ({ ...string(random), skips: 0.3 }),
  dotted: (random) => ({ ...string(random), bands: [between(0.1, 0.3, random), between(0.15, 0.35, random)] }),
  grouped: (random) => ({ ...string(random), grouped: true }),
  words: (random) => ({ ...string(random), words: true }),
  squared: (random) => ({
    ...string(random),
    rules: between(0.1, 0.35, random),
    squared: true,
    slope: random.symmetric(0.03),
  }),
  desk: (random) => ({ ...string(random), desk: between(0.3, 1.5, random) }),
}
