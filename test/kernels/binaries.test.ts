import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import loadWabt from 'wabt'

test.each(['worker/kernels/dense', 'train/kernels/training'])('%s.wasm is made of its source', async (path) => {
  const read = (extension: string) => readFileSync(new URL(`../../${path}.${extension}`, import.meta.url))
  const wabt = await loadWabt()
  const { buffer } = wabt.parseWat(`${path}.wat`, read('wat').toString()).toBinary({})
  expect(read('wasm').equals(buffer)).toBe(true)
})
