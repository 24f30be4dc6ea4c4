/**
 * Puts the Worker's static assets into dist/: the page, /docs and the training report. wrangler runs this before it serves
 * or deploys.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { build } from 'esbuild'

const ROOT = dirname(import.meta.dirname)
const WEB = join(ROOT, 'web')
const DIST = join(ROOT, 'dist')

/** Path in dist to content. */
const files = new Map<string, Uint8Array>()

await addPage('index.html', WEB, ['main.ts', 'page.css'])
await addPage('docs.html', join(WEB, 'docs'), ['docs.ts', 'docs.css'])
files.set('report.html', await readFile(join(ROOT, 'model', 'digits', 'report.html')))

for (const name of await readdir(join(WEB, 'public'))) files.set(name, await readFile(join(WEB, 'public', name)))

// What is already right is not touched, so that a server running on these files never meets half a one.
for (const [path, contents] of files) {
  const target = join(DIST, path)
  if (await isSame(target, contents)) continue
  await mkdir(dirname(target), { recursive: true })
  await writeFile(target, contents)
}
for (const entry of await readdir(DIST, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name).slice(DIST.length + 1)
  if (entry.isFile() && !files.has(path)) await rm(join(DIST, path), { force: true })
}

/** Bundles what a page loads, and points the page to it. */
async function addPage(page: string, folder: string, entries: string[]): Promise<void> {
  // The content's hash is in the name: browsers may keep these files for good.
  const bundles = await build({
    entryPoints: entries.map((entry) => join(folder, entry)),
    entryNames: '[name]-[hash]',
    outdir: 'assets',
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: ['es2022', 'chrome111', 'firefox121', 'safari16.4'],
    logLevel: 'warning',
  })
  let html = await readFile(join(folder, page), 'utf8')
  for (const { path, contents } of bundles.outputFiles) {
    const name = basename(path)
    files.set(join('assets', name), contents)
    html = html.replace(`"/${name.replace(/-\w+(?=\.\w+$)/, '')}"`, `"/assets/${name}"`)
  }
  files.set(page, Buffer.from(html.replaceAll(/<!--.*?-->/gs, '').replaceAll(/^\s+/gm, '')))
}

async function isSame(path: string, contents: Uint8Array): Promise<boolean> {
  try {
    return Buffer.compare(await readFile(path), contents) === 0
  } catch {
    return false
  }
}
