import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readCheckpoint, writeCheckpoint } from '../../train/checkpoint.ts'
import { type FitOptions, type FitResult, type TrainingState, fit as trainNetwork } from '../../train/fit.ts'
import { bars, SMALL } from './digits.ts'

const data = { train: bars(500), validation: bars(100, 2) }
const run = (options: Partial<FitOptions> = {}) => trainNetwork({ data, recipe: SMALL, seed: 1, ...options })

function succeeded(result: FitResult) {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result
}

describe('fit', () => {
  it('learns, and reports every epoch', async () => {
    const { history, weights } = succeeded(await run())
    expect(history.map((e) => [e.epoch, e.epochs, e.phase])).toEqual([
      [1, 5, 'first'],
      [2, 5, 'first'],
      [3, 5, 'first'],
      [4, 5, 'second'],
      [5, 5, 'second'],
    ])
    expect(history.at(-1)!.validationAccuracy).toBeGreaterThan(0.9)
    expect(history.at(-1)!.loss).toBeLessThan(history[0].loss)
    expect(weights.map((w) => [w.in, w.out, w.kernel.length, w.bias.length])).toEqual([
      [784, 24, 784 * 24, 24],
      [24, 12, 24 * 12, 12],
      [12, 10, 120, 10],
    ])
  })

  it('gives the same bits for the same seed, others for another', async () => {
    const [one, same, other] = [await run(), await run(), await run({ seed: 2 })].map((r) => succeeded(r).weights)
    expect(same).toEqual(one)
    expect(other).not.toEqual(one)
  })

  it('resumed after any epoch gives the bits of the uninterrupted run', async () => {
    const states: TrainingState[] = []
    const whole = succeeded(await run({ onEpoch: (_, state) => void states.push(state) }))
    for (const state of states) {
      const resumed = succeeded(await run({ resume: state }))
      expect(resumed.weights).toEqual(whole.weights)
      expect(resumed.history.map((e) => [e.epoch, e.loss, e.validationLoss])).toEqual(
        whole.history.map((e) => [e.epoch, e.loss, e.validationLoss]),
      )
    }
  })

  it('stops after the batch in which it is aborted, with the state of the last whole epoch', async () => {
    const abort = new AbortController()
    let batches = 0
    const onBatch = ({ epoch, done }: { epoch: number; done: number }) => {
      batches++
      if (epoch === 2 && done >= 100) abort.abort()
    }
    const result = await run({ signal: abort.signal, onBatch })
    expect(result).toMatchObject({ ok: false, error: { kind: 'aborted', state: { epoch: 1 } } })
    expect(batches).toBe(Math.ceil(500 / 32) + 4)
    if (result.ok || result.error.kind !== 'aborted') throw new Error()
    expect(succeeded(await run({ resume: result.error.state })).weights).toEqual(succeeded(await run()).weights)
  })

  it('stops with advice when the loss is no number any more', async () => {
    const [first, second] = SMALL.phases
    const recipe = {
      ...SMALL,
      optimizer: { kind: 'sgd' as const },
      phases: [{ ...first, learningRate: { kind: 'constant' as const, rate: 1e30 } }, second],
    }
    const result = await run({ recipe })
    expect(result).toMatchObject({ ok: false, error: { kind: 'diverged', epoch: 1, learningRate: 1e30 } })
    if (!result.ok && result.error.kind === 'diverged') expect(result.error.advice).toMatch(/learning rate/)
  })

  it('refuses to resume another training', async () => {
    const { state } = succeeded(await run())
    const recipe = { ...SMALL, hidden: [9] }
    expect(await run({ resume: state, recipe })).toEqual({ ok: false, error: { kind: 'mismatch', differs: 'recipe' } })
    expect(await run({ resume: state, seed: 9 })).toEqual({ ok: false, error: { kind: 'mismatch', differs: 'seed' } })
    const other = { ...data, train: bars(500, 9) }
    expect(await run({ resume: state, data: other })).toEqual({
      ok: false,
      error: { kind: 'mismatch', differs: 'data' },
    })
  })
})

describe('checkpoint', () => {
  let folder: string
  let file: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'checkpoint-'))
    file = join(folder, 'training.state')
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('brings back every bit, and leaves no temporary file', async () => {
    const { state } = succeeded(await run())
    expect(await writeCheckpoint(file, state)).toEqual({ ok: true })
    expect(await readCheckpoint(file)).toEqual({ ok: true, state })
    expect(await readdir(folder)).toEqual(['training.state'])
  })

  it('names what is wrong with a damaged file', async () => {
    const { state } = succeeded(await run())
    await writeCheckpoint(file, state)
    const bytes = await readFile(file)
    const flipped = Buffer.from(bytes)
    flipped[flipped.length - 5] ^= 1
    await writeFile(file, flipped)
    expect(await readCheckpoint(file)).toMatchObject({ error: { kind: 'unreadable', file } })
    await truncate(file, bytes.length - 7)
    expect(await readCheckpoint(file)).toMatchObject({ error: { expected: expect.stringMatching(/bytes of weights/) } })
    await writeFile(file, 'something else')
    expect(await readCheckpoint(file)).toMatchObject({ error: { expected: expect.stringMatching(/first line/) } })
    await writeFile(file, '')
    expect(await readCheckpoint(file)).toMatchObject({ ok: false, error: { kind: 'unreadable' } })
  })

  it('names the file that is missing or in a folder that is not there', async () => {
    const missing = join(folder, 'none', 'training.state')
    expect(await readCheckpoint(missing)).toMatchObject({ error: { kind: 'inaccessible', file: missing } })
    const { state } = succeeded(await run())
    expect(await writeCheckpoint(missing, state)).toMatchObject({ error: { kind: 'inaccessible', file: missing } })
  })
})
