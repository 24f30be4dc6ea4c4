/**
 * Strokes that are interrupted, as by a pen that skips, a crease, a faint spot that is taken for paper. MNIST has next to
 * none; a network that has not seen them takes a broken digit for another, or for none.
 */
import { INPUT_SIDE } from '../model/artifact.ts'
import type { Random } from './random.ts'

/** The pen skips at most so often in a digit … */
const MOST = 2
/** … over spots of these radii, in pixels: a stroke of MNIST is two or three wide. */
const LEAST_RADIUS = 1
const MOST_RADIUS = 2.5
/** From this on ink is a stroke. One is looked for so many times: of a digit's pixels it is about one in eight. */
const STROKE = 0.5
const TRIES = 40

/**
 * Takes the ink off one spot or two of an image's strokes.
 * @param image 784 numbers, 0..1, changed in place; one without strokes stays as it is
 */
export function skip(image: Float32Array, random: Random): void {
  for (let left = 1 + random.below(MOST); left > 0; left--) {
    const at = strokePixel(image, random)
    if (at === null) return
    const x = (at % INPUT_SIDE) + random.symmetric(0.5)
    const y = Math.floor(at / INPUT_SIDE) + random.symmetric(0.5)
    takeOff(image, x, y, LEAST_RADIUS + (MOST_RADIUS - LEAST_RADIUS) * random.uniform())
  }
}

function strokePixel(image: Float32Array, random: Random): number | null {
  for (let tried = 0; tried < TRIES; tried++) {
    const at = random.below(image.length)
    if (image[at] > STROKE) return at
  }
  return null
}

/** Whites out a disc whose edge is a pixel soft. */
function takeOff(image: Float32Array, centreX: number, centreY: number, radius: number): void {
  const first = (centre: number) => Math.max(0, Math.floor(centre - radius))
  const last = (centre: number) => Math.min(INPUT_SIDE - 1, Math.ceil(centre + radius))
  for (let y = first(centreY); y <= last(centreY); y++) {
    const dy = y - centreY
    for (let x = first(centreX); x <= last(centreX); x++) {
      const dx = x - centreX
      const away = Math.sqrt(dx * dx + dy * dy)
      image[y * INPUT_SIDE + x] *= Math.max(0, Math.min(1, away - radius + 0.5))
    }
  }
}
