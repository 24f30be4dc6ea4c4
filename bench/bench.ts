/** npm run bench: what is fast and what is right, measured. */
import { InvalidArgumentError, Option } from 'commander'
import { command, numberAbove, run, wholeNumber } from '../train/commands/command.ts'
import { type CompareOptions, run as compare } from './compare.ts'
import { type HonestOptions, run as honest } from './honest.ts'
import { type NumbersOptions, run as numbers } from './numbers.ts'
import { type PicturesOptions, run as pictures } from './pictures.ts'
import { run as quote } from './quote.ts'
import { run as read } from './read.ts'
import { SCALE_DEFAULTS, type ScaleOptions, run as scale } from './scale.ts'
import { CASE_NAMES } from './serve/cases.ts'
import { CONTENDERS, FLOOR, OURS } from './serve/contenders.ts'
import { SERVE_DEFAULTS, type ServeOptions, run as serve } from './serve.ts'
import { SOAK_DEFAULTS, type SoakOptions, run as soak } from './soak.ts'
import type { Output } from './support/output.ts'
import { run as train } from './train.ts'

const program = command('bench', 'Measure this project.')

/** A command that has results. */
const measuring = (name: string) =>
  program
    .command(name)
    .option('--json', 'print JSON instead of tables')
    .option('--out <file>', 'write the results as JSON')

measuring('train')
  .description('seconds an epoch: stock model.fit, ours and the ratio; time to the accuracy of the notebook')
  .action((options: Output) => train(options))

measuring('numbers')
  .description('share of composed numbers that are read exactly, case by case')
  .addOption(new Option('--digits <part>', 'which digits').choices(['validation', 'test']).default('validation'))
  .option('--count <n>', 'numbers in each case', wholeNumber(1, 100_000), 200)
  .option('--seed <n>', 'the same seed composes the same numbers', wholeNumber(0, 2 ** 32 - 1), 1)
  .action((options: NumbersOptions) => numbers(options))

measuring('pictures')
  .description('share of drawn digits that are read rightly and of empty pictures that are seen to be, by condition')
  .addOption(new Option('--digits <part>', 'which digits').choices(['validation', 'test']).default('validation'))
  .option('--count <n>', 'pictures under each condition', wholeNumber(1, 100_000), 200)
  .option('--seed <n>', 'the same seed draws the same pictures', wholeNumber(0, 2 ** 32 - 1), 1)
  .action((options: PicturesOptions) => pictures(options))

measuring('honest')
  .description('share of pictures without a number from which none is read, by kind, and of numbers that are accepted')
  .addOption(new Option('--digits <part>', 'which digits').choices(['validation', 'test']).default('validation'))
  .option('--count <n>', 'pictures of each kind', wholeNumber(1, 100_000), 100)
  .option('--seed <n>', 'the same seed draws the same pictures', wholeNumber(0, 2 ** 32 - 1), 1)
  .action((options: HonestOptions) => honest(options))

program
  .command('read')
  .description('processor time and memory that reading a photographed number takes in workerd')
  .action(read)

const ALTERNATIVES = CONTENDERS.filter((one) => one !== FLOOR && one !== OURS).map(({ name }) => name)

measuring('serve')
  .description('throughput, latency, CPU, start-up, size and memory of the Worker beside what one would use instead')
  .option('--seconds <n>', 'length of a burst of requests', numberAbove(0, 3600), SERVE_DEFAULTS.seconds)
  .option(
    '--rounds <n>',
    'bursts for each figure, contenders taking turns',
    wholeNumber(1, 1000),
    SERVE_DEFAULTS.rounds,
  )
  .option('--only <names>', `which to compare with, of ${ALTERNATIVES.join(', ')}; or none`, names(ALTERNATIVES))
  .addOption(
    new Option('--cases <names>', `what to ask, of ${CASE_NAMES.join(', ')}`)
      .argParser(names(CASE_NAMES))
      .default(SERVE_DEFAULTS.cases, 'all'),
  )
  .addOption(
    new Option('--connections <list>', 'connections at once')
      .argParser(wholeNumbers)
      .default(SERVE_DEFAULTS.connections, SERVE_DEFAULTS.connections.join(',')),
  )
  .action((options: ServeOptions) => serve(options))

measuring('soak')
  .description('good and hostile traffic for long; fails on a 5xx, a wrong answer, or memory that grows')
  .option('--minutes <n>', 'how long', numberAbove(0, 10_080), SOAK_DEFAULTS.minutes)
  .option('--connections <n>', 'requests at once', wholeNumber(1, 256), SOAK_DEFAULTS.connections)
  .option('--seed <n>', 'the same seed draws the same requests', wholeNumber(0, 2 ** 32 - 1), SOAK_DEFAULTS.seed)
  .action((options: SoakOptions) => soak(options))

measuring('scale')
  .description('how the cost of a request grows with the batch, the picture and the digits in it')
  .option('--seconds <n>', 'length of a burst of requests', numberAbove(0, 3600), SCALE_DEFAULTS.seconds)
  .option('--rounds <n>', 'bursts for each figure', wholeNumber(1, 1000), SCALE_DEFAULTS.rounds)
  .option('--plot <file>', 'draw it, as SVG')
  .action((options: ScaleOptions) => scale(options))

program
  .command('compare')
  .description('what changed between two results, beyond the noise that their rounds show')
  .argument('<old>', 'results, as --out writes them')
  .argument('<new>', 'results of the same benchmark')
  .option('--all', 'list what did not change too')
  .action((older: string, newer: string, options: CompareOptions) => compare(older, newer, options))

program
  .command('quote')
  .description('write the figures of bench/results into README.md and bench/README.md')
  .action(() => quote())

await run(program)

/** For options: a list of the given names, comma-separated. */
function names<const Name extends string>(known: readonly Name[]) {
  return (text: string): Name[] => {
    const chosen = text === 'none' ? [] : text.split(',').map((name) => name.trim())
    const strange = chosen.find((name) => !known.includes(name as Name))
    if (strange !== undefined) throw new InvalidArgumentError(`No "${strange}": choose of ${known.join(', ')}.`)
    return chosen as Name[]
  }
}

/** For options: whole numbers from 1 to 1000, comma-separated. */
function wholeNumbers(text: string): number[] {
  return text.split(',').map((part) => wholeNumber(1, 1000)(part.trim()))
}
