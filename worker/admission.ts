/** Who is let in, and how often: API keys and the rate limit, in front of the routes that compute. */
import type { Answer } from './answer.ts'
import type { Exchange, Handler } from './context.ts'
import type { Problem } from './problems.ts'
import { refusal } from './refusal.ts'

/** Seconds of the rate limiter's window; the same stands in wrangler.toml. */
const WINDOW = '10'

/** A handler for those that have a key, if the deployment has keys, and ask not more often than the rate limiter says. */
export const admitted =
  (handler: Handler): Handler =>
  (exchange) =>
    // Nothing to wait for, where nothing is asked.
    isOpen(exchange) ? handler(exchange) : refusalOf(exchange).then((refused) => refused ?? handler(exchange))

const isOpen = ({ env, headers }: Exchange) =>
  !env.API_KEY_HASHES && !(env.RATE_LIMITER && isRemote(headers.get('cf-connecting-ip')))

async function refusalOf(exchange: Exchange): Promise<Answer | undefined> {
  const { env, headers } = exchange
  const { API_KEY_HASHES, RATE_LIMITER } = env
  const address = headers.get('cf-connecting-ip')
  if (RATE_LIMITER && isRemote(address)) {
    const { success } = await RATE_LIMITER.limit({ key: address })
    if (!success) {
      const detail = `Too many requests from ${address}: try again in ${WINDOW} seconds.`
      return refusal(exchange, { kind: 'rate-limited', detail }, { 'retry-after': WINDOW })
    }
  }
  if (API_KEY_HASHES) {
    const problem = await checkKey(headers.get('authorization'), API_KEY_HASHES)
    if (problem) return refusal(exchange, problem, { 'www-authenticate': 'Bearer realm="edge-digits"' })
  }
}

/**
 * Cloudflare sets the address on every request from the internet. Another Worker's, by its binding, has none, and
 * loopback is the developer's own machine, where a load test must not meet the limit.
 */
const isRemote = (address: string | null): address is string =>
  address !== null && address !== '127.0.0.1' && address !== '::1'

/**
 * @param authorization the header `Authorization`
 * @param hashes SHA-256 of the keys that are let in, hex, comma-separated
 */
async function checkKey(authorization: string | null, hashes: string): Promise<Problem | undefined> {
  const key = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
  if (key === undefined) {
    return { kind: 'unauthorized', detail: 'Send your key in the header Authorization: Bearer <key>.' }
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key)))
  let found = false
  // Every hash is compared, each in constant time: how long it takes says nothing of how near a key is.
  for (const hash of hashes.split(',')) {
    const expected = hexToBytes(hash.trim())
    if (expected !== null && crypto.subtle.timingSafeEqual(digest, expected)) found = true
  }
  return found ? undefined : { kind: 'forbidden', detail: 'This key is not valid here.' }
}

/** 32 bytes of hex; null for anything else, which no key can match. */
const hexToBytes = (hex: string) => (/^[0-9a-f]{64}$/i.test(hex) ? Uint8Array.fromHex(hex) : null)
