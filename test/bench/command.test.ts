/** npm run bench as a process: what it prints, writes and exits with. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type Figure, newResults, readResults, writeResults } from '../../bench/support/results.ts'

const scratch = mkdtempSync(join(tmpdir(), 'bench-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const file = (name: string) => join(scratch, name)

async function bench(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['bench/bench.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })))
}

/** Writes results with the given rounds of two figures, and a size. */
function results(name: string, throughput: number[], p50: number[], size: number): string {
  const of = ['ours', 'one image', '8 connections']
  const figures: Figure[] = [
    { of, what: 'throughput', unit: 'requests/s', better: 'more', values: throughput },
    { of, what: 'p50', unit: 'ms', better: 'less', values: p50 },
    { of: ['ours'], what: 'upload', unit: 'KiB', better: 'less', values: [size] },
  ]
  writeResults(file(name), { ...newResults('serve', {}), figures })
  return file(name)
}

const lineOf = (out: string, figure: string) => out.split('\n').find((line) => line.includes(figure)) ?? ''

describe('compare', () => {
  const old = () => results('old.json', [1000, 1010, 990, 1005, 1002], [0.5, 0.8, 0.4, 0.6, 0.7], 800)

  test('lists what changed beyond the noise, and whether for the better', async () => {
    const after = results('new.json', [900, 905, 910, 899, 902], [0.6, 0.5, 0.9, 0.55, 0.45], 790)
    const { code, out, err } = await bench('compare', old(), after)
    expect([code, err]).toEqual([0, ''])
    expect(lineOf(out, 'throughput')).toMatch(/1,002 requests\/s +902 requests\/s +-9\.98 % .* worse$/)
    expect(lineOf(out, 'upload')).toMatch(/800 KiB +790 KiB +-1\.25 % .* better$/)
    expect(out).not.toContain('p50')
    expect(out).toContain('1 better, 1 worse, 1 the same')
  })

  test('finds no change between results and themselves, and lists all when asked', async () => {
    const path = old()
    const { code, out } = await bench('compare', path, path, '--all')
    expect(code).toBe(0)
    expect(out).toContain('0 better, 0 worse, 3 the same')
    expect(lineOf(out, 'p50')).toMatch(/same$/)
  })

  test('says that machines differ', async () => {
    const path = file('elsewhere.json')
    const there = readResults(old())
    writeResults(path, { ...there, machine: { ...there.machine, cpu: 'Abacus' } })
    const { code, out } = await bench('compare', file('old.json'), path)
    expect(code).toBe(0)
    expect(out).toMatch(/They differ in cpu \(.*, Abacus\)/)
  })

  test.each<[string, string, RegExp]>([
    ['a missing file', 'nowhere.json', /nowhere\.json cannot be read: ENOENT/],
    ['a file that is no JSON', 'README.md', /README\.md is no JSON/],
    ['another JSON file', 'package.json', /package\.json is no result of npm run bench: format/],
  ])('refuses %s', async (_, path, message) => {
    const { code, err } = await bench('compare', old(), path)
    expect(err).toMatch(message)
    expect(code).toBe(1)
  })

  test('names the figure that is broken', async () => {
    const broken = JSON.parse(readFileSync(old(), 'utf8')) as { figures: { values: unknown[] }[] }
    broken.figures[1].values = ['fast']
    writeFileSync(file('broken.json'), JSON.stringify(broken))
    const { code, err } = await bench('compare', file('old.json'), file('broken.json'))
    expect(err).toMatch(/figures\.1\.values\.0/)
    expect(code).toBe(1)
  })
})

describe('nonsense is refused at once, with what is accepted', () => {
  test.each<[string[], RegExp]>([
    [['serve', '--only', 'magic'], /No "magic": choose of tfjs-wasm, tfjs-cpu, javascript, onnxruntime, python/],
    [['serve', '--cases', 'two images'], /choose of one image, batch of 128, PNG, photo/],
    [['serve', '--rounds', '0'], /whole number, 1 to 1000/],
    [['serve', '--seconds', '0'], /number above 0/],
    [['serve', '--connections', '8,x'], /whole number, 1 to 1000/],
    [['soak', '--minutes', '-1'], /number above 0/],
    [['scale', '--rounds', 'many'], /whole number/],
    [['compare', 'one.json'], /missing required argument 'new'/],
    [['swim'], /unknown command/],
  ])('%j', async (args, message) => {
    const { code, err } = await bench(...args)
    expect(err).toMatch(message)
    expect(code).toBe(2)
  })
})

test.each([
  ['serve', ['--seconds', '--rounds', '--only', '--cases', '--connections', '--json', '--out']],
  ['soak', ['--minutes', '--connections', '--seed', '--json', '--out']],
  ['scale', ['--seconds', '--rounds', '--plot', '--json', '--out']],
  ['pictures', ['--digits', '--count', '--seed', '--json', '--out']],
  ['compare', ['--all']],
  ['train', ['--json', '--out']],
])('%s --help explains every setting', async (command, flags) => {
  const { code, out } = await bench(command, '--help')
  expect(code).toBe(0)
  for (const flag of flags) expect(out).toContain(flag)
})

test('serve measures the Worker beside the floor and writes what it prints', { timeout: 240_000 }, async () => {
  const path = file('serve.json')
  const short = ['--seconds', '0.1', '--rounds', '1', '--cases', 'one image,PNG', '--connections', '2']
  const { code, out, err } = await bench('serve', ...short, '--only', 'onnxruntime', '--json', '--out', path)
  expect(err).toContain('All answer rightly.')
  expect(err).not.toContain('\r')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toEqual(JSON.parse(readFileSync(path, 'utf8')))
  const { figures } = readResults(path)
  const names = figures.map(({ of, what }) => [...of, what].join(', '))
  for (const name of ['floor', 'ours', 'onnxruntime']) {
    expect(names).toContain(`${name}, one image, 2 connections, throughput`)
    expect(names).toContain(`${name}, start-up`)
    expect(names).toContain(`${name}, upload`)
  }
  expect(names).toContain("ours, PNG, 2 connections, throughput to the floor's")
  expect(names).not.toContain('onnxruntime, PNG, 2 connections, throughput')
})

test('pictures counts what is read of every condition', { timeout: 240_000 }, async () => {
  const path = file('pictures.json')
  const { code, out } = await bench('pictures', '--count', '1', '--out', path)
  expect(code).toBe(0)
  const { figures } = readResults(path)
  const drawn = figures.filter(({ what }) => what === 'right')
  expect(drawn.flatMap(({ values }) => values).filter((value) => value === 100).length).toBeGreaterThan(
    drawn.length / 2,
  )
  for (const { of } of figures) expect(out).toContain(of[1])
})

test('soak counts what it sent and finds nothing wrong', { timeout: 240_000 }, async () => {
  const { code, out } = await bench('soak', '--minutes', '0.05', '--out', file('soak.json'))
  expect(out).toMatch(/ 0 faults\.$/m)
  expect(code).toBe(0)
  const { figures } = readResults(file('soak.json'))
  expect(figures.find(({ what }) => what === 'requests')?.values[0]).toBeGreaterThan(10)
})
