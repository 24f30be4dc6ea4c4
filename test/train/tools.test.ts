/** show, evaluate and predict as processes: what they print, write and exit with. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { decode } from '../../image/decode.ts'
import { ARTIFACT_FOLDER } from '../../train/artifact-folder.ts'
import { CODECS } from '../../train/codecs.ts'
import { imageAt } from '../../train/measure.ts'
import { encodePng, enlarge } from '../../train/png.ts'
import { mnist } from '../support/mnist.ts'
import { run } from './process.ts'

const scratch = mkdtempSync(join(tmpdir(), 'tools-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const show = (...args: string[]) => run('show', args)
const evaluate = (...args: string[]) => run('evaluate', args)
const predict = (...args: string[]) => run('predict', args)

/** A test digit as people send it: dark on white, ten times as large. */
function picture(index: number): Buffer {
  const samples = imageAt(mnist.test.images, index).map((value) => 255 - value)
  return encodePng(enlarge({ width: 28, height: 28, samples }, 10))
}

function save(name: string, bytes: Uint8Array | string): string {
  const path = join(scratch, name)
  writeFileSync(path, bytes)
  return path
}

const card = JSON.parse(readFileSync(join(ARTIFACT_FOLDER, 'model.json'), 'utf8')).userDefinedMetadata

function greyOf(file: string) {
  const decoded = decode(readFileSync(file), { maxPixels: 1e8 }, CODECS)
  if (!decoded.ok) throw new Error(decoded.error.message)
  const { width, height, data } = decoded.picture
  return { width, height, at: (x: number, y: number) => data[(y * width + x) * 4] }
}

describe('show', () => {
  test('draws training image 0 as its bytes have it, in plain characters for a pipe', async () => {
    const { code, out, err } = await show('0')
    expect([code, err]).toEqual([0, ''])
    const [title, ...lines] = out.slice(0, -1).split('\n')
    expect(title).toBe('Training data, index: 0, Label: 5')
    expect(lines).toHaveLength(28)
    const inked = lines.map((line) => Array.from({ length: 28 }, (_, x) => (line[2 * x] ?? ' ') !== ' '))
    const image = imageAt(mnist.train.images, 0)
    expect(inked.flat()).toEqual(Array.from(image, (byte) => byte >= 26))
    expect(out).not.toContain('\u001b')
  })

  test('counts validation from the last 5,000 training images, and takes test images from their own file', async () => {
    expect((await show('0', '--split', 'validation')).out).toContain(
      `Validation data, index: 0, Label: ${mnist.train.labels[55_000]}\n`,
    )
    expect((await show('9999', '--split', 'test')).out).toContain(
      `Test data, index: 9999, Label: ${mnist.test.labels[9999]}\n`,
    )
  })

  test('shows ranges, and only the label that is asked for', async () => {
    const { out } = await show('0-30', '--label', '7')
    const sevens = [...mnist.train.labels.subarray(0, 31).entries()].filter(([, label]) => label === 7)
    expect(out).toContain(`Training data, indices: ${sevens.map(([index]) => index).join(', ')}, Label: 7\n`)
    expect((await show('3', '4', '5')).out).toMatch(/indices: 3 to 5\n.*\n +1 {28}9 {28}2\n$/s)
  })

  test('writes a PNG file in which every pixel of every image can be found', async () => {
    const file = join(scratch, 'grid.png')
    const { code, out } = await show('100', '--grid', '3x2', '--out', file)
    expect([code, out]).toEqual([0, `Training data, indices: 100 to 105\nwritten to ${file}\n`])
    const png = greyOf(file)
    const factor = png.width / (3 * 28 + 2 * 2)
    expect([Number.isInteger(factor), png.height]).toEqual([true, factor * (2 * 28 + 2)])
    for (let i = 0; i < 6; i++) {
      const [left, top] = [(i % 3) * 30, Math.floor(i / 3) * 30]
      const seen = Uint8Array.from({ length: 784 }, (_, p) =>
        png.at((left + (p % 28)) * factor, (top + Math.floor(p / 28)) * factor),
      )
      expect(seen).toEqual(Uint8Array.from(imageAt(mnist.train.images, 100 + i)))
    }
  })

  test('shows one digit deformed in as many ways as the grid has room for', async () => {
    const file = join(scratch, 'augmented.png')
    await show('0', '--augmented', '--grid', '4x1', '--out', file)
    const png = greyOf(file)
    const factor = png.width / (4 * 28 + 3 * 2)
    const tiles = [0, 1, 2, 3].map((i) =>
      Array.from({ length: 784 }, (_, p) => png.at((i * 30 + (p % 28)) * factor, Math.floor(p / 28) * factor)).join(),
    )
    expect(new Set(tiles).size).toBe(4)
  })

  test.each([
    [['70000'], 'there is no image 70000 in train: choose 0 to 54999'],
    [['5-2'], 'Expected an index such as 5, or a range such as 0-9'],
    [['x'], 'Expected an index'],
    [['0', '--grid', '10'], 'Expected columns and rows, for example 10x10'],
    [['0', '--grid', '900x900'], 'too many at once'],
    [['0', '--split', 'all'], 'train, validation, test'],
    [['0', '--out', 'digit.jpg'], 'ends in .png'],
    [['0', '--colour'], "unknown option '--colour'"],
  ])('refuses %j as wrong usage', async (args, reason) => {
    const { code, out, err } = await show(...args)
    expect([code, out, err]).toEqual([2, '', expect.stringContaining(reason)])
  })

  test('fails for a file or folder that cannot be used, and names it', async () => {
    const file = join(scratch, 'none', 'x.png')
    expect(await show('0', '--out', file)).toMatchObject({ code: 1, err: expect.stringContaining(file) })
    expect(await show('0', '--data', scratch)).toMatchObject({ code: 1, err: expect.stringContaining('is missing') })
  })
})

