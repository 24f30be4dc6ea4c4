/** The thread that prepares batches: see batches.ts for the protocol. */
import { parentPort, workerData } from 'node:worker_threads'
import { type ElasticFields, elasticFields, epochAugmenter, PIXELS } from './augment.ts'
import { type EpochOrder, epochShuffle, FILLED, SLOTS, USED, type WorkerStart } from './batches.ts'
import { startKernels } from './kernels.ts'
import { layoutOf, network, softmax } from './network.ts'
import { randomOf } from './random.ts'
import { drawStranger } from './strangers.ts'

const { images, labels, count, classes, seed, teacher, x, targets, largestBatch, counters } = workerData as WorkerStart
const net = teacher && network(await startKernels(), layoutOf(teacher))
let filled = 0

// Runs to its end before the next order is taken: nothing in it waits for the event loop.
parentPort!.on('message', (order: EpochOrder) => {
  const indices = epochShuffle(count, seed, order.epoch)
  const augmenter = epochAugmenter(images, order.augmentation, seed, order.epoch)
  const strangerFields = elasticFields(order.strangers ? 256 : 0, randomOf(seed, 'stranger fields', order.epoch))
  for (let start = 0; start < count; start += order.batchSize) {
    waitForFreeSlot()
    const first = (filled % SLOTS) * largestBatch
    const batch = indices.subarray(start, start + order.batchSize)
    batch.forEach((index, i) => {
      augmenter.write(index, x, (first + i) * PIXELS)
    })
    writeTargets(batch, first, order.teacher)
    if (order.strangers) inviteStrangers(batch, first, order.epoch, order.strangers, strangerFields)
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

/** One-hot labels, mixed with what the teacher makes of the same deformed images. */
function writeTargets(batch: Uint32Array, first: number, teaching: EpochOrder['teacher']): void {
  const rows = targets.subarray(first * classes, (first + batch.length) * classes)
  const share = net && teaching ? teaching.share : 0
  rows.fill(0)
  if (net && teaching) {
    rows.set(net.logits(teaching.parameters, x.subarray(first * PIXELS), batch.length))
    softmax(rows, batch.length, classes)
    for (let i = 0; i < rows.length; i++) rows[i] *= share
  }
  batch.forEach((index, i) => {
    rows[i * classes + labels[index]] += 1 - share
  })
}

/** Puts pictures of no digit in the place of some images, with targets that favour no class. */
function inviteStrangers(batch: Uint32Array, first: number, epoch: number, share: number, fields: ElasticFields): void {
  batch.forEach((index, i) => {
    const random = randomOf(seed, 'stranger', epoch, index)
    if (random.uniform() >= share) return
    drawStranger(images, count, fields, random, x, (first + i) * PIXELS)
    targets.fill(1 / classes, (first + i) * classes, (first + i + 1) * classes)
  })
}
