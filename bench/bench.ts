/** npm run bench: what is fast and what is right, measured. */
import { Option } from 'commander'
import { command, run, wholeNumber } from '../train/commands/command.ts'
import { type NumbersOptions, run as numbers } from './numbers.ts'
import { run as read } from './read.ts'
import { run as train } from './train.ts'

const program = command('bench', 'Measure this project.').action(() => program.help({ error: true }))

program
  .command('train')
  .description('seconds an epoch: stock model.fit, ours and the ratio; time to the accuracy of the notebook')
  .action(train)

program
  .command('numbers')
  .description('share of composed numbers that are read exactly, case by case')
  .addOption(new Option('--digits <part>', 'which digits').choices(['validation', 'test']).default('validation'))
  .option('--count <n>', 'numbers in each case', wholeNumber(1, 100_000), 200)
  .option('--seed <n>', 'the same seed composes the same numbers', wholeNumber(0, 2 ** 32 - 1), 1)
  .action((options: NumbersOptions) => numbers(options))

program
  .command('read')
  .description('processor time and memory that reading a photographed number takes in workerd')
  .action(read)

await run(program)
