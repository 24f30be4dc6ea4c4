/** The service over HTTP, with every way it can fail as a value, so that no failure goes unsaid. */
import type { Mode } from './drawing/sheet.ts'

export interface Prediction {
  digit: number | null
  confidence: number
  accepted: boolean
  reason?: 'blank' | 'unfamiliar'
  probabilities: number[]
  /** The 784 bytes that the model saw, base64, row by row, light ink on dark. */
  input?: string
}

export interface ReadDigit {
  digit: number
  confidence: number
  accepted: boolean
  box: { x: number; y: number; width: number; height: number }
}

export interface Reading {
  text: string
  confidence: number
  accepted: boolean
  reason?: string
  width: number
  height: number
  lines: { text: string; digits: ReadDigit[] }[]
}

export type Failure =
  /** No answer came: no network, or no server. */
  | { kind: 'unreachable' }
  | { kind: 'key'; given: boolean }
  | { kind: 'too-many'; seconds: number }
  | { kind: 'refused'; status: number; detail: string }

export type Answer =
  | { kind: 'digit'; prediction: Prediction; json: unknown; milliseconds: number }
  | { kind: 'number'; reading: Reading; json: unknown; milliseconds: number }
  | { kind: 'failure'; failure: Failure }

/** Where each kind of question goes. */
export const PATHS: Record<Mode, string> = { digit: '/v1/predict?include=input', number: '/v1/read' }

/** Where the server does not say how long to wait. */
const USUAL_WAIT_SECONDS = 10

export async function ask(mode: Mode, picture: Blob, key: string | null, signal: AbortSignal): Promise<Answer> {
  const headers: Record<string, string> = { 'content-type': picture.type }
  if (key !== null) headers.authorization = `Bearer ${key}`
  const started = performance.now()
  try {
    const response = await fetch(PATHS[mode], { method: 'POST', headers, body: picture, signal })
    const json = await response.json()
    const milliseconds = performance.now() - started
    if (!response.ok) return { kind: 'failure', failure: failureOf(response, json, key) }
    return mode === 'digit'
      ? { kind: 'digit', prediction: json.predictions[0], json, milliseconds }
      : { kind: 'number', reading: json, json, milliseconds }
  } catch {
    return { kind: 'failure', failure: { kind: 'unreachable' } }
  }
}

function failureOf(response: Response, problem: { detail?: string }, key: string | null): Failure {
  switch (response.status) {
    case 401:
    case 403:
      return { kind: 'key', given: key !== null }
    case 429:
      return { kind: 'too-many', seconds: Number(response.headers.get('retry-after')) || USUAL_WAIT_SECONDS }
    default:
      return { kind: 'refused', status: response.status, detail: problem.detail ?? '' }
  }
}
