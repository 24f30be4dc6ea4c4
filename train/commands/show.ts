/** npm run show: looks at labelled images. */
import { writeFileSync } from 'node:fs'
import { InvalidArgumentError, Option } from 'commander'
import { INPUT_PIXELS } from '../../model/artifact.ts'
import { epochAugmenter } from '../augment.ts'
import { describeDataError, holdOut, loadSplit, type Split } from '../data/dataset.ts'
import { mosaic } from '../mosaic.ts'
import { encodePng, enlarge } from '../png.ts'
import { DEFAULT_RECIPE, RECIPES } from '../recipes.ts'
import { command, EXIT, Failure, pngName, run, wholeNumber } from './command.ts'
import { drawGrid, drawImage, drawLarge, shadingOf } from './drawing.ts'

interface Options {
  split: SplitName
  grid?: Grid
  label?: number
  augmented?: true
  data?: string
  out?: string
}

interface Grid {
  columns: number
  rows: number
}

/** First and last index, both included. */
interface Range {
  first: number
  last: number
}

/** An image to show, and the epoch whose deformation it is shown with. */
interface Cell {
  index: number
  epoch: number
}

const SPLITS = { train: 'Training', validation: 'Validation', test: 'Test' } as const
type SplitName = keyof typeof SPLITS

/** Images drawn at most: enough for 40 rows of 50, few enough to keep a slip of the finger from running for minutes. */
const MOST = 2000
/** Pixels along the longer side that a PNG is brought near to. */
const PNG_SIDE = 1120
const SEED = 1
/** Columns of text where there is no terminal to ask: ten digits at half size. */
const PIPE_WIDTH = 149

const program = command('show', 'Draw labelled images, in the terminal or as a PNG file.')
  .argument('[indices...]', 'images by index, for example 0, or 3 7 12, or 0-9 (default: 0)', parseRange)
  .addOption(new Option('--split <name>', 'which images').choices(Object.keys(SPLITS)).default('train'))
  .option('--grid <columns>x<rows>', 'as many images as fill a grid, for example 10x10', parseGrid)
  .option('--label <n>', 'only images with this label', wholeNumber(0, 9))
  .option('--augmented', 'deformed as in training; with one index and --grid, that image again and again')
  .option('--data <dir>', 'a folder with four IDX files as MNIST has them (default: MNIST)')
  .option('--out <file.png>', 'write a PNG file instead of drawing in the terminal', pngName)
  .action(show)

function show(ranges: Range[], options: Options): void {
  const split = load(options.split, options.data)
  const asked = ranges.length > 0 ? ranges : [{ first: 0, last: 0 }]
  for (const { last } of asked) {
    if (last >= split.count) {
      throw new Failure(
        `error: there is no image ${last} in ${options.split}: choose 0 to ${split.count - 1}.`,
        EXIT.usage,
      )
    }
  }
  const cells = choose(split, asked, options)
  if (cells.length === 0) throw new Failure(`No image among those has the label ${options.label}.`)
  const images = options.augmented ? deformed(split, cells) : originals(split, cells)
  const title = titleOf(split, cells, options)
  if (options.out) {
    write(options.out, images, options.grid?.columns ?? Math.ceil(Math.sqrt(cells.length)))
    console.log(`${title}\nwritten to ${options.out}`)
  } else {
    console.log(
      [
        title,
        ...draw(
          images,
          cells.map(({ index }) => `${split.labels[index]}`),
          options.grid,
        ),
      ].join('\n'),
    )
  }
}

function choose(split: Split, ranges: Range[], { grid, label, augmented }: Options): Cell[] {
  const wanted = (index: number) => label === undefined || split.labels[index] === label
  const single = ranges.length === 1 && ranges[0].first === ranges[0].last
  const cells: Cell[] = []
  const room = grid ? grid.columns * grid.rows : single ? 1 : MOST
  if (room > MOST) throw new Failure(`error: ${room} images are too many at once: at most ${MOST}.`, EXIT.usage)
  // A single index is where to begin; several are all there is.
  const spans = single ? [{ first: ranges[0].first, last: split.count - 1 }] : ranges
  for (const { first, last } of spans) {
    for (let index = first; index <= last && cells.length < room; index++) {
      if (wanted(index)) cells.push({ index, epoch: 0 })
    }
  }
  if (single && augmented && cells.length > 0) return cells.map((_, epoch) => ({ index: cells[0].index, epoch }))
  return cells
}

