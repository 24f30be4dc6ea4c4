/** Workers as they are deployed: bundled and minified by wrangler itself, without a deployment. */
import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { cp, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, delimiter, dirname, extname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { Failure } from '../../train/commands/command.ts'

export const ROOT = join(import.meta.dirname, '../..')
/** Each process has its own, so that two benchmarks do not meet; it goes with the process. */
export const BUILDS = join(ROOT, '.wrangler/bench', `${process.pid}`)
process.once('exit', () => rmSync(BUILDS, { recursive: true, force: true }))
const CONFIG = join(ROOT, 'wrangler.toml')

export interface Bundle {
  folder: string
  /** Files in the folder: the entry's, and the binary modules that it imports. */
  entry: string
  modules: string[]
  compatibilityDate: string
  /** Plain-text bindings. */
  vars: Record<string, string>
  /** KiB that a deployment would upload, gzip, as wrangler says. */
  uploadKiB: number
}

/** The project's own Worker, by its own wrangler.toml. */
export const bundleOwn = (): Promise<Bundle> => bundle('ours', CONFIG)

/** A Worker of one file, with the project's compatibility date, defines and minification. */
export async function bundleFile(entry: string): Promise<Bundle> {
  const name = basename(entry, extname(entry))
  return bundle(name, await configFor(name, entry))
}

/**
 * The project's Worker with another `worker/digits.ts`: everything but the network's forward pass stays as it is.
 * @param digits a module that exports what worker/digits.ts does
 */
export async function bundleWith(digits: string): Promise<Bundle> {
  const name = basename(digits, extname(digits))
  const source = join(BUILDS, `${name}-source`)
  await rm(source, { recursive: true, force: true })
  await cp(join(ROOT, 'worker'), join(source, 'worker'), { recursive: true })
  for (const folder of ['image', 'model', 'recognize']) await symlink(join(ROOT, folder), join(source, folder))
  const specifier = relative(join(source, 'worker'), digits)
  await writeFile(join(source, 'worker/digits.ts'), `export * from ${JSON.stringify(specifier)}\n`)
  return bundle(name, await configFor(name, join(source, 'worker/index.ts')))
}

async function configFor(name: string, main: string): Promise<string> {
  const { compatibility_date, define, minify, keep_names, vars } = await readConfig()
  const path = join(BUILDS, `${name}.json`)
  await mkdir(BUILDS, { recursive: true })
  const config = { name, main, compatibility_date, define, minify, keep_names, vars, send_metrics: false }
  await writeFile(path, JSON.stringify(config))
  return path
}

async function bundle(name: string, config: string): Promise<Bundle> {
  const folder = join(BUILDS, name)
  await rm(folder, { recursive: true, force: true })
  const uploadKiB = await dryRun(config, folder)
  const files = await readdir(folder)
  const entry = files.find((file) => extname(file) === '.js')
  if (entry === undefined) throw new Error(`wrangler left no bundle in ${folder}.`)
  const modules = files.filter((file) => MODULE_KINDS[extname(file)] !== undefined)
  const { compatibility_date, vars } = await readConfig()
  const texts = Object.entries(vars).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return { folder, entry, modules, compatibilityDate: compatibility_date!, vars: Object.fromEntries(texts), uploadKiB }
}

/** wrangler is loaded only here: it takes a second, and most commands do without. */
async function readConfig() {
  const { unstable_readConfig } = await import('wrangler')
  return unstable_readConfig({ config: CONFIG }, { hideWarnings: true })
}

/** Kinds of modules, besides JavaScript, that wrangler puts beside the bundle; names as workerd.capnp has them. */
export const MODULE_KINDS: Record<string, 'wasm' | 'data' | undefined> = { '.wasm': 'wasm', '.bin': 'data' }

async function dryRun(config: string, folder: string): Promise<number> {
  const wrangler = join(ROOT, 'node_modules/wrangler/bin/wrangler.js')
  const flags = ['deploy', '--dry-run', '--outdir', folder, '--config', config, '--env', '']
  // wrangler.toml's build command calls `node`, which has to be this one.
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter)
  const env = { ...process.env, PATH: path, WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1' }
  const { stdout } = await promisify(execFile)(process.execPath, [wrangler, ...flags], { cwd: ROOT, env }).catch(
    ({ stderr }: { stderr: string }) => {
      throw new Failure(`wrangler could not build ${config}:\n${stderr}`)
    },
  )
  const size = /gzip: ([\d.]+) KiB/.exec(stdout)
  if (!size) throw new Error(`wrangler did not say how large the upload is:\n${stdout}`)
  return Number(size[1])
}
