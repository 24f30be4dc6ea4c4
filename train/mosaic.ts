/** Many 28×28 images side by side in one picture. */
import { INPUT_PIXELS, INPUT_SIDE } from '../model/artifact.ts'
import type { Raster } from './png.ts'

/**
 * @param images n × 784 bytes, row-major
 * @param gap empty pixels between images
 */
export function mosaic(images: Uint8Array, columns: number, gap: number): Raster {
  const count = images.length / INPUT_PIXELS
  const rows = Math.ceil(count / columns)
  const pitch = INPUT_SIDE + gap
  const width = columns * pitch - gap
  const height = rows * pitch - gap
  const samples = new Uint8Array(width * height)
  for (let i = 0; i < count; i++) {
    const corner = Math.floor(i / columns) * pitch * width + (i % columns) * pitch
    for (let y = 0; y < INPUT_SIDE; y++) {
      const from = i * INPUT_PIXELS + y * INPUT_SIDE
      samples.set(images.subarray(from, from + INPUT_SIDE), corner + y * width)
    }
  }
  return { width, height, samples }
}
