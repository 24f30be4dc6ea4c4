/** npm run bench -- soak: good and hostile traffic for a long time; nothing may break, change or grow. */
import { EXIT, Failure } from '../train/commands/command.ts'
import { duration } from '../train/format.ts'
import { type Random, randomOf } from '../train/random.ts'
import { digitsOf } from './serve/contenders.ts'
import { faultOf } from './soak/fault.ts'
import { type Ask, breakOff, type Kind, makeTraffic, NO_ANSWER, PATIENCE } from './soak/traffic.ts'
import { LEAST_MINUTES, LEAST_REQUESTS, trendOf } from './soak/trend.ts'
import { bundleOwn } from './support/bundle.ts'
import { cpuSeconds, residentMiB } from './support/children.ts'
import { machineLine, type Output, publish } from './support/output.ts'
import { type Progress, showProgress } from './support/progress.ts'
import { newResults, type Results } from './support/results.ts'
import { median } from './support/statistics.ts'
import { figure, table } from './support/table.ts'
import { type Server, startWorkerd } from './support/workerd.ts'

export interface SoakOptions extends Output {
  minutes: number
  /** Requests at once. */
  connections: number
  seed: number
}

export const SOAK_DEFAULTS = { minutes: 60, connections: 4, seed: 1 } as const

/** So many samples of memory are kept of a run, each the least of so many looks. */
const SAMPLES = 240
const LOOKS = 10
/** One request in so many may be without an answer at first: see `send`. */
const ASKED_AGAIN = 1000
/** Two of three requests are good. */
const GOOD_SHARE = 2 / 3
/** One request in so many is broken off in its middle. */
const BROKEN_OFF = 200
/** So many faults are shown. */
const SHOWN = 10
/** After so many there is no point in going on. */
const MOST_FAULTS = 100
/** Milliseconds. */
const SHOW_EVERY = 1000

/** What has happened so far. */
interface Log {
  counts: Map<string, { sent: number; statuses: Map<number, number> }>
  faults: string[]
  faultCount: number
  /** Digits in right answers. */
  predictions: number
  /** Requests that had no answer and were sent once more. */
  askedAgain: number
  /** MiB. */
  memory: number[]
  /** MiB, of single looks. */
  peak: number
}

/** Throws a failure if anything was wrong, after printing what. */
export async function run(options: SoakOptions): Promise<void> {
  const progress = showProgress()
  progress.say("Building the project's Worker as it is deployed.")
  const server = await startWorkerd(await bundleOwn(), { survivesInterrupt: true })
  const results = newResults('soak', { minutes: options.minutes, connections: options.connections, seed: options.seed })
  const log: Log = { counts: new Map(), faults: [], faultCount: 0, predictions: 0, askedAgain: 0, memory: [], peak: 0 }
  try {
    const { good, hostile } = await makeTraffic()
    const answers = await firstAnswers(server, good)
    for (const { name } of [...good, ...hostile]) log.counts.set(name, { sent: 0, statuses: new Map() })
    results.settings.minutes = await soak(server, { good, hostile, answers }, options, log, progress)
    record(results, log, server)
  } finally {
    progress.close()
    await server.stop()
  }
  publish(results, options, () => render(results, log))
  const reasons = reasonsToFail(log, results.settings.minutes as number)
  if (reasons.length > 0) throw new Failure(`Failed: ${reasons.join('; ')}.`)
}

interface Traffic {
  good: readonly Kind[]
  hostile: readonly Kind[]
  answers: ReadonlyMap<string, Buffer>
}

/** Asks every good request once and checks the digits; from then on the answer must stay the same, byte for byte. */
async function firstAnswers({ url }: Server, good: readonly Kind[]): Promise<Map<string, Buffer>> {
  const answers = new Map<string, Buffer>()
  for (const { name, digits, make } of good) {
    const { status, body } = await send(url, make(randomOf(0)))
    if (status !== 200) throw new Failure(`${name} is answered with ${status}: ${body}`)
    const found = digits === '' ? '' : digitsOf(JSON.parse(`${body}`))
    if (found !== digits) throw new Failure(`${name} is answered with ${found} where ${digits} is right.`)
    answers.set(name, body)
  }
  return answers
}

