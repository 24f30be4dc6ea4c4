/** Before the page's tests: a Chromium, and three Workers as deployed: open to all, with keys, with a tight rate limit. */
import { createHash } from 'node:crypto'
import type { TestProject } from 'vitest/node'
import { unstable_startWorker as startWorker } from 'wrangler'
import { findOrBringChromium } from '../../scripts/chromium.ts'

declare module 'vitest' {
  interface ProvidedContext {
    chromium: string
    open: string
    keyed: string
    limited: string
  }
}

/** The one key that the keyed Worker takes. */
export const KEY = 'a-key-for-the-tests'

/** What the limited Worker answers in ten seconds. */
const FEW = 3

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Wrangler would look for its maker's servers first.
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false'
  process.env.WRANGLER_SEND_METRICS = 'false'
  project.provide('chromium', findOrBringChromium())
  const hash = createHash('sha256').update(KEY).digest('hex')
  const workers = {
    open: await start({}),
    keyed: await start({ API_KEY_HASHES: { type: 'plain_text', value: hash } }),
    limited: await start({
      RATE_LIMITER: { type: 'ratelimit', namespace_id: '1', simple: { limit: FEW, period: 10 } },
    }),
  }
  for (const [name, worker] of Object.entries(workers)) {
    project.provide(name as keyof typeof workers, (await worker.url).origin)
  }
  return async () => {
    await Promise.all(Object.values(workers).map((worker) => worker.dispose()))
  }
}

type Bindings = NonNullable<Parameters<typeof startWorker>[0]['bindings']>

async function start(bindings: Bindings) {
  const worker = await startWorker({
    config: 'wrangler.toml',
    bindings,
    dev: { server: { hostname: 'localhost', port: 0 }, inspector: false, watch: false, logLevel: 'error' },
  })
  await worker.ready
  return worker
}
