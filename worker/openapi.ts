/**
 * The OpenAPI 3.1 description of this API. Shapes come from the schemas that validate, titles of problems from the problems
 * that are answered, and the examples' answers from the model itself, when the document is first asked for.
 */
import { toJsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema'
import { MAX_HEAVY_PIXELS } from '../image/decode.ts'
import { MAX_HELD_SAMPLES } from '../image/jpeg.ts'
import { unitPixels } from '../model/classifier.ts'
import { MAX_DIGITS } from '../recognize/number.ts'
import { card } from './digits.ts'
import { SEVEN_ON_A_PAGE } from './example.ts'
import { readInferRequest } from './inference-protocol.ts'
import { LIMITS } from './limits.ts'
import { type Batch, batchOf } from './pictures.ts'
import { readImage } from './pixels.ts'
import { PROBLEMS, type ProblemKind } from './problems.ts'
import { PROTOCOL_SCHEMAS } from './protocol-schemas.ts'
import { answerOf as inferAnswer } from './routes/inference.ts'
import { answerOf } from './routes/predict.ts'
import { readingOf } from './routes/read.ts'
import { predictQuery, SCHEMAS } from './schemas.ts'

const DEFINITIONS = { ...SCHEMAS, ...PROTOCOL_SCHEMAS }
type Name = keyof typeof DEFINITIONS

const COMPONENTS = '#/components/schemas/'
const CONVERSION = {
  target: 'draft-2020-12',
  typeMode: 'input',
  // Checks that JSON Schema has no word for are told in its own words, by the schema's metadata.
  errorMode: 'ignore',
  overrideRef: ({ referenceId }: { referenceId: string }) => COMPONENTS + referenceId,
} as const

const megapixels = (pixels: number) => `${(pixels / 1e6).toFixed(1)} megapixels`

/** Pictures whose decoders need more memory than others'. A pixel of 4:2:0 has 1.5 samples, one of 4:4:4 has 3. */
const HEAVY_PICTURES =
  `A lossless WebP, or one with alpha, may have ${megapixels(MAX_HEAVY_PIXELS)}; a JPEG of several scans (progressive) ` +
  `${megapixels(MAX_HELD_SAMPLES / 1.5)} in 4:2:0, ${megapixels(MAX_HELD_SAMPLES / 3)} in 4:4:4.`

/** The document. */
export function openApi(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'edge-digits',
      version: card.version,
      summary: 'Handwritten digits, recognised at the edge.',
      description:
        'Send a picture of a handwritten digit, get the digit, how sure the model is, and whether to rely on it. ' +
        'A request that cannot be answered says in `detail` what was found and what would be right.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    security: [{}, { key: [] }],
    tags: [
      { name: 'Digits', description: 'Pictures in, digits out.' },
      { name: 'Model', description: 'What the model is, and the model itself.' },
      { name: 'Open Inference Protocol', description: 'For clients of Triton, KServe, OpenVINO and MLServer.' },
    ],
    paths: paths(),
    components: {
      schemas: toJsonSchemaDefs(DEFINITIONS, CONVERSION),
      responses: problems(),
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'Only where the deployment has keys.' },
      },
    },
  }
}

function paths(): Record<string, object> {
  const document = { tags: ['Model'], security: [] }
  return {
    '/v1/predict': { post: predictOperation() },
    '/v1/read': { post: readOperation() },
    '/v1/model': {
      get: {
        ...document,
        operationId: 'model',
        summary: 'The model card',
        responses: { 200: json('ModelResponse', 'The card; its ETag serves to ask again.'), 304: unchanged },
      },
    },
    '/model/model.json': {
      get: {
        ...document,
        operationId: 'modelJson',
        summary: 'The model, for `tf.loadLayersModel`',
        responses: {
          200: {
            description: 'TensorFlow.js layers model',
            content: { 'application/json': { schema: { type: 'object' } } },
          },
          304: unchanged,
        },
      },
    },
    '/model/weights.bin': {
      get: {
        ...document,
        operationId: 'modelWeights',
        summary: 'The weights that model.json names',
        responses: { 200: { description: 'Weights', content: { 'application/octet-stream': {} } }, 304: unchanged },
      },
    },
    '/v1/openapi.json': {
      get: {
        ...document,
        operationId: 'openapi',
        summary: 'This description',
        responses: {
          200: { description: 'OpenAPI 3.1', content: { 'application/json': { schema: { type: 'object' } } } },
          304: unchanged,
        },
      },
    },
    ...protocolPaths(),
  }
}

