import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { checkArtifactFolder, readArtifactFolder, writeArtifactFolder } from '../../train/artifact-folder.ts'
import { modelJson, weights } from '../support/artifact.ts'

const scratch = mkdtempSync(join(tmpdir(), 'artifact-'))
afterAll(() => rmSync(scratch, { recursive: true }))

let parent: string
let folder: string
beforeEach(() => {
  parent = mkdtempSync(join(scratch, 'case-'))
  folder = join(parent, 'digits')
})

const shipped = () => ({ 'model.json': JSON.stringify(modelJson()), 'weights.bin': weights() })

test('what is written is read again, and nothing else is left behind', async () => {
  expect(writeArtifactFolder(folder, shipped())).toEqual({ ok: true, value: null })
  expect(writeArtifactFolder(folder, { ...shipped(), 'README.md': 'second' })).toEqual({ ok: true, value: null })
  const read = await readArtifactFolder(folder)
  expect(read.ok && read.value.layers.length).toBe(3)
  expect(readdirSync(parent)).toEqual(['digits'])
  expect(readdirSync(folder).sort()).toEqual(['README.md', 'model.json', 'weights.bin'])
})

test('a version that is not that of the bytes is refused', async () => {
  const bytes = weights()
  bytes[0] ^= 1
  writeArtifactFolder(folder, { ...shipped(), 'weights.bin': bytes })
  const read = await readArtifactFolder(folder)
  expect(!read.ok && read.error.reason).toMatch(
    /^weights\.bin has version [0-9a-f]{12} but model\.json says [0-9a-f]{12}$/,
  )
})

test('a folder that holds anything else is not replaced', () => {
  mkdirSync(folder)
  writeFileSync(join(folder, 'thesis.docx'), 'years of work')
  const written = writeArtifactFolder(folder, shipped())
  expect(!written.ok && written.error.reason).toMatch(/other files too \(thesis\.docx\)/)
  expect(readdirSync(folder)).toEqual(['thesis.docx'])
})

test('a write that fails half-way leaves the old artifact whole', async () => {
  writeArtifactFolder(folder, shipped())
  const broken = { ...shipped(), 'README.md': { toString: () => 'x' } as never }
  const written = writeArtifactFolder(folder, { ...broken, 'report.html': 5 as never })
  expect(written.ok).toBe(false)
  expect((await readArtifactFolder(folder)).ok).toBe(true)
  expect(readdirSync(parent)).toEqual(['digits'])
})

test('a kill between the two renames is mended by whoever reads next', async () => {
  writeArtifactFolder(folder, shipped())
  renameSync(folder, join(parent, '.digits.previous'))
  expect(existsSync(folder)).toBe(false)
  expect((await readArtifactFolder(folder)).ok).toBe(true)
})

test('a place that cannot be written is known beforehand', () => {
  writeFileSync(join(parent, 'file'), '')
  const inFile = checkArtifactFolder(join(parent, 'file', 'digits'))
  expect(!inFile.ok && inFile.error.reason).toMatch(/cannot be written/)
  if (process.getuid?.() !== 0) {
    chmodSync(parent, 0o500)
    const locked = checkArtifactFolder(folder)
    chmodSync(parent, 0o700)
    expect(!locked.ok && locked.error.reason).toMatch(/cannot be written/)
  }
})

test('an unreadable artifact says what to do', async () => {
  mkdirSync(folder)
  writeFileSync(join(folder, 'model.json'), '{')
  const read = await readArtifactFolder(folder)
  expect(!read.ok && read.error.reason).toMatch(/npm run train makes one/)
  expect(readFileSync(join(folder, 'model.json'), 'utf8')).toBe('{')
})
