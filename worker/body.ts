/** A request's body, within the limit. */
import type { Exchange } from './context.ts'
import { LIMITS } from './limits.ts'
import { type Outcome, refuse } from './problems.ts'

type Body = Outcome<Uint8Array<ArrayBuffer>>

/** Reads the whole body; stops as soon as it is known to be too large. */
export function readBody({ request, headers }: Exchange): Body | Promise<Body> {
  const encoding = headers.get('content-encoding')
  if (encoding !== null && encoding.toLowerCase() !== 'identity') {
    return refuse(
      'unsupported-type',
      `The body comes with content-encoding ${encoding.slice(0, 40)}: send it as it is.`,
    )
  }
  const declared = headers.get('content-length')
  // A declared length is what the HTTP server reads; only without one must the chunks be counted.
  if (declared !== null && !headers.has('transfer-encoding')) {
    if (Number(declared) > LIMITS.bodyBytes) return tooLarge(`${declared} bytes`)
    return request.arrayBuffer().then(receivedAll, cutShort)
  }
  return readChunks(request).catch(cutShort)
}

const receivedAll = (bytes: ArrayBuffer) => received(new Uint8Array(bytes))
const cutShort = () => refuse('malformed', 'The body ended before it was complete.')

/** Bytes: larger than the pieces that come by themselves, which take six times as long. */
const DISCARDED_AT_ONCE = 2 ** 16

/**
 * Reads what is left of a refused request's body and forgets it. The HTTP server closes the connection of a sender that
 * still sends when the answer is there, and many senders then see that instead of the answer (RFC 9112, 9.6). Gives up on
 * what is too long or too slow.
 */
export async function discardBody({ body, headers }: Request): Promise<void> {
  if (body === null || body.locked || Number(headers.get('content-length')) > LIMITS.discardedBytes) return
  const reader = body.getReader({ mode: 'byob' })
  const timer = setTimeout(() => reader.cancel().catch(() => {}), LIMITS.discardedMilliseconds)
  try {
    let buffer = new ArrayBuffer(DISCARDED_AT_ONCE)
    for (let read = 0; read <= LIMITS.discardedBytes; ) {
      const { done, value } = await reader.read(new Uint8Array(buffer))
      if (done) return
      read += value.length
      buffer = value.buffer as ArrayBuffer
    }
  } catch {
    // The sender has hung up: nobody is there for an answer.
  } finally {
    clearTimeout(timer)
  }
}

/** The body as JSON. */
export function parseJson(bytes: Uint8Array): Outcome<unknown> {
  try {
    return { ok: true, value: JSON.parse(decoder.decode(bytes)) }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    return refuse('malformed', `The body is no valid JSON: ${why.slice(0, 200)}.`)
  }
}

/** The content type without its parameters, in lower case; empty when there is none. */
export function mediaType(contentType: string | null): string {
  if (contentType === null) return ''
  const end = contentType.indexOf(';')
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase()
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

async function readChunks(request: Request): Promise<Body> {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  // Not cancelled where it is too large: discardBody reads on.
  for await (const chunk of request.body?.values({ preventCancel: true }) ?? []) {
    length += chunk.length
    if (length > LIMITS.bodyBytes) return tooLarge(`more than ${LIMITS.bodyBytes} bytes`)
    chunks.push(chunk as Uint8Array<ArrayBuffer>)
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return received(bytes)
}

function received(bytes: Uint8Array<ArrayBuffer>): Body {
  return bytes.length > 0 ? { ok: true, value: bytes } : refuse('malformed', 'The body is empty.')
}

const tooLarge = (found: string) =>
  refuse('too-large', `The body may have ${LIMITS.bodyBytes} bytes; this one has ${found}.`)
