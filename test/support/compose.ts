/** Pictures of handwritten numbers, composed from MNIST's digits on paper, with what is written where known exactly. */
import type { Box, Picture } from '../../image/picture.ts'
import { type Split, slice } from '../../train/data/dataset.ts'
import type { Random } from '../../train/random.ts'
import { photograph } from './composer/camera.ts'
import { drawDigit } from './composer/digits.ts'
import { type Glyph, interrupted, nearest, widen } from './composer/glyph.ts'
import { type Hand, handOf } from './composer/letters.ts'
import { drawMark, OPENINGS, PARTINGS, type PartingMark } from './composer/marks.ts'
import { boxTurned, leaveOut, stamp, strew, turned } from './composer/page.ts'
import type { Scene } from './composer/scene.ts'
import { drawWord } from './composer/words.ts'

export { PLAIN, type Scene } from './composer/scene.ts'

/** A picture and what it says. */
export interface Composed {
  readonly picture: Picture
  readonly text: string
  /** Where each digit's ink is, line by line. */
  readonly boxes: readonly (readonly Box[])[]
}

/** MNIST's digits that no shipped network was trained on and no final figure is taken from. */
export const validationDigits = (train: Split): Split => slice(train, train.count - 5000, train.count)

/** Composes one picture. */
export function compose(digits: Split, scene: Scene, random: Random): Composed {
  const margin = 0.6 * scene.height
  const desk = Math.round(scene.desk * scene.height)
  const hand = scene.words ? handOf(random) : null
  const rows = scene.lines.map((count) => layOut(digits, scene, hand, count, random))
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
      stamp(page, glyph, left, top)
      return label === null ? [] : { x: left, y: top, width: glyph.width, height: glyph.height }
    }),
  )
  strew(page, scene, random)
  if (scene.bands) leaveOut(page, scene.bands[0] * scene.height, scene.bands[1], random)
  const text = rows.map((row) => row.placed.map(({ label }) => label ?? '').join('')).join('\n')
  if (scene.turn === 0) return { picture: photograph(page, scene, random), text, boxes: places }
  const boxes = places.map((line) => line.map((box) => boxTurned(page, box, scene.turn)))
  return { picture: photograph(turned(page, scene.turn), scene, random), text, boxes }
}

/** @param hand of the words beside the digits; `null` for none */
function layOut(digits: Split, scene: Scene, hand: Hand | null, count: number, random: Random) {
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
  const space = () => (0.3 + 0.8 * random.uniform()) * scene.height
  const word = (hand: Hand) => {
    const { glyph, hang } = drawWord(hand, scene, random)
    const x = placed.length === 0 ? 0 : width + space()
    placed.push({ glyph, label: null, hang, x })
    width = x + glyph.width + space()
  }
  const sides = hand === null ? null : random.below(3)
  if (hand !== null && sides !== 0) word(hand)
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
  if (hand !== null && sides !== 1) word(hand)
  return { placed, width }
}
