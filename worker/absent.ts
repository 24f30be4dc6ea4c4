/** In the stead of what the WASM backend's glue imports and Workers do not use: its threads, and files (wrangler.toml). */
export default undefined
export const wasmWorkerContents = ''
