/**
 * Fits the weights of the reading graph's arcs by logistic regression on composed numbers, validation digits only:
 * an arc is a digit when its box is one's, as far as the ink allows.
 *
 * `node bench/weigh.ts [--count 60] [--artifact DIR]`
 */
import { parseArgs } from 'node:util'
import { inkOfPage } from '../image/page.ts'
import type { Box } from '../image/picture.ts'
import { segment } from '../image/segment.ts'
import { createClassifier } from '../model/classifier.ts'
import { arcsOf, features } from '../recognize/lattice.ts'
import { judgeArcs, WORKING_SIDE } from '../recognize/number.ts'
import { compose, validationDigits } from '../test/support/compose.ts'
import { ARTIFACT_FOLDER, readArtifactFolder } from '../train/artifact-folder.ts'
import { startBackend } from '../train/backend.ts'
import { loadSplit } from '../train/data/dataset.ts'
import { randomOf } from '../train/random.ts'
import { SCENES } from './scenes.ts'

const { values: flags } = parseArgs({
  options: { count: { type: 'string', default: '60' }, artifact: { type: 'string', default: ARTIFACT_FOLDER } },
})
/** Touching digits are what the weights are needed for most. */
const REPEAT: Record<string, number> = { touching: 4, tight: 2, uneven: 2, tails: 6 }
/** Pull of each weight to 0. */
const RIDGE = 1e-3

await startBackend()
const artifact = await readArtifactFolder(flags.artifact)
if (!artifact.ok) throw new Error(artifact.error.reason)
const loaded = loadSplit('train')
if (!loaded.ok) throw new Error(loaded.error.path)
const digits = validationDigits(loaded.value)
const classifier = createClassifier(artifact.value.layers)
const rows: number[][] = []
const truths: number[] = []
let names: string[] = []
for (const [name, scene] of Object.entries(SCENES)) {
  for (let k = 0; k < Number(flags.count) * (REPEAT[name] ?? 1); k++) {
    const random = randomOf('weigh', name, k)
    const { picture, boxes } = compose(digits, scene(random), random)
    const page = inkOfPage(picture, WORKING_SIDE)
    if (page === null) continue
    const { lines, stroke } = segment(page)
    const arcs = lines.map((line) => arcsOf(line, stroke))
    const verdicts = judgeArcs(classifier, artifact.value.card.calibration, page, lines, arcs)
    arcs.forEach((line, l) => {
      line.forEach((arc, a) => {
        const likeness = Math.max(...boxes.flat().map((box) => overlap(box, scaled(arc.box, page.scale))))
        if (likeness > 0.6 && likeness < 0.75) return
        const row = features(arc, verdicts[l][a])
        names = Object.keys(row)
        rows.push(Object.values(row))
        truths.push(likeness >= 0.75 ? 1 : 0)
      })
    })
  }
}
console.log(`${rows.length} arcs, ${truths.filter(Boolean).length} of them digits`)
const weights = fit(rows, truths)
names.forEach((name, k) => {
  console.log(`  ${name}: ${weights[k].toFixed(2)},`)
})

/** Intersection over union. */
function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  return (width * height) / (a.width * a.height + b.width * b.height - width * height)
}

function scaled({ x, y, width, height }: Box, scale: number): Box {
  return { x: x * scale, y: y * scale, width: width * scale, height: height * scale }
}

/** Logistic regression by Newton's method. */
function fit(inputs: readonly number[][], targets: readonly number[]): number[] {
  const n = inputs[0].length
  const weights = new Array<number>(n).fill(0)
  for (let round = 0; round < 30; round++) {
    const gradient = weights.map((weight) => RIDGE * targets.length * weight)
    const curvature = weights.map((_, i) => weights.map((_, j) => (i === j ? RIDGE * targets.length : 0)))
    inputs.forEach((input, k) => {
      const odds = input.reduce((sum, value, i) => sum + value * weights[i], 0)
      const p = 1 / (1 + Math.exp(-odds))
      for (let i = 0; i < n; i++) {
        gradient[i] += (p - targets[k]) * input[i]
        for (let j = 0; j < n; j++) curvature[i][j] += p * (1 - p) * input[i] * input[j]
      }
    })
    solve(curvature, gradient).forEach((step, i) => {
      weights[i] -= step
    })
  }
  return weights
}

/** Gauss–Jordan elimination of a positive definite system. */
function solve(matrix: number[][], right: number[]): number[] {
  const n = right.length
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      if (i === k) continue
      const f = matrix[i][k] / matrix[k][k]
      for (let j = k; j < n; j++) matrix[i][j] -= f * matrix[k][j]
      right[i] -= f * right[k]
    }
  }
  return right.map((value, k) => value / matrix[k][k])
}
