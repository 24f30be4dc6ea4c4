/** Whole numbers on the command line: predict and evaluate --read as processes. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decode } from '../../image/decode.ts'
import { CODECS } from '../../train/codecs.ts'
import { encodePng } from '../../train/png.ts'
import { randomOf } from '../../train/random.ts'
import { editDistance, measureReadings } from '../../train/readings.ts'
import { type Composed, compose, PLAIN, type Scene, validationDigits } from '../support/compose.ts'
import { mnist } from '../support/mnist.ts'
import { run } from './process.ts'

const scratch = mkdtempSync(join(tmpdir(), 'numbers-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const digits = validationDigits(mnist.train)
/** Well apart, so that these tests are about the commands. */
const EASY: Scene = { ...PLAIN, lines: [4], gap: [0.4, 0.6] }
const number = (seed: number, scene: Partial<Scene> = {}) =>
  compose(digits, { ...EASY, ...scene }, randomOf(seed, 'a number for the command line'))

function fileOf({ picture: { width, height, data } }: Composed): Buffer {
  return encodePng({ width, height, samples: data })
}

function save(name: string, bytes: Uint8Array | string): string {
  const path = join(scratch, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, bytes)
  return path
}

function pixelsOf(file: string) {
  const decoded = decode(readFileSync(file), { maxPixels: 1e8 }, CODECS)
  if (!decoded.ok) throw new Error(decoded.error.message)
  const { width, height, data } = decoded.picture
  return {
    width,
    height,
    at: (x: number, y: number) => [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3)],
  }
}

describe('predict', () => {
  test('prints the number, its confidence and whether it is accepted', async () => {
    const { text, ...composed } = number(1)
    const file = save('number.png', fileOf({ text, ...composed }))
    const { code, out, err } = await run('predict', [file])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(new RegExp(`^${file}: ${text}  \\d\\d\\.\\d\\d %  accepted\\n$`))
    const { predictions } = JSON.parse((await run('predict', [file, '--json'])).out)
    expect(predictions).toMatchObject([{ file, text, accepted: true, lines: [{ text }] }])
    expect(predictions[0].lines[0].digits).toHaveLength(text.length)
  })

  test('prints several lines below each other', async () => {
    const { text, ...composed } = number(2, { lines: [3, 4] })
    const file = save('lines.png', fileOf({ text, ...composed }))
    const [head, ...lines] = (await run('predict', [file])).out.trimEnd().split('\n')
    expect(head).toContain(`${file}: 2 lines  `)
    expect(lines).toEqual(text.split('\n').map((line) => `  ${line}`))
  })

  test('reads the other files when one cannot be read, and exits with 1', async () => {
    const { text, ...composed } = number(1)
    const good = save('good.png', fileOf({ text, ...composed }))
    const bad = save('bad.jpg', fileOf({ text, ...composed }).subarray(0, 300))
    const { code, out, err } = await run('predict', [bad, good])
    expect([code, err]).toEqual([1, `${bad}: The PNG file ends too early.\n`])
    expect(out).toContain(`${good}: ${text}  `)
  })

  describe('--boxes', () => {
    // Light paper, dark paper, and a picture that is too small to write beside.
    test.each([
      ['light', {}],
      ['dark', { pen: [240, 240, 240], paper: [20, 40, 30] }],
      ['small', { height: 20, lines: [2] }],
    ] as const)('draws in a %s picture a frame around each digit', async (name, scene) => {
      const composed = number(3, { lines: [7], ...scene })
      const [file, drawn] = [save(`${name}.png`, fileOf(composed)), join(scratch, `${name}-boxes.png`)]
      const { code, out } = await run('predict', [file, '--boxes', drawn])
      expect([code, out]).toEqual([0, expect.stringContaining(`: ${composed.text}  `)])
      expect(out).toMatch(/boxes drawn in .*-boxes\.png\n$/)
      const [before, after] = [pixelsOf(file), pixelsOf(drawn)]
      const scale = after.width / before.width
      expect(after.height).toBe(before.height * scale)
      if (name === 'small') expect([scale > 1, scale % 1]).toEqual([true, 0])
      else expect(scale).toBe(1)
      const { predictions } = JSON.parse((await run('predict', [file, '--json'])).out)
      const { digits } = predictions[0].lines[0]
      expect(digits).toHaveLength(composed.text.length)
      for (const { box } of digits) {
        const frame = after.at(box.x * scale, Math.round((box.y + box.height / 2) * scale))
        const beside = after.at(box.x * scale - 2, Math.round((box.y + box.height / 2) * scale))
        // A dark green line with a light one beside it.
        expect(frame[1] - frame[0]).toBeGreaterThan(50)
        expect(Math.min(...beside)).toBeGreaterThan(140)
      }
      // What is far from any digit is as it was.
      expect(after.at(after.width - 1, after.height - 1)).toEqual(before.at(before.width - 1, before.height - 1))
    })

    test('draws in one picture at a time, into a PNG file that can be written', async () => {
      const file = save('one.png', fileOf(number(1)))
      const out = join(scratch, 'out.png')
      expect(await run('predict', [file, file, '--boxes', out])).toMatchObject({
        code: 2,
        err: expect.stringContaining('--boxes writes one picture, 2 files were given'),
      })
      expect(await run('predict', [file, '--boxes', 'out.jpg'])).toMatchObject({ code: 2 })
      expect(await run('predict', [file, '--boxes', out, '--digit'])).toMatchObject({ code: 2 })
      const nowhere = join(scratch, 'none', 'out.png')
      expect(await run('predict', [file, '--boxes', nowhere])).toMatchObject({
        code: 1,
        err: expect.stringContaining(`${nowhere} cannot be written`),
      })
    })
  })
})

