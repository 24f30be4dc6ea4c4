/** What handlers are given, and what they make of it. */
import type { Answer } from './answer.ts'
import type { Prediction } from './schemas.ts'

/** What the Worker is deployed with. Only the first two are in wrangler.toml from the start. */
export interface Bindings {
  /** Origins whose pages may read answers, comma-separated, or `*`. */
  ALLOWED_ORIGINS?: string
  /** Counts requests for each client address. */
  RATE_LIMITER?: RateLimit
  /** SHA-256 of each key that is let in, hex, comma-separated; a secret. Without it everyone is. */
  API_KEY_HASHES?: string
  /** Where answers are counted, without pictures, so that drift can be seen. */
  ANALYTICS?: AnalyticsEngineDataset
}

/**
 * A request on its way to its answer. Not Hono's context, so that a handler can be reached without Hono; and what the
 * runtime is asked for of a request, it is asked for once.
 */
export interface Exchange {
  readonly request: Request
  readonly env: Bindings
  readonly method: string
  /** The request's. */
  readonly headers: Headers
  /** Of the URL, without the query. */
  readonly path: string
  /** By name, each name's first value; undefined where the URL has no query. */
  readonly query: Readonly<Record<string, string>> | undefined
  /** What stands in the path for the route's parameters. */
  readonly params: Readonly<Record<string, string>>
  readonly requestId: string
  /** What was answered, for the log and the analytics. */
  predictions?: readonly Pick<Prediction, 'digit' | 'confidence' | 'accepted'>[]
}

export type Handler = (exchange: Exchange) => Answer | Promise<Answer>
