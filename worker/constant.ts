/** Answers that are the same until the next deployment: served with an ETag, so that clients keep what they have. */
import type { Answer } from './answer.ts'
import type { Handler } from './context.ts'

/**
 * A handler for GET.
 * @param render makes the body, once, when it is first asked for
 */
export function constant(type: Answer['type'], render: () => string | Uint8Array<ArrayBuffer>): Handler {
  let rendered: { body: string | Uint8Array<ArrayBuffer>; etag: string } | undefined
  return async (exchange) => {
    // The result is kept, not the promise: a Worker's request must not wait for another's.
    rendered ??= await once(render())
    const { body, etag } = rendered
    const headers = { 'cache-control': 'no-cache', etag }
    return matches(exchange.headers.get('if-none-match'), etag)
      ? { status: 304, body: null, headers }
      : { status: 200, body, type, headers }
  }
}

async function once(body: string | Uint8Array<ArrayBuffer>) {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return { body, etag: `"${digest.subarray(0, 8).toHex()}"` }
}

/** RFC 9110, 13.1.2: a list of tags, compared weakly, or `*`. */
const matches = (header: string | null, etag: string) =>
  !!header?.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
