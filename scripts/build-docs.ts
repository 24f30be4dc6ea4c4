/** Bundles /docs for the Worker's static assets. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { build } from 'esbuild'

const ROOT = dirname(import.meta.dirname)
const DOCS = join(ROOT, 'web', 'docs')

/** @returns path among the assets to content */
export async function docsFiles(): Promise<Map<string, Uint8Array>> {
  const bundles = await build({
    entryPoints: [join(DOCS, 'docs.ts'), join(DOCS, 'docs.css')],
    outdir: 'assets',
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    logLevel: 'warning',
  })
  const files = new Map<string, Uint8Array>(bundles.outputFiles.map(({ path, contents }) => [basename(path), contents]))
  return files.set('docs.html', await readFile(join(DOCS, 'docs.html')))
}

if (import.meta.main) {
  const dist = join(ROOT, 'dist')
  const files = await docsFiles()
  const open = join(ROOT, 'web', 'public')
  for (const name of await readdir(open)) files.set(name, await readFile(join(open, name)))
  await mkdir(dist, { recursive: true })
  for (const [path, contents] of files) await writeFile(join(dist, path), contents)
}