const unchanged = { description: 'Unchanged since the ETag in If-None-Match.' }

function predictOperation(): object {
  const request = { image: `data:image/webp;base64,${SEVEN_ON_A_PAGE}` }
  const summary = 'A seven on a page'
  const binary = (description: string) => ({ schema: { description } })
  const file = { type: 'string', contentMediaType: 'application/octet-stream' }
  return {
    tags: ['Digits'],
    operationId: 'predict',
    summary: 'One digit per picture',
    description:
      `Takes pictures as files, base64 or pixels; up to ${LIMITS.images} at once, ${LIMITS.bodyBytes / 2 ** 20} MiB, and ` +
      `${megapixels(LIMITS.pixels)} in all. ${HEAVY_PICTURES}`,
    parameters: queryParameters(),
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: ref('PredictRequest'), examples: { seven: { summary, value: request } } },
        'image/png': binary('One picture.'),
        'image/jpeg': binary('One picture.'),
        'image/webp': binary('One picture.'),
        'application/octet-stream': binary('n × 784 bytes, row by row, 0..255, light ink on dark as in MNIST.'),
        'multipart/form-data': {
          schema: { type: 'object', additionalProperties: { anyOf: [file, { type: 'array', items: file }] } },
        },
      },
    },
    responses: {
      200: json('PredictResponse', 'A prediction for each picture, in their order.', {
        seven: { summary, value: answer(request.image) },
      }),
      ...refusals(
        'malformed',
        'unauthorized',
        'forbidden',
        'too-large',
        'unsupported-type',
        'unusable',
        'rate-limited',
      ),
    },
  }
}

function readOperation(): object {
  const request = { image: `data:image/webp;base64,${SEVEN_ON_A_PAGE}` }
  const summary = 'A seven on a page'
  const reading = readingOf(Uint8Array.fromBase64(SEVEN_ON_A_PAGE))
  if (!reading.ok) throw new Error(reading.problem.detail)
  const picture = { schema: { description: 'One picture.' } }
  return {
    tags: ['Digits'],
    operationId: 'read',
    summary: 'Every digit of a picture, in reading order',
    description:
      `Takes one picture, of at most ${LIMITS.bodyBytes / 2 ** 20} MiB, ${megapixels(LIMITS.pixels)} and ${MAX_DIGITS} digits; ` +
      `more digits are 422. Spaces, hyphens, dots, commas, plus signs and parentheses between digits are passed over, and so are ` +
      `most words before a number or behind it. ${HEAVY_PICTURES}`,
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: ref('ReadRequest'), examples: { seven: { summary, value: request } } },
        'image/png': picture,
        'image/jpeg': picture,
        'image/webp': picture,
        'multipart/form-data': {
          schema: {
            type: 'object',
            additionalProperties: { type: 'string', contentMediaType: 'application/octet-stream' },
            maxProperties: 1,
          },
        },
      },
    },
    responses: {
      200: json('ReadResponse', 'The digits, line by line, with boxes in the pixels of the picture.', {
        seven: { summary, value: reading.value },
      }),
      ...refusals(
        'malformed',
        'unauthorized',
        'forbidden',
        'too-large',
        'unsupported-type',
        'unusable',
        'rate-limited',
      ),
    },
  }
}

const answer = (image: string): object => answerOf(exampleBatch(image), { normalize: 'auto' })

function exampleBatch(base64: string): Batch {
  const image = readImage(base64)
  if (typeof image === 'string') throw new Error(image)
  const batch = batchOf([image], 'auto', () => 'image')
  if (!batch.ok) throw new Error(batch.problem.detail)
  return batch.value
}

