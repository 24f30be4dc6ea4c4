/**
 * The trained network as a file pair, `model.json` and `weights.bin`: TensorFlow.js's layers-model format
 * (https://www.tensorflow.org/js/guide/save_load) holding a stack of Dense layers. Reading checks everything that
 * serving relies on and says what is wrong.
 */

/** Pictures are 28 × 28, as in MNIST. */
export const INPUT_SIDE = 28
export const INPUT_PIXELS = INPUT_SIDE * INPUT_SIDE
/** The most classes a model may tell apart: the HTTP contract speaks of digits. */
export const MAX_CLASSES = 10
const MAX_UNITS = 65_536
const MAX_LAYERS = 64
const NOT_FINITE = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]

export type Activation = 'relu' | 'linear' | 'softmax'

/** activation(x · kernel + bias); `kernel` is inputs × units, row-major. */
export interface DenseLayer {
  name: string
  inputs: number
  units: number
  activation: Activation
  kernel: Float32Array<ArrayBuffer>
  bias: Float32Array<ArrayBuffer>
}

/** Share of right answers and mean cross-entropy (nats) over `count` images. */
export interface Score {
  count: number
  accuracy: number
  loss: number
}

/** How logits become answers. */
export interface Calibration {
  /** Logits are divided by this before softmax. */
  temperature: number
  /** What calibration found, where it is already worked into the weights; for the record. */
  fittedTemperature?: number
  /** A picture whose score is below the threshold is unlike any digit seen in training. */
  rejection: { score: 'max-logit'; threshold: number } | null
}

/** What the artifact says of itself (`userDefinedMetadata`). */
export interface ModelCard {
  name: string
  /** The first 12 hex digits of the SHA-256 of weights.bin. */
  version: string
  labels: string[]
  input: { width: number; height: number; range: [number, number]; polarity: string; normalization: string }
  training: Record<string, unknown>
  metrics: { validation: Score; test: Score; [more: string]: unknown }
  calibration: Calibration
}

export interface Artifact {
  layers: DenseLayer[]
  card: ModelCard
}

/** What is wrong with an artifact: where in model.json or weights.bin, what was expected, what is there. */
export interface ArtifactError {
  kind: 'artifact'
  where: string
  expected: string
  found: string
}

export type ArtifactResult<T> = { ok: true; value: T } | { ok: false; error: ArtifactError }

/**
 * Checks and reads an artifact.
 * @param modelJson the parsed model.json
 * @param weights the bytes of weights.bin, float16 (TensorFlow.js's quantization) or float32, little-endian
 */
export function readArtifact(modelJson: unknown, weights: Uint8Array): ArtifactResult<Artifact> {
  try {
    const root = record(modelJson, 'model.json')
    expect(root.format === 'layers-model', 'model.json format', '"layers-model"', root.format)
    const stack = readTopology(record(root.modelTopology, 'modelTopology'))
    const tensors = readTensors(root.weightsManifest, weights)
    const layers = stack.map((layer) => readLayer(layer, tensors))
    expect(tensors.size === 0, 'weightsManifest', 'only the layers’ kernels and biases', [...tensors.keys()].join(', '))
    checkChain(layers)
    const card = readCard(record(root.userDefinedMetadata, 'userDefinedMetadata'))
    const units = layers[layers.length - 1].units
    expect(card.labels.length === units, 'labels', `${units}, one for each output`, card.labels.length)
    return { ok: true, value: { layers, card } }
  } catch (thrown) {
    if (thrown instanceof Mismatch) return { ok: false, error: thrown.error }
    throw thrown
  }
}

