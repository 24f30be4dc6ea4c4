/** What the Worker is compared with computes the same network. */
import { InferenceSession, Tensor } from 'onnxruntime-web'
import { beforeAll, describe, expect, test } from 'vitest'
import { onnxModel } from '../../bench/contenders/onnx-model.ts'
import { plainClassifier } from '../../bench/contenders/plain.ts'
import { type DenseLayer, INPUT_PIXELS } from '../../model/artifact.ts'
import { createClassifier } from '../../model/classifier.ts'
import { ARTIFACT_FOLDER, readArtifactFolder } from '../../train/artifact-folder.ts'
import { startBackend } from '../../train/backend.ts'
import { holdOut, toInput } from '../../train/data/dataset.ts'
import { mnist } from '../support/mnist.ts'

const COUNT = 50
const images = toInput(holdOut(mnist.train, 5000).validation.images.subarray(0, COUNT * INPUT_PIXELS))

describe('The same logits as the network', () => {
  let layers: DenseLayer[]
  let expected: Float32Array

  beforeAll(async () => {
    await startBackend()
    const artifact = await readArtifactFolder(ARTIFACT_FOLDER)
    if (!artifact.ok) throw new Error(artifact.error.reason)
    layers = artifact.value.layers
    expected = createClassifier(layers).logits(images, COUNT)
  })

  const farthest = (logits: Float32Array) => Math.max(...logits.map((logit, i) => Math.abs(logit - expected[i])))

  test('in plain JavaScript', () => {
    const logits = plainClassifier(layers).logits(images, COUNT)
    expect(logits).toHaveLength(expected.length)
    expect(farthest(logits)).toBeLessThan(1e-3)
  })

  test('as an ONNX model', async () => {
    const session = await InferenceSession.create(onnxModel(layers))
    const { logits } = await session.run({ images: new Tensor('float32', images, [COUNT, INPUT_PIXELS]) })
    expect(logits.dims).toEqual([COUNT, 10])
    expect(farthest(logits.data as Float32Array)).toBeLessThan(1e-3)
  })
})