function queryParameters(): object[] {
  const { properties } = toJsonSchema(predictQuery, CONVERSION)
  return Object.entries(properties ?? {}).map(([name, schema]) => {
    const { description, ...rest } = schema as { description?: string }
    return { name, in: 'query', description, schema: rest }
  })
}

function protocolPaths(): Record<string, object> {
  const get = (operationId: string, summary: string, name: Name, parameters?: object[]) => ({
    get: {
      tags: ['Open Inference Protocol'],
      security: [],
      operationId,
      summary,
      parameters,
      responses: { 200: json(name, summary), ...(parameters ? { 404: protocolRefusal } : {}) },
    },
  })
  const ofModel = (path: string, suffix: string, parameters: object[]) => ({
    [path]: get(`modelMetadata${suffix}`, 'Inputs and outputs of the model', 'ModelMetadata', parameters),
    [`${path}/ready`]: get(`modelReady${suffix}`, 'Whether the model answers', 'ModelReady', parameters),
    [`${path}/infer`]: { post: inferOperation(`infer${suffix}`, parameters) },
  })
  const model = { name: 'model', in: 'path', required: true, schema: { const: card.name }, example: card.name }
  const version = { name: 'version', in: 'path', required: true, schema: { type: 'string' }, example: card.version }
  return {
    '/v2': get('server', 'The server and its extensions', 'ServerMetadata'),
    '/v2/health/live': get('live', 'Whether the server is alive', 'ServerLive'),
    '/v2/health/ready': get('ready', 'Whether the server answers', 'ServerReady'),
    ...ofModel('/v2/models/{model}', '', [model]),
    ...ofModel('/v2/models/{model}/versions/{version}', 'OfVersion', [model, version]),
  }
}

const protocolRefusal = {
  description: 'What was wrong and what would be right.',
  content: { 'application/json': { schema: { $ref: `${COMPONENTS}ProtocolError` } } },
}

function inferOperation(operationId: string, parameters: object[]): object {
  const request = {
    id: '42',
    inputs: [{ name: 'image', datatype: 'UINT8', shape: [1, 28, 28], data: examplePixels() }],
    outputs: [{ name: 'digit' }],
  }
  return {
    tags: ['Open Inference Protocol'],
    operationId,
    summary: 'Inference',
    description:
      'Tensors in JSON, or binary as in Triton’s extension `binary_tensor_data`. The digit of a blank image is −1.',
    parameters,
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: ref('InferRequest'),
          examples: { seven: { summary: 'A seven', value: request } },
        },
      },
    },
    responses: {
      200: json('InferResponse', 'The outputs that were asked for, or both.', {
        seven: { summary: 'A seven', value: inferExample(request) },
      }),
      ...Object.fromEntries([400, 401, 403, 404, 413, 429].map((status) => [status, protocolRefusal])),
    },
  }
}

function inferExample(request: object): object {
  const read = readInferRequest(new TextEncoder().encode(JSON.stringify(request)), null)
  if (!read.ok) throw new Error(read.problem.detail)
  return inferAnswer(read.value)
}

/** The page's seven as the model sees it, in rows. */
function examplePixels(): number[][] {
  const images = unitPixels(exampleBatch(SEVEN_ON_A_PAGE).images)
  return Array.from({ length: 28 }, (_, y) =>
    Array.from(images.subarray(y * 28, y * 28 + 28), (value) => Math.round(value * 255)),
  )
}

const ref = (name: Name) => ({ $ref: COMPONENTS + name })

const json = (name: Name, description: string, examples?: object) => ({
  description,
  content: { 'application/json': { schema: ref(name), ...(examples ? { examples } : {}) } },
})

const refusals = (...kinds: ProblemKind[]) =>
  Object.fromEntries(kinds.map((kind) => [PROBLEMS[kind].status, { $ref: `#/components/responses/${kind}` }]))

function problems(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(PROBLEMS).map(([kind, { status, title, about }]) => [
      kind,
      {
        description: about,
        content: {
          'application/problem+json': {
            schema: ref('ProblemDetails'),
            example: { type: `/docs#${kind}`, title, status, detail: about, requestId: '0b0f6d4e' },
          },
        },
      },
    ]),
  )
}
