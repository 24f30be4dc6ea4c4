/** Who answers: the project's Worker, the floor under every Worker, and what one would use instead. */
import { join } from 'node:path'
import { Failure } from '../../train/commands/command.ts'
import { type Bundle, bundleFile, bundleOwn, bundleWith, ROOT } from '../support/bundle.ts'
import { type Server, startWorkerd } from '../support/workerd.ts'
import type { Case, CaseName } from './cases.ts'
import { preparePython } from './python.ts'

export interface Contender {
  name: string
  /** One line: what it is. */
  what: string
  cases: readonly CaseName[]
  /** Builds it. @returns why it cannot run here, if it cannot */
  prepare(): Promise<Prepared | string>
}

export interface Prepared {
  start(): Promise<Server>
  /** KiB that would be uploaded, gzip; undefined for what is no Worker. */
  uploadKiB?: number
}

const IMAGES: readonly CaseName[] = ['one image', 'batch of 128']
const PICTURES: readonly CaseName[] = [...IMAGES, 'PNG']

/** The first two are what all are compared with, and always run. */
export const CONTENDERS: readonly Contender[] = [
  {
    name: 'floor',
    what: 'a Worker that only reads the body and answers as many bytes',
    cases: [...PICTURES, 'photo'],
    prepare: () => prepare(bundleFile(file('floor'))),
  },
  {
    name: 'ours',
    what: "the project's Worker as it is deployed",
    cases: [...PICTURES, 'photo'],
    prepare: () => prepare(bundleOwn()),
  },
  {
    name: 'tfjs-wasm',
    what: 'the same Worker with stock loadLayersModel and model.predict on the WASM backend',
    cases: PICTURES,
    prepare: () => prepare(bundleWith(file('tfjs-wasm'))),
  },
  {
    name: 'tfjs-cpu',
    what: "the same Worker with stock loadLayersModel and model.predict on TensorFlow.js's CPU backend",
    cases: PICTURES,
    prepare: () => prepare(bundleWith(file('tfjs-cpu'))),
  },
  {
    name: 'javascript',
    what: 'the same Worker with a forward pass in plain JavaScript that skips inputs of 0',
    cases: PICTURES,
    prepare: () => prepare(bundleWith(file('javascript'))),
  },
  {
    name: 'onnxruntime',
    what: 'onnxruntime-web in a Worker that does nothing else: no other routes, ids, headers or log',
    cases: IMAGES,
    prepare: () => prepare(bundleFile(file('onnxruntime'))),
  },
  {
    name: 'python',
    what: 'PyTorch behind FastAPI, in a process of its own',
    cases: IMAGES,
    prepare: preparePython,
  },
]

export const [FLOOR, OURS] = CONTENDERS

const file = (name: string) => join(ROOT, `bench/contenders/${name}.ts`)

async function prepare(building: Promise<Bundle>): Promise<Prepared> {
  const bundle = await building
  return { start: () => startWorkerd(bundle), uploadKiB: bundle.uploadKiB }
}

/** Asks once. @returns the answer as it came; throws when it is not the right one */
export async function ask(name: string, url: string, { path, contentType, body, digits }: Case): Promise<string> {
  const headers = { 'content-type': contentType }
  const response = await fetch(url + path, { method: 'POST', headers, body: new Uint8Array(body) })
  const answer = await response.text()
  const found = response.ok ? digitsOf(JSON.parse(answer)) : `${response.status} ${answer.slice(0, 200)}`
  if (found !== digits) throw new Failure(`${name} is wrong: it answers ${found} where ${digits} is right.`)
  return answer
}

/** What answers with digits look like: those of /v1/predict, /v1/read and the Open Inference Protocol. */
interface Answer {
  text?: string
  predictions?: { digit: number | null }[]
  outputs?: { name: string; data: number[] }[]
}

/** The digits in an answer of any route, in their order. */
export function digitsOf({ text, predictions, outputs }: Answer): string {
  const tensor = outputs?.find(({ name }) => name === 'digit')?.data
  return text ?? (tensor ?? predictions?.map(({ digit }) => digit) ?? []).join('')
}