/** @returns minutes that it took: fewer than asked for after Ctrl-C or too many faults */
async function soak(server: Server, traffic: Traffic, options: SoakOptions, log: Log, progress: Progress) {
  const milliseconds = options.minutes * 60_000
  const began = performance.now()
  const elapsed = () => performance.now() - began
  let stopped = false
  process.once('SIGINT', () => {
    stopped = true
    process.exitCode = EXIT.interrupted
    process.once('SIGINT', () => process.exit())
  })
  let looks: number[] = []
  const look = () => {
    const memory = residentMiB(server.pid)
    if (memory === undefined) return
    log.peak = Math.max(log.peak, memory)
    if (looks.push(memory) < LOOKS) return
    log.memory.push(Math.min(...looks))
    looks = []
  }
  const show = () => {
    const state = [`${requestsIn(log).toLocaleString('en')} requests`, `${log.faultCount} faults`]
    progress.update(Math.min(1, elapsed() / milliseconds), [...state, figure(log.memory.at(-1), 'MiB')].join(', '))
  }
  const visitor = async (index: number) => {
    const random = randomOf(options.seed, 'visitor', index)
    while (!stopped && elapsed() < milliseconds && log.faultCount < MOST_FAULTS) {
      await visit(server.url, traffic, random, log)
    }
  }
  const timers = [setInterval(look, milliseconds / SAMPLES / LOOKS), setInterval(show, SHOW_EVERY)]
  try {
    await Promise.all(Array.from({ length: options.connections }, (_, index) => visitor(index)))
  } finally {
    for (const timer of timers) clearInterval(timer)
  }
  return Number((elapsed() / 60_000).toFixed(2))
}

/** One request, judged. */
async function visit(url: string, { good, hostile, answers }: Traffic, random: Random, log: Log): Promise<void> {
  if (random.below(BROKEN_OFF) === 0) {
    await breakOff(url, new Uint8Array(300))
    return count(log, 'broken off', NO_ANSWER)
  }
  const kind = draw(random.uniform() < GOOD_SHARE ? good : hostile, random)
  const asked = kind.make(random)
  let { status, body } = await send(url, asked)
  if (status === NO_ANSWER) {
    log.askedAgain++
    ;({ status, body } = await send(url, asked))
  }
  count(log, kind.name, status)
  const wrong = faultOf(kind, status, body, answers.get(kind.name))
  if (wrong === undefined) {
    log.predictions += kind.digits?.replaceAll('\n', '').length ?? 0
    return
  }
  log.faultCount++
  if (log.faults.length < SHOWN) log.faults.push(wrong)
}

/**
 * Has no answer when none came in time, or the connection was closed. That may happen when the server closes one that was
 * idle just as it is used again, and every HTTP client then asks a second time (RFC 9112, 9.3.1).
 */
async function send(url: string, { path, method, contentType, headers, body }: Ask) {
  try {
    const response = await fetch(url + path, {
      method,
      headers: { ...headers, ...(contentType !== undefined && { 'content-type': contentType }) },
      body: typeof body === 'string' ? body : body && new Uint8Array(body),
      signal: AbortSignal.timeout(PATIENCE),
    })
    return { status: response.status, body: Buffer.from(await response.arrayBuffer()) }
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.cause ?? cause) : cause
    return { status: NO_ANSWER, body: Buffer.from(`no answer: ${reason}`) }
  }
}

function draw(kinds: readonly Kind[], random: Random): Kind {
  let rest = random.uniform() * kinds.reduce((sum, { weight }) => sum + weight, 0)
  for (const kind of kinds) {
    rest -= kind.weight
    if (rest < 0) return kind
  }
  return kinds[kinds.length - 1]
}

