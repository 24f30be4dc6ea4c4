/**
 * What goes in and out of the HTTP routes. These schemas validate requests, give the OpenAPI document its JSON Schema and
 * the typed client its types: each shape is written once.
 */
import * as v from 'valibot'
import { MAX_CLASSES } from '../model/artifact.ts'
import { LIMITS } from './limits.ts'
import { type Image, readImage } from './pixels.ts'
import type { Outcome, Problem } from './problems.ts'

const pixel = { type: 'number', minimum: 0, maximum: 255 }
const listOf = (length: number, items: object) => ({ type: 'array', minItems: length, maxItems: length, items })

/**
 * An image out of JSON, checked and converted by one loop over its pixels: a schema that calls a function for each of
 * 128 × 784 numbers would cost more than recognizing them.
 */
const toImage = v.rawTransform<unknown, Image>(({ dataset, addIssue, NEVER }) => {
  const read = readImage(dataset.value)
  if (typeof read !== 'string') return read
  addIssue({ message: read })
  return NEVER
})

/** One digit. */
export const image = v.pipe(
  v.unknown(),
  v.metadata({
    description:
      'One digit: 784 numbers row by row, 28 rows of 28, or base64 (a `data:` URL will do) of a PNG, JPEG or WebP file or ' +
      'of 784 bytes. Numbers are 0..1, or 0..255 as soon as one exceeds 1, light ink on dark as in MNIST.',
    oneOf: [listOf(784, pixel), listOf(28, listOf(28, pixel)), { type: 'string', contentEncoding: 'base64' }],
  }),
  toImage,
)

/** A picture of any size. That 784 pixels are none is told by the route, which knows where to send them. */
const picture = v.pipe(
  v.unknown(),
  v.metadata({
    type: 'string',
    contentEncoding: 'base64',
    description: 'A PNG, JPEG or WebP file as base64; a `data:` URL will do.',
  }),
  toImage,
)

const SEND_ONE = 'Send an object with either image (one IMAGE) or images (a list of them).'

/** The body of POST /v1/predict in JSON. */
export const predictRequest = v.pipe(
  v.object(
    {
      image: v.optional(image),
      images: v.optional(
        v.pipe(
          v.array(image, 'images must be a list.'),
          v.minLength(1, `images is empty: send 1 to ${LIMITS.images}.`),
          v.maxLength(
            LIMITS.images,
            ({ received }) => `${received} images in one request: send at most ${LIMITS.images}.`,
          ),
        ),
      ),
    },
    SEND_ONE,
  ),
  v.check(({ image, images }) => (image === undefined) !== (images === undefined), SEND_ONE),
  v.metadata({ minProperties: 1, maxProperties: 1 }),
)

/** The body of POST /v1/read in JSON. */
export const readRequest = v.object({ image: picture }, 'Send an object with image: a string of base64.')

const quoted = ({ input }: { input: unknown }) => JSON.stringify(String(input).slice(0, 40))

const topK = v.pipe(
  v.string(),
  v.check(
    (text) => /^([1-9]|10)$/.test(text),
    (issue) => `top_k must be 1 to 10, not ${quoted(issue)}.`,
  ),
  v.metadata({
    type: 'integer',
    minimum: 1,
    maximum: 10,
    description: 'Adds `top`: the so many likeliest digits, best first.',
  }),
  v.transform(Number),
)

/** The query of POST /v1/predict. */
export const predictQuery = v.object({
  top_k: v.optional(topK),
  normalize: v.optional(
    v.pipe(
      v.picklist(
        ['auto', 'always', 'never'],
        (issue) => `normalize must be auto, always or never, not ${quoted(issue)}.`,
      ),
      v.metadata({
        description:
          '`auto` brings pictures to the form that MNIST’s digits have, whatever their size, polarity or paper, and takes ' +
          'raw pixels as they are. `always` does it to raw pixels too, `never` to none: a picture must then have 28×28 pixels.',
        default: 'auto',
      }),
    ),
    'auto',
  ),
  include: v.optional(
    v.pipe(
      v.picklist(['input'], (issue) => `include must be input, not ${quoted(issue)}.`),
      v.metadata({ description: '`input` adds the 28×28 bytes that the model saw, as base64.' }),
    ),
  ),
})
export type PredictQuery = v.InferOutput<typeof predictQuery>

const probability = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
const digit = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(9))

/** The model that answered. */
export const modelReference = v.object({
  name: v.string(),
  version: v.pipe(v.string(), v.description('The first 12 hex digits of the SHA-256 of weights.bin.')),
})

const reason = v.pipe(
  v.picklist(['blank', 'unfamiliar']),
  v.description(
    'Why it is not accepted: nothing is there, or nothing like a digit that was seen in training. Absent when accepted.',
  ),
)
export type Reason = v.InferOutput<typeof reason>

