/** The Open Inference Protocol's messages, as far as this server reads and writes them. */
import * as v from 'valibot'

const parameters = v.optional(
  v.pipe(v.looseObject({}, 'parameters must be an object.'), v.description('Ignored, but for binary tensors.')),
)

const isShape = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length <= 8 && value.every((side) => Number.isSafeInteger(side) && side >= 0)

const inputTensor = v.object(
  {
    name: v.literal('image', 'The input is named image.'),
    shape: v.pipe(
      v.custom<number[]>(isShape, 'The shape of image must be [n, 784] or [n, 28, 28].'),
      v.metadata({
        type: 'array',
        items: { type: 'integer' },
        minItems: 2,
        maxItems: 3,
        description: '[n, 784] or [n, 28, 28], n up to 128.',
      }),
    ),
    datatype: v.pipe(
      v.picklist(['FP32', 'UINT8'], 'The datatype of image must be FP32 or UINT8.'),
      v.description('UINT8 is 0..255; FP32 is 0..1, or 0..255 for an image with a value above 1.'),
    ),
    parameters: v.optional(
      v.looseObject(
        {
          binary_data_size: v.optional(
            v.pipe(
              v.number('binary_data_size must be a number of bytes.'),
              v.description('The data are as many bytes after the JSON, little-endian.'),
            ),
          ),
        },
        'parameters must be an object.',
      ),
    ),
    data: v.optional(
      v.pipe(
        v.unknown(),
        v.metadata({
          type: 'array',
          items: { oneOf: [{ type: 'number' }, { type: 'array' }] },
          description: 'The pixels, flat or nested, row by row; absent with binary data.',
        }),
      ),
    ),
  },
  'Each of inputs must be an object with name, shape, datatype and data.',
)

const requestedOutput = v.object(
  {
    name: v.picklist(['probabilities', 'digit'], 'The outputs are probabilities and digit.'),
    parameters: v.optional(
      v.looseObject(
        {
          binary_data: v.optional(
            v.pipe(
              v.boolean('binary_data must be true or false.'),
              v.description('Sends the output as bytes after the JSON.'),
            ),
          ),
        },
        'parameters must be an object.',
      ),
    ),
  },
  'Each of outputs must be an object with a name.',
)

export const inferRequest = v.object(
  {
    id: v.optional(v.string('id must be a string.')),
    parameters: v.optional(
      v.looseObject(
        {
          binary_data_output: v.optional(
            v.pipe(
              v.boolean('binary_data_output must be true or false.'),
              v.description('Sends outputs as bytes after the JSON unless their own binary_data says otherwise.'),
            ),
          ),
        },
        'parameters must be an object.',
      ),
    ),
    inputs: v.strictTuple([inputTensor], 'inputs must be a list of exactly one tensor, image.'),
    outputs: v.optional(
      v.pipe(
        v.array(requestedOutput, 'outputs must be a list.'),
        v.maxLength(2, 'outputs may list probabilities and digit, each once.'),
      ),
    ),
  },
  'Send an object with inputs: a list of one tensor, image.',
)
export type InferRequest = v.InferOutput<typeof inferRequest>

const outputTensor = v.object({
  name: v.picklist(['probabilities', 'digit']),
  datatype: v.picklist(['FP32', 'INT64']),
  shape: v.array(v.number()),
  parameters,
  data: v.optional(v.array(v.number())),
})

export const inferResponse = v.object({
  model_name: v.string(),
  model_version: v.string(),
  id: v.optional(v.string()),
  outputs: v.array(outputTensor),
})
export type InferResponse = v.InferOutput<typeof inferResponse>

const tensorMetadata = v.object({ name: v.string(), datatype: v.string(), shape: v.array(v.number()) })

export const modelMetadata = v.object({
  name: v.string(),
  versions: v.array(v.string()),
  platform: v.string(),
  inputs: v.array(tensorMetadata),
  outputs: v.array(tensorMetadata),
})
export type ModelMetadata = v.InferOutput<typeof modelMetadata>

export const serverMetadata = v.object({ name: v.string(), version: v.string(), extensions: v.array(v.string()) })
export type ServerMetadata = v.InferOutput<typeof serverMetadata>

export const serverLive = v.object({ live: v.boolean() })
export const serverReady = v.object({ ready: v.boolean() })
export const modelReady = v.object({ name: v.string(), ready: v.boolean() })
export const protocolError = v.object({ error: v.string() })

/** The names under which the OpenAPI document describes the messages. */
export const PROTOCOL_SCHEMAS = {
  InferRequest: inferRequest,
  InferResponse: inferResponse,
  ModelMetadata: modelMetadata,
  ModelReady: modelReady,
  ServerMetadata: serverMetadata,
  ServerLive: serverLive,
  ServerReady: serverReady,
  ProtocolError: protocolError,
}
