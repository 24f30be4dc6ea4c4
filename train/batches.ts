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

/** One epoch's work for the worker. */
export interface EpochOrder {
  epoch: number
  batchSize: number
  augmentation: Augmentation
}

/** What the worker is born with. */
export interface WorkerStart {
  images: Uint8Array<SharedArrayBuffer>
  count: number
  seed: number
  /** SLOTS × largest batch × 784 numbers. */
  ring: Float32Array<SharedArrayBuffer>
  slotLength: number
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
  count: number
}

export interface BatchSource {
  /** The batches of one epoch, in order. Epochs may be announced ahead by `prepare`. */
  epoch(order: EpochOrder): AsyncGenerator<Batch, void, void>
  /** Lets the worker go on with an epoch before it is asked for. Orders run in the order they came in. */
  prepare(order: EpochOrder): void
  /** Ends the worker. */
  close(): Promise<void>
}

/** The order in which an epoch shows the images: known to both threads. */
export function epochShuffle(count: number, seed: number, epoch: number): Uint32Array {
  return shuffled(count, randomOf(seed, 'shuffle', epoch))
}

/** @param largestBatch the greatest batch size any epoch will ask for */
export function startBatches(data: Digits, largestBatch: number, seed: number): BatchSource {
  const images = new Uint8Array(new SharedArrayBuffer(data.images.length))
  images.set(data.images)
  const slotLength = largestBatch * PIXELS
  const ring = new Float32Array(new SharedArrayBuffer(SLOTS * slotLength * Float32Array.BYTES_PER_ELEMENT))
  const counters = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT))
  const workerData: WorkerStart = { images, count: data.count, seed, ring, slotLength, counters }
  const worker = new Worker(new URL('./augment-worker.ts', import.meta.url), { workerData })
  const failed = new Promise<never>((_, reject) => {
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the thread that prepares batches ended with code ${code}`)))
  })
  // A failure while nobody waits is reported to whoever asks next.
  failed.catch(() => {})
  const announced: EpochOrder[] = []
  let used = 0

  const prepare = (order: EpochOrder) => {
    announced.push(order)
    worker.postMessage(order)
  }

  const filled = async (target: number): Promise<void> => {
    for (;;) {
      const now = Atomics.load(counters, FILLED)
      if (now >= target) return
      const wait = Atomics.waitAsync(counters, FILLED, now)
      if (wait.async) await Promise.race([wait.value, failed])
    }
  }

  return {
    prepare,
    epoch: async function* (order) {
      if (announced.length === 0) prepare(order)
      const next = announced.shift()!
      if (next.epoch !== order.epoch) throw new Error(`epoch ${next.epoch} was prepared, ${order.epoch} asked for`)
      const indices = epochShuffle(data.count, seed, order.epoch)
      for (let start = 0; start < data.count; start += order.batchSize) {
        const count = Math.min(order.batchSize, data.count - start)
        await filled(used + 1)
        const slot = (used % SLOTS) * slotLength
        yield { indices: indices.subarray(start, start + count), x: ring.subarray(slot, slot + count * PIXELS), count }
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
