/**
 * A bundle in a workerd of its own, straight on a socket: nothing of a development server is in the way, so that what is
 * measured is what the runtime and the Worker do. Static assets, which Cloudflare serves before a Worker is reached, are
 * left out; so is the rate limiter, which the Worker does not ask about requests without a client address.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { type Bundle, MODULE_KINDS } from './bundle.ts'
import { end, endWithUs } from './children.ts'

// Not imported: vitest and Node differ in what the default export of a CommonJS module is.
const workerd: { default: string } = createRequire(import.meta.url)('workerd')

export interface Server {
  /** Without a slash at its end. */
  url: string
  /** Of the process that answers. */
  pid: number
  stop(): Promise<void>
}

interface Surroundings {
  /** Ctrl-C, which a terminal sends to all processes, does not end it. */
  survivesInterrupt?: boolean
  /** The JavaScript of another Worker that gets the requests in its stead and has it as the bindings DIGITS and, by its entrypoint, NAMED. */
  caller?: string
}

/**
 * @returns a server that listens; its first answer may still have to load the Worker
 */
export async function startWorkerd(
  bundle: Bundle,
  { survivesInterrupt = false, caller }: Surroundings = {},
): Promise<Server> {
  const config = join(bundle.folder, 'config.capnp')
  await writeFile(config, capnp(bundle, caller))
  const child = spawn(workerd.default, ['serve', config, '--control-fd=3'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    detached: survivesInterrupt,
  })
  endWithUs(child)
  const complaints: string[] = []
  child.stderr!.on('data', (chunk) => {
    // Kept for the error message only; what a Worker logs over a long run must not fill the memory.
    if (complaints.length < 100) complaints.push(`${chunk}`)
  })
  const port = await portOf(child, () => complaints.join(''))
  return { url: `http://127.0.0.1:${port}`, pid: child.pid!, stop: () => end(child) }
}

/** workerd tells the port it was given, as a line of JSON on the control descriptor. */
function portOf(child: ChildProcess, complaints: () => string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`workerd ended with ${code}: ${complaints()}`)))
    child.once('error', reject)
    ;(child.stdio[3] as Readable).on('data', (chunk) => {
      const port = /"event":"listen","socket":"http","port":(\d+)/.exec(`${chunk}`)
      if (port) resolve(Number(port[1]))
    })
  })
}

/** https://github.com/cloudflare/workerd/blob/main/src/workerd/server/workerd.capnp */
function capnp({ entry, modules, compatibilityDate, vars }: Bundle, caller?: string): string {
  const text = JSON.stringify
  const embed = (file: string, kind: string) => `(name = ${text(file)}, ${kind} = embed ${text(file)})`
  const embedded = [embed(entry, 'esModule'), ...modules.map((file) => embed(file, MODULE_KINDS[extname(file)]!))]
  const bindings = Object.entries(vars).map(([name, value]) => `(name = ${text(name)}, text = ${text(value)})`)
  const services = caller === undefined ? ['main'] : ['main', 'caller']
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [${services.map((name) => `(name = "${name}", worker = .${name})`).join(', ')}],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "${services.at(-1)}")],
);
const main :Workerd.Worker = (
  compatibilityDate = ${text(compatibilityDate)},
  modules = [${embedded.join(', ')}],
  bindings = [${bindings.join(', ')}],
);
${caller === undefined ? '' : callerOf(caller, compatibilityDate)}`
}

const callerOf = (source: string, compatibilityDate: string) => `const caller :Workerd.Worker = (
  compatibilityDate = ${JSON.stringify(compatibilityDate)},
  modules = [(name = "caller", esModule = ${JSON.stringify(source)})],
  bindings = [(name = "DIGITS", service = "main"), (name = "NAMED", service = (name = "main", entrypoint = "EdgeDigits"))],
);
`
