/** The thread that prepares batches: see batches.ts for the protocol. */
import { parentPort, workerData } from 'node:worker_threads'
import { elasticFields, epochAugmenter, PIXELS } from './augment.ts'
import { type Digits, type EpochOrder, epochShuffle, FILLED, SLOTS, USED, type WorkerStart } from './batches.ts'
import { drawForms } from './forms.ts'
import { type Floats, startKernels } from './kernels.ts'
import { layoutOf, network, softmax } from './network.ts'
import { randomOf } from './random.ts'
import { drawSigns } from './signs.ts'
import { drawStranger } from './strangers.ts'

const { images, labels, count, classes, seed, teacher, x, targets, largestBatch, counters } = workerData as WorkerStart
const kernels = await startKernels()
const net = teacher && network(kernels, layoutOf(teacher))

/** Drawings of each sort, made once; every time one is shown it is deformed anew. */
const DRAWINGS = 4096
let drawings: { forms: Digits; signs: Uint8Array } | undefined

/** What is put where an image would be. */
interface Guest {
  /** Its class, or null if it is no digit. */
  label: number | null
  /** Writes 784 numbers, 0..1. */
  write(out: Float32Array, offset: number): void
}

/** A teacher whose parameters are on the heap. */
interface Teaching {
  parameters: Floats
  share: number
}

let filled = 0

// Runs to its end before the next order is taken: nothing in it waits for the event loop.
parentPort!.on('message', (order: EpochOrder) => {
  const indices = epochShuffle(count, seed, order.epoch)
  const augmenter = epochAugmenter(images, order.augmentation, seed, order.epoch)
  const guestFor = guests(order)
  const teaching = order.teacher && { ...order.teacher, parameters: kernels.floats(order.teacher.parameters) }
  for (let start = 0; start < count; start += order.batchSize) {
    waitForFreeSlot()
    const first = (filled % SLOTS) * largestBatch
    const seats = Array.from(indices.subarray(start, start + order.batchSize), (index, i): number | null => {
      const guest = guestFor(index)
      if (guest) guest.write(x, (first + i) * PIXELS)
      else augmenter.write(index, x, (first + i) * PIXELS)
      return guest ? guest.label : labels[index]
    })
    writeTargets(seats, first, teaching)
    filled++
    Atomics.store(counters, FILLED, filled)
    Atomics.notify(counters, FILLED)
  }
  if (teaching) kernels.release(teaching.parameters)
})

function waitForFreeSlot(): void {
  for (;;) {
    const used = Atomics.load(counters, USED)
    if (filled - used < SLOTS) return
    Atomics.wait(counters, USED, used)
  }
}

/** Who takes an image's place in an epoch, if anyone does. */
function guests({ epoch, augmentation, strangers = 0, drawn }: EpochOrder): (index: number) => Guest | undefined {
  const fields = elasticFields(strangers > 0 ? 256 : 0, randomOf(seed, 'stranger fields', epoch))
  const { forms, signs } = drawn ?? { forms: 0, signs: 0 }
  if (drawn) drawings ??= { forms: drawForms(DRAWINGS, seed), signs: drawSigns(DRAWINGS, seed) }
  const formAugmenter = drawings && epochAugmenter(drawings.forms.images, augmentation, seed, epoch)
  const signAugmenter = drawings && epochAugmenter(drawings.signs, augmentation, seed, epoch)
  return (index) => {
    const random = randomOf(seed, 'stranger', epoch, index)
    const ticket = random.uniform()
    if (ticket < strangers) {
      return { label: null, write: (out, offset) => drawStranger(images, count, fields, random, out, offset) }
    }
    if (ticket >= strangers + forms + signs) return undefined
    const drawing = random.below(DRAWINGS)
    return ticket < strangers + forms
      ? { label: drawings!.forms.labels[drawing], write: (out, offset) => formAugmenter!.write(drawing, out, offset) }
      : { label: null, write: (out, offset) => signAugmenter!.write(drawing, out, offset) }
  }
}

/** One-hot labels, mixed with what the teacher makes of the same deformed images; for no digit, no class is favoured. */
function writeTargets(seats: readonly (number | null)[], first: number, teaching?: Teaching): void {
  const rows = targets.subarray(first * classes, (first + seats.length) * classes)
  const share = net && teaching ? teaching.share : 0
  rows.fill(0)
  if (net && teaching) {
    rows.set(net.logits(teaching.parameters, x.subarray(first * PIXELS), seats.length))
    softmax(rows, seats.length, classes)
    for (let i = 0; i < rows.length; i++) rows[i] *= share
  }
  seats.forEach((label, i) => {
    if (label === null) rows.fill(1 / classes, i * classes, (i + 1) * classes)
    else rows[i * classes + label] += 1 - share
  })
}
