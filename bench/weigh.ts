/**
 * Fits the weights of the reading graph (recognize/lattice.ts) on composed numbers, validation digits only: a conditional
 * random field over all paths through each line's graph (Lafferty, McCallum and Pereira, 2001), its likelihood of the
 * right paths climbed by Adam. A path is right when its digits are the ones written and stand where they stand.
 *
 * `node bench/weigh.ts [--count 100] [--artifact DIR]`
 */
import { parseArgs } from 'node:util'
import type { Box } from '../image/picture.ts'
import { likeness } from '../image/pieces.ts'
import { boxInPicture, findWriting } from '../image/writing.ts'
import { createClassifier } from '../model/classifier.ts'
import { arcFeatures, skipFeatures } from '../recognize/lattice.ts'
import { judgedGraphs } from '../recognize/number.ts'
import { compose, validationDigits } from '../test/support/compose.ts'
import { ARTIFACT_FOLDER, readArtifactFolder } from '../train/artifact-folder.ts'
import { startBackend } from '../train/backend.ts'
import { loadSplit } from '../train/data/dataset.ts'
import { randomOf } from '../train/random.ts'
import { SCENES } from './scenes.ts'

const { values: flags } = parseArgs({
  options: { count: { type: 'string', default: '100' }, artifact: { type: 'string', default: ARTIFACT_FOLDER } },
})
/** Hard cases are what the weights are needed for most. */
const REPEAT: Record<string, number> = {
  touching: 4,
  overlapping: 2,
  joined: 3,
  fine: 3,
  tight: 2,
  tails: 2,
  grouped: 2,
}
/** An arc stands where a digit does when their boxes' intersection is this share of their union … */
const SAME_PLACE = 0.6
/** … both made wider and higher by this share of a digit's height on each side: a one is only as wide as the pen. */
const MARGIN = 0.08
/** Pull of each weight to 0, a line. */
const RIDGE = 1e-3
const STEPS = 200
const RATE = 0.1

/** An arc of one line's graph, with its features by their index; `truth` is the digit of the line that it reads rightly. */
interface Row {
  from: number
  to: number
  values: Float64Array
  truth: number
  skip: boolean
}
interface Example {
  nodes: number
  digits: number
  /** By the node where they end, and their indices by the node where they begin, last first. */
  rows: Row[]
  byStart: number[]
}

await startBackend()
const artifact = await readArtifactFolder(flags.artifact)
if (!artifact.ok) throw new Error(artifact.error.reason)
const loaded = loadSplit('train')
if (!loaded.ok) throw new Error(loaded.error.path)
const digits = validationDigits(loaded.value)
const classifier = createClassifier(artifact.value.layers)
const { calibration } = artifact.value.card
const names: string[] = []
const examples: Example[] = []
let lost = 0
for (const [name, scene] of Object.entries(SCENES)) {
  for (let k = 0; k < Number(flags.count) * (REPEAT[name] ?? 1); k++) examplesOf(name, scene, k)
}
console.log(`${examples.length} lines, ${lost} more whose digits are not in their graphs`)
const weights = fit()
names.forEach((name, k) => {
  console.log(`  ${name}: ${weights[k].toFixed(2)},`)
})

function examplesOf(name: string, scene: (typeof SCENES)[string], k: number): void {
  const random = randomOf('weigh', name, k)
  const { picture, boxes, text } = compose(digits, scene(random), random)
  const writing = findWriting(picture)
  if (writing === null) return
  const { page, lines } = writing
  if (lines.length !== boxes.length) return
  judgedGraphs(classifier, calibration, writing).forEach(({ nodes, candidates, arcs, skips, opinions }, l) => {
    const written = [...text.split('\n')[l]].map(Number)
    const margin = MARGIN * lines[l].height * page.scale
    const rightly = candidates.map((candidate, c) => {
      const place = widened(boxInPicture(candidate.ink, writing, picture), margin)
      const overlaps = boxes[l].map((box) => likeness(widened(box, margin), place))
      const nearest = overlaps.indexOf(Math.max(...overlaps))
      return overlaps[nearest] >= SAME_PLACE && opinions[c].digit === written[nearest] ? nearest : -1
    })
    const rows = arcs.map(({ from, to, candidate: c, shared }): Row => {
      const values = indexed(arcFeatures(candidates[c], shared, opinions[c]))
      return { from, to, values, truth: rightly[c], skip: false }
    })
    for (const [k, skip] of skips.entries()) {
      rows.push({
        from: skip.from,
        to: skip.to,
        values: indexed(skipFeatures(skip, opinions[k])),
        truth: -1,
        skip: true,
      })
    }
    rows.sort((a, b) => a.to - b.to)
    const byStart = rows.map((_, r) => r).sort((a, b) => rows[b].from - rows[a].from)
    const example = { nodes, digits: written.length, rows, byStart }
    if (sums(example, new Float64Array(rows.length), true).total > Number.NEGATIVE_INFINITY) examples.push(example)
    else lost++
  })
}

