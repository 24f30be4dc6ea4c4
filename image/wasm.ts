// The few lines of WebAssembly's API that decoders use: Workers, Node and browsers have it, but it stands in none of
// TypeScript's libraries but the browser's.

/** A compiled module: what a Worker gets from `import m from 'x.wasm'`, and others from {@link compile}. */
export type WasmModule = object

declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => WasmModule
  Instance: new (module: WasmModule, imports: Record<string, Record<string, unknown>>) => { exports: object }
}

/** Compiles a module from its bytes: for Node and browsers; Workers forbid it and import modules compiled. */
export function compile(bytes: Uint8Array): WasmModule {
  return new WebAssembly.Module(bytes)
}

/** What decoders compiled with a C allocator export. */
export interface WasmHeap {
  readonly memory: { readonly buffer: ArrayBuffer }
  malloc(bytes: number): number
}

/**
 * A new instance. Each picture gets its own: whatever a hostile file does to the decoder's memory ends with it, and the
 * memory that a large one took is given back, which a long-lived instance never does.
 */
export function instantiate<T>(module: WasmModule, imports: Record<string, Record<string, unknown>>): T {
  return new WebAssembly.Instance(module, imports).exports as T
}

/** Functions that a decoder was linked with and calls only when it gives up. */
export function refuse(...names: readonly string[]): Record<string, () => never> {
  const fail = (): never => {
    throw new Error('the decoder gave up')
  }
  return Object.fromEntries(names.map((name) => [name, fail]))
}

/** Copies bytes into a decoder's memory. @returns their address, or 0 when there is no room */
export function copyIn(heap: WasmHeap, bytes: Uint8Array): number {
  const address = heap.malloc(bytes.length)
  if (address !== 0) new Uint8Array(heap.memory.buffer, address, bytes.length).set(bytes)
  return address
}
