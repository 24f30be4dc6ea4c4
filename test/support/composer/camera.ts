/** A page as a camera sees it. */
import type { Picture } from '../../../image/picture.ts'
import type { Random } from '../../../train/random.ts'
import type { Glyph } from './glyph.ts'
import type { Scene } from './scene.ts'

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
export function photograph({ width, height, ink }: Glyph, scene: Scene, random: Random): Picture {
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