function count(log: Log, name: string, status: number): void {
  const entry = log.counts.get(name) ?? { sent: 0, statuses: new Map<number, number>() }
  log.counts.set(name, entry)
  entry.sent++
  if (status !== NO_ANSWER) entry.statuses.set(status, (entry.statuses.get(status) ?? 0) + 1)
}

function record(results: Results, log: Log, server: Server): void {
  const cpu = cpuSeconds(server.pid)
  const { growth, thirds } = trendIn(log, results.settings.minutes as number)
  results.figures.push(
    { of: ['soak'], what: 'requests', unit: '', better: 'more', values: [requestsIn(log)] },
    { of: ['soak'], what: 'faults', unit: '', better: 'less', values: [log.faultCount] },
    { of: ['soak'], what: 'predictions', unit: '', better: 'more', values: [log.predictions] },
    { of: ['soak'], what: 'asked again', unit: '', better: 'less', values: [log.askedAgain] },
  )
  if (log.memory.length > 0) {
    results.figures.push(
      { of: ['soak'], what: 'memory', unit: 'MiB', better: 'less', values: log.memory },
      { of: ['soak'], what: 'most memory', unit: 'MiB', better: 'less', values: [log.peak] },
      { of: ['soak'], what: 'memory, thirds after warm-up', unit: 'MiB', better: 'less', values: thirds },
      { of: ['soak'], what: 'growth', unit: 'MiB', better: 'less', values: [growth] },
    )
  } else results.leftOut.memory = 'this system has no /proc'
  if (cpu !== undefined) {
    results.figures.push({ of: ['soak'], what: 'CPU', unit: 's', better: 'less', values: [cpu] })
  }
}

const requestsIn = ({ counts }: Log) => [...counts.values()].reduce((sum, { sent }) => sum + sent, 0)

const trendIn = (log: Log, minutes: number) => trendOf(log.memory, { minutes, requests: requestsIn(log) })

function reasonsToFail(log: Log, minutes: number): string[] {
  const { faultCount, askedAgain } = log
  const reasons: string[] = []
  if (requestsIn(log) === 0) reasons.push('no request was sent')
  if (faultCount > 0) reasons.push(`${faultCount} answers were wrong`)
  if (askedAgain * ASKED_AGAIN > requestsIn(log)) reasons.push(`${askedAgain} requests had no answer at first`)
  const { grows, growth } = trendIn(log, minutes)
  if (grows) reasons.push(`memory grew by ${figure(growth, 'MiB')}`)
  return reasons
}

function render(results: Results, log: Log): string {
  const rows = [...log.counts].map(([name, { sent, statuses }]) => [
    `  ${name}`,
    sent.toLocaleString('en'),
    [...statuses].map(([status, n]) => `${status} × ${n.toLocaleString('en')}`).join(', '),
  ])
  const minutes = results.settings.minutes as number
  const { growth, chance, thirds, judged, grows } = trendIn(log, minutes)
  const parts = [machineLine(results), '', table(['', 'sent', 'answered'], rows), '']
  if (log.memory.length > 0) {
    const verdict = !judged
      ? `not judged in less than ${LEAST_MINUTES} minutes and ${LEAST_REQUESTS.toLocaleString('en')} requests`
      : grows
        ? 'it grows'
        : 'no growth'
    parts.push(
      `Memory: ${figure(median(log.memory), 'MiB')} in the median, ${figure(log.peak, 'MiB')} at most;` +
        ` after warm-up ${thirds.map((third) => figure(third)).join(', ')} in its thirds, trend ${figure(growth, 'MiB')}` +
        ` (chance of it by accident ${figure(chance)}): ${verdict}.`,
    )
  }
  parts.push(
    `Ran ${duration(60 * minutes)}: ${requestsIn(log).toLocaleString('en')} requests, ${log.predictions.toLocaleString('en')} predictions, ${log.askedAgain} asked again, ${log.faultCount} faults.`,
  )
  return [...parts, ...log.faults.map((one) => `  ${one}`)].join('\n')
}
