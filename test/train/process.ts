/** The commands as processes. */
import { spawn } from 'node:child_process'

export interface Ended {
  code: number | null
  out: string
  err: string
}

/** @param input what standard input holds */
export function run(command: 'show' | 'evaluate' | 'predict', args: string[], input?: Uint8Array): Promise<Ended> {
  const child = spawn(process.execPath, [`train/commands/${command}.ts`, ...args], { stdio: 'pipe' })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    err += chunk
  })
  child.stdin.end(input)
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })))
}
