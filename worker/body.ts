/** A request's body, within the limit. */
import { LIMITS } from './limits.ts'
import { type Outcome, refuse } from './problems.ts'

/** Reads the whole body; stops as soon as it is known to be too large. */
export async function readBody(request: Request): Promise<Outcome<Uint8Array<ArrayBuffer>>> {
  const declared = request.headers.get('content-length')
  if (declared !== null && !request.headers.has('transfer-encoding')) {
    if (Number(declared) > LIMITS.bodyBytes) return tooLarge(`${declared} bytes`)
    return received(new Uint8Array(await request.arrayBuffer()))
  }
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.length
    if (length > LIMITS.bodyBytes) return tooLarge(`more than ${LIMITS.bodyBytes} bytes`)
    chunks.push(chunk)
  }
  return received(new Uint8Array(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer()))
}

function received(bytes: Uint8Array<ArrayBuffer>): Outcome<Uint8Array<ArrayBuffer>> {
  return bytes.length > 0 ? { ok: true, value: bytes } : refuse('malformed', 'The body is empty.')
}

const tooLarge = (found: string) =>
  refuse('too-large', `The body may have ${LIMITS.bodyBytes} bytes; this one has ${found}.`)
