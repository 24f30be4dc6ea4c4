/**
 * Puts TensorFlow.js's Emscripten glue where wrangler.toml's aliases find it, without sight of Node's `process`: it asks for
 * it to see whether it runs in Node, and workerd then loads all of it, 5 ms of a start.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const GLUE = '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js'
const TARGET = join(import.meta.dirname, '../.wrangler/glue/tfjs-backend-wasm.js')

const source = await readFile(createRequire(import.meta.url).resolve(GLUE), 'utf8')
const glue = `var process;${source}`
if ((await readFile(TARGET, 'utf8').catch(() => '')) !== glue) {
  await mkdir(dirname(TARGET), { recursive: true })
  await writeFile(TARGET, glue)
}
