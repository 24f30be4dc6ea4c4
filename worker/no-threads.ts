/** In the stead of the WASM backend's glue for threads, which Workers do not have (wrangler.toml). */
export default undefined
export const wasmWorkerContents = ''
