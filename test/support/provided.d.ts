import 'vitest'

declare module 'vitest' {
  /** What global setups hand to the tests. */
  export interface ProvidedContext {
    /** Probabilities of the first 1,000 test images, computed in Node: 1,000 rows. */
    trainingSide: number[][]
  }
}
