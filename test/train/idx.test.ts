import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseIdxImages, parseIdxLabels } from '../../train/data/idx.ts'

/** A big-endian header of 32-bit numbers, then bytes. */
function file(header: number[], body: number[]): Uint8Array {
  const bytes = new Uint8Array(header.length * 4 + body.length)
  header.forEach((value, i) => {
    new DataView(bytes.buffer).setUint32(4 * i, value)
  })
  bytes.set(body, header.length * 4)
  return bytes
}

const images = file([0x803, 2, 1, 3], [1, 2, 3, 4, 5, 6])
const labels = file([0x801, 3], [7, 0, 9])

test('reads images and labels as they were written, plain or gzipped', () => {
  const expected = { count: 2, rows: 1, columns: 3, pixels: new Uint8Array([1, 2, 3, 4, 5, 6]) }
  for (const bytes of [images, new Uint8Array(gzipSync(images))]) {
    const read = parseIdxImages(bytes)
    expect(read.ok && { ...read.value, pixels: Uint8Array.from(read.value.pixels) }).toEqual(expected)
  }
  for (const bytes of [labels, new Uint8Array(gzipSync(labels))]) {
    const read = parseIdxLabels(bytes, 10)
    expect(read.ok && [...read.value]).toEqual([7, 0, 9])
  }
})

test.each([
  ['an empty file', new Uint8Array(), 'header'],
  ['labels', labels, 'header'],
  ['another element type', file([0xd03, 1, 1, 1], [0]), 'magic'],
  ['a count of none', file([0x803, 0, 28, 28], []), 'count'],
  ['a count that would fill the memory', file([0x803, 0xffffffff, 28, 28], []), 'count'],
  ['no columns', file([0x803, 1, 28, 0], []), 'size'],
  ['huge rows', file([0x803, 1, 0xffffffff, 1], []), 'size'],
  ['a byte too few', images.subarray(0, images.length - 1), 'length'],
  ['a byte too many', file([0x803, 1, 1, 1], [1, 2]), 'length'],
  ['a torn gzip file', new Uint8Array(gzipSync(images)).subarray(0, 20), 'gzip'],
])('names what is wrong with images: %s', (_, bytes, field) => {
  expect(parseIdxImages(bytes)).toMatchObject({ ok: false, error: { kind: 'idx', field } })
})

test('names a label that is out of range, and where', () => {
  const read = parseIdxLabels(labels, 9)
  expect(read).toMatchObject({ ok: false, error: { field: 'label', expected: 'labels 0 to 8', found: '9 at index 2' } })
})

test('never throws, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.constantFrom(images, labels), (noise, valid) => {
      const mixed = Uint8Array.from(valid)
      mixed.set(noise.subarray(0, Math.min(noise.length, mixed.length)))
      for (const bytes of [noise, mixed]) {
        expect(typeof parseIdxImages(bytes).ok).toBe('boolean')
        expect(typeof parseIdxLabels(bytes, 10).ok).toBe('boolean')
      }
    }),
    { numRuns: 500 },
  )
})
