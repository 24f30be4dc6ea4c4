/** npm run bench -- quote: writes the figures of bench/results into the READMEs, so that they quote nothing else. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../train/commands/command.ts'
import { highlights } from './quote/highlights.ts'
import { capacitySection, machineSection, serveSection } from './quote/sections.ts'
import { scalePlot } from './scale/plot.ts'
import { ROOT } from './support/bundle.ts'
import { type Results, readResults } from './support/results.ts'

export const RESULTS = join(ROOT, 'bench/results')

/** The committed results, one file for each benchmark that has been run. */
export interface Committed {
  serve?: Results
  scale?: Results
  soak?: Results
  train?: Results
  numbers?: Results
}

const NAMES = ['serve', 'scale', 'soak', 'train', 'numbers'] as const

/** The sections of each README by their markers' names. */
const SECTIONS: Record<string, Record<string, (results: Committed) => string>> = {
  'README.md': { highlights },
  'bench/README.md': { machine: machineSection, serve: serveSection, capacity: capacitySection },
}

export function run(): void {
  for (const [path, text] of quoted(readCommitted())) {
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
    writeFileSync(path, text)
    console.log(`Written: ${path}.`)
  }
}

export function readCommitted(): Committed {
  const found = NAMES.filter((name) => existsSync(join(RESULTS, `${name}.json`)))
  return Object.fromEntries(found.map((name) => [name, readResults(join(RESULTS, `${name}.json`))]))
}

/** What the files that quote results must say: path to text. */
export function quoted(results: Committed): Map<string, string> {
  const files = new Map<string, string>()
  for (const [name, sections] of Object.entries(SECTIONS)) {
    const path = join(ROOT, name)
    let text = readFileSync(path, 'utf8')
    for (const [section, render] of Object.entries(sections)) text = replaced(text, section, render(results), name)
    files.set(path, text)
  }
  if (results.scale !== undefined) files.set(join(RESULTS, 'scale.svg'), scalePlot(results.scale))
  return files
}

/** Puts `body` between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->`. */
function replaced(text: string, section: string, body: string, file: string): string {
  const [from, to] = [`<!-- bench:${section} -->`, `<!-- /bench:${section} -->`]
  const [start, end] = [text.indexOf(from), text.indexOf(to)]
  if (start < 0 || end < start) throw new Failure(`${file} has no ${from} … ${to}.`)
  return `${text.slice(0, start + from.length)}\n\n${body}\n\n${text.slice(end)}`
}
