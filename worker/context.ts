/** What handlers are given besides the request. */
import type { Context } from 'hono'
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

export interface Variables {
  requestId: string
  /** What was answered, for the log and the analytics. */
  predictions?: readonly Pick<Prediction, 'digit' | 'confidence' | 'accepted'>[]
}

export type RouteEnv = { Bindings: Bindings; Variables: Variables }
export type RouteContext = Context<RouteEnv>
export type Handler = (c: RouteContext) => Response | Promise<Response>
