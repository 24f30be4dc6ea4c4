/** Everything that can be wrong with a request, and what the wire says of it: RFC 9457 problem details. */

/**
 * `status` and `title` are the problem details'. The Open Inference Protocol calls whatever is wrong with an inference
 * request a bad request, hence `protocolStatus` where it differs. `about` is for the documentation.
 */
export const PROBLEMS = {
  malformed: {
    status: 400,
    title: 'The request is malformed',
    about:
      'The body is no JSON or multipart, a field is missing, or a query parameter has a value that it cannot have.',
  },
  unauthorized: {
    status: 401,
    title: 'A key is needed',
    about: 'This deployment asks for a key: send the header `Authorization: Bearer <key>`.',
  },
  forbidden: {
    status: 403,
    title: 'The key is not valid',
    about: 'The key that was sent is none of those that are let in.',
  },
  'not-found': { status: 404, title: 'There is nothing at this path', about: 'Nothing is served at this path.' },
  'method-not-allowed': {
    status: 405,
    title: 'The path does not take this method',
    about: 'The header `Allow` lists the methods that the path takes.',
  },
  'too-large': {
    status: 413,
    title: 'The request is too large',
    about:
      'The body, the number of images or the pictures’ pixels exceed the limits; `detail` says which, and by how much.',
  },
  'unsupported-type': {
    status: 415,
    protocolStatus: 400,
    title: 'The content type is not supported',
    about: 'The body’s content type, or that of a picture in it, is none that is read, or is not what the bytes are.',
  },
  unusable: {
    status: 422,
    protocolStatus: 400,
    title: 'The input is understood but cannot be used',
    about:
      'A picture is broken, or there are 783 pixels: `detail` names the image, what was found and what would be right.',
  },
  'rate-limited': {
    status: 429,
    title: 'Too many requests',
    about: 'Too many requests came from this address: wait as many seconds as the header `Retry-After` says.',
  },
  internal: {
    status: 500,
    title: 'The server failed',
    about: 'A fault of the server’s: report it with the `requestId`.',
  },
} as const satisfies Record<string, { status: number; protocolStatus?: number; title: string; about: string }>

export type ProblemKind = keyof typeof PROBLEMS

/** What is wrong: `detail` says what was found and what would be right. */
export interface Problem {
  kind: ProblemKind
  detail: string
}

/** A value, or the problem that stands in its way. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; problem: Problem }

export const refuse = (kind: ProblemKind, detail: string): { ok: false; problem: Problem } => ({
  ok: false,
  problem: { kind, detail },
})
