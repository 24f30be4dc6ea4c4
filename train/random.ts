/**
 * Seeded random numbers that are the same bits on every machine.
 *
 * Only integer operations, +, −, × and comparison are used: IEEE 754 fixes their results. Math.log, Math.cos and the like
 * are left to each engine's taste, so the normal distribution is made of sums of uniform numbers instead.
 */
export interface Random {
  /** The next 32 random bits, 0..2³²−1. */
  bits(): number
  /** Uniform in [0, 1). */
  uniform(): number
  /** Uniform in [−limit, limit). */
  symmetric(limit: number): number
  /** A whole number, uniform in 0..n−1. */
  below(n: number): number
  /** Mean 0, standard deviation 1: twelve uniform numbers summed, minus six (so never beyond ±6). */
  normal(): number
}

/** A part of a seed: the user's number, the purpose by name, the epoch, the index of an image. */
export type SeedPart = number | string

/**
 * A generator of its own for every purpose, so that no stream depends on how much of another was used.
 * @example const random = randomOf(seed, 'shuffle', epoch)
 */
export function randomOf(...parts: SeedPart[]): Random {
  const hash = hashParts(parts)
  return xoshiro128(mix(hash + 0x9e3779b9), mix(hash + 0x3c6ef372), mix(hash + 0xdaa66d2b), mix(hash + 0x78dde6e4))
}

/** The whole numbers 0..n−1 in random order (Fisher–Yates). */
export function shuffled(n: number, random: Random): Uint32Array {
  const order = new Uint32Array(n)
  for (let i = 0; i < n; i++) {
    const j = random.below(i + 1)
    order[i] = order[j]
    order[j] = i
  }
  return order
}

/** xoshiro128** 1.1 by Blackman and Vigna (public domain). The state must not be all zero. */
function xoshiro128(a: number, b: number, c: number, d: number): Random {
  const bits = () => {
    const product = Math.imul(b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9)
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = (d << 11) | (d >>> 21)
    return result >>> 0
  }
  const uniform = () => bits() * 2 ** -32
  return {
    bits,
    uniform,
    symmetric: (limit) => (2 * uniform() - 1) * limit,
    below: (n) => Math.floor(uniform() * n),
    normal: () => {
      let sum = -6
      for (let i = 0; i < 12; i++) sum += uniform()
      return sum
    },
  }
}

function hashParts(parts: SeedPart[]): number {
  let hash = 0x811c9dc5
  for (const part of parts) {
    // A number is hashed by its two 32-bit halves, so that seeds above 2³² differ too.
    const words =
      typeof part === 'number'
        ? [part | 0, Math.floor(part / 2 ** 32) | 0]
        : Array.from(part, (letter) => letter.codePointAt(0)!)
    for (const word of [...words, words.length]) hash = mix(Math.imul(hash ^ word, 0x01000193))
  }
  return hash
}

/** The finalizer of MurmurHash3: every bit of the input moves every bit of the output. */
function mix(word: number): number {
  let h = word | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
