/** From trained weights to everything an artifact holds: calibrated, rounded as served, tested once, described. */
import type { Artifact, DenseLayer } from '../model/artifact.ts'
import { createClassifier } from '../model/classifier.ts'
import type { ArtifactContents } from './artifact-folder.ts'
import { fitRejection, fitTemperature } from './calibrate.ts'
import { renderCard } from './card.ts'
import type { Split } from './data/dataset.ts'
import { type Evaluation, evaluate, judge } from './evaluate.ts'
import { type ExportError, exportArtifact, roundToFloat16 } from './export.ts'
import { count } from './format.ts'
import { measure, measureNonDigits } from './measure.ts'
import type { LayerWeights } from './network.ts'
import { type ReportInput, renderReport } from './report/report.ts'

export interface FinishOptions {
  weights: LayerWeights[]
  validation: Split
  test: Split
  /** What the report shows of how it went. */
  course: ReportInput['training']
  /** What the model card says of how the weights came to be. */
  training: Artifact['card']['training']
}

export interface Finished {
  card: Artifact['card']
  contents: ArtifactContents
  validation: Evaluation
  test: Evaluation
}

/** Needs a current TensorFlow.js backend. */
export async function finish({
  weights,
  validation,
  test,
  course,
  training,
}: FinishOptions): Promise<{ ok: true; value: Finished } | { ok: false; error: ExportError }> {
  const trained = denseLayers(weights)
  const temperature = fitTemperature(judgeLayers(trained, validation))
  const layers = roundToFloat16(withTemperature(trained, temperature))
  const judged = judgeLayers(layers, validation)
  const figures = { validation: evaluate(judged, 1), test: evaluate(judgeLayers(layers, test), 1) }
  const exported = await exportArtifact(layers, {
    labels: Array.from({ length: layers[layers.length - 1].units }, (_, digit) => `${digit}`),
    training,
    metrics: { validation: brief(figures.validation), test: brief(figures.test) },
    calibration: { temperature: 1, fittedTemperature: temperature, rejection: fitRejection(judged) },
  })
  if (!exported.ok) return exported
  const { card, modelJson, weights: bytes } = exported.value
  const contents = {
    'model.json': modelJson,
    'weights.bin': bytes,
    'README.md': renderCard(card, layers, bytes.length, figures),
    'report.html': report({ card, layers, bytes }, test, training, course),
  }
  return { ok: true, value: { card, contents, ...figures } }
}

/** The report on what was just trained, measured with the weights as they are served. */
function report(
  artifact: Artifact & { bytes: Uint8Array },
  test: Split,
  training: Artifact['card']['training'],
  course: ReportInput['training'],
): string {
  const classifier = createClassifier(artifact.layers)
  try {
    const { calibration } = artifact.card
    const { name } = training.dataset as { name: string }
    return renderReport({
      artifact,
      images: { name: `the ${count(test.count)} test images of ${name}`, split: test },
      measured: measure(classifier, calibration, test),
      nonDigits: measureNonDigits(classifier, calibration, test),
      training: course,
    })
  } finally {
    classifier.dispose()
  }
}

function judgeLayers(layers: DenseLayer[], split: Split) {
  const classifier = createClassifier(layers)
  try {
    return judge(classifier, split)
  } finally {
    classifier.dispose()
  }
}

/**
 * Works the temperature into the last layer: (x·W + b)/T is x·(W/T) + b/T. So stock TensorFlow.js, which knows nothing
 * of temperatures, gives calibrated probabilities too.
 */
function withTemperature(layers: DenseLayer[], temperature: number): DenseLayer[] {
  const divide = (values: Float32Array) => values.map((value) => value / temperature) as Float32Array<ArrayBuffer>
  return layers.map((layer, i) =>
    i === layers.length - 1 ? { ...layer, kernel: divide(layer.kernel), bias: divide(layer.bias) } : layer,
  )
}

function denseLayers(weights: LayerWeights[]): DenseLayer[] {
  return weights.map((layer, i) => {
    const last = i === weights.length - 1
    return {
      name: last ? 'output' : `hidden_${i + 1}`,
      inputs: layer.in,
      units: layer.out,
      activation: last ? 'softmax' : 'relu',
      kernel: layer.kernel.slice() as Float32Array<ArrayBuffer>,
      bias: layer.bias.slice() as Float32Array<ArrayBuffer>,
    }
  })
}

function brief({ count, accuracy, loss, interval, calibrationError, digits }: Evaluation) {
  return { count, accuracy, loss, interval, calibrationError, digits }
}
