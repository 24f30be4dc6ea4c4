/** What the documents say of limits and versions is what the code has. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { MAX_HEAVY_PIXELS, MAX_SIDE } from '../image/decode.ts'
import { MAX_HELD_SAMPLES } from '../image/jpeg.ts'
import { MAX_DIGITS } from '../recognize/number.ts'
import { LIMITS } from '../worker/limits.ts'

const megapixels = (pixels: number) => (pixels / 1e6).toFixed(1)

test('docs/operating.md states the limits as they are', () => {
  const text = readFileSync('docs/operating.md', 'utf8').replaceAll(/\s+/g, ' ')
  const rows = [
    `| worker/limits.ts | ${LIMITS.bodyBytes / 2 ** 20} MiB, ${LIMITS.images}, ${megapixels(LIMITS.pixels)} megapixels |`,
    `| recognize/number.ts | ${MAX_DIGITS} |`,
    `| image/decode.ts | ${megapixels(MAX_HEAVY_PIXELS)} megapixels |`,
    `| image/jpeg.ts | ${megapixels(MAX_HELD_SAMPLES / 1.5)} and ${megapixels(MAX_HELD_SAMPLES / 3)} megapixels |`,
    `a side over ${MAX_SIDE.toLocaleString('en')} pixels`,
    `at most ${LIMITS.requestIdLength} letters`,
  ]
  for (const row of rows) expect(text).toContain(row)
})