describe('evaluate --read', () => {
  const evaluate = (...args: string[]) => run('evaluate', args)
  const folder = join(scratch, 'table')
  const numbers = [4, 5, 6].map((seed) => number(seed))

  beforeAll(() => {
    for (const [i, composed] of numbers.entries()) save(`table/png/${i}.png`, fileOf(composed))
    // The last one's label has a digit too many, and others are written as people write them.
    const [first, second, third] = numbers.map(({ text }) => text)
    const rows = [
      `png/0.png,${first}`,
      `png/1.png,"(${second.slice(0, 2)}) ${second.slice(2, 4)},${second.slice(4)}"`,
      `png/2.png,${third.slice(0, 2)}'${third.slice(2)}0`,
    ]
    save('table/labels.csv', `file,label\n${rows.join('\n')}\n`)
  })

  test('gives shares of numbers and of digits, and lists what was misread', async () => {
    const { code, out, err } = await evaluate('--images', folder, '--read', '--json')
    expect([code, err]).toEqual([0, ''])
    const text = numbers[2].text
    expect(JSON.parse(out)).toMatchObject({
      count: 3,
      right: 2,
      accuracy: 2 / 3,
      digits: { count: 13, errors: 1, accuracy: 12 / 13 },
      accepted: 3,
      acceptedWrong: 1,
      misread: [{ file: 'png/2.png', expected: `${text}0`, text, accepted: true }],
      unreadable: [],
    })
    const printed = (await evaluate('--images', folder, '--read')).out
    expect(printed).toMatch(/^read exactly +66\.67 % /m)
    expect(printed).toMatch(new RegExp(`^${text}0 → ${text} .* png/2\\.png, accepted$`, 'm'))
  })

  test('takes a folder for each number, and exits with 1 when a picture cannot be read', async () => {
    const folder = join(scratch, 'folders')
    save(`folders/${numbers[0].text}/a.png`, fileOf(numbers[0]))
    save('folders/notes/b.png', fileOf(numbers[1]))
    expect(JSON.parse((await evaluate('--images', folder, '--read', '--json')).out)).toMatchObject({
      count: 1,
      right: 1,
    })
    save(`folders/${numbers[0].text}/broken.png`, 'broken')
    const { code, out, err } = await evaluate('--images', folder, '--read', '--json')
    expect([code, err]).toEqual([1, expect.stringContaining('broken.png: The file is no PNG')])
    expect(JSON.parse(out)).toMatchObject({ count: 1, unreadable: [{ file: expect.stringContaining('broken.png') }] })
  })

  test('refuses what it cannot use', async () => {
    expect(await evaluate('--read')).toMatchObject({ code: 2, err: expect.stringContaining('--images DIR') })
    expect(await evaluate('--images', folder, '--read', '--report', 'a.html')).toMatchObject({ code: 2 })
    save('words/labels.csv', 'file,label\na.png,four\n')
    expect(await evaluate('--images', join(scratch, 'words'), '--read')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/labels\.csv: row 2: expected the digits of a number, found four/),
    })
  })
})

describe('the measure of readings', () => {
  test.each([
    ['', '', 0],
    ['123', '', 3],
    ['94103', '94103', 0],
    ['94103', '9413', 1],
    ['94103', '941003', 1],
    ['94103', '84108', 2],
    ['12345', '23451', 2],
  ])('the edit distance from %j to %j is %i', (from, to, distance) => {
    expect([editDistance(from, to), editDistance(to, from)]).toEqual([distance, distance])
  })

  test('line breaks count where the label has them', () => {
    const reading = { text: '12\n34', confidence: 0.9, accepted: true }
    const count = (expected: string) => measureReadings([{ file: 'a', expected, reading }]).right
    expect([count('1234'), count('12\n34'), count('123\n4')]).toEqual([1, 1, 0])
  })

  test('the wrong but accepted come first', () => {
    const picture = (text: string, confidence: number, accepted: boolean) => ({
      file: text,
      expected: '1',
      reading: { text, confidence, accepted },
    })
    const { misread } = measureReadings([picture('2', 0.9, false), picture('1', 0.9, true), picture('3', 0.6, true)])
    expect(misread.map(({ text }) => text)).toEqual(['3', '2'])
  })
})
