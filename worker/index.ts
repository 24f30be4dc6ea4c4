/** The Worker's entry point: HTTP, and calls from other Workers through a service binding. */
import { WorkerEntrypoint } from 'cloudflare:workers'
import { handle } from './app.ts'
import type { Bindings } from './context.ts'
import { fileOf } from './images.ts'
import { batchOf } from './pictures.ts'
import { type Image, imageOfBytes, readImage } from './pixels.ts'
import type { Problem } from './problems.ts'
import { answerOf } from './routes/predict.ts'
import { readingOf } from './routes/read.ts'
import type { PredictResponse, ReadResponse } from './schemas.ts'

/** One digit: a PNG, JPEG or WebP file or 784 bytes, 784 numbers, 28 rows of 28, or base64; as in POST /v1/predict. */
export type RpcImage = Uint8Array | ArrayBuffer | number[] | number[][] | string

/** A PNG, JPEG or WebP file, or base64 of one. */
export type RpcPicture = Uint8Array | ArrayBuffer | string

/** Calls from other Workers, by a service binding with `entrypoint = "EdgeDigits"` or without any. */
export class EdgeDigits extends WorkerEntrypoint<Bindings> {
  override fetch(request: Request): Response | Promise<Response> {
    return handle(request, this.env, this.ctx)
  }

  /**
   * Recognizes one digit in each image. What would be a problem over HTTP is thrown as an error with the same words.
   * @example
   * const { predictions } = await env.DIGITS.predict([png])
   */
  predict(images: RpcImage[]): PredictResponse {
    if (!Array.isArray(images)) throw new TypeError('predict takes a list of images.')
    const batch = batchOf(images.map(imageOf), 'auto', nameOf)
    if (!batch.ok) throw errorOf(batch.problem)
    return answerOf(batch.value, { normalize: 'auto' })
  }

  /**
   * Reads every digit of a picture; problems are thrown as in `predict`.
   */
  read(picture: RpcPicture): ReadResponse {
    const file = fileOf(imageOf(picture, 0), '')
    if (!file.ok) throw errorOf(file.problem)
    const reading = readingOf(file.value)
    if (!reading.ok) throw errorOf(reading.problem)
    return reading.value
  }
}

function imageOf(value: RpcImage, index: number): Image {
  const image =
    value instanceof Uint8Array || value instanceof ArrayBuffer
      ? imageOfBytes(value instanceof Uint8Array ? value : new Uint8Array(value))
      : readImage(value)
  if (typeof image === 'string') throw errorOf({ kind: 'unusable', detail: `${nameOf(index)} ${image}` })
  return image
}

const nameOf = (index: number) => `images[${index}]`
const errorOf = ({ kind, detail }: Problem) => new Error(`${kind}: ${detail}`)

/**
 * HTTP, and the same calls by a binding that names no entrypoint. A plain object: of a class the runtime would make an
 * instance for each request. It calls an object's function only if that takes an argument, the environment and the context.
 */
export default {
  fetch: handle,
  predict: (images: RpcImage[], env: Bindings, context: ExecutionContext) =>
    new EdgeDigits(context, env).predict(images),
  read: (picture: RpcPicture, env: Bindings, context: ExecutionContext) => new EdgeDigits(context, env).read(picture),
}
