import { rmSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { BUILDS, bundleOwn } from '../../bench/support/bundle.ts'

afterAll(() => rmSync(BUILDS, { recursive: true, force: true }))

/** KiB, gzip: what has to be fetched and compiled before a place answers for the first time. */
const MOST = 1024

test('what a deployment uploads stays within 1 MiB', { timeout: 120_000 }, async () => {
  const { uploadKiB, modules } = await bundleOwn()
  expect(modules.some((file) => file.endsWith('weights.bin'))).toBe(true)
  expect(uploadKiB).toBeGreaterThan(100)
  expect(uploadKiB).toBeLessThanOrEqual(MOST)
})
