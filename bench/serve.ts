/** npm run bench -- serve: the Worker as deployed, beside what one would use instead, in one run. */
import { duration } from '../train/format.ts'
import { CASE_NAMES, type Case, type CaseName, makeCases } from './serve/cases.ts'
import { ask, CONTENDERS, type Contender, FLOOR, OURS, type Prepared } from './serve/contenders.ts'
import { renderServe } from './serve/render.ts'
import { measureRounds, type Running } from './serve/rounds.ts'
import { measureStartUp, type Starter } from './serve/start-up.ts'
import { startLoadGenerator } from './support/load.ts'
import { type Output, publish } from './support/output.ts'
import { type Progress, showProgress } from './support/progress.ts'
import { type Figure, newResults, type Results } from './support/results.ts'
import type { Server } from './support/workerd.ts'

export interface ServeOptions extends Output {
  /** Seconds that a burst takes. */
  seconds: number
  rounds: number
  /** Contenders beside the floor and the project's own Worker. */
  only?: readonly string[]
  cases: readonly CaseName[]
  connections: readonly number[]
}

export const SERVE_DEFAULTS = { seconds: 1, rounds: 5, cases: CASE_NAMES, connections: [1, 8, 32] } as const

/** Fewer samples would leave the median of a start to chance. */
const LEAST_STARTS = 5

/** Measures, prints and writes. */
export async function run(options: ServeOptions): Promise<void> {
  const began = performance.now()
  const progress = showProgress()
  const results = await benchServe(options, progress)
  progress.close()
  publish(results, options, renderServe)
  if (!options.json) console.log(`\nTook ${duration((performance.now() - began) / 1000)}.`)
}

export async function benchServe(options: ServeOptions, progress: Progress): Promise<Results> {
  const { seconds, rounds, connections } = options
  const chosen = CONTENDERS.filter((one) => one === FLOOR || one === OURS || (options.only?.includes(one.name) ?? true))
  const results = newResults('serve', { seconds, rounds, connections, cases: options.cases })
  const all = await makeCases()
  const cases = options.cases.map((name) => all[name])

  const ready: { contender: Contender; prepared: Prepared }[] = []
  for (const contender of chosen) {
    progress.say(`Building ${contender.name}: ${contender.what}.`)
    const prepared = await contender.prepare()
    if (typeof prepared === 'string') {
      results.leftOut[contender.name] = prepared
      progress.say(`Left out: ${contender.name}, because ${prepared}.`)
      continue
    }
    ready.push({ contender, prepared })
    if (prepared.uploadKiB !== undefined) results.figures.push(uploadFigure(contender.name, prepared.uploadKiB))
  }

  const servers: Running[] = []
  const generator = startLoadGenerator()
  try {
    const lengths = new Map<string, number>()
    for (const { contender, prepared } of [...ready].sort((a) => (a.contender === OURS ? -1 : 1))) {
      const server = await prepared.start()
      servers.push({ name: contender.name, server, urls: urlsOf(contender, server, cases, lengths) })
      if (contender === FLOOR) continue
      for (const one of casesOf(contender, cases)) {
        const answer = await ask(contender.name, server.url, one)
        if (contender === OURS) lengths.set(one.name, Buffer.byteLength(answer))
      }
    }
    progress.say('All answer rightly.')
    const running = ready.map(({ contender }) => servers.find(({ name }) => name === contender.name)!)
    const plan = { groups: cases.map((one) => [one]), connections, rounds, seconds }
    const measured = await measureRounds(running, FLOOR.name, plan, generator, progress)
    results.figures.push(...measured.figures)
    results.settings.generatorBusiest = Number(measured.generatorBusiest.toFixed(2))
  } finally {
    await generator.stop()
    for (const { server } of servers) await server.stop()
  }

  const starters = ready.map(({ contender, prepared }) => starterOf(contender, prepared, all['one image']))
  results.figures.push(...(await measureStartUp(starters, FLOOR.name, Math.max(LEAST_STARTS, rounds), progress)))
  return results
}

const casesOf = (contender: Contender, cases: readonly Case[]) =>
  cases.filter(({ name }) => contender.cases.includes(name as CaseName))

/** The floor is told in the path how long its answer shall be: as long as ours, which has been asked before. */
const urlsOf = (contender: Contender, { url }: Server, cases: readonly Case[], lengths: Map<string, number>) =>
  new Map(
    casesOf(contender, cases).map(({ name, path }) => [
      name,
      contender === FLOOR ? `${url}/${lengths.get(name)}` : url + path,
    ]),
  )

const uploadFigure = (name: string, kib: number): Figure => ({
  of: [name],
  what: 'upload',
  unit: 'KiB',
  better: 'less',
  values: [kib],
})

const starterOf = (contender: Contender, prepared: Prepared, first: Case): Starter => ({
  name: contender.name,
  start: prepared.start,
  ask: (url) =>
    contender === FLOOR
      ? fetch(`${url}/300`, { method: 'POST', body: new Uint8Array(first.body) }).then((answer) => answer.text())
      : ask(contender.name, url, first),
})
