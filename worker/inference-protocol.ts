/** The Open Inference Protocol's inference request and answer, on the wire: JSON, or JSON with binary tensors behind it. */
import { INPUT_PIXELS, INPUT_SIDE } from '../model/artifact.ts'
import type { Prediction } from '../recognize/digit.ts'
import { type Answer, answerJson } from './answer.ts'
import { parseJson } from './body.ts'
import { card } from './digits.ts'
import { LIMITS } from './limits.ts'
import type { Batch } from './pictures.ts'
import { scale } from './pixels.ts'
import { type Outcome, refuse } from './problems.ts'
import { type InferRequest, type InferResponse, inferRequest } from './protocol-schemas.ts'
import { validate } from './schemas.ts'

export const INPUT = 'image'
export const OUTPUTS = [
  { name: 'probabilities', datatype: 'FP32', shape: [-1, card.labels.length] },
  { name: 'digit', datatype: 'INT64', shape: [-1] },
]

type InputTensor = InferRequest['inputs'][0]
type OutputName = 'probabilities' | 'digit'

/** Which output is asked for, and whether as bytes. */
interface RequestedOutput {
  name: OutputName
  binary: boolean
}

/** What a request asks for. */
export interface Inference {
  batch: Batch
  id: string | undefined
  outputs: RequestedOutput[]
}

/** @param jsonLength the header Inference-Header-Content-Length: where in the body binary tensors begin */
export function readInferRequest(body: Uint8Array, jsonLength: string | null): Outcome<Inference> {
  let binary: Uint8Array | undefined
  let text = body
  if (jsonLength !== null) {
    const length = /^\d{1,9}$/.test(jsonLength) ? Number(jsonLength) : Number.NaN
    if (!(length <= body.length)) {
      return refuse('malformed', `Inference-Header-Content-Length must be at most the body's ${body.length} bytes.`)
    }
    text = body.subarray(0, length)
    binary = body.subarray(length)
  }
  const json = parseJson(text)
  if (!json.ok) return json
  const request = validate(inferRequest, json.value)
  if (!request.ok) return request
  const { id, inputs, outputs, parameters } = request.value
  const batch = readTensor(inputs[0], binary)
  if (!batch.ok) return batch
  const byDefault = parameters?.binary_data_output ?? false
  const names: NonNullable<typeof outputs> = outputs?.length ? outputs : [{ name: 'probabilities' }, { name: 'digit' }]
  return {
    ok: true,
    value: {
      batch: batch.value,
      id,
      outputs: names.map((one) => ({ name: one.name, binary: one.parameters?.binary_data ?? byDefault })),
    },
  }
}

/** The answer in JSON, and the outputs that were asked for as bytes, to follow it. */
export function composeAnswer(
  head: Omit<InferResponse, 'outputs'>,
  outputs: readonly RequestedOutput[],
  predictions: readonly Prediction[],
): { answer: InferResponse; blobs: Uint8Array<ArrayBuffer>[] } {
  const blobs: Uint8Array<ArrayBuffer>[] = []
  const tensors = outputs.map(({ name, binary }) => {
    const tensor = { name, ...describe(name, predictions.length) }
    if (!binary) return { ...tensor, data: valuesOf(name, predictions) }
    const blob = bytesOf(name, predictions)
    blobs.push(blob)
    return { ...tensor, parameters: { binary_data_size: blob.length } }
  })
  return { answer: { ...head, outputs: tensors }, blobs }
}

/** An answer as it goes over the wire. */
export function wireAnswer({ answer: json, blobs }: ReturnType<typeof composeAnswer>): Answer {
  if (blobs.length === 0) return answerJson(json)
  const bytes = new TextEncoder().encode(JSON.stringify(json))
  return {
    status: 200,
    body: new Blob([bytes, ...blobs]),
    type: 'application/octet-stream',
    headers: { 'inference-header-content-length': `${bytes.length}` },
  }
}

