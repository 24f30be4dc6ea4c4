/** How wide the strokes on a page are, before it is known which of it is written. */
import { otsuThreshold } from './otsu.ts'

/** Strokes are narrower than this many times their usual width, where they cross or turn as well. */
const WIDEST_STROKE = 4
/** No stroke is expected to be narrower than this many pixels when the light's scale is chosen. */
const LEAST_STROKE = 2

/**
 * The usual length of the runs of ink along rows and columns, in pixels: shadows make few runs, strokes many. Fine lines
 * make as many as strokes, so that runs count by their length, up to what a stroke may have, and those that run out of the
 * picture not at all.
 * @param deviation from the paper; what is left in it is each pixel's share of the strongest ink
 * @param sign of ink's deviation
 */
export function usualStroke(deviation: Float32Array, sign: 1 | -1, width: number, height: number): number {
  let most = 1
  for (let i = 0; i < deviation.length; i++) if (deviation[i] * sign > most) most = deviation[i] * sign
  const share = sign / most
  for (let i = 0; i < deviation.length; i++) deviation[i] = Math.max(0, deviation[i] * share)
  const threshold = otsuThreshold(deviation)
  const lengths = new Uint32Array(Math.max(width, height) + 1)
  const down = new Uint16Array(width)
  for (let y = 0, i = 0; y < height; y++) {
    let across = 0
    for (let x = 0; x < width; x++, i++) {
      if (deviation[i] > threshold) {
        across++
        down[x]++
        continue
      }
      if (across > 0 && across < x) lengths[across]++
      if (down[x] > 0 && down[x] < y) lengths[down[x]]++
      across = 0
      down[x] = 0
    }
  }
  // A single pixel is a speck or a stroke's end rather than its width.
  lengths.fill(0, 0, 2)
  const median = medianLength(lengths, 1)
  const length = medianLength(lengths, WIDEST_STROKE * median)
  return Math.max(LEAST_STROKE, length)
}

/** The length such that half of the runs are at most as long, each counting by its length up to `most`. */
function medianLength(lengths: Uint32Array, most: number): number {
  const weigh = (length: number) => lengths[length] * Math.min(length, most)
  let all = 0
  for (let length = 0; length < lengths.length; length++) all += weigh(length)
  let length = 0
  for (let seen = 0; seen * 2 < all; ) seen += weigh(++length)
  return length
}
