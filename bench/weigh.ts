/**
 * Fits the scorer of readings (recognize/scorer.ts) and writes its weights, on numbers composed of validation digits, and of
 * drawn ones in forms that MNIST lacks: a one with a flag is as wide as a seven, and a scorer that never saw one says so. A
 * path through a line's graph is right when its digits are the ones written and stand where they stand.
 *
 * `node bench/weigh.ts [--count 25] [FOLDER ...]`
 *
 * FOLDER is a network's artifact; each reads digits that it was not trained on, in COUNT numbers of each case for every
 * thousand of them. 5,000 are soon known by heart: the weights that ship are fitted on the shipped network and on one of
 * `npm run train -- --validation 0.33333 --out FOLDER`.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Box, Picture } from '../image/picture.ts'
import { likeness } from '../image/pieces.ts'
import { boxInPicture, findWriting, type Writing } from '../image/writing.ts'
import type { ModelCard } from '../model/artifact.ts'
import { createClassifier } from '../model/classifier.ts'
import type { JudgedGraph } from '../recognize/lattice.ts'
import { judgedGraphs } from '../recognize/number.ts'
import { candidateInputs, digitsOf, mannerInputs, type ScorerWeights } from '../recognize/scorer.ts'
import { compose } from '../test/support/compose.ts'
import { ARTIFACT_FOLDER, readArtifactFolder } from '../train/artifact-folder.ts'
import { startBackend } from '../train/backend.ts'
import { loadSplit, type Split, slice } from '../train/data/dataset.ts'
import { randomOf } from '../train/random.ts'
import { SCENES } from './scenes.ts'
import { between } from './support/chance.ts'
import { withForms } from './support/digits.ts'
import { isReadable, lineOf } from './support/field.ts'
import { showProgress } from './support/progress.ts'
import { BATCH, type Example, fitScorer, type ScoredRow } from './support/scorer-fit.ts'

const { values: flags, positionals } = parseArgs({
  options: { count: { type: 'string', default: '25' } },
  allowPositionals: true,
})
if (!(Number(flags.count) > 0)) throw new Error(`--count is a number above 0, not ${flags.count}.`)
const FOLDERS = positionals.length > 0 ? positionals : [ARTIFACT_FOLDER]
/** Hard cases are what the weights are needed for most. */
const REPEAT: Record<string, number> = {
  touching: 4,
  overlapping: 2,
  joined: 3,
  fine: 3,
  tight: 2,
  tails: 2,
  grouped: 5,
  broken: 2,
  hands: 3,
  crowded: 3,
}
/**
 * Hands that no case has, and people have: any long digit, up to two and a half times as high as the rest; no two alike;
 * narrow, leaning, small ones, and ones so crowded that they cross.
 */
const MORE_SCENES: typeof SCENES = {
  long: (random) => ({ ...SCENES.uneven(random), tails: 1.5, long: [1, 4, 7, 9], gap: [0.05, 0.5] }),
  unlike: (random) => ({ ...SCENES.uneven(random), uneven: 0.5, touching: random.below(2) }),
  hands: (random) => ({
    ...SCENES.sloping(random),
    height: between(16, 70, random),
    uneven: between(0.1, 0.4, random),
    tails: random.uniform(),
    long: [1, 4, 7, 9],
    breadth: between(0.6, 1.15, random),
    lean: random.symmetric(0.35),
    gap: [0.02, 0.4],
    touching: random.below(3),
    fine: between(0.2, 0.45, random),
  }),
  crowded: (random) => ({
    ...SCENES.sloping(random),
    uneven: between(0.1, 0.4, random),
    tails: 1.2 * random.uniform(),
    long: [1, 4, 5, 7, 9],
    breadth: between(0.6, 1.2, random),
    lean: random.symmetric(0.4),
    gap: [0.01, 0.15],
    touching: 1 + random.below(3),
    overlap: [0.01, 0.1],
    fine: between(0.2, 0.5, random),
  }),
}
/** The one is mended before it is looked at, and then like the others; of the other recognize/words.ts decides. */
const LEFT_OUT = ['dotted', 'words']
/** An arc stands where a digit does when their boxes' intersection is this share of their union … */
const SAME_PLACE = 0.6
/** … both made wider and higher by this share of a digit's height on each side: a one is only as wide as the pen. */
const MARGIN = 0.08

