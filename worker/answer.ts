/** What handlers answer, and the Response that is made of it. */

/** A body's media type. Each has its headers ready. */
type MediaType = 'application/json' | 'application/problem+json' | 'application/octet-stream'

export interface Answer {
  status: number
  body: string | Uint8Array<ArrayBuffer> | Blob | null
  /** Of the body; none without one. */
  type?: MediaType
  /** Besides those that all answers carry; in lower case. */
  headers?: Record<string, string>
}

export const answerJson = (value: unknown): Answer => ({
  status: 200,
  body: JSON.stringify(value),
  type: 'application/json',
  headers: undefined,
})

/** What every answer carries. */
const STANDING = {
  // No answer of the API is a document; the pages among the assets bring their own policy.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  // Any page may read it, and these headers of it. Deployments that list origins narrow it down: see surroundings.ts.
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'etag, inference-header-content-length, retry-after, x-request-id',
}

/**
 * By media type, a Response that has the headers, for others to copy as a whole: that costs less than to set them there
 * one by one, and what is never asked for of a Response, its own Headers, is not made for JavaScript either.
 */
const patterns = new Map<MediaType | undefined, { response: Response; headers: Headers }>()

function patternOf(type: MediaType | undefined) {
  let pattern = patterns.get(type)
  if (pattern === undefined) {
    const response = new Response(null, {
      headers: type === undefined ? STANDING : { ...STANDING, 'content-type': type },
    })
    pattern = { response, headers: response.headers }
    patterns.set(type, pattern)
  }
  return pattern
}

export function responseOf({ status, body, type, headers: own }: Answer, requestId: string): Response {
  const pattern = patternOf(type)
  // What stays of the request before is overwritten, and nothing waits between this and the copy.
  pattern.headers.set('x-request-id', requestId)
  // A Response is read faster than an object of settings.
  const response = new Response(body, status === 200 ? pattern.response : { status, headers: pattern.headers })
  if (own !== undefined) for (const name in own) response.headers.set(name, own[name])
  return response
}
