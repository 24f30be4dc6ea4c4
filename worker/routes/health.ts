/** Liveness and readiness as the Open Inference Protocol words them. A Worker that answers at all has loaded its model. */
import type { Context } from 'hono'

export const live = (c: Context): Response => c.json({ live: true })
export const ready = (c: Context): Response => c.json({ ready: true })
