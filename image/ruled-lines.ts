/** Ruled lines and frames, drawn or printed across the page. */

/** A rule is at least this many times as long as it is thick. */
const SLENDER = 14

/**
 * Clears long thin lines, level within 45° at every step, from a mask in place; strokes that cross them stay.
 *
 * A rule is a chain of pixels from column to column, each at most one row from the last, that begins where the ink is
 * no thicker than `thick`. It goes on through strokes that cross it, but is cleared only where it is thin.
 * @param mask width×height, 1 where inked
 * @param least no line shorter than this is taken for a rule, in pixels
 * @param thick no line thicker than this is
 */
export function clearRules(mask: Uint8Array, width: number, height: number, least: number, thick: number): void {
  const length = Math.max(least, SLENDER * thick)
  if (width < length) return
  const thin = thinInk(mask, width, height, thick)
  const reach = new Uint16Array(width * height)
  const rule = new Uint8Array(width * height)
  for (let x = 0; x < width; x++) {
    for (let y = 0, i = x; y < height; y++, i += width) {
      if (!mask[i]) continue
      let before = 0
      if (x > 0) {
        before = reach[i - 1]
        if (y > 0) before = Math.max(before, reach[i - 1 - width])
        if (y + 1 < height) before = Math.max(before, reach[i - 1 + width])
      }
      if (before > 0 || thin[i]) reach[i] = before + 1
    }
  }
  for (let x = width - 1; x >= 0; x--) {
    for (let i = x; i < reach.length; i += width) if (reach[i] >= length) markBack(rule, reach, i, width)
  }
  for (let i = 0; i < mask.length; i++) if (rule[i] && thin[i]) mask[i] = 0
}

/** Marks pixels of runs down a column that are at most `thick` long. */
function thinInk(mask: Uint8Array, width: number, height: number, thick: number): Uint8Array {
  const thin = new Uint8Array(mask.length)
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; ) {
      if (!mask[y * width + x]) {
        y++
        continue
      }
      let end = y
      while (end < height && mask[end * width + x]) end++
      if (end - y <= thick) for (let k = y; k < end; k++) thin[k * width + x] = 1
      y = end
    }
  }
  return thin
}

/** Follows a chain back to where it began. */
function markBack(rule: Uint8Array, reach: Uint16Array, end: number, width: number): void {
  for (let at = end; !rule[at]; ) {
    rule[at] = 1
    const wanted = reach[at] - 1
    if (wanted === 0) return
    const next = [at - 1, at - 1 - width, at - 1 + width].find((step) => reach[step] === wanted)
    if (next === undefined) return
    at = next
  }
}
