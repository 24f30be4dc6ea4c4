import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import loadWabt from 'wabt'

const read = (name: string) => readFileSync(new URL(`../../worker/kernels/${name}`, import.meta.url))

test('the shipped binary is made of its source', async () => {
  const wabt = await loadWabt()
  const { buffer } = wabt.parseWat('dense.wat', read('dense.wat').toString()).toBinary({})
  expect(read('dense.wasm').equals(buffer)).toBe(true)
})
