/** Processes that a benchmark starts, and what the system says of them. */
import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { EXIT } from '../../train/commands/command.ts'

let running: Set<ChildProcess> | undefined

/** However the benchmark ends, the child ends with it. */
export function endWithUs(child: ChildProcess): void {
  running ??= watchForTheEnd()
  running.add(child)
  child.once('exit', () => running!.delete(child))
}

function watchForTheEnd(): Set<ChildProcess> {
  const children = new Set<ChildProcess>()
  process.once('SIGINT', () => {
    // Whoever else listens ends in their own way.
    if (process.listenerCount('SIGINT') === 0) process.exit(EXIT.interrupted)
  })
  process.once('SIGTERM', () => process.exit(EXIT.failed))
  process.once('exit', () => {
    for (const child of children) child.kill('SIGKILL')
  })
  return children
}

/** Ends a child and waits until it is gone. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
}

/** Clock ticks a second in /proc, the same on every Linux (`getconf CLK_TCK`). */
const TICKS = 100

/** Seconds of processor time that a process has used, user and system; undefined where there is no /proc. */
export function cpuSeconds(pid: number): number | undefined {
  const stat = procFile(pid, 'stat')
  // After the name in parentheses, which may hold anything: utime and stime are the 12th and 13th from there.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields && (Number(fields[11]) + Number(fields[12])) / TICKS
}

/** MiB that a process holds in memory (resident set); undefined where there is no /proc. */
export function residentMiB(pid: number): number | undefined {
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(procFile(pid, 'status') ?? '')
  return kib ? Number(kib[1]) / 1024 : undefined
}

function procFile(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return undefined
  }
}
