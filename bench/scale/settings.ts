/** Connections with which latency is measured, when nobody else waits, and CPU, when the server is never idle. */
export const UNLOADED = 1
export const LOADED = 4
