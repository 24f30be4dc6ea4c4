/** A trained network as an artifact: TensorFlow.js's layers-model format with float16 weights. */
import { createRequire } from 'node:module'
import { type DenseLayer, INPUT_PIXELS, INPUT_SIDE, type ModelCard, weightsVersion } from '../model/artifact.ts'

export interface ExportError {
  kind: 'export'
  reason: string
}

export interface Exported {
  card: ModelCard
  modelJson: string
  weights: Uint8Array<ArrayBuffer>
}

/** What the exporter cannot know by itself. */
export type CardContents = Pick<ModelCard, 'labels' | 'training' | 'metrics' | 'calibration'>

/** How images become the network's input; the same on every side. */
export const INPUT: ModelCard['input'] = {
  width: INPUT_SIDE,
  height: INPUT_SIDE,
  range: [0, 1],
  polarity: 'light ink on dark',
  normalization:
    'as MNIST: the ink scaled into 20×20 keeping its aspect, centred by its centre of mass in 28×28; pixel / 255',
}

/**
 * Weights as they will be served: rounded to float16 (nearest, ties to even). Figures on the model card must come from
 * these, so round before evaluating; rounding again changes nothing.
 */
export function roundToFloat16(layers: DenseLayer[]): DenseLayer[] {
  return layers.map((layer) => ({ ...layer, kernel: round(layer.kernel), bias: round(layer.bias) }))
}

/** Renders model.json and weights.bin. The last layer's activation is written as softmax, so that stock TensorFlow.js gives probabilities. */
export async function exportArtifact(
  layers: DenseLayer[],
  contents: CardContents,
): Promise<{ ok: true; value: Exported } | { ok: false; error: ExportError }> {
  const parts = layers.flatMap((layer) => [layer.kernel, layer.bias])
  const halves = parts.map((values) => new Float16Array(values))
  if (halves.some((half) => !half.every(Number.isFinite))) {
    return { ok: false, error: { kind: 'export', reason: 'a weight is not finite or beyond ±65,504, float16’s range' } }
  }
  const weights = concatenate(halves.map((half) => new Uint8Array(half.buffer)))
  const card: ModelCard = { name: 'digits', version: await weightsVersion(weights), input: INPUT, ...contents }
  const model = {
    format: 'layers-model',
    generatedBy: `TensorFlow.js tfjs-layers v${packageVersion('@tensorflow/tfjs')}`,
    convertedBy: null,
    modelTopology: {
      class_name: 'Sequential',
      config: { name: card.name, layers: layers.map(layerConfig) },
      keras_version: `tfjs-layers ${packageVersion('@tensorflow/tfjs')}`,
      backend: 'tensor_flow.js',
    },
    weightsManifest: [{ paths: ['weights.bin'], weights: layers.flatMap(weightSpecs) }],
    userDefinedMetadata: card,
  }
  return { ok: true, value: { card, modelJson: `${JSON.stringify(model, null, 2)}\n`, weights } }
}

/** The version of an installed package, for the record in the model card. */
export function packageVersion(name: string): string {
  const { version } = createRequire(import.meta.url)(`${name}/package.json`) as { version: string }
  return version
}

function layerConfig(layer: DenseLayer, index: number) {
  const shape = index === 0 ? { batch_input_shape: [null, INPUT_PIXELS] } : {}
  return {
    class_name: 'Dense',
    config: {
      name: layer.name,
      units: layer.units,
      activation: layer.activation,
      use_bias: true,
      dtype: 'float32',
      ...shape,
    },
  }
}

function weightSpecs(layer: DenseLayer) {
  const quantization = { dtype: 'float16', original_dtype: 'float32' }
  return [
    { name: `${layer.name}/kernel`, shape: [layer.inputs, layer.units], dtype: 'float32', quantization },
    { name: `${layer.name}/bias`, shape: [layer.units], dtype: 'float32', quantization },
  ]
}

const round = (values: Float32Array) => new Float32Array(new Float16Array(values))

function concatenate(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}
