import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { quoted, readCommitted } from '../../bench/quote.ts'

test('the READMEs quote the committed results and nothing else (npm run bench -- quote)', () => {
  const files = quoted(readCommitted())
  expect([...files.keys()].some((path) => path.endsWith('README.md'))).toBe(true)
  for (const [path, text] of files) expect(readFileSync(path, 'utf8'), path).toBe(text)
})
