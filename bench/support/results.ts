/** What a benchmark measured, as a file: bench/results holds the ones that are quoted. */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import workerd from 'workerd'
import { Failure } from '../../train/commands/command.ts'
import { median } from './statistics.ts'

const FORMAT = 'edge-digits bench 1'

const finite = v.pipe(v.number(), v.finite())

const figureSchema = v.strictObject({
  /** What was measured, from the general to the particular, for example `['ours', 'one image', '8 connections']`. */
  of: v.pipe(v.array(v.string()), v.minLength(1)),
  what: v.string(),
  /** Empty for a plain ratio. */
  unit: v.string(),
  better: v.picklist(['more', 'less']),
  /** One for each round, in their order. */
  values: v.pipe(v.array(finite), v.minLength(1)),
})

const resultsSchema = v.strictObject({
  format: v.literal(FORMAT),
  bench: v.string(),
  /** Day in UTC, ISO 8601. */
  date: v.pipe(v.string(), v.isoDate()),
  machine: v.record(v.string(), v.union([v.string(), v.number()])),
  settings: v.record(v.string(), v.unknown()),
  /** What could not be measured here, and why. */
  leftOut: v.record(v.string(), v.string()),
  figures: v.array(figureSchema),
})

export type Figure = v.InferOutput<typeof figureSchema>
export type Results = v.InferOutput<typeof resultsSchema>

export const newResults = (bench: string, settings: Results['settings']): Results => ({
  format: FORMAT,
  bench,
  date: new Date().toISOString().slice(0, 10),
  machine: describeMachine(),
  settings,
  leftOut: {},
  figures: [],
})

/** What figures depend on: the machine, and the versions of what runs on it. */
export function describeMachine(): Results['machine'] {
  const processors = cpus()
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: `${type()} ${release()}`,
    node: process.versions.node,
    workerd: workerd.version,
    wrangler: versionOf('wrangler'),
    tfjs: versionOf('@tensorflow/tfjs-core'),
    onnxruntime: versionOf('onnxruntime-web'),
  }
}

export function readResults(path: string): Results {
  let parsed: unknown
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new Failure(`${path} is no JSON: ${cause.message}.`)
    throw new Failure(`${path} cannot be read: ${cause instanceof Error ? cause.message : cause}.`)
  }
  const result = v.safeParse(resultsSchema, parsed)
  if (result.success) return result.output
  const [issue] = result.issues
  throw new Failure(`${path} is no result of npm run bench: ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}.`)
}

export function writeResults(path: string, results: Results): void {
  try {
    writeFileSync(path, `${renderJson(results)}\n`)
  } catch (cause) {
    throw new Failure(`${path} cannot be written: ${cause instanceof Error ? cause.message : cause}.`)
  }
}

/** One line a figure, so that a new run's difference can be read. */
export function renderJson(results: Results): string {
  const { figures, ...head } = results
  const lines = figures.map((figure) => `    ${JSON.stringify({ ...figure, values: figure.values.map(shortened) })}`)
  const top = JSON.stringify(head, null, 2).slice(0, -2)
  return `${top},\n  "figures": [\n${lines.join(',\n')}\n  ]\n}`
}

/** The rounds of one figure; undefined where it was not measured. */
export function valuesOf(results: Results, what: string, ...of: string[]): number[] | undefined {
  return results.figures.find((figure) => figure.what === what && figure.of.join('\n') === of.join('\n'))?.values
}

/** The median over the rounds; undefined where it was not measured. */
export function medianOf(results: Results, what: string, ...of: string[]): number | undefined {
  const values = valuesOf(results, what, ...of)
  return values && median(values)
}

const shortened = (value: number) => Number(value.toPrecision(5))

function versionOf(name: string): string {
  const path = join(import.meta.dirname, '../../node_modules', name, 'package.json')
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}
