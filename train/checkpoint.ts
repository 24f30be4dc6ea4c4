/**
 * Keeps a training state in one file, written whole or not at all.
 *
 * The file: a line naming the format, a line of JSON with everything but the vectors, then the vectors as little-endian
 * float32, one after the other. The JSON holds the SHA-256 of the vectors, so a damaged file is noticed.
 */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { replaceDurably } from './durable.ts'
import type { TrainingState } from './fit.ts'

const FORMAT = 'edge-digits training state 1'

/** What the JSON line holds: the state without its vectors, and what is needed to read them. */
interface Header {
  state: Omit<TrainingState, 'parameters' | 'average' | 'teacher' | 'optimizer'>
  steps: number
  /** Length of every vector. */
  size: number
  moments: number
  averaged: boolean
  taught: boolean
  sha256: string
}

export type CheckpointError =
  /** The file or its folder cannot be written or read; `reason` is the system's. */
  | { kind: 'inaccessible'; file: string; reason: string }
  /** The file is there but is no training state, or a damaged one. */
  | { kind: 'unreadable'; file: string; expected: string; found: string }

export type CheckpointRead = { ok: true; state: TrainingState } | { ok: false; error: CheckpointError }
export type CheckpointWrite = { ok: true } | { ok: false; error: CheckpointError }

/** Keeps a state under a name; whatever fails, the name holds the state from before or this one. */
export function writeCheckpoint(file: string, state: TrainingState): CheckpointWrite {
  const { parameters, average, teacher, optimizer, ...rest } = state
  const vectors = [parameters, ...(average ? [average] : []), ...(teacher ? [teacher] : []), ...optimizer.moments]
  const bytes = Buffer.concat(vectors.map((v) => new Uint8Array(v.buffer, v.byteOffset, v.byteLength)))
  const header: Header = {
    state: rest,
    steps: optimizer.steps,
    size: parameters.length,
    moments: optimizer.moments.length,
    averaged: average !== undefined,
    taught: teacher !== undefined,
    sha256: sha256(bytes),
  }
  try {
    replaceDurably(file, Buffer.concat([Buffer.from(`${FORMAT}\n${JSON.stringify(header)}\n`), bytes]))
    return { ok: true }
  } catch (error) {
    return inaccessible(file, error)
  }
}

/** Reads a state back; every vector is checked for its length and the whole for its checksum. */
export async function readCheckpoint(file: string): Promise<CheckpointRead> {
  let content: Buffer
  try {
    content = await readFile(file)
  } catch (error) {
    return inaccessible(file, error)
  }
  const unreadable = (expected: string, found: string): CheckpointRead => ({
    ok: false,
    error: { kind: 'unreadable', file, expected, found },
  })
  const formatEnd = content.indexOf('\n')
  const format = content.subarray(0, Math.max(0, Math.min(formatEnd, 80))).toString('latin1')
  if (format !== FORMAT) return unreadable(`a first line "${FORMAT}"`, JSON.stringify(format))
  const headerEnd = content.indexOf('\n', formatEnd + 1)
  const header = parseHeader(content.subarray(formatEnd + 1, Math.max(headerEnd, formatEnd + 1)).toString())
  if (header === null) return unreadable('a second line of JSON that describes the state', 'something else')
  const bytes = content.subarray(headerEnd + 1)
  const { size } = header
  const count = 1 + Number(header.averaged) + Number(header.taught) + header.moments
  const length = count * size * Float32Array.BYTES_PER_ELEMENT
  if (bytes.length !== length) return unreadable(`${length} bytes of weights`, `${bytes.length}`)
  const found = sha256(bytes)
  if (found !== header.sha256) return unreadable(`weights with SHA-256 ${header.sha256}`, found)
  // Copied, because a view would need an offset that is a multiple of four.
  const numbers = new Float32Array(Uint8Array.from(bytes).buffer)
  const vectors = Array.from({ length: count }, (_, i) => numbers.slice(i * size, (i + 1) * size))
  const [parameters, ...others] = vectors
  const average = header.averaged ? { average: others.shift()! } : {}
  const teacher = header.taught ? { teacher: others.shift()! } : {}
  return {
    ok: true,
    state: { ...header.state, parameters, ...average, ...teacher, optimizer: { steps: header.steps, moments: others } },
  }
}

function parseHeader(text: string): Header | null {
  try {
    const header = JSON.parse(text) as Partial<Header> | null
    const whole = (n: unknown) => Number.isInteger(n) && (n as number) >= 0
    const sound =
      header !== null &&
      typeof header.state === 'object' &&
      whole(header.size) &&
      whole(header.steps) &&
      whole(header.moments) &&
      typeof header.averaged === 'boolean' &&
      typeof header.taught === 'boolean' &&
      typeof header.sha256 === 'string'
    return sound ? (header as Header) : null
  } catch {
    return null
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function inaccessible(file: string, error: unknown): { ok: false; error: CheckpointError } {
  return { ok: false, error: { kind: 'inaccessible', file, reason: (error as Error).message } }
}
