/** The service through its typed client, with every way it can fail as a value, so that no failure goes unsaid. */
import {
  type Failure as ClientFailure,
  createClient,
  EdgeDigitsError,
  type Prediction,
  type ReadResponse,
} from '../client/index.ts'
import type { Mode } from './drawing/sheet.ts'

export type Failure =
  /** No answer came: no network, or no server. */
  | { kind: 'unreachable' }
  | { kind: 'key'; given: boolean }
  | { kind: 'too-many'; seconds: number }
  | { kind: 'refused'; status: number; detail: string }

/** `json` is the whole answer as it came. */
export type Answer =
  | { kind: 'digit'; prediction: Prediction; json: unknown; milliseconds: number }
  | { kind: 'number'; reading: ReadResponse; json: unknown; milliseconds: number }
  | { kind: 'failure'; failure: Failure }

/** Where the client sends each kind of question, with the query. */
export const PATHS: Record<Mode, string> = { digit: '/v1/predict?include=input', number: '/v1/read' }

/** Where the server does not say how long to wait. */
const USUAL_WAIT_SECONDS = 10

export async function ask(mode: Mode, picture: Blob, key: string | null, signal: AbortSignal): Promise<Answer> {
  // The page itself tries again: by then there may be newer ink to ask about.
  const client = createClient(location.origin, { apiKey: key ?? undefined, retries: 0 })
  const started = performance.now()
  const milliseconds = () => performance.now() - started
  try {
    if (mode === 'digit') {
      const json = await client.predict(picture, { includeInput: true, signal })
      return { kind: 'digit', prediction: json.predictions[0], json, milliseconds: milliseconds() }
    }
    const json = await client.read(picture, { signal })
    return { kind: 'number', reading: json, json, milliseconds: milliseconds() }
  } catch (error) {
    const failure: Failure =
      error instanceof EdgeDigitsError ? failureOf(error.failure, key !== null) : { kind: 'unreachable' }
    return { kind: 'failure', failure }
  }
}

function failureOf(failure: ClientFailure, given: boolean): Failure {
  if (failure.kind === 'network' || failure.kind === 'timeout') return { kind: 'unreachable' }
  const { status, detail } = failure.kind === 'problem' ? failure.problem : failure
  switch (status) {
    case 401:
    case 403:
      return { kind: 'key', given }
    case 429:
      return { kind: 'too-many', seconds: failure.retryAfter ?? USUAL_WAIT_SECONDS }
    default:
      return { kind: 'refused', status, detail }
  }
}
