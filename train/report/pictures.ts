/** The report's pictures of digits and weights, as `data:` URLs. */
import { type DenseLayer, INPUT_PIXELS, INPUT_SIDE } from '../../model/artifact.ts'
import { type Augmentation, epochAugmenter } from '../augment.ts'
import type { Split } from '../data/dataset.ts'
import { imageAt } from '../measure.ts'
import { mosaic } from '../mosaic.ts'
import { pngUrl, type Raster } from '../png.ts'
import type { Recipe } from '../recipes.ts'
import { type Html, html } from './html.ts'

/** Units shown of a wide first layer. */
const MOST_UNITS = 140
const UNIT_COLUMNS = 14
/** Weights are drawn in this many steps of strength: enough for the eye, few enough to compress. */
const STRENGTHS = 24
/** Blue against, orange for: told apart with any kind of colour vision, and on light and dark. */
const AGAINST = [58, 118, 230]
const FOR = [226, 104, 40]

/** One digit as dark ink on light, or light on dark, as the page is. @param image 784 bytes */
export const digitPicture = (image: Uint8Array, alt: string): Html =>
  html`<img class="ink" src="${pngUrl({ width: INPUT_SIDE, height: INPUT_SIDE, samples: image })}" alt="${alt}" width="84" height="84">`

/** Digits in rows. @param images n × 784 bytes */
export function digitMosaic(images: Uint8Array, columns: number, alt: string): Html {
  const raster = mosaic(images, columns, 3)
  return html`<img class="ink wide" src="${pngUrl(raster)}" alt="${alt}" width="${raster.width * 2}" height="${raster.height * 2}">`
}

/** How many units of the first layer `weightMosaic` shows, and of how many. */
export const unitsShown = (layers: DenseLayer[]) => ({
  shown: Math.min(MOST_UNITS, layers[0].units),
  all: layers[0].units,
})

/** The first layer's weights, one 28×28 picture a unit, those that count most first. */
export function weightMosaic(layers: DenseLayer[]): Html {
  const { kernel, units } = layers[0]
  const order = unitsByWeight(layers).slice(0, MOST_UNITS)
  const limit = percentile(kernel, 0.995)
  const steps = new Int8Array(order.length * INPUT_PIXELS)
  for (const [place, unit] of order.entries()) {
    for (let pixel = 0; pixel < INPUT_PIXELS; pixel++) {
      const share = Math.max(-1, Math.min(1, kernel[pixel * units + unit] / limit))
      steps[place * INPUT_PIXELS + pixel] = Math.round(share * STRENGTHS)
    }
  }
  const raster = mosaic(new Uint8Array(steps.buffer), UNIT_COLUMNS, 3)
  const url = pngUrl(tinted(raster))
  return html`<img class="weights wide" src="${url}" alt="First-layer weights as pictures" width="${raster.width * 2}" height="${raster.height * 2}">`
}

/**
 * One digit of every class down, and across how training shows it: as it is, then deformed.
 * @returns n × 784 bytes
 */
export function augmentedDigits(train: Split, how: Augmentation, seed: number, columns: number): Uint8Array {
  const classes = new Set(train.labels)
  const firsts = [...classes].sort((a, b) => a - b).map((label) => train.labels.indexOf(label))
  const originals = new Uint8Array(firsts.length * INPUT_PIXELS)
  for (const [row, index] of firsts.entries()) originals.set(imageAt(train.images, index), row * INPUT_PIXELS)
  const out = new Uint8Array(firsts.length * columns * INPUT_PIXELS)
  const image = new Float32Array(INPUT_PIXELS)
  for (let column = 0; column < columns; column++) {
    const augmenter = epochAugmenter(originals, { ...how, clean: column === 0 ? 1 : 0 }, seed, column)
    for (let row = 0; row < firsts.length; row++) {
      augmenter.write(row, image, 0)
      out.set(
        image.map((value) => Math.round(value * 255)),
        (row * columns + column) * INPUT_PIXELS,
      )
    }
  }
  return out
}

/** The recipe's first phase that deforms anything. */
export const deformingPhase = (recipe: Recipe) =>
  recipe.phases.find(
    ({ augmentation: { clean, ...strengths } }) =>
      clean < 1 && Object.values(strengths).some((strength) => strength !== 0),
  )

/** By the size of a unit's weights, coming in times going out. */
function unitsByWeight(layers: DenseLayer[]): number[] {
  const { kernel, units } = layers[0]
  const size = new Float64Array(units)
  const outgoing = new Float64Array(units).fill(layers.length === 1 ? 1 : 0)
  for (let i = 0; i < kernel.length; i++) size[i % units] += kernel[i] ** 2
  if (layers.length > 1) {
    const next = layers[1]
    for (let i = 0; i < next.kernel.length; i++) outgoing[Math.floor(i / next.units)] += next.kernel[i] ** 2
  }
  return Array.from(size.keys()).sort((a, b) => size[b] * outgoing[b] - size[a] * outgoing[a] || a - b)
}

function percentile(values: Float32Array, share: number): number {
  const sorted = values.map(Math.abs).sort()
  return sorted[Math.floor((sorted.length - 1) * share)] || 1
}

/** Signed steps as colours that let the page shine through where a weight is near zero. */
function tinted({ width, height, samples }: Raster): Raster {
  const steps = new Int8Array(samples.buffer)
  const pixels = new Uint8Array(samples.length * 4)
  for (let i = 0; i < steps.length; i++) {
    if (steps[i] === 0) continue
    pixels.set(steps[i] < 0 ? AGAINST : FOR, i * 4)
    pixels[i * 4 + 3] = Math.round((Math.abs(steps[i]) / STRENGTHS) * 255)
  }
  return { width, height, samples: pixels }
}
