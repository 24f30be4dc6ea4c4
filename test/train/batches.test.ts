import { afterEach, describe, expect, it } from 'vitest'
import { epochAugmenter, NO_AUGMENTATION, PIXELS } from '../../train/augment.ts'
import { type BatchSource, type EpochOrder, startBatches } from '../../train/batches.ts'
import { bars } from './digits.ts'

const data = bars(100)
const order: EpochOrder = { epoch: 3, batchSize: 16, augmentation: { ...NO_AUGMENTATION, elastic: 1, stroke: 0.5 } }

let source: BatchSource
afterEach(() => source.close())

describe('batches', () => {
  it('show every image once an epoch, deformed as that epoch deforms it', async () => {
    source = startBatches(data, 16, 1)
    const augmenter = epochAugmenter(data.images, order.augmentation, 1, 3)
    const expected = new Float32Array(PIXELS)
    const seen: number[] = []
    for await (const { indices, x, count } of source.epoch(order)) {
      expect(count).toBe(indices.length)
      indices.forEach((index, i) => {
        augmenter.write(index, expected, 0)
        expect(x.subarray(i * PIXELS, (i + 1) * PIXELS)).toEqual(expected)
      })
      seen.push(...indices)
    }
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i))
  })

  it('can be prepared ahead, epoch after epoch', async () => {
    source = startBatches(data, 32, 1)
    source.prepare({ ...order, epoch: 0 })
    source.prepare({ ...order, epoch: 1, batchSize: 32 })
    const sizes: number[] = []
    for await (const { count } of source.epoch({ ...order, epoch: 0 })) sizes.push(count)
    for await (const { count } of source.epoch({ ...order, epoch: 1, batchSize: 32 })) sizes.push(count)
    expect(sizes).toEqual([16, 16, 16, 16, 16, 16, 4, 32, 32, 32, 4])
  })

  it('bring an error of the worker to whoever waits', async () => {
    source = startBatches(data, 16, 1)
    const broken = { ...order, augmentation: undefined } as unknown as EpochOrder
    await expect(source.epoch(broken).next()).rejects.toThrow(/undefined/)
  })

  it('end at once, even in the middle of an epoch', async () => {
    source = startBatches(data, 16, 1)
    await source.epoch(order).next()
    await source.close()
  })
})