describe('predict', () => {
  test('reads pictures of test digits, from files and from standard input', async () => {
    const files = [0, 1, 2].map((index) => save(`${index}.png`, picture(index)))
    const { code, out, err } = await predict(...files, '--json')
    expect([code, err]).toEqual([0, ''])
    const answer = JSON.parse(out)
    expect(answer.model).toEqual({ name: card.name, version: card.version })
    expect(answer.predictions).toMatchObject(
      files.map((file, i) => ({ file, text: `${mnist.test.labels[i]}`, accepted: true, width: 280, height: 280 })),
    )
    const piped = await run('predict', ['-', '--json'], picture(0))
    expect(JSON.parse(piped.out).predictions).toEqual([{ ...answer.predictions[0], file: '-' }])
  })

  test('takes 28×28 pixels, and with --digit every picture, for one digit: a line and ten bars, plain for a pipe', async () => {
    const samples = imageAt(mnist.test.images, 0)
    const small = save('small.png', encodePng({ width: 28, height: 28, samples }))
    for (const args of [[small], ['--digit', save('seven.png', picture(0))]]) {
      const { code, out } = await predict(...args)
      expect(code).toBe(0)
      const lines = out.trimEnd().split('\n')
      expect(lines).toHaveLength(11)
      expect(lines[0]).toMatch(new RegExp(`^${args.at(-1)}: 7  (> )?\\d\\d\\.\\d\\d %  accepted$`))
      expect(lines[8]).toMatch(/^ {2}7 █+/)
      expect(out).not.toContain('\u001b')
    }
    const { predictions } = JSON.parse((await predict(small, '--json')).out)
    expect(predictions).toMatchObject([{ file: small, digit: 7, accepted: true }])
    expect(predictions[0].probabilities).toHaveLength(10)
  })

  test('says so when nothing is there', async () => {
    const blank = save('blank.png', encodePng({ width: 40, height: 40, samples: new Uint8Array(1600).fill(255) }))
    expect(await predict(blank)).toMatchObject({ code: 0, out: `${blank}: refused: blank\n` })
    const [number, digit] = await Promise.all([predict(blank, '--json'), predict(blank, '--json', '--digit')])
    const refused = { confidence: 0, accepted: false, reason: 'blank' }
    expect(JSON.parse(number.out).predictions).toMatchObject([{ ...refused, text: '' }])
    expect(JSON.parse(digit.out).predictions).toMatchObject([{ ...refused, digit: null }])
  })

  test('names what cannot be read, reads the rest, and exits with 1', async () => {
    const good = save('good.png', picture(1))
    const text = save('text.png', 'no picture')
    const cut = save('cut.png', picture(2).subarray(0, 200))
    const missing = join(scratch, 'missing.png')
    const { code, out, err } = await predict(text, cut, good, missing)
    expect(code).toBe(1)
    expect(out).toMatch(/good\.png: 2 /)
    const lines = err.trimEnd().split('\n')
    expect(lines[0]).toBe(`${text}: The file is no PNG, JPEG or WebP picture; these three are read.`)
    expect(lines[1]).toContain('ends too early')
    expect(lines[2]).toMatch(/missing\.png: it cannot be read \(ENOENT/)
  })

  test('wants a file', async () => {
    expect(await predict()).toMatchObject({
      code: 2,
      err: expect.stringContaining("missing required argument 'files'"),
    })
  })
})

describe('evaluate', () => {
  test('gives the figures of the model card for the shipped artifact, and writes the report', async () => {
    const file = join(scratch, 'report.html')
    const { code, out, err } = await evaluate('--json', '--report', file)
    expect([code, err]).toEqual([0, ''])
    const figures = JSON.parse(out)
    expect(figures).toMatchObject({ model: { version: card.version }, count: 10_000 })
    expect(figures.right + figures.mistakes.length).toBe(10_000)
    if (card.metrics.test.count === 10_000) {
      expect(figures.accuracy).toBe(card.metrics.test.accuracy)
      expect(figures.loss).toBeCloseTo(card.metrics.test.loss, 6)
    }
    const { index, truth, answer } = figures.mistakes[0]
    expect([truth, answer !== truth]).toEqual([mnist.test.labels[index], true])
    const report = readFileSync(file, 'utf8')
    expect(report).toContain(card.version)
    expect(report).toContain(`image ${index}<`)
  })

  test('measures any IDX set, and gives what can be counted by hand', async () => {
    const folder = join(scratch, 'idx')
    mkdirSync(folder)
    const header = (magic: number, ...sizes: number[]) => {
      const bytes = Buffer.alloc(4 + 4 * sizes.length)
      for (const [i, value] of [magic, ...sizes].entries()) bytes.writeUInt32BE(value, 4 * i)
      return bytes
    }
    // The same seven four times, once of them called a one.
    const seven = imageAt(mnist.test.images, 0)
    const images = Buffer.concat([header(0x803, 4, 28, 28), seven, seven, seven, seven])
    writeFileSync(join(folder, 't10k-images-idx3-ubyte'), images)
    writeFileSync(join(folder, 't10k-labels-idx1-ubyte'), Buffer.concat([header(0x801, 4), Buffer.from([7, 7, 1, 7])]))
    const { code, out } = await evaluate('--data', folder, '--json')
    expect(code).toBe(0)
    const figures = JSON.parse(out)
    expect(figures).toMatchObject({ count: 4, right: 3, accuracy: 0.75, mistakes: [{ index: 2, truth: 1, answer: 7 }] })
    expect(figures.confusion[1][7]).toBe(1)
    expect(figures.digits[7]).toMatchObject({ count: 3, recall: 1, precision: 0.75 })
    writeFileSync(join(folder, 't10k-images-idx3-ubyte'), images.subarray(0, 1000))
    expect(await evaluate('--data', folder)).toMatchObject({ code: 1, err: expect.stringContaining('wrong length') })
  })

  test('measures own pictures by class folders, lists mistakes, blanks and what cannot be read', async () => {
    const folder = join(scratch, 'own')
    for (const index of [0, 1, 2, 3, 4]) {
      const label = `${mnist.test.labels[index]}`
      mkdirSync(join(folder, label), { recursive: true })
      writeFileSync(join(folder, label, `${index}.png`), picture(index))
    }
    // A one that lies among the threes, a blank sheet, and a file that is no picture.
    mkdirSync(join(folder, '3'))
    writeFileSync(join(folder, '3', 'wrong.png'), picture(2))
    writeFileSync(join(folder, '3', 'blank.png'), encodePng({ width: 9, height: 9, samples: new Uint8Array(81) }))
    expect(JSON.parse((await evaluate('--images', folder, '--json')).out)).toMatchObject({
      count: 7,
      right: 5,
      accuracy: 5 / 7,
      mistakes: [{ file: join('3', 'wrong.png'), truth: 3, answer: mnist.test.labels[2] }],
      blank: [join('3', 'blank.png')],
    })
    writeFileSync(join(folder, '3', 'broken.png'), 'broken')
    const { code, out, err } = await evaluate('--images', folder, '--report', join(scratch, 'own.html'))
    expect([code, err]).toEqual([1, expect.stringMatching(/^3.broken\.png: The file is no PNG/)])
    expect(out).toMatch(/^accuracy +71\.43 % /m)
    expect(out).toContain('wrong.png')
    expect(readFileSync(join(scratch, 'own.html'), 'utf8').match(/class="sent"/g)).toHaveLength(2)
  })

  test('reads labels.csv, and says which row is wrong', async () => {
    const folder = join(scratch, 'table')
    mkdirSync(folder)
    cpSync(save('first.png', picture(0)), join(folder, 'a, b.png'))
    writeFileSync(join(folder, 'labels.csv'), 'label,file,note\r\n7,"a, b.png",by hand\r\n')
    expect(JSON.parse((await evaluate('--images', folder, '--json')).out)).toMatchObject({ count: 1, right: 1 })
    writeFileSync(join(folder, 'labels.csv'), 'file,label\n"a, b.png",seven\n')
    expect(await evaluate('--images', folder)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/labels\.csv: row 2: expected a label among 0, 1, .*found seven/),
    })
    writeFileSync(join(folder, 'labels.csv'), 'name,digit\n')
    expect((await evaluate('--images', folder)).err).toContain('expected columns file and label')
  })

  test('refuses what it cannot use', async () => {
    expect(await evaluate('--images', 'a', '--data', 'b')).toMatchObject({ code: 2 })
    expect(await evaluate('--model', scratch)).toMatchObject({ code: 1, err: expect.stringContaining('npm run train') })
    const empty = join(scratch, 'empty')
    mkdirSync(empty)
    expect(await evaluate('--images', empty)).toMatchObject({
      code: 1,
      err: expect.stringContaining('no labelled picture'),
    })
  })
})

test.each(['show', 'evaluate', 'predict'] as const)('%s --help explains itself on standard output', async (name) => {
  const { code, out, err } = await run(name, ['--help'])
  expect([code, err]).toEqual([0, ''])
  expect(out).toMatch(new RegExp(`^Usage: npm run ${name} -- `))
})