function readTensor(tensor: InputTensor, binary: Uint8Array | undefined): Outcome<Batch> {
  const { shape, datatype, data, parameters } = tensor
  const [count, ...image] = shape
  const fits =
    (image.length === 1 && image[0] === INPUT_PIXELS) ||
    (image.length === 2 && image[0] === INPUT_SIDE && image[1] === INPUT_SIDE)
  if (!fits) return refuse('unusable', `The shape of image is [${shape.join(', ')}]: send [n, 784] or [n, 28, 28].`)
  if (count < 1 || count > LIMITS.images) {
    return refuse('unusable', `The shape of image holds ${count} images: send 1 to ${LIMITS.images}.`)
  }
  const images = new Float32Array(count * INPUT_PIXELS)
  const size = parameters?.binary_data_size
  const complaint =
    size === undefined ? readData(data, images) : readBinary(binary, size, data, datatype === 'FP32', images)
  if (complaint !== undefined) return refuse('unusable', complaint)
  for (let i = 0; i < images.length; i++) {
    // Written so that NaN fails too.
    if (!(images[i] >= 0 && images[i] <= 255) || (datatype === 'UINT8' && !Number.isInteger(images[i]))) {
      const range = datatype === 'UINT8' ? 'whole numbers from 0 to 255' : 'numbers from 0 to 1, or from 0 to 255'
      return refuse('unusable', `The data of image have ${images[i]} at index ${i}: ${datatype} takes ${range}.`)
    }
  }
  if (datatype === 'UINT8') for (let i = 0; i < images.length; i++) images[i] /= 255
  else for (let i = 0; i < images.length; i += INPUT_PIXELS) scale(images, i, i + INPUT_PIXELS)
  return { ok: true, value: { count, images } }
}

/** Images, rows and pixels may be nested; deeper than that it is no image. */
const MAX_DEPTH = 3

function readData(data: unknown, target: Float32Array): string | undefined {
  if (!Array.isArray(data)) return `image has no data: send a list of ${target.length} numbers.`
  let at = 0
  const fill = (list: unknown[], depth: number): string | undefined => {
    for (const value of list) {
      if (typeof value === 'number') {
        if (at < target.length) target[at] = value
        at++
      } else if (Array.isArray(value)) {
        if (depth === MAX_DEPTH) return 'The data of image are nested deeper than images, rows and pixels.'
        const complaint = fill(value, depth + 1)
        if (complaint !== undefined) return complaint
      } else {
        return `The data of image have ${value === null ? 'null' : `a ${typeof value}`} at index ${at}: send numbers.`
      }
    }
  }
  const complaint = fill(data, 1)
  if (complaint !== undefined) return complaint
  if (at !== target.length) return `The data of image have ${at} numbers; its shape asks for ${target.length}.`
}

function readBinary(
  binary: Uint8Array | undefined,
  size: number,
  data: unknown,
  float: boolean,
  target: Float32Array,
): string | undefined {
  if (binary === undefined) return 'Binary data need the header Inference-Header-Content-Length.'
  if (data !== undefined) return 'image has both data and binary_data_size: send one of them.'
  const expected = target.length * (float ? 4 : 1)
  if (size !== expected) return `binary_data_size is ${size}; datatype and shape ask for ${expected} bytes.`
  if (binary.length !== size) return `${binary.length} bytes follow the JSON; binary_data_size is ${size}.`
  if (float) target.set(new Float32Array(binary.slice().buffer))
  else target.set(binary)
}

const describe = (name: OutputName, count: number) =>
  name === 'digit'
    ? { datatype: 'INT64' as const, shape: [count] }
    : { datatype: 'FP32' as const, shape: [count, OUTPUTS[0].shape[1]] }

/** INT64 has no null: the digit of a blank image is −1. */
const NO_DIGIT = -1

const valuesOf = (name: OutputName, predictions: readonly Prediction[]): number[] =>
  name === 'digit'
    ? predictions.map(({ digit }) => digit ?? NO_DIGIT)
    : predictions.flatMap(({ probabilities }) => probabilities)

function bytesOf(name: OutputName, predictions: readonly Prediction[]): Uint8Array<ArrayBuffer> {
  const values = valuesOf(name, predictions)
  return new Uint8Array(name === 'digit' ? BigInt64Array.from(values, BigInt).buffer : Float32Array.from(values).buffer)
}
