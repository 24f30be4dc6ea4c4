/**
 * The network as an ONNX model: one Gemm (and Relu) for each layer, in the few fields of onnx.proto3 that this takes,
 * written as protocol buffers by hand (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
 */
import { type DenseLayer, INPUT_PIXELS } from '../../model/artifact.ts'

const FLOAT = 1
/** Gemm as it is now came with operator set 13; IR version 8 goes with it and with all since. */
const OPSET = 13
const IR_VERSION = 8

/**
 * @returns the bytes of a model with input `images`, float [n,784], and output `logits`, float [n,classes]; a closing
 * softmax is left to whoever uses it
 */
export function onnxModel(layers: readonly DenseLayer[]): Uint8Array {
  const nodes: Uint8Array[] = []
  let from = 'images'
  layers.forEach((layer, i) => {
    const sum = i === layers.length - 1 ? 'logits' : `sum_${i}`
    nodes.push(node('Gemm', [from, `kernel_${i}`, `bias_${i}`], sum))
    from = sum
    if (layer.activation !== 'relu') return
    nodes.push(node('Relu', [sum], `hidden_${i}`))
    from = `hidden_${i}`
  })
  const weights = layers.flatMap(({ inputs, units, kernel, bias }, i) => [
    tensor(`kernel_${i}`, [inputs, units], kernel),
    tensor(`bias_${i}`, [units], bias),
  ])
  const graph = message(
    ...nodes.map((one) => bytes(1, one)),
    text(2, 'digits'),
    ...weights.map((one) => bytes(5, one)),
    bytes(11, valueInfo('images', INPUT_PIXELS)),
    bytes(12, valueInfo('logits', layers[layers.length - 1].units)),
  )
  return message(integer(1, IR_VERSION), bytes(7, graph), bytes(8, message(integer(2, OPSET))))
}

/** NodeProto */
const node = (operator: string, inputs: readonly string[], output: string) =>
  message(...inputs.map((name) => text(1, name)), text(2, output), text(4, operator))

/** TensorProto */
const tensor = (name: string, shape: readonly number[], values: Float32Array) =>
  message(
    ...shape.map((side) => integer(1, side)),
    integer(2, FLOAT),
    text(8, name),
    bytes(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  )

/** ValueInfoProto of a float [n,width] */
function valueInfo(name: string, width: number): Uint8Array {
  const shape = message(bytes(1, message(text(2, 'n'))), bytes(1, message(integer(1, width))))
  const tensorType = message(integer(1, FLOAT), bytes(2, shape))
  return message(text(1, name), bytes(2, message(bytes(1, tensorType))))
}

// Protocol buffers: each field is a tag (number, wire type) and a value (https://protobuf.dev/programming-guides/encoding).

function message(...fields: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(fields.reduce((sum, field) => sum + field.length, 0))
  let at = 0
  for (const field of fields) {
    out.set(field, at)
    at += field.length
  }
  return out
}

const integer = (number: number, value: number) => Uint8Array.of(...varint(number << 3), ...varint(value))
const bytes = (number: number, value: Uint8Array) =>
  message(Uint8Array.of(...varint((number << 3) | 2), ...varint(value.length)), value)
const text = (number: number, value: string) => bytes(number, new TextEncoder().encode(value))

function varint(value: number): number[] {
  const groups: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...groups, rest]
    groups.push((rest % 128) | 128)
  }
}
