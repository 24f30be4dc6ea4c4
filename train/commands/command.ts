/** What every command shares: help, exit codes, and how errors are shown. */
import { Command, CommanderError, InvalidArgumentError } from 'commander'

/** Exit codes that scripts can rely on. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const

/** Ends a command with a message for the user and an exit code. */
export class Failure extends Error {
  readonly code: number
  constructor(message: string, code: number = EXIT.failed) {
    super(message)
    this.code = code
  }
}

/** A command named as users call it: `npm run NAME --`. */
export function command(name: string, description: string): Command {
  return new Command(`npm run ${name} --`)
    .description(description)
    .helpOption('-h, --help', 'show this help')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(--help shows what is possible)')
    .exitOverride()
}

/** Parses the arguments, runs the command's action, and turns whatever happens into an exit code. */
export async function run(program: Command): Promise<void> {
  try {
    await program.parseAsync()
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      process.exitCode = thrown.exitCode === 0 ? EXIT.done : EXIT.usage
    } else if (thrown instanceof Failure) {
      console.error(thrown.message)
      process.exitCode = thrown.code
    } else {
      throw thrown
    }
  }
}

/** For options: a whole number from `least` to `most`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const number = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
    if (number >= least && number <= most) return number
    const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`
    throw new InvalidArgumentError(`Expected a whole number, ${range}.`)
  }
}

/** For options: a number above `least` and at most `most`. */
export function numberAbove(least: number, most: number) {
  return (text: string): number => {
    const number = text.trim() === '' ? Number.NaN : Number(text)
    if (number > least && number <= most) return number
    throw new InvalidArgumentError(`Expected a number above ${least}, at most ${most}.`)
  }
}

/** For options: the name of a PNG file to write. */
export function pngName(text: string): string {
  if (!/\.png$/i.test(text)) throw new InvalidArgumentError('Expected a file name that ends in .png.')
  return text
}
