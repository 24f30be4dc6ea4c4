/** Stock TensorFlow.js as a user would take it: `loadLayersModel` and `model.predict`, on the current backend. */
import { io, tensor2d } from '@tensorflow/tfjs-core'
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers'
import { INPUT_PIXELS } from '../../model/artifact.ts'
import { type Classifier, type Pixels, unitPixels } from '../../model/classifier.ts'

/** @param modelJson the artifact's model.json, parsed @param weights the bytes of weights.bin */
export async function stockClassifier(modelJson: unknown, weights: ArrayBuffer): Promise<Classifier> {
  const { modelTopology, weightsManifest } = structuredClone(modelJson) as {
    modelTopology: { config: { layers: { config: { activation: string } }[] } }
    weightsManifest: { weights: io.WeightsManifestEntry[] }[]
  }
  // Without the closing softmax it gives logits, which the Worker calibrates, and is spared one operation.
  modelTopology.config.layers.at(-1)!.config.activation = 'linear'
  const weightSpecs = weightsManifest.flatMap((group) => group.weights)
  const model = await loadLayersModel(io.fromMemory({ modelTopology, weightSpecs, weightData: weights }))
  return { classes: model.outputShape[1] as number, logits: logitsOf(model), dispose: () => model.dispose() }
}

const logitsOf = (model: LayersModel) => (images: Pixels, count: number) => {
  const input = tensor2d(unitPixels(images), [count, INPUT_PIXELS])
  const output = model.predict(input)
  if (Array.isArray(output)) throw new Error('The model has one output.')
  const logits = output.dataSync() as Float32Array
  input.dispose()
  output.dispose()
  return logits
}