function load(name: SplitName, data: string | undefined): Split {
  const loaded = loadSplit(name === 'test' ? 'test' : 'train', data)
  if (!loaded.ok) throw new Failure(describeDataError(loaded.error))
  if (name === 'test') return loaded.value
  const held = Math.round(RECIPES[DEFAULT_RECIPE].validation * loaded.value.count)
  return holdOut(loaded.value, held)[name]
}

function originals(split: Split, cells: Cell[]): Uint8Array {
  const out = new Uint8Array(cells.length * INPUT_PIXELS)
  for (const [i, { index }] of cells.entries()) {
    out.set(split.images.subarray(index * INPUT_PIXELS, (index + 1) * INPUT_PIXELS), i * INPUT_PIXELS)
  }
  return out
}

/** As the default recipe's first phase shows them. */
function deformed(split: Split, cells: Cell[]): Uint8Array {
  const how = RECIPES[DEFAULT_RECIPE].phases[0].augmentation
  const image = new Float32Array(INPUT_PIXELS)
  const out = new Uint8Array(cells.length * INPUT_PIXELS)
  let epoch = -1
  let augmenter = epochAugmenter(split.images, how, SEED, 0)
  for (const [i, cell] of cells.entries()) {
    if (cell.epoch !== epoch) augmenter = epochAugmenter(split.images, how, SEED, cell.epoch)
    epoch = cell.epoch
    augmenter.write(cell.index, image, 0)
    out.set(
      image.map((value) => Math.round(value * 255)),
      i * INPUT_PIXELS,
    )
  }
  return out
}

function titleOf(split: Split, cells: Cell[], { split: name, augmented, label }: Options): string {
  const data = `${SPLITS[name]} data${augmented ? ', deformed as in training' : ''}`
  const [{ index }] = cells
  if (cells.every((cell) => cell.index === index)) return `${data}, index: ${index}, Label: ${split.labels[index]}`
  const indices = cells.map((cell) => cell.index)
  const inRow = indices.every((each, i) => each === index + i)
  const shown = inRow ? `${index} to ${indices[indices.length - 1]}` : indices.join(', ')
  return `${data}, indices: ${shown}${label === undefined ? '' : `, Label: ${label}`}`
}

function draw(images: Uint8Array, captions: string[], grid: Grid | undefined): string[] {
  const shading = shadingOf(process.stdout)
  const width = process.stdout.columns ?? PIPE_WIDTH
  if (captions.length === 1) return shading === 'plain' ? trimmed(drawLarge(images)) : drawImage(images, shading, 1)
  const columns = grid?.columns ?? Math.max(1, Math.min(captions.length, Math.floor((width + 1) / 15)))
  return drawGrid(images, captions, columns, shading, width)
}

function write(file: string, images: Uint8Array, columns: number): void {
  const raster = mosaic(images, columns, images.length > INPUT_PIXELS ? 2 : 0)
  const factor = Math.max(2, Math.min(10, Math.floor(PNG_SIDE / Math.max(raster.width, raster.height))))
  try {
    writeFileSync(file, encodePng(enlarge(raster, factor)))
  } catch (cause) {
    throw new Failure(`${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

function parseRange(text: string, before: Range[] = []): Range[] {
  const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? []
  const range = { first: Number(first), last: Number(last ?? first) }
  if (first === undefined || range.last < range.first) {
    throw new InvalidArgumentError('Expected an index such as 5, or a range such as 0-9.')
  }
  return [...before, range]
}

function parseGrid(text: string): Grid {
  const [, columns, rows] = /^([1-9]\d{0,3})x([1-9]\d{0,3})$/.exec(text) ?? []
  if (columns === undefined) throw new InvalidArgumentError('Expected columns and rows, for example 10x10.')
  return { columns: Number(columns), rows: Number(rows) }
}

const trimmed = (lines: string[]) => lines.map((line) => line.trimEnd())

await run(program)
