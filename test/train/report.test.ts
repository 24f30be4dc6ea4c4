import { beforeAll, describe, expect, test } from 'vitest'
import { createClassifier } from '../../model/classifier.ts'
import { ARTIFACT_FOLDER, readArtifactFolder } from '../../train/artifact-folder.ts'
import { startBackend } from '../../train/backend.ts'
import { slice } from '../../train/data/dataset.ts'
import { evaluate } from '../../train/evaluate.ts'
import type { EpochReport } from '../../train/fit.ts'
import { measure, measureNonDigits } from '../../train/measure.ts'
import { makeNonDigits } from '../../train/non-digits.ts'
import { parseCsv } from '../../train/pictures.ts'
import { RECIPES } from '../../train/recipes.ts'
import { html, raw } from '../../train/report/html.ts'
import { type ReportInput, renderReport } from '../../train/report/report.ts'
import { mnist } from '../support/mnist.ts'

const epoch = (number: number, phase: string): EpochReport => ({
  epoch: number,
  epochs: 3,
  phase,
  loss: 0.5 / number,
  accuracy: 1 - 0.2 / number,
  validationLoss: 0.1 / number,
  validationAccuracy: 1 - 0.05 / number,
  learningRate: 0.1 / number,
  seconds: 2,
  imagesPerSecond: 1000,
})

let input: ReportInput
beforeAll(async () => {
  const read = await readArtifactFolder(ARTIFACT_FOLDER)
  if (!read.ok) throw new Error(read.error.reason)
  await startBackend()
  const artifact = read.value
  const classifier = createClassifier(artifact.layers)
  const split = slice(mnist.test, 0, 2000)
  const { calibration } = artifact.card
  input = {
    artifact,
    images: { name: 'two thousand <test> images', split },
    measured: measure(classifier, calibration, split),
    nonDigits: measureNonDigits(classifier, calibration, split),
  }
})

const history = [epoch(1, 'one'), epoch(2, 'one'), epoch(3, 'two')]
const training = () => ({ history, train: slice(mnist.train, 0, 500), recipe: RECIPES.best, seed: 1 })
const sections = (text: string) => [...text.matchAll(/<section id="(\w+)">/g)].map((match) => match[1])

