import { afterEach, describe, expect, it } from 'vitest'
import { epochAugmenter, NO_AUGMENTATION, PIXELS } from '../../train/augment.ts'
import { type BatchSource, type EpochOrder, startBatches } from '../../train/batches.ts'
import { loadSplit, slice } from '../../train/data/dataset.ts'
import { startKernels } from '../../train/kernels.ts'
import { initialise, layoutOf, network, softmax } from '../../train/network.ts'
import { bars } from './digits.ts'

const data = bars(100)
const order: EpochOrder = { epoch: 3, batchSize: 16, augmentation: { ...NO_AUGMENTATION, elastic: 1, stroke: 0.5 } }

let source: BatchSource
afterEach(() => source.close())

const oneHot = (label: number) => Array.from({ length: 10 }, (_, i) => Number(i === label))

describe('batches', () => {
  it('show every image once an epoch, deformed as that epoch deforms it', async () => {
    source = startBatches(data, { classes: 10, largestBatch: 32, seed: 1 })
    const augmenter = epochAugmenter(data.images, order.augmentation, 1, 3)
    const expected = new Float32Array(PIXELS)
    const seen: number[] = []
    source.prepare(order)
    for await (const { indices, x, targets, count } of source.next()) {
      expect(count).toBe(indices.length)
      indices.forEach((index, i) => {
        augmenter.write(index, expected, 0)
        expect(x.subarray(i * PIXELS, (i + 1) * PIXELS)).toEqual(expected)
        expect([...targets.subarray(i * 10, (i + 1) * 10)]).toEqual(oneHot(data.labels[index]))
      })
      seen.push(...indices)
    }
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i))
  })

  it('can be prepared ahead, epoch after epoch', async () => {
    source = startBatches(data, { classes: 10, largestBatch: 32, seed: 1 })
    source.prepare({ ...order, epoch: 0 })
    source.prepare({ ...order, epoch: 1, batchSize: 32 })
    const sizes: number[] = []
    for await (const { count } of source.next()) sizes.push(count)
    for await (const { count } of source.next()) sizes.push(count)
    expect(sizes).toEqual([16, 16, 16, 16, 16, 16, 4, 32, 32, 32, 4])
  })

  it('mix labels with the softmax of a teacher that sees the same deformed images', async () => {
    const layout = layoutOf([PIXELS, 10])
    const parameters = initialise(layout, 'he', 5)
    source = startBatches(data, { classes: 10, largestBatch: 32, seed: 1, teacher: layout.widths })
    source.prepare({ ...order, teacher: { parameters, share: 0.25 } })
    const kernels = await startKernels()
    const net = network(kernels, layout)
    const onHeap = kernels.floats(parameters)
    for await (const { indices, x, targets, count } of source.next()) {
      const taught = net.logits(onHeap, x, count)
      softmax(taught, count, 10)
      const expected = Array.from(indices).flatMap((index) => oneHot(data.labels[index]))
      for (const [i, label] of expected.entries()) expect(targets[i]).toBeCloseTo(0.75 * label + 0.25 * taught[i], 6)
    }
  })

  it('put pictures of no digit in the place of some images, with equal targets', async () => {
    source = startBatches(data, { classes: 10, largestBatch: 100, seed: 1 })
    source.prepare({ ...order, batchSize: 100, strangers: 0.3 })
    for await (const { indices, x, targets, count } of source.next()) {
      const row = (i: number) => [...targets.subarray(i * 10, (i + 1) * 10)]
      const rows = Array.from({ length: count }, (_, i) => row(i))
      const strangers = rows.filter((r) => r.every((t) => t === Math.fround(0.1)))
      expect(strangers.length).toBeGreaterThan(15)
      expect(strangers.length).toBeLessThan(45)
      rows.forEach((r, i) => {
        if (r.includes(1)) expect(r).toEqual(oneHot(data.labels[indices[i]]))
      })
      expect(x.every((v) => v >= 0 && v <= 1)).toBe(true)
    }
  })

  it('put drawings and cuttings in the place of some images, digits with their labels and the rest with equal targets', async () => {
    const loaded = loadSplit('train')
    if (!loaded.ok) throw new Error(loaded.error.path)
    source = startBatches(slice(loaded.value, 0, 100), { classes: 10, largestBatch: 100, seed: 1 })
    source.prepare({ ...order, batchSize: 100, drawn: { forms: 0.2, signs: 0.2, parted: 0.2, torn: 0.2 } })
    for await (const { x, targets, count } of source.next()) {
      const rows = Array.from({ length: count }, (_, i) => [...targets.subarray(i * 10, (i + 1) * 10)])
      const none = rows.filter((row) => row.every((t) => t === Math.fround(0.1))).length
      expect(none).toBeGreaterThan(25)
      expect(none).toBeLessThan(55)
      expect(rows.filter((row) => row.includes(1)).length).toBe(count - none)
      expect(x.every((v) => v >= 0 && v <= 1)).toBe(true)
      for (let i = 0; i < count; i++) expect(Math.max(...x.subarray(i * PIXELS, (i + 1) * PIXELS))).toBeGreaterThan(0.3)
    }
  })

  it('bring an error of the worker to whoever waits', async () => {
    source = startBatches(data, { classes: 10, largestBatch: 32, seed: 1 })
    const broken = { ...order, augmentation: undefined } as unknown as EpochOrder
    source.prepare(broken)
    await expect(source.next().next()).rejects.toThrow(/undefined/)
  })

  it('end at once, even in the middle of an epoch', async () => {
    source = startBatches(data, { classes: 10, largestBatch: 32, seed: 1 })
    source.prepare(order)
    await source.next().next()
    await source.close()
  })
})
