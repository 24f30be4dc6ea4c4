/**
 * Shuffled, deformed batches, prepared by a second thread while the first one trains.
 *
 * The two share a ring of slots: the worker fills slot after slot and counts `FILLED` up, the trainer uses them in the same
 * order and counts `USED` up; each sleeps until the other's counter lets it go on. What a batch holds depends on seed, epoch
 * and place alone, never on who was faster.
 */
import { Worker } from 'node:worker_threads'
import { type Augmentation, PIXELS } from './augment.ts'
import { randomOf, shuffled } from './random.ts'

/** Images with their labels. */
export interface Digits {
  /** count×784 bytes, row by row, 0..255, light ink on dark. */
  images: Uint8Array
  /** count bytes, each the class of its image. */
  labels: Uint8Array
  count: number
}

/** Shares of the images, 0..1. */
export interface DrawnShares {
  forms: number
  signs: number
  /** Digits that were cut off a neighbour they touched, and cuttings that are none. */
  parted: number
  torn: number
}

/** One epoch's work for the worker. */
export interface EpochOrder {
  epoch: number
  batchSize: number
  augmentation: Augmentation
  /** Share of the images replaced by pictures of no digit, whose targets are 1/classes each. */
  strangers?: number
  /**
   * Shares of the images replaced by drawn digits (see forms.ts) and parted ones (see cuttings.ts), with their labels, and by
   * signs and torn digits, as strangers.
   */
  drawn?: DrawnShares
  /** Softens the labels: targets are (1 − share) · label + share · softmax(teacher's logits of the deformed image). */
  teacher?: { parameters: Float32Array; share: number }
}

/** What the worker is born with. */
export interface WorkerStart {
  images: Uint8Array<SharedArrayBuffer>
  labels: Uint8Array<SharedArrayBuffer>
  count: number
  classes: number
  seed: number
  /** Widths of the teacher's layers, 784 and classes included; null if no epoch has a teacher. */
  teacher: number[] | null
  /** SLOTS × largest batch × 784 numbers. */
  x: Float32Array<SharedArrayBuffer>
  /** SLOTS × largest batch × classes numbers. */
  targets: Float32Array<SharedArrayBuffer>
  largestBatch: number
  counters: Int32Array<SharedArrayBuffer>
}

export const SLOTS = 8
/** Places in `counters`. Both count batches since the start; neither is ever near 2³¹. */
export const FILLED = 0
export const USED = 1

export interface Batch {
  /** Places of the batch's images in the data. */
  indices: Uint32Array
  /** count×784, 0..1. Valid until the next batch is asked for. */
  x: Float32Array
  /** count×classes, each row a distribution. Valid until the next batch is asked for. */
  targets: Float32Array
  count: number
}

export interface BatchSettings {
  classes: number
  /** The greatest batch size any epoch will ask for. */
  largestBatch: number
  seed: number
  /** Widths of the layers of the teachers that epochs may name. */
  teacher?: number[]
}

export interface BatchSource {
  /** Gives the worker an epoch to prepare; it may be given the next one while this one is used. */
  prepare(order: EpochOrder): void
  /** The batches of the epoch that was prepared first among those not used yet, in order. */
  next(): AsyncGenerator<Batch, void, void>
  /** Ends the worker. */
  close(): Promise<void>
}

function sharedBytes(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
  shared.set(bytes)
  return shared
}

function sharedFloats(length: number): Float32Array<SharedArrayBuffer> {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT))
}

/** The order in which an epoch shows the images: known to both threads. */
export function epochShuffle(count: number, seed: number, epoch: number): Uint32Array {
  return shuffled(count, randomOf(seed, 'shuffle', epoch))
}

export function startBatches(data: Digits, settings: BatchSettings): BatchSource {
  const { classes, largestBatch, seed, teacher = null } = settings
  const images = sharedBytes(data.images)
  const labels = sharedBytes(data.labels)
  const x = sharedFloats(SLOTS * largestBatch * PIXELS)
  const targets = sharedFloats(SLOTS * largestBatch * classes)
  const counters = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT))
  const { count } = data
  const workerData: WorkerStart = { images, labels, count, classes, seed, teacher, x, targets, largestBatch, counters }
  const worker = new Worker(new URL('./augment-worker.ts', import.meta.url), { workerData })
  const failed = new Promise<never>((_, reject) => {
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the thread that prepares batches ended with code ${code}`)))
  })
  // A failure while nobody waits is reported to whoever asks next.
  failed.catch(() => {})
  const prepared: EpochOrder[] = []
  let used = 0

  const filled = async (target: number): Promise<void> => {
    for (;;) {
      const now = Atomics.load(counters, FILLED)
      if (now >= target) return
      const wait = Atomics.waitAsync(counters, FILLED, now)
      if (wait.async) await Promise.race([wait.value, failed])
    }
  }

  return {
    prepare: (order) => {
      prepared.push(order)
      worker.postMessage(order)
    },
    next: async function* () {
      const { epoch, batchSize } = prepared.shift()!
      const indices = epochShuffle(data.count, seed, epoch)
      for (let start = 0; start < data.count; start += batchSize) {
        const count = Math.min(batchSize, data.count - start)
        await filled(used + 1)
        const first = (used % SLOTS) * largestBatch
        yield {
          indices: indices.subarray(start, start + count),
          x: x.subarray(first * PIXELS, (first + count) * PIXELS),
          targets: targets.subarray(first * classes, (first + count) * classes),
          count,
        }
        used++
        Atomics.store(counters, USED, used)
        Atomics.notify(counters, USED)
      }
    },
    close: async () => {
      await worker.terminate()
    },
  }
}
