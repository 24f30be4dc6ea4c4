/** The thread that prepares batches: see batches.ts for the protocol. */
import { parentPort, workerData } from 'node:worker_threads'
import { elasticFields, epochAugmenter, PIXELS } from './augment.ts'
import {
  type Digits,
  type DrawnShares,
  type EpochOrder,
  epochShuffle,
  FILLED,
  SLOTS,
  USED,
  type WorkerStart,
} from './batches.ts'
import { startCutting } from './cuttings.ts'
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
/** Cuttings take longer to make and differ more: each epoch has so many more of each kind than the one before, up to a most. */
const CUTTINGS_MORE = 160
const MOST_CUTTINGS = 16384
const cuttings = startCutting({ images, labels, count }, seed)

/** What is put where an image would be. */
interface Guest {
  /** Its class, or null if it is no digit. */
  label: number | null
  /** Writes 784 numbers, 0..1. */
  write(out: Float32Array, offset: number): void
}

/** Drawings of one sort: their share of the images, and their classes unless they are no digits. */
interface Sort {
  share: number
  images: Uint8Array
  labels?: Uint8Array
}

function sortsOf(drawn: DrawnShares, epoch: number): Sort[] {
  drawings ??= { forms: drawForms(DRAWINGS, seed), signs: drawSigns(DRAWINGS, seed) }
  const { parted, torn } = cuttings(Math.min(MOST_CUTTINGS, CUTTINGS_MORE * (epoch + 1)))
  const sorts: Sort[] = [
    { share: drawn.forms, ...drawings.forms },
    { share: drawn.signs, images: drawings.signs },
    { share: drawn.parted, ...parted },
    { share: drawn.torn, images: torn },
  ]
  // Of images without ink nothing can be cut.
  return sorts.filter(({ images }) => images.length > 0)
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
  const sorts = drawn ? sortsOf(drawn, epoch) : []
  const augmenters = sorts.map(({ images }) => epochAugmenter(images, augmentation, seed, epoch))
  return (index) => {
    const random = randomOf(seed, 'stranger', epoch, index)
    let ticket = random.uniform() - strangers
    if (ticket < 0)
      return { label: null, write: (out, offset) => drawStranger(images, count, fields, random, out, offset) }
    for (const [k, { share, images, labels }] of sorts.entries()) {
      ticket -= share
      if (ticket >= 0) continue
      const drawing = random.below(images.length / PIXELS)
      return { label: labels?.[drawing] ?? null, write: (out, offset) => augmenters[k].write(drawing, out, offset) }
    }
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