export const prediction = v.object({
  digit: v.pipe(v.nullable(digit), v.description('The likeliest digit; null for a blank image.')),
  confidence: v.pipe(probability, v.description('The calibrated probability of `digit`; 0 for a blank image.')),
  accepted: v.pipe(v.boolean(), v.description('Whether to rely on it; if not, `reason` says why.')),
  reason: v.optional(reason),
  probabilities: v.pipe(
    v.array(probability),
    v.minLength(2),
    v.maxLength(MAX_CLASSES),
    v.description('Calibrated, one for each class (the digits 0 to 9); all 0 for a blank image.'),
  ),
  top: v.optional(
    v.pipe(v.array(v.object({ digit, probability })), v.description('With `top_k`: the likeliest digits, best first.')),
  ),
  input: v.optional(
    v.pipe(
      v.string(),
      v.description('With `include=input`: the 28×28 bytes that the model saw, row by row, light ink on dark.'),
      v.metadata({ contentEncoding: 'base64' }),
    ),
  ),
})
export type Prediction = v.InferOutput<typeof prediction>

export const predictResponse = v.object({
  model: modelReference,
  predictions: v.pipe(v.array(prediction), v.description('One for each image, in their order.')),
})
/** The answer of POST /v1/predict; predictions come in the order of the images. */
export type PredictResponse = v.InferOutput<typeof predictResponse>

const pixels = v.pipe(v.number(), v.minValue(0))
const box = v.pipe(
  v.object({ x: pixels, y: pixels, width: pixels, height: pixels }),
  v.description('In pixels of the picture as it was sent; x, y is the top left corner.'),
)

const digitConfidence = v.pipe(
  probability,
  v.description('The probability that a digit is there and that it is this one.'),
)
const digitAccepted = v.pipe(
  v.boolean(),
  v.description(
    'Whether to rely on it: it must be certain. It may be less like the digits of training than one that stands alone, as its neighbours speak for it.',
  ),
)

export const readResponse = v.object({
  model: modelReference,
  text: v.pipe(
    v.string(),
    v.description(
      'The digits in reading order, lines joined with \\n; empty where what is there is hardly like a number.',
    ),
  ),
  confidence: v.pipe(probability, v.description('The least of the digits’ confidences; 0 without digits.')),
  accepted: v.pipe(v.boolean(), v.description('Whether there are digits and each of them is accepted.')),
  reason: v.optional(reason),
  width: v.pipe(pixels, v.description('Of the picture as it was sent, upright.')),
  height: pixels,
  lines: v.pipe(
    v.array(
      v.object({
        text: v.string(),
        digits: v.array(v.object({ digit, confidence: digitConfidence, accepted: digitAccepted, box })),
      }),
    ),
    v.description('From the top down, the digits of each from left to right.'),
  ),
})
/** The answer of POST /v1/read. */
export type ReadResponse = v.InferOutput<typeof readResponse>

const score = v.object({ count: v.number(), accuracy: probability, loss: v.number() })

/** The answer of GET /v1/model. */
export const modelResponse = v.object({
  name: v.string(),
  version: v.string(),
  labels: v.array(v.string()),
  input: v.looseObject({
    width: v.number(),
    height: v.number(),
    range: v.tuple([v.number(), v.number()]),
    polarity: v.string(),
    normalization: v.string(),
  }),
  training: v.pipe(v.record(v.string(), v.unknown()), v.description('Recipe, seed, data and versions.')),
  metrics: v.looseObject({ validation: score, test: score }),
  calibration: v.object({
    temperature: v.number(),
    rejection: v.nullable(v.object({ score: v.literal('max-logit'), threshold: v.number() })),
  }),
  layers: v.array(v.object({ inputs: v.number(), units: v.number(), activation: v.string() })),
  parameters: v.pipe(v.number(), v.description('Number of weights and biases.')),
  weightsBytes: v.number(),
})
export type ModelResponse = v.InferOutput<typeof modelResponse>

/** RFC 9457 problem details. */
export const problemDetails = v.object({
  type: v.pipe(v.string(), v.description('A path into /docs that tells more.')),
  title: v.string(),
  status: v.number(),
  detail: v.pipe(v.string(), v.description('What was wrong and what would be right.')),
  requestId: v.string(),
})
export type ProblemDetails = v.InferOutput<typeof problemDetails>

/** The names under which the OpenAPI document describes the messages. */
export const SCHEMAS = {
  Image: image,
  PredictRequest: predictRequest,
  PredictResponse: predictResponse,
  Prediction: prediction,
  ReadRequest: readRequest,
  ReadResponse: readResponse,
  ModelResponse: modelResponse,
  ProblemDetails: problemDetails,
}

/** Validates; the first thing that is wrong becomes the problem. */
export function validate<T>(schema: v.GenericSchema<unknown, T>, value: unknown): Outcome<T> {
  const result = v.safeParse(schema, value, { abortEarly: true })
  return result.success ? { ok: true, value: result.output } : { ok: false, problem: problemOf(result.issues[0]) }
}

function problemOf(issue: v.BaseIssue<unknown>): Problem {
  switch (issue.type) {
    case 'raw_transform': {
      const [field, index] = issue.path ?? []
      const place = index === undefined ? '' : `[${index.key}]`
      return { kind: 'unusable', detail: `${field?.key}${place} ${issue.message}` }
    }
    case 'max_length':
      return { kind: 'too-large', detail: issue.message }
    case 'min_length':
      return { kind: 'unusable', detail: issue.message }
    default:
      return { kind: 'malformed', detail: issue.message }
  }
}
