import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pieceOf } from '../../image/pieces.ts'
import { type Element, groupsOf, withoutWords } from '../../recognize/words.ts'

const HEIGHT = 40
const PAGE_WIDTH = 4000

/**
 * A stroke that is taken for a digit.
 * @param logit how familiar it is, as a multiple of the level
 * @param share how sure it is that it is one, 0..1
 * @param top how far it begins below its line, in heights
 */
function element(x: number, width: number, digit: number | null, logit: number, share = 1, top = 0): Element {
  const pixels = Int32Array.from({ length: HEIGHT * width }, (_, k) => {
    return (10 + Math.floor(k / width)) * PAGE_WIDTH + x + (k % width)
  })
  const logits = new Float32Array(10).fill(-1)
  logits[digit ?? 0] = logit
  const probabilities = Array.from({ length: 10 }, (_, k) => (k === (digit ?? 0) ? 0.991 : 0.001))
  const shape = { height: 1, width: width / HEIGHT, hang: 0, lift: 0, bow: 0, gap: 0, top, bottom: 0, joined: 0 }
  return {
    candidate: { ink: pieceOf(pixels, PAGE_WIDTH), ...shape, left: null, right: null },
    opinion: { logits, probabilities, digit: digit ?? 0, scraps: 0 },
    digit,
    share,
  }
}

type Stroke = [digit: number | null, logit: number, share?: number, top?: number]

/** A line of groups, five pixels between their strokes and a digit's height between groups. */
function line(...groups: readonly (readonly Stroke[])[]): Element[] {
  let x = 10
  return groups.flatMap((group) => {
    const own = group.map(([digit, ...rest], k) => element(x + 25 * k, 20, digit, ...rest))
    x += 25 * group.length + HEIGHT
    return own
  })
}

const textOf = (elements: readonly Element[]) => elements.map(({ digit }) => digit ?? '').join('')

const DIGITS: readonly Stroke[] = [
  [3, 3.5],
  [1, 3],
  [4, 3.8],
  [1, 2.9],
  [5, 3.6],
]
/** As `Tel` is read: hardly like digits, and no two ways to read it much surer than others. */
const LETTERS: readonly Stroke[] = [
  [7, 0.3, 0.5],
  [8, 0.1, 0.4, 0.4],
  [1, 2.5, 0.9],
]

test('a line is parted where its gaps are wide, and nothing is lost', () => {
  const stroke = fc.record({ gap: fc.integer({ min: 0, max: 120 }), width: fc.integer({ min: 2, max: 40 }) })
  fc.assert(
    fc.property(fc.array(stroke, { maxLength: 20 }), (strokes) => {
      let x = 0
      const elements = strokes.map(({ gap, width }) => {
        x += gap + width
        return element(x - width, width, 1, 2)
      })
      const groups = groupsOf(elements)
      expect(groups.flat()).toEqual(elements)
      expect(groups.every((group) => group.length > 0)).toBe(true)
    }),
  )
  expect(groupsOf(line(LETTERS, DIGITS)).map((group) => group.length)).toEqual([3, 5])
})

test.each([
  ['before', [LETTERS, DIGITS]],
  ['behind', [DIGITS, LETTERS]],
  ['on both sides of', [LETTERS, DIGITS, LETTERS]],
])('words %s a number are passed over', (_, groups) => {
  const { lines } = withoutWords([line(...groups)])
  expect(lines.map(textOf)).toEqual(['31415'])
})

test('a line of nothing but a word is passed over where another has a number', () => {
  const { lines } = withoutWords([line(LETTERS), line(DIGITS)])
  expect(lines.map(textOf)).toEqual(['', '31415'])
})

test('what stands between digits stays, and makes the reading doubtful', () => {
  const { lines, isPlain } = withoutWords([line(DIGITS, LETTERS, DIGITS)])
  expect(lines.map(textOf)).toEqual(['3141578131415'])
  expect(isPlain).toBe(false)
})

test('digits in groups stay, and leave no doubt', () => {
  const { lines, isPlain } = withoutWords([line(DIGITS, DIGITS), line(DIGITS)])
  expect(lines.map(textOf)).toEqual(['3141531415', '31415'])
  expect(isPlain).toBe(true)
})

test.each([
  ['one group alone', [line(LETTERS)]],
  ['a line of letters by themselves', [line([LETTERS[0]], [LETTERS[1]])]],
  ['nothing', [[]]],
  ['no line', []],
])('%s is left as it is', (_, lines) => {
  expect(withoutWords(lines).lines.map(textOf)).toEqual(lines.map(textOf))
})
