/** What Node brings to the decoding of pictures; WebAssembly is compiled when the first picture of its kind is read. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { inflateSync } from 'node:zlib'
import type { Codecs } from '../image/decode.ts'
import type { WasmModule } from '../image/wasm.ts'

declare const WebAssembly: { Module: new (bytes: Uint8Array) => WasmModule }

export const CODECS: Codecs = {
  jpeg: () => compile('@cwasm/jpeg-turbo/jpeg-turbo.wasm'),
  webp: () => compile('icodec/webp-dec.wasm'),
  inflate: (data, most) => inflateSync(data, { maxOutputLength: most }),
}

const compiled = new Map<string, WasmModule>()

function compile(file: string): WasmModule {
  const known = compiled.get(file)
  if (known) return known
  const module = new WebAssembly.Module(readFileSync(createRequire(import.meta.url).resolve(file)))
  compiled.set(file, module)
  return module
}
