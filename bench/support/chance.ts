/** What drawn pictures vary in alike, and how it is drawn by lot. */
import type { Random } from '../../train/random.ts'

/** RGB, 0..255. */
export type Colour = readonly [number, number, number]

export const PENS: readonly Colour[] = [
  [25, 25, 30],
  [30, 40, 120],
  [150, 30, 40],
  [70, 70, 75],
  [20, 90, 60],
]

export const pick = <T>(choices: readonly T[], random: Random): T => choices[random.below(choices.length)]
export const between = (least: number, most: number, random: Random) => least + random.uniform() * (most - least)
