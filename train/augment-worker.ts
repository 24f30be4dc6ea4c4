/** The thread that prepares batches: see batches.ts for the protocol. */
import { parentPort, workerData } from 'node:worker_threads'
import { epochAugmenter, PIXELS } from './augment.ts'
import { type EpochOrder, epochShuffle, FILLED, SLOTS, USED, type WorkerStart } from './batches.ts'

const { images, count, seed, ring, slotLength, counters } = workerData as WorkerStart
let filled = 0

parentPort!.on('message', ({ epoch, batchSize, augmentation }: EpochOrder) => {
  const order = epochShuffle(count, seed, epoch)
  const augmenter = epochAugmenter(images, augmentation, seed, epoch)
  for (let start = 0; start < count; start += batchSize) {
    waitForFreeSlot()
    const slot = (filled % SLOTS) * slotLength
    const end = Math.min(start + batchSize, count)
    for (let i = start; i < end; i++) augmenter.write(order[i], ring, slot + (i - start) * PIXELS)
    filled++
    Atomics.store(counters, FILLED, filled)
    Atomics.notify(counters, FILLED)
  }
})

function waitForFreeSlot(): void {
  for (;;) {
    const used = Atomics.load(counters, USED)
    if (filled - used < SLOTS) return
    Atomics.wait(counters, USED, used)
  }
}
