/**
 * A client for edge-digits, for browsers, Node and Workers; it needs `fetch` and nothing else.
 *
 * @example
 * const digits = createClient('https://edge-digits.example.workers.dev')
 * const { predictions } = await digits.predict(canvas)
 * if (predictions[0].accepted) console.log(predictions[0].digit)
 */
import type { ModelResponse, PredictQuery, PredictResponse, ProblemDetails, ReadResponse } from '../worker/schemas.ts'

export type {
  ModelResponse,
  Prediction,
  PredictResponse,
  ProblemDetails,
  ReadResponse,
  Reason,
} from '../worker/schemas.ts'

/**
 * A picture: a PNG, JPEG or WebP file (Blob, File, bytes), a canvas, base64 or a `data:` URL; for one digit also 784 pixels
 * (bytes, numbers 0..1 or 0..255, or 28 rows of 28), light on dark.
 */
export type Picture = Blob | ArrayBuffer | Uint8Array | string | Canvas
export type Image = Picture | Float32Array | readonly number[] | readonly (readonly number[])[]

/** HTMLCanvasElement and OffscreenCanvas, by what is used of them: so no DOM types are needed. */
export type Canvas =
  | { toBlob(callback: (blob: Blob | null) => void, type?: string): void }
  | { convertToBlob(options?: { type?: string }): Promise<Blob> }

export interface ClientOptions {
  /** Sent as `Authorization: Bearer`, where the deployment has keys. */
  apiKey?: string
  /** How often a request is tried again after 429 or a failure of the network; 2 unless given. */
  retries?: number
  /** Milliseconds for each try; 10,000 unless given. */
  timeout?: number
  /** Used instead of the global `fetch`, e.g. a service binding's. */
  fetch?: (input: string, init: RequestInit) => Promise<Response>
}

export interface CallOptions {
  /** Ends the request, retries included. */
  signal?: AbortSignal
}

export interface PredictOptions extends CallOptions {
  /** Adds `top`: the so many likeliest digits, 1 to 10. */
  topK?: number
  normalize?: PredictQuery['normalize']
  /** Adds `input`: the 28×28 bytes that the model saw, base64. */
  includeInput?: boolean
}

export interface Client {
  /** One digit in each picture; the answers come in the pictures' order. */
  predict(images: Image | readonly Image[], options?: PredictOptions): Promise<PredictResponse>
  /** All digits of a picture, in reading order. */
  read(picture: Picture, options?: CallOptions): Promise<ReadResponse>
  /** The model card. */
  model(options?: CallOptions): Promise<ModelResponse>
}

/**
 * What went wrong: the server's own words, a failure of the network, or that it took too long. `retryAfter` is the seconds
 * to wait, where the server says so.
 */
export type Failure =
  | { kind: 'problem'; problem: ProblemDetails; retryAfter?: number }
  | { kind: 'network'; detail: string }
  | { kind: 'timeout'; detail: string }
  | { kind: 'unexpected'; status: number; detail: string; retryAfter?: number }

/** Thrown by every call; `failure` says what went wrong. An aborted signal's own reason is thrown as it is. */
export class EdgeDigitsError extends Error {
  override readonly name = 'EdgeDigitsError'
  readonly failure: Failure

  constructor(failure: Failure, cause?: unknown) {
    super(failure.kind === 'problem' ? failure.problem.detail : failure.detail, { cause })
    this.failure = failure
  }
}

/** @param url where the Worker answers, e.g. `https://edge-digits.example.workers.dev` */
export function createClient(url: string, options: ClientOptions = {}): Client {
  const base = url.replace(/\/+$/, '')
  const call = async <T>(path: string, init: RequestInit, { signal }: CallOptions): Promise<T> => {
    const headers = new Headers(init.headers)
    if (options.apiKey !== undefined) headers.set('authorization', `Bearer ${options.apiKey}`)
    return (await send(base + path, { ...init, headers }, options, signal)) as T
  }
  return {
    async predict(images, { topK, normalize, includeInput, signal } = {}) {
      const query = new URLSearchParams()
      if (topK !== undefined) query.set('top_k', `${topK}`)
      if (normalize !== undefined) query.set('normalize', normalize)
      if (includeInput) query.set('include', 'input')
      const path = `/v1/predict${query.size > 0 ? `?${query}` : ''}`
      return call(path, { method: 'POST', ...(await predictBody(images)) }, { signal })
    },
    async read(picture, { signal } = {}) {
      return call('/v1/read', { method: 'POST', ...(await pictureBody(picture)) }, { signal })
    },
    model: ({ signal } = {}) => call('/v1/model', {}, { signal }),
  }
}

type Body = { body: BodyInit; headers: Record<string, string> }

const json = (value: unknown): Body => ({
  body: JSON.stringify(value),
  headers: { 'content-type': 'application/json' },
})

