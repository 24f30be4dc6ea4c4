/** The load generator, which runs in a process of its own so that it does not share the benchmark's or the server's thread. */
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { end, endWithUs } from './children.ts'

export interface BurstRequest {
  url: string
  method: 'POST'
  headers: Record<string, string>
  body: Uint8Array
  connections: number
  /** Requests in all, or else for how long. */
  amount?: number
  seconds?: number
}

export interface Burst {
  responses: number
  /** From the first request to the last answer. */
  seconds: number
  /** Milliseconds from a request to its answer. */
  p50: number
  p99: number
  /** Answers other than 2xx, and requests without one. */
  failures: number
  /** Share of a processor that the generator took; near 1 it, and not the server, is the limit. */
  generatorBusy: number
}

export interface LoadGenerator {
  shoot(request: BurstRequest): Promise<Burst>
  stop(): Promise<void>
}

export function startLoadGenerator(): LoadGenerator {
  const child = fork(join(import.meta.dirname, 'load-process.ts'), { serialization: 'advanced' })
  endWithUs(child)
  return { shoot: (request) => ask(child, request), stop: () => end(child) }
}

function ask(child: ChildProcess, request: BurstRequest): Promise<Burst> {
  return new Promise((resolve, reject) => {
    const fail = (code: number | null) => reject(new Error(`The load generator ended with ${code}.`))
    child.once('exit', fail)
    child.once('message', (burst) => {
      child.off('exit', fail)
      resolve(burst as Burst)
    })
    child.send(request)
  })
}