/** The version that weights of these bytes must carry. */
export async function weightsVersion(weights: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', weights))
  return Array.from(digest.subarray(0, 6), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Number of weights and biases. */
export const parameterCount = (layers: DenseLayer[]) =>
  layers.reduce((sum, layer) => sum + layer.kernel.length + layer.bias.length, 0)

/** One line that says what is wrong with an artifact. */
export const describeArtifactError = (error: ArtifactError) =>
  `The model artifact is not usable: ${error.where}: expected ${error.expected}, found ${error.found}.`

type Fields = Record<string, unknown>

interface LayerConfig {
  name: string
  units: number
  activation: Activation
  useBias: boolean
}

interface Tensor {
  shape: number[]
  values: Float32Array<ArrayBuffer>
}

class Mismatch extends Error {
  readonly error: ArtifactError
  constructor(error: ArtifactError) {
    super(error.where)
    this.error = error
  }
}

function expect(condition: boolean, where: string, expected: string, found: unknown): asserts condition {
  if (condition) return
  const shown = typeof found === 'string' ? found : JSON.stringify(found)
  throw new Mismatch({ kind: 'artifact', where, expected, found: shown ?? 'nothing' })
}

function record(value: unknown, where: string): Fields {
  expect(typeof value === 'object' && value !== null && !Array.isArray(value), where, 'an object', value)
  return value as Fields
}

function list(value: unknown, where: string): unknown[] {
  expect(Array.isArray(value), where, 'a list', value)
  return value as unknown[]
}

function text(value: unknown, where: string): string {
  expect(typeof value === 'string' && value !== '', where, 'a text', value)
  return value as string
}

function integer(value: unknown, where: string, most: number): number {
  expect(Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most, where, `1 to ${most}`, value)
  return value as number
}

function finite(value: unknown, where: string): number {
  expect(typeof value === 'number' && Number.isFinite(value), where, 'a number', value)
  return value as number
}

function readTopology(topology: Fields): LayerConfig[] {
  const model = 'model_config' in topology ? record(topology.model_config, 'model_config') : topology
  expect(model.class_name === 'Sequential', 'modelTopology class_name', '"Sequential"', model.class_name)
  const config = Array.isArray(model.config) ? { layers: model.config } : record(model.config, 'modelTopology config')
  const all = list(config.layers, 'modelTopology layers').map((layer) => record(layer, 'layer'))
  const dense = all.filter((layer, i) => !(i === 0 && layer.class_name === 'InputLayer'))
  expect(dense.length >= 1 && dense.length <= MAX_LAYERS, 'layers', `1 to ${MAX_LAYERS} Dense layers`, dense.length)
  return dense.map((layer, i) => readLayerConfig(layer, i === dense.length - 1))
}

function readLayerConfig(layer: Fields, last: boolean): LayerConfig {
  const config = record(layer.config, 'layer config')
  const name = text(config.name, 'layer name')
  expect(layer.class_name === 'Dense', `layer ${name}`, 'a Dense layer', layer.class_name)
  const activation = config.activation
  expect(
    activation === 'relu' || activation === 'linear' || (last && activation === 'softmax'),
    `layer ${name} activation`,
    last ? 'relu, linear or softmax' : 'relu or linear (softmax only in the last layer)',
    activation,
  )
  return {
    name,
    units: integer(config.units, `layer ${name} units`, MAX_UNITS),
    activation,
    useBias: config.use_bias !== false,
  }
}

function readTensors(manifest: unknown, weights: Uint8Array): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>()
  let offset = 0
  for (const group of list(manifest, 'weightsManifest')) {
    for (const item of list(record(group, 'weightsManifest').weights, 'weightsManifest weights')) {
      const spec = record(item, 'weight')
      const name = text(spec.name, 'weight name')
      expect(!tensors.has(name), 'weight names', 'each once', name)
      const shape = list(spec.shape, `${name} shape`).map((side) => integer(side, `${name} shape`, MAX_UNITS))
      expect(spec.dtype === 'float32', `${name} dtype`, 'float32', spec.dtype)
      const size = shape.reduce((product, side) => product * side, 1)
      const half = spec.quantization !== undefined
      if (half) {
        const quantization = record(spec.quantization, `${name} quantization`)
        expect(quantization.dtype === 'float16', `${name} quantization`, 'float16 or none', quantization.dtype)
      }
      const end = offset + size * (half ? 2 : 4)
      expect(end <= weights.length, 'weights.bin', `at least ${end} bytes (${name})`, `${weights.length} bytes`)
      const bytes = weights.slice(offset, end).buffer
      const values = half ? new Float32Array(new Float16Array(bytes)) : new Float32Array(bytes)
      checkFinite(values, `${name} in weights.bin`)
      tensors.set(name, { shape, values })
      offset = end
    }
  }
  expect(offset === weights.length, 'weights.bin', `${offset} bytes`, `${weights.length} bytes`)
  return tensors
}

function checkFinite(values: Float32Array, where: string): void {
  // A loop over every weight would be a good part of a Worker's start-up, when no code is compiled yet.
  if (!NOT_FINITE.some((value) => values.includes(value))) return
  const bad = values.findIndex((value) => !Number.isFinite(value))
  expect(false, where, 'finite numbers', `${values[bad]} at index ${bad}`)
}

/** Takes the layer's tensors out of `tensors`. */
function readLayer(config: LayerConfig, tensors: Map<string, Tensor>): DenseLayer {
  const { name, units, activation } = config
  const kernel = tensors.get(`${name}/kernel`)
  expect(kernel !== undefined, 'weightsManifest', `a weight ${name}/kernel`, [...tensors.keys()].join(', '))
  const fits = kernel.shape.length === 2 && kernel.shape[1] === units
  expect(fits, `${name}/kernel shape`, `[inputs, ${units}]`, kernel.shape)
  tensors.delete(`${name}/kernel`)
  const bias = config.useBias ? tensors.get(`${name}/bias`) : { shape: [units], values: new Float32Array(units) }
  expect(bias !== undefined, 'weightsManifest', `a weight ${name}/bias`, [...tensors.keys()].join(', '))
  expect(bias.shape.length === 1 && bias.shape[0] === units, `${name}/bias shape`, `[${units}]`, bias.shape)
  tensors.delete(`${name}/bias`)
  return { name, inputs: kernel.shape[0], units, activation, kernel: kernel.values, bias: bias.values }
}

function checkChain(layers: DenseLayer[]): void {
  let width = INPUT_PIXELS
  for (const layer of layers) {
    expect(layer.inputs === width, `${layer.name}/kernel shape`, `[${width}, ${layer.units}]`, [
      layer.inputs,
      layer.units,
    ])
    width = layer.units
  }
  expect(width >= 2 && width <= MAX_CLASSES, 'outputs of the last layer', `2 to ${MAX_CLASSES}`, width)
}

function readCard(card: Fields): ModelCard {
  text(card.name, 'userDefinedMetadata name')
  const version = text(card.version, 'userDefinedMetadata version')
  expect(/^[0-9a-f]{12}$/.test(version), 'userDefinedMetadata version', '12 hex digits', version)
  for (const label of list(card.labels, 'userDefinedMetadata labels')) text(label, 'userDefinedMetadata labels')
  const input = record(card.input, 'userDefinedMetadata input')
  expect(input.width === INPUT_SIDE, 'input width', `${INPUT_SIDE}`, input.width)
  expect(input.height === INPUT_SIDE, 'input height', `${INPUT_SIDE}`, input.height)
  const calibration = record(card.calibration, 'userDefinedMetadata calibration')
  const temperature = finite(calibration.temperature, 'calibration temperature')
  expect(temperature > 0, 'calibration temperature', 'a number above 0', temperature)
  if (calibration.rejection !== null) {
    const rejection = record(calibration.rejection, 'calibration rejection')
    expect(rejection.score === 'max-logit', 'rejection score', '"max-logit"', rejection.score)
    finite(rejection.threshold, 'rejection threshold')
  }
  record(card.training, 'userDefinedMetadata training')
  const metrics = record(card.metrics, 'userDefinedMetadata metrics')
  for (const split of ['validation', 'test']) {
    const score = record(metrics[split], `metrics ${split}`)
    for (const figure of ['count', 'accuracy', 'loss']) finite(score[figure], `metrics ${split} ${figure}`)
  }
  return card as unknown as ModelCard
}
