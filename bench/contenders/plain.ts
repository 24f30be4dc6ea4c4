/** The forward pass as one writes it without a library. */
import { type DenseLayer, INPUT_PIXELS } from '../../model/artifact.ts'
import { type Classifier, type Pixels, unitPixels } from '../../model/classifier.ts'

export function plainClassifier(layers: DenseLayer[]): Classifier {
  const classes = layers[layers.length - 1].units
  const buffers = layers.map(({ units }) => new Float32Array(units))

  function logits(pixels: Pixels, count: number): Float32Array {
    const images = unitPixels(pixels)
    const rows = new Float32Array(count * classes)
    for (let i = 0; i < count; i++) {
      let hidden = images.subarray(i * INPUT_PIXELS, (i + 1) * INPUT_PIXELS)
      layers.forEach((layer, k) => {
        hidden = dense(layer, hidden, buffers[k])
      })
      rows.set(hidden, i * classes)
    }
    return rows
  }

  return { classes, logits, dispose: () => {} }
}

/** activation(x · kernel + bias). Row by row of the kernel, so that inputs of 0, four of five in a digit, cost nothing. */
function dense({ inputs, units, activation, kernel, bias }: DenseLayer, x: Float32Array, out: Float32Array) {
  out.set(bias)
  for (let i = 0; i < inputs; i++) {
    const value = x[i]
    if (value === 0) continue
    const row = i * units
    for (let j = 0; j < units; j++) out[j] += value * kernel[row + j]
  }
  if (activation === 'relu') for (let j = 0; j < units; j++) if (out[j] < 0) out[j] = 0
  return out
}
