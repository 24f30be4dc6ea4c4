import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readArtifactFolder } from '../../train/artifact-folder.ts'

const scratch = mkdtempSync(join(tmpdir(), 'train-'))
afterAll(() => rmSync(scratch, { recursive: true }))

function start(...flags: string[]): ChildProcess {
  return spawn(process.execPath, ['train/commands/train.ts', ...flags], { stdio: ['ignore', 'pipe', 'pipe'] })
}

async function end(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
  let [out, err] = ['', '']
  child.stdout!.on('data', (chunk) => {
    out += chunk
  })
  child.stderr!.on('data', (chunk) => {
    err += chunk
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })))
}

const train = (...flags: string[]) => end(start(...flags))
const version = (out: string) => /version +([0-9a-f]{12})/.exec(out)?.[1]

test('a short training on real data reads over 95 % and writes an artifact that says so', {
  timeout: 120_000,
}, async () => {
  const out = join(scratch, 'short')
  const { code, out: printed } = await train('--epochs', '2', '--out', out)
  expect(code).toBe(0)
  expect(printed).toMatch(/^epoch 1\/2 {2}loss [\d.]+ {2}accuracy [\d.]+ % {2}validation loss [\d.]+ {2}accuracy/m)
  expect([printed.includes('\r'), printed.includes('\u001b')]).toEqual([false, false])
  const artifact = await readArtifactFolder(out)
  if (!artifact.ok) throw new Error(artifact.error.reason)
  const { card } = artifact.value
  expect(card.metrics.test.accuracy).toBeGreaterThan(0.95)
  expect(version(printed)).toBe(card.version)
  expect(card.training).toMatchObject({
    recipe: 'best',
    seed: 1,
    epochs: 2,
    dataset: { train: 55_000, validation: 5_000 },
  })
  expect(readFileSync(join(out, 'README.md'), 'utf8')).toContain(card.version)
})

test('interrupted and resumed, it gives the bits of the uninterrupted run', { timeout: 180_000 }, async () => {
  const flags = ['--hidden', '16', '--epochs', '3', '--batch-size', '500']
  const whole = await train(...flags, '--out', join(scratch, 'whole'))
  const out = join(scratch, 'resumed')
  const child = start(...flags, '--out', out)
  child.stdout!.on('data', (chunk) => {
    if (`${chunk}`.includes('epoch 1/3')) child.kill('SIGINT')
  })
  const stopped = await end(child)
  expect(stopped.code).toBe(130)
  expect(stopped.err).toMatch(/Stopped after epoch [12] of 3\. Go on with: npm run train -- --resume/)
  expect(existsSync(out)).toBe(false)

  const again = await train(...flags, '--out', out)
  expect([again.code, again.err]).toEqual([2, expect.stringContaining('--restart')])
  const resumed = await train('--resume', '--out', out)
  expect(resumed.code).toBe(0)
  expect(version(resumed.out)).toBe(version(whole.out))
  expect(version(whole.out)).toBeTruthy()
  const bytes = ['whole', 'resumed'].map((name) => readFileSync(join(scratch, name, 'weights.bin')))
  expect(bytes[0].equals(bytes[1])).toBe(true)
})

describe('nonsense is refused at once, with what is accepted', () => {
  test.each<[string[], RegExp]>([
    [['--epochs', '-1'], /whole number, 1 to 100000/],
    [['--epochs', '1.5'], /whole number/],
    [['--batch-size', '0'], /whole number, 1 or more/],
    [['--batch-size', '60000'], /larger than the 55000 training images: choose --batch-size 1 to 55000/],
    [['--recipe', 'magic'], /choices are best, tflearn/],
    [['--optimizer', 'luck'], /choices are sgd, adamw/],
    [['--learning-rate', 'NaN'], /number above 0/],
    [['--hidden', '342,0'], /widths from 1 to 8192/],
    [['--validation', '60000'], /60000 cannot be held out: choose 1 to 59999/],
    [['--seed', 'x'], /whole number/],
    [['--data', '/nowhere'], /train-images-idx3-ubyte is missing/],
    [['--resume', '--seed', '2'], /cannot be used with/],
    [['--frobnicate'], /unknown option/],
  ])('%j', async (flags, message) => {
    const { code, err } = await train('--out', join(scratch, 'never'), ...flags)
    expect(err).toMatch(message)
    expect(code).toBe(flags[0] === '--data' ? 1 : 2)
  })

  test('nothing to resume', async () => {
    const { code, err } = await train('--resume', '--out', join(scratch, 'never'))
    expect([code, err]).toEqual([2, expect.stringContaining('no interrupted training')])
  })

  test('--help explains every setting', async () => {
    const { code, out } = await train('--help')
    expect(code).toBe(0)
    for (const flag of [
      '--recipe',
      '--hidden',
      '--epochs',
      '--batch-size',
      '--optimizer',
      '--resume',
      '--data',
      '--out',
    ]) {
      expect(out).toContain(flag)
    }
  })
})
