/** Every answer is made here, with the headers that all of them carry. */

/** Copied as a whole into each answer, which takes less time than to set them there one by one. */
const HEADERS = new Headers({
  // No answer of the API is a document; the pages among the assets bring their own policy.
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'cross-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  // Any page may read it, and these headers of it. Deployments that list origins narrow it down: see surroundings.ts.
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'etag, inference-header-content-length, retry-after, x-request-id',
})

/** @param headers in lower case */
export function answer(body: BodyInit | null, headers: Record<string, string>, status = 200): Response {
  const response = new Response(body, { status, headers: HEADERS })
  for (const name in headers) response.headers.set(name, headers[name])
  return response
}

export const answerJson = (value: unknown): Response =>
  answer(JSON.stringify(value), { 'content-type': 'application/json' })