/** Base64 may spell any word. */
const withoutPictures = (html: string) => html.replace(/data:[^"')]*/g, 'data:')

describe('the report', () => {
  test('holds everything that a training can tell', () => {
    const text = renderReport({ ...input, training: training() })
    expect(sections(text)).toEqual(
      expect.arrayContaining(['curves', 'answers', 'mistakes', 'calibration', 'refusal', 'weights', 'augmentation']),
    )
    // Four curves, precision and recall, calibration twice, two rows of histograms.
    expect(text.match(/<svg/g)).toHaveLength(9)
    expect(text.match(/<li>/g)).toHaveLength(input.measured.mistakes.length)
    expect(text).toContain('two thousand &#60;test&#62; images')
    for (const { name } of input.nonDigits!) expect(text).toContain(name)
  })

  test('leaves out what an artifact alone cannot tell', () => {
    expect(sections(renderReport(input))).not.toContain('curves')
    expect(sections(renderReport({ ...input, nonDigits: undefined }))).not.toContain('augmentation')
  })

  test('loads nothing and runs nothing', () => {
    const text = renderReport({ ...input, training: training() })
    for (const [, , address] of text.matchAll(/\b(src|href|url)[=(]"?([^")\s>]+)/g))
      expect(address).toMatch(/^(data:|#)/)
    expect(text.replaceAll('http://www.w3.org/', '')).not.toMatch(/https?:|<script|@import| on\w+=/)
    expect(text).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`)
    expect(withoutPictures(text)).not.toMatch(/NaN|undefined|\[object/)
    expect(text.length).toBeLessThan(600_000)
  })

  test('is the same for the same training', () => {
    expect(renderReport({ ...input, training: training() })).toBe(renderReport({ ...input, training: training() }))
  })

  test('draws a training of a single epoch', () => {
    const text = renderReport({ ...input, training: { ...training(), history: history.slice(0, 1) } })
    expect(text).toContain('1 epoch in')
    expect(withoutPictures(text)).not.toMatch(/NaN|Infinity/)
  })
})

test('what is inserted into HTML is escaped, except HTML', () => {
  expect(html`<b title="${'"'}">${'<&>'}${raw('<i>')}${[1, 2]}${undefined}</b>`.text).toBe(
    '<b title="&#34;">&#60;&#38;&#62;<i>12</b>',
  )
})

describe('figures, worked out by hand', () => {
  // Two classes; logit differences ln 3, ln 3, 0 and −ln 3 for the truth give 75 %, 75 %, 50 % and 25 %.
  const l = Math.log(3)
  const judged = {
    classes: 2,
    labels: Uint8Array.from([0, 1, 0, 1]),
    logits: Float32Array.from([l, 0, 0, l, 0, 0, l, 0]),
  }

  test('accuracy, confusion, precision and recall', () => {
    const { accuracy, confusion, digits } = evaluate(judged, 1)
    expect(accuracy).toBe(0.75)
    expect(confusion).toEqual([
      [2, 0],
      [1, 1],
    ])
    expect(digits.map(({ precision, recall }) => [precision, recall])).toEqual([
      [2 / 3, 1],
      [1, 1 / 2],
    ])
  })

  test('cross-entropy, calibration bins and error', () => {
    const { loss, bins, calibrationError } = evaluate(judged, 1)
    expect(loss).toBeCloseTo(-(2 * Math.log(0.75) + Math.log(0.5) + Math.log(0.25)) / 4, 6)
    expect(bins).toHaveLength(15)
    expect([bins[7].count, bins[7].right, bins[11].count, bins[11].right]).toEqual([1, 1, 3, 2])
    expect(bins[11].confidence).toBeCloseTo(0.75, 6)
    // |0.5 − 1| of one image and |3 · 0.75 − 2| of three.
    expect(calibrationError).toBeCloseTo((0.5 + 0.25) / 4, 6)
  })

  test("Wilson's interval", () => {
    const [low, high] = evaluate(judged, 1).interval
    expect([low, high]).toEqual([expect.closeTo(0.3006, 4), expect.closeTo(0.9544, 4)])
  })

  test('mistakes come the most confident first, and refusal counts scores below the threshold', () => {
    const logits = [judged.logits, Float32Array.from([9, 0])].flatMap((part) => [...part])
    const classifier = { classes: 2, logits: () => Float32Array.from(logits), dispose: () => {} }
    const split = { count: 5, labels: Uint8Array.from([0, 1, 0, 1, 1]), images: new Uint8Array(5 * 784) }
    const calibration = { temperature: 1, rejection: { score: 'max-logit', threshold: 1 } } as const
    const { mistakes, answers, acceptedAccuracy, total } = measure(classifier, calibration, split, 1)
    expect(mistakes.map(({ index }) => index)).toEqual([4, 3])
    expect([answers.refused, acceptedAccuracy]).toEqual([0.2, 0.5])
    expect(total).toMatchObject({ count: 6, right: 3, accuracy: 0.5 })
  })
})

test('the made-up non-digits are the same every time, and each as bright as a digit', () => {
  const digits = slice(mnist.test, 0, 100)
  const [one, again] = [makeNonDigits(digits, 5, 1), makeNonDigits(digits, 5, 1)]
  expect(again).toEqual(one)
  expect(makeNonDigits(digits, 5, 2)).not.toEqual(one)
  for (const { images } of one) {
    for (let i = 0; i < 5; i++) expect(Math.max(...images.subarray(i * 784, (i + 1) * 784))).toBe(255)
  }
})

test('CSV with quotes, commas and line breaks in fields', () => {
  expect(parseCsv('\uFEFFa,b\r\n"x, ""y""","1\n2"\n\n,3')).toEqual([
    ['a', 'b'],
    ['x, "y"', '1\n2'],
    ['', '3'],
  ])
})