function indexed(features: Record<string, number>): Float64Array {
  for (const name of Object.keys(features)) if (!names.includes(name)) names.push(name)
  return Float64Array.from(names, (name) => features[name] ?? 0)
}

function widened({ x, y, width, height }: Box, margin: number): Box {
  return { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin }
}

/**
 * The logarithm of the summed weights of all paths, or of the right ones only, and each row's share in them.
 * States are pairs of a node and of the digits read so far; where any path will do, the second is always 0.
 */
function sums({ nodes, digits: count, rows, byStart }: Example, scores: Float64Array, right: boolean) {
  const states = right ? count + 1 : 1
  const forward = new Float64Array(nodes * states).fill(Number.NEGATIVE_INFINITY)
  const backward = new Float64Array(nodes * states).fill(Number.NEGATIVE_INFINITY)
  const steps = (row: Row, visit: (from: number, to: number) => void): void => {
    if (!right) visit(row.from, row.to)
    else if (row.skip) for (let s = 0; s < states; s++) visit(row.from * states + s, row.to * states + s)
    else if (row.truth >= 0) visit(row.from * states + row.truth, row.to * states + row.truth + 1)
  }
  forward[0] = 0
  rows.forEach((row, r) => {
    steps(row, (from, to) => {
      forward[to] = addLogs(forward[to], forward[from] + scores[r])
    })
  })
  const end = nodes * states - 1
  backward[end] = 0
  for (const r of byStart) {
    steps(rows[r], (from, to) => {
      backward[from] = addLogs(backward[from], backward[to] + scores[r])
    })
  }
  const total = forward[end]
  const shares = rows.map((row, r) => {
    let share = 0
    steps(row, (from, to) => {
      share += Math.exp(forward[from] + scores[r] + backward[to] - total)
    })
    return share
  })
  return { total, shares }
}

/** log(eᵃ + eᵇ) */
function addLogs(a: number, b: number): number {
  const most = Math.max(a, b)
  return most === Number.NEGATIVE_INFINITY ? most : most + Math.log1p(Math.exp(Math.min(a, b) - most))
}

/** Adam (Kingma and Ba, 2015) on all examples at once. */
function fit(): Float64Array {
  const n = names.length
  const w = new Float64Array(n)
  const first = new Float64Array(n)
  const second = new Float64Array(n)
  for (let step = 1; step <= STEPS; step++) {
    const gradient = new Float64Array(n)
    let likelihood = 0
    for (const example of examples) {
      const scores = Float64Array.from(example.rows, ({ values }) => {
        let score = 0
        for (let k = 0; k < values.length; k++) score += values[k] * w[k]
        return score
      })
      const right = sums(example, scores, true)
      const all = sums(example, scores, false)
      likelihood += right.total - all.total
      example.rows.forEach(({ values }, r) => {
        const off = right.shares[r] - all.shares[r]
        if (Math.abs(off) < 1e-9) return
        for (let k = 0; k < values.length; k++) gradient[k] += off * values[k]
      })
    }
    for (let k = 0; k < n; k++) {
      const g = gradient[k] / examples.length - RIDGE * w[k]
      first[k] = 0.9 * first[k] + 0.1 * g
      second[k] = 0.99 * second[k] + 0.01 * g * g
      const rate = RATE * Math.min(1, (2 * (STEPS - step)) / STEPS)
      w[k] += (rate * (first[k] / (1 - 0.9 ** step))) / (Math.sqrt(second[k] / (1 - 0.99 ** step)) + 1e-8)
    }
    if (step % 50 === 0) console.log(`${step}: log-likelihood ${(likelihood / examples.length).toFixed(4)} a line`)
  }
  return w
}