await startBackend()
const loaded = loadSplit('train')
if (!loaded.ok) throw new Error(loaded.error.path)
const examples: Example[] = []
let lost = 0
for (const folder of FOLDERS) await examplesWith(folder, loaded.value)
console.log(`${examples.length} lines, ${lost} more whose digits are not in their graphs`)
if (examples.length < BATCH) throw new Error(`Too few lines for a fit: at least ${BATCH}. Ask for more with --count.`)
const file = join(import.meta.dirname, '../recognize/scorer.json')
const progress = showProgress()
writeFileSync(file, render(fitScorer(examples, progress)))
progress.close()
console.log(`Wrote ${file}`)

async function examplesWith(folder: string, train: Split): Promise<void> {
  const artifact = await readArtifactFolder(folder)
  if (!artifact.ok) throw new Error(artifact.error.reason)
  const { layers, card } = artifact.value
  const own = heldOut(train, card)
  const digits = withForms(own)
  const classifier = createClassifier(layers)
  const progress = showProgress()
  const count = (Number(flags.count) * own.count) / 1000
  const scenes = Object.entries({ ...SCENES, ...MORE_SCENES }).filter(([name]) => !LEFT_OUT.includes(name))
  for (const [s, [name, scene]] of scenes.entries()) {
    progress.update(s / scenes.length, `composing ${name}`)
    for (let k = 0; k < count * (REPEAT[name] ?? 1); k++) {
      const random = randomOf('weigh', card.version, name, k)
      const { picture, boxes, text } = compose(digits, scene(random), random)
      const writing = findWriting(picture)
      if (writing === null) continue
      const { page, lines } = writing
      if (lines.length !== boxes.length) continue
      for (const [l, graph] of judgedGraphs(classifier, card.calibration, writing).entries()) {
        const written = [...text.split('\n')[l]].map(Number)
        const margin = MARGIN * lines[l].height * page.scale
        const example = exampleOf(graph, written, placesOf(graph, writing, picture, boxes[l], margin))
        if (isReadable(example.line)) examples.push(example)
        else lost++
      }
    }
  }
  progress.close()
}

/** Which of a line's digits each candidate stands where; −1 for none. */
function placesOf(
  { candidates }: JudgedGraph,
  writing: Writing,
  picture: Picture,
  boxes: readonly Box[],
  margin: number,
): number[] {
  return candidates.map(({ ink }) => {
    const place = widened(boxInPicture(ink, writing, picture), margin)
    const overlaps = boxes.map((box) => likeness(widened(box, margin), place))
    const nearest = overlaps.indexOf(Math.max(...overlaps))
    return overlaps[nearest] >= SAME_PLACE ? nearest : -1
  })
}

/** A line's graph with what is right in it. @param places of its candidates, as {@link placesOf} has them */
function exampleOf(graph: JudgedGraph, written: readonly number[], places: readonly number[]): Example {
  const { nodes, candidates, arcs, skips, opinions, stroke } = graph
  const rows: ScoredRow[] = arcs.flatMap(({ from, to, candidate, shared }) =>
    digitsOf(opinions[candidate]).map((digit): ScoredRow => {
      const truth = written[places[candidate]] === digit ? places[candidate] : -1
      const manner = mannerInputs(opinions[candidate], { digit, shared, isSkip: false })
      return { from, to, candidate, truth, skip: false, manner }
    }),
  )
  for (const [candidate, { from, to }] of skips.entries()) {
    const { digit } = opinions[candidate]
    const manner = mannerInputs(opinions[candidate], { digit, shared: 0, isSkip: true })
    rows.push({ from, to, candidate, truth: -1, skip: true, manner })
  }
  const inputs = candidates.map((candidate, c) => candidateInputs(candidate, opinions[c], stroke))
  return { line: lineOf(nodes, written.length, rows), candidates: inputs }
}

/** The digits that a network was not trained on. */
function heldOut(train: Split, { training }: ModelCard): Split {
  const { validation } = training.dataset as { validation: number }
  return slice(train, train.count - validation, train.count)
}

function widened({ x, y, width, height }: Box, margin: number): Box {
  return { x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin }
}

/** The weights as JSON, a unit to a line. */
function render({ hidden, output }: ScorerWeights): string {
  const lines = hidden.map((unit) => `    ${JSON.stringify(unit)}`)
  return `{\n  "hidden": [\n${lines.join(',\n')}\n  ],\n  "output": ${JSON.stringify(output)}\n}\n`
}
