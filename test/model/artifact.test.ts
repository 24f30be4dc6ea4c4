import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readArtifact, weightsVersion } from '../../model/artifact.ts'
import { modelJson, weights } from '../support/artifact.ts'

/** model.json as the tests spoil it: a tree of anything. */
type Tree = { [key: string]: Tree }

/** A copy of model.json with the value at a dotted path replaced, or removed where it is undefined. */
function spoil(json: unknown, path: string, value: unknown): unknown {
  const copy = structuredClone(json) as Tree
  const keys = path.split('.')
  const last = keys.pop()!
  const place = keys.reduce((tree, key) => tree[key], copy)
  if (value === undefined) delete place[last]
  else place[last] = value as Tree
  return copy
}

test('reads the shipped artifact, whose version is that of its bytes', async () => {
  const read = readArtifact(modelJson(), weights())
  if (!read.ok) throw new Error(read.error.where)
  expect(read.value.layers.map(({ inputs, units, activation }) => [inputs, units, activation])).toEqual([
    [784, 342, 'relu'],
    [342, 68, 'relu'],
    [68, 10, 'softmax'],
  ])
  expect(read.value.card.version).toBe(await weightsVersion(weights()))
})

/** A model of one linear layer from 784 to 2, float32: the smallest that serves. */
function small(): { json: Record<string, unknown>; bytes: Uint8Array } {
  const layers = [
    { class_name: 'InputLayer', config: { name: 'input', batch_input_shape: [null, 784] } },
    { class_name: 'Dense', config: { name: 'only', units: 2, activation: 'linear', use_bias: false } },
  ]
  const kernel = { name: 'only/kernel', shape: [784, 2], dtype: 'float32' }
  const json = {
    ...modelJson(),
    // Keras nests its own topology like this.
    modelTopology: { model_config: { class_name: 'Sequential', config: layers } },
    weightsManifest: [{ paths: ['weights.bin'], weights: [kernel] }],
  }
  const bytes = new Uint8Array(new Float32Array(784 * 2).fill(0.5).buffer)
  return { json: spoil(json, 'userDefinedMetadata.labels', ['0', '1']) as Record<string, unknown>, bytes }
}

test('reads other stacks too: one layer, no bias, float32, an input layer, Keras’s own nesting', () => {
  const { json, bytes } = small()
  const read = readArtifact(json, bytes)
  expect(read.ok && read.value.layers).toMatchObject([{ inputs: 784, units: 2, activation: 'linear' }])
  expect(read.ok && [...new Set(read.value.layers[0].kernel)]).toEqual([0.5])
  expect(read.ok && [...read.value.layers[0].bias]).toEqual([0, 0])
})

describe('names what is wrong', () => {
  const layer = (index: number) => `modelTopology.config.layers.${index}`
  const weight = (index: number) => `weightsManifest.0.weights.${index}`
  const meta = 'userDefinedMetadata'
  test.each<[string, string, unknown, RegExp]>([
    ['another format', 'format', 'graph-model', /model.json format/],
    ['a graph of layers', 'modelTopology.class_name', 'Model', /class_name/],
    ['no layers', 'modelTopology.config.layers', [], /layers/],
    ['a convolution', `${layer(0)}.class_name`, 'Conv2D', /layer hidden_1/],
    ['tanh', `${layer(1)}.config.activation`, 'tanh', /hidden_2 activation/],
    ['softmax in the middle', `${layer(0)}.config.activation`, 'softmax', /hidden_1 activation/],
    ['units of another number', `${layer(0)}.config.units`, 343, /hidden_1\/kernel shape/],
    ['units beyond reason', `${layer(0)}.config.units`, 1e9, /hidden_1 units/],
    ['a weight nobody uses', `${weight(0)}.name`, 'x/kernel', /weightsManifest/],
    ['the same weight twice', `${weight(1)}.name`, 'hidden_1/kernel', /weight names/],
    ['a shape that is too large', `${weight(0)}.shape`, [60000, 60000], /weights\.bin/],
    ['a negative shape', `${weight(0)}.shape`, [-784, 342], /hidden_1\/kernel shape/],
    ['integers', `${weight(0)}.dtype`, 'int32', /hidden_1\/kernel dtype/],
    ['uint8 quantization', `${weight(0)}.quantization.dtype`, 'uint8', /quantization/],
    ['no weights', 'weightsManifest', [], /weightsManifest/],
    ['no metadata', meta, undefined, /userDefinedMetadata/],
    ['a version that is none', `${meta}.version`, 'latest', /version/],
    ['nine labels', `${meta}.labels`, [...'012345678'], /labels/],
    ['another input size', `${meta}.input.width`, 32, /input width/],
    ['temperature 0', `${meta}.calibration.temperature`, 0, /temperature/],
    ['an unknown score', `${meta}.calibration.rejection`, { score: 'x', threshold: 1 }, /rejection/],
    ['no test figures', `${meta}.metrics.test`, undefined, /metrics test/],
  ])('%s', (_, path, value, where) => {
    const bytes = path === 'weightsManifest' ? new Uint8Array() : weights()
    const read = readArtifact(spoil(modelJson(), path, value), bytes)
    expect(read.ok).toBe(false)
    if (!read.ok) expect(read.error.where).toMatch(where)
  })

  test.each([
    ['short', (bytes: Uint8Array) => bytes.subarray(0, -1)],
    ['long', (bytes: Uint8Array) => new Uint8Array([...bytes.subarray(0, 10), ...bytes])],
    ['empty', () => new Uint8Array()],
  ])('weights.bin that is %s', (_, change) => {
    const read = readArtifact(modelJson(), change(weights()))
    expect(read).toMatchObject({ ok: false, error: { where: 'weights.bin' } })
  })

  test.each([
    [0x7e00, 'NaN'],
    [0x7c00, 'Infinity'],
    [0xfc00, '-Infinity'],
  ])('a weight that is no finite number, and which: float16 %i', (bits, name) => {
    const bytes = weights()
    new DataView(bytes.buffer).setUint16(2 * 5, bits, true)
    const read = readArtifact(modelJson(), bytes)
    expect(read).toMatchObject({
      ok: false,
      error: { where: 'hidden_1/kernel in weights.bin', found: `${name} at index 5` },
    })
  })

  test('anything at all, without throwing', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.uint8Array(), (json, bytes) => !readArtifact(json, bytes).ok))
    const { json, bytes } = small()
    expect(readArtifact(json, bytes).ok).toBe(true)
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(json)), fc.jsonValue(), (key, value) => {
        expect(typeof readArtifact({ ...json, [key]: value }, bytes).ok).toBe('boolean')
      }),
    )
  })
})
