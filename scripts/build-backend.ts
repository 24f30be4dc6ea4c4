/**
 * Puts TensorFlow.js's WASM backend where wrangler.toml's aliases find it, made smaller for a Worker's start:
 *
 * - its Emscripten glue without sight of Node's `process`: it asks for it to see whether it runs in Node, and workerd then
 *   loads all of it, 5 ms of a start;
 * - its binary without the kernels that serving does not call, nor what only they need: half of it. What stays is as it was.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** The one kernel that serving uses: see worker/backend.ts. All kernels' names begin with a capital, some after an underscore. */
const KERNEL = '_FusedMatMul'
const isOtherKernel = (name: string) => /^_?[A-Z]/.test(name) && name !== KERNEL

const { resolve } = createRequire(import.meta.url)
const target = (name: string) => join(import.meta.dirname, '../.wrangler/backend', name)

async function buildGlue(): Promise<void> {
  const source = await readFile(resolve('@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js'), 'utf8')
  await writeChanged('tfjs-backend-wasm.js', `var process;${source}`)
}

/** wrangler watches what it bundles. */
async function writeChanged(name: string, text: string): Promise<void> {
  const path = target(name)
  if ((await readFile(path, 'utf8').catch(() => '')) !== text) await writeFile(path, text)
}

/** Made only of another source, or by another version of this: it takes a second. */
async function buildBinary(): Promise<void> {
  const name = 'tfjs-backend-wasm-simd.wasm'
  const path = target(name)
  // wrangler takes binary modules as such where they are imported, not where an alias leads to them.
  await writeChanged('binary.js', `export { default } from './${name}'\n`)
  const source = await readFile(resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'))
  const from = createHash('sha256')
    .update(source)
    .update(await readFile(import.meta.filename))
    .digest('hex')
  if ((await readFile(`${path}.from`, 'utf8').catch(() => '')) === from) return
  await writeFile(path, await withoutOtherKernels(source))
  await writeFile(`${path}.from`, from)
}

async function withoutOtherKernels(binary: Uint8Array): Promise<Uint8Array> {
  const { default: binaryen } = await import('binaryen')
  const module = binaryen.readBinary(binary)
  const names = Array.from({ length: module.getNumExports() }, (_, i) => {
    return binaryen.getExportInfo(module.getExportByIndex(i)).name
  })
  for (const name of names.filter(isOtherKernel)) module.removeExport(name)
  module.runPasses(['remove-unused-module-elements'])
  return module.emitBinary()
}

await mkdir(target('.'), { recursive: true })
await buildGlue()
await buildBinary()