async function predictBody(images: Image | readonly Image[]): Promise<Body> {
  if (isList(images)) return json({ images: await Promise.all(images.map(forJson)) })
  return isPicture(images) ? pictureBody(images) : json({ image: await forJson(images) })
}

async function pictureBody(picture: Picture): Promise<Body> {
  if (typeof picture === 'string') return json({ image: picture })
  const bytes = await bytesOf(picture)
  return { body: bytes, headers: { 'content-type': pictureTypeOf(bytes) ?? 'application/octet-stream' } }
}

/** Numbers stand for one image, also in rows; anything else in a list is an image of its own. */
function isList(images: Image | readonly Image[]): images is readonly Image[] {
  if (!Array.isArray(images)) return false
  const first: unknown = images[0]
  if (typeof first === 'number') return false
  // 28 rows of 28 are one image; images that are lists have 784 numbers or are lists of rows themselves.
  return !(Array.isArray(first) && first.length === 28 && typeof first[0] === 'number')
}

const isPicture = (image: Image): image is Picture => !Array.isArray(image) && !(image instanceof Float32Array)

async function forJson(image: Image): Promise<unknown> {
  if (typeof image === 'string' || Array.isArray(image)) return image
  if (image instanceof Float32Array) return [...image]
  return base64(await bytesOf(image as Exclude<Picture, string>))
}

async function bytesOf(picture: Exclude<Picture, string>): Promise<Uint8Array<ArrayBuffer>> {
  if (picture instanceof ArrayBuffer) return new Uint8Array(picture)
  if (picture instanceof Uint8Array) return new Uint8Array(picture)
  if (picture instanceof Blob) return new Uint8Array(await picture.arrayBuffer())
  return new Uint8Array(await (await blobOf(picture)).arrayBuffer())
}

function blobOf(canvas: Canvas): Promise<Blob> {
  if ('convertToBlob' in canvas) return canvas.convertToBlob({ type: 'image/png' })
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new TypeError('The canvas is empty.'))), 'image/png')
  })
}

/**
 * What the bytes are, whatever a file's name says: the server refuses files that are labelled as something else.
 * @returns undefined for bytes that are no picture
 */
export function pictureTypeOf(bytes: Uint8Array): 'image/png' | 'image/jpeg' | 'image/webp' | undefined {
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return 'image/png'
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return 'image/jpeg'
  if (bytes[0] === 0x52 && bytes[1] === 0x49 && bytes[8] === 0x57) return 'image/webp'
  return undefined
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000))
  return btoa(text)
}

/** Milliseconds before the first retry; each further one waits twice as long. */
const FIRST_WAIT = 250

async function send(url: string, init: RequestInit, options: ClientOptions, signal?: AbortSignal): Promise<unknown> {
  const retries = options.retries ?? 2
  for (let retry = 0; ; retry++) {
    const result = await attempt(url, init, options, signal)
    if (result.ok) return result.answer
    if (retry >= retries || !result.again) throw result.error
    // Clients that were refused together should not come back together.
    const backoff = FIRST_WAIT * 2 ** retry * (0.5 + Math.random())
    await pause(result.after ?? backoff, signal)
  }
}

type Attempt =
  | { ok: true; answer: unknown }
  /** `again`: whether to try again; `after`: milliseconds, when the server says so. */
  | { ok: false; error: EdgeDigitsError; again: boolean; after?: number }

async function attempt(
  url: string,
  init: RequestInit,
  { fetch = globalThis.fetch, timeout = 10_000 }: ClientOptions,
  signal?: AbortSignal,
): Promise<Attempt> {
  const limit = AbortSignal.timeout(timeout)
  try {
    signal?.throwIfAborted()
    const response = await fetch(url, { ...init, signal: signal ? AbortSignal.any([signal, limit]) : limit })
    if (response.ok) return { ok: true, answer: await response.json() }
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
    const retryAfter = seconds >= 0 ? seconds : undefined
    const error = new EdgeDigitsError({ ...(await failureOf(response)), retryAfter })
    return { ok: false, error, again: response.status === 429, after: retryAfter && retryAfter * 1000 }
  } catch (cause) {
    signal?.throwIfAborted()
    const detail = cause instanceof Error ? cause.message : String(cause)
    const failure: Failure = limit.aborted
      ? { kind: 'timeout', detail: `No answer within ${timeout} ms.` }
      : { kind: 'network', detail }
    return { ok: false, error: new EdgeDigitsError(failure, cause), again: true }
  }
}

async function failureOf(response: Response): Promise<Extract<Failure, { kind: 'problem' | 'unexpected' }>> {
  const text = await response.text()
  if (response.headers.get('content-type')?.startsWith('application/problem+json')) {
    return { kind: 'problem', problem: JSON.parse(text) as ProblemDetails }
  }
  return { kind: 'unexpected', status: response.status, detail: text.slice(0, 200) || `HTTP ${response.status}` }
}

function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer)
      reject(signal!.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', abort, { once: true })
  })
}
