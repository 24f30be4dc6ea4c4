/** Ruled lines, drawn or printed. */

/** A line as it was found: the indices of a pixel in each of its columns, from right to left. */
export type Rule = readonly number[]

/**
 * Clears long thin lines, level within 45° at every step, from a mask in place; strokes that cross them stay.
 *
 * A rule is a chain of pixels from column to column, each at most one row from the last, that begins where the ink is
 * no thicker than `thick`. It goes on through strokes that cross it and where it is only faint, but is cleared only where
 * it is hardly thicker than it mostly is, so that strokes along it stay.
 * @param mask width×height, 1 where inked
 * @param faint likewise, 1 where ink is at least faint: what is printed lightly is inked here and there
 * @param least no line shorter than this is taken for a rule, in pixels
 * @param thick no line thicker than this is
 * @returns those found
 */
export function clearRules(
  mask: Uint8Array,
  faint: Uint8Array,
  width: number,
  height: number,
  least: number,
  thick: number,
): Rule[] {
  if (width < least) return []
  const runs = runsDown(mask, width, height)
  const chains = { width, height, reach: new Uint16Array(width * height), steps: new Uint16Array(width * height) }
  const { reach, steps } = chains
  for (let x = 0; x < width; x++) {
    for (let y = 0, i = x; y < height; y++, i += width) {
      if (!faint[i]) continue
      const before = x > 0 ? lastOf(chains, i, y) : -1
      if (before >= 0) {
        reach[i] = reach[before] + 1
        steps[i] = steps[before] + (before === i - 1 ? 0 : 1)
      } else if (runs[i] > 0 && runs[i] <= thick) reach[i] = 1
    }
  }
  const rules: Rule[] = []
  const marked = new Uint8Array(width * height)
  for (let x = width - 1; x >= 0; x--) {
    for (let i = x; i < reach.length; i += width) {
      if (reach[i] < least) continue
      const rule = chainTo(chains, marked, i)
      // What is shorter leaves a rule: a stroke upon it.
      if (rule.length < least) continue
      for (const at of rule) marked[at] = 1
      const usual = usualRun(rule, runs)
      for (const at of rule) clearRuns(mask, runs, at, Math.min(thick, usual + 1), width)
      rules.push(rule)
    }
  }
  return rules
}

/** Chains that end at each pixel: their length, 0 for none, and how many times they step to another row. */
interface Chains {
  readonly width: number
  readonly height: number
  readonly reach: Uint16Array
  readonly steps: Uint16Array
}

/** The pixel of the column before from which the longest chain, and of these the straightest, goes on to a pixel; −1 for none. */
function lastOf({ width, height, reach, steps }: Chains, i: number, y: number): number {
  let best = reach[i - 1] > 0 ? i - 1 : -1
  for (const beside of [y > 0 ? i - 1 - width : -1, y + 1 < height ? i - 1 + width : -1]) {
    if (beside < 0 || reach[beside] === 0) continue
    const longer = best < 0 ? 1 : reach[beside] - reach[best]
    if (longer > 0 || (longer === 0 && steps[beside] + 1 < steps[best] + (best === i - 1 ? 0 : 1))) best = beside
  }
  return best
}

/** The pixels of a chain, from its end back to where it began or leaves one that is marked. */
function chainTo(chains: Chains, marked: Uint8Array, end: number): number[] {
  const { width, reach } = chains
  const path: number[] = []
  for (let at = end; !marked[at]; at = lastOf(chains, at, Math.floor(at / width))) {
    path.push(at)
    if (reach[at] === 1) break
  }
  return path
}

/** For each pixel how long the run of ink down its column is, up to 255; 0 where there is none. */
function runsDown(mask: Uint8Array, width: number, height: number): Uint8Array {
  const runs = new Uint8Array(mask.length)
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      let end = y
      while (end < height && mask[end * width + x]) end++
      for (let k = y; k < end; k++) runs[k * width + x] = Math.min(255, end - y)
      y = end
    }
  }
  return runs
}

/** How thick a rule is: the median of its runs, 0 where it is mostly faint. */
function usualRun(rule: readonly number[], runs: Uint8Array): number {
  return rule.map((at) => runs[at]).sort((a, b) => a - b)[rule.length >> 1]
}

/** Clears the runs at a pixel and beside it, above and below, that are at most so long. */
function clearRuns(mask: Uint8Array, runs: Uint8Array, i: number, most: number, width: number): void {
  for (const start of [i - width, i, i + width]) {
    if (!(runs[start] > 0 && runs[start] <= most)) continue
    for (let at = start; runs[at] > 0; at -= width) mask[at] = 0
    for (let at = start; runs[at] > 0; at += width) mask[at] = 0
  }
}
