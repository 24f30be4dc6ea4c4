/** Everything that can be wrong with a request, and what the wire says of it: RFC 9457 problem details. */
import type { Context } from 'hono'

const PROBLEMS = {
  malformed: { status: 400, title: 'The request is malformed' },
  'not-found': { status: 404, title: 'There is nothing at this path' },
  'method-not-allowed': { status: 405, title: 'The path does not take this method' },
  'too-large': { status: 413, title: 'The request is too large' },
  'unsupported-type': { status: 415, title: 'The content type is not supported' },
  unusable: { status: 422, title: 'The input is understood but cannot be used' },
  internal: { status: 500, title: 'The server failed' },
} as const

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

/** The response for a problem; its `type` is a stable place in the documentation. */
export function problemResponse(c: Context, { kind, detail }: Problem, headers: Record<string, string> = {}): Response {
  const { status, title } = PROBLEMS[kind]
  const body = { type: `/docs#${kind}`, title, status, detail, requestId: c.get('requestId') }
  return c.body(JSON.stringify(body), status, { 'content-type': 'application/problem+json', ...headers })
}
