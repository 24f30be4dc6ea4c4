import { exports } from 'cloudflare:workers'
import { expect, test } from 'vitest'

test('says that it is alive and ready', async () => {
  const live = await exports.default.fetch('http://localhost/v2/health/live')
  expect([live.status, await live.json()]).toEqual([200, { live: true }])
  const ready = await exports.default.fetch('http://localhost/v2/health/ready')
  expect([ready.status, await ready.json()]).toEqual([200, { ready: true }])
})
