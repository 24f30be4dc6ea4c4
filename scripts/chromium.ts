/** A Chromium for the page's tests and picture: finds one on this machine, or brings one where that needs no questions asked. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']
const PLACES = [
  '/usr/bin',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/** Quiet: no first-run pages, and no request to anyone but the page's own server. */
const QUIET = [
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const isRoot = () => process.getuid?.() === 0

export async function launchChromium(executablePath: string): Promise<Browser> {
  // As root Chromium cannot set up its sandbox; anywhere else it stays on.
  return chromium.launch({ executablePath, chromiumSandbox: !isRoot(), args: QUIET })
}

/** @returns the path of a Chromium that starts */
export function findOrBringChromium(): string {
  const named = process.env.CHROMIUM
  if (named) {
    if (starts(named)) return named
    throw new Error(`CHROMIUM is ${named}, which does not start as a Chromium.`)
  }
  return find() ?? bring() ?? refuse()
}

function find(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...PLACES]
  const candidates = folders.flatMap((folder) => [folder, ...NAMES.map((name) => join(folder, name))])
  return [...candidates, chromium.executablePath()].find(starts)
}

/** Ubuntu's /usr/bin/chromium-browser may be a note that says to install a snap: only what tells its version is one. */
function starts(path: string): boolean {
  if (!/chrom|edge/i.test(path) || !existsSync(path)) return false
  const { status, stdout } = spawnSync(path, ['--version', '--no-sandbox'], { encoding: 'utf8', timeout: 30_000 })
  return status === 0 && /chrom|edge/i.test(stdout)
}

/** Debian has Chromium as a package; Ubuntu's package is a snap, so there playwright-core's installer comes first. */
function bring(): string | undefined {
  const become = isRoot() ? [] : ['sudo', '-n']
  const system = distribution()
  const mayInstall = isRoot() || spawnSync('sudo', ['-n', 'true']).status === 0
  if (system === 'debian' && mayInstall) {
    const apt = [...become, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get']
    console.log('No Chromium found: installing the package chromium with apt-get.')
    run([...apt, 'update', '-q'])
    run([...apt, 'install', '-y', '-q', '--no-install-recommends', 'chromium'])
    const found = find()
    if (found) return found
  }
  console.log("No Chromium found: fetching one with playwright-core's installer.")
  const needs = mayInstall && system !== undefined ? ['--with-deps'] : []
  run([
    process.execPath,
    join(import.meta.dirname, '../node_modules/playwright-core/cli.js'),
    'install',
    ...needs,
    'chromium',
  ])
  return find()
}

function distribution(): 'debian' | 'ubuntu' | undefined {
  if (!existsSync('/etc/os-release')) return undefined
  const id = /^ID="?(\w+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
  return id === 'debian' || id === 'ubuntu' ? id : undefined
}

function run([command, ...args]: string[]): void {
  spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], timeout: 600_000 })
}

function refuse(): never {
  throw new Error(`The page's tests need a Chromium and there is none that starts. Do one of these:
  Debian:  sudo apt-get install chromium
  Ubuntu:  sudo npx playwright-core install --with-deps chromium
  else:    install Chromium or Chrome, or say where one is: CHROMIUM=/path/to/chromium npm test`)
}
