import { distanceTo } from '../../image/distance.ts'

const SIDE = 28
/** Strokes are thinned with so many pixels to one of MNIST's along each side. */
const FINE = 4
const FINE_SIDE = SIDE * FINE

/**
 * Draws a digit anew with a round pen along the middle of its strokes, edges anti-aliased.
 * @param digit 784 bytes, light ink on dark
 * @param zoom pixels to one of MNIST's
 * @param pen its width in pixels
 * @returns ink 0..1 at a place, in pixels from the corner of the enlarged picture
 */
export function trace(digit: Uint8Array, zoom: number, pen: number): (x: number, y: number) => number {
  const middle = thin(enlarge(digit))
  // Room for the pen around MNIST's picture.
  const margin = Math.ceil(pen / 2) + 1
  const side = Math.ceil(SIDE * zoom) + 2 * margin
  const path = new Uint8Array(side * side)
  const place = (at: number): number => ((at + 0.5) * zoom) / FINE + margin
  for (let y = 0; y < FINE_SIDE; y++) {
    for (let x = 0; x < FINE_SIDE; x++) {
      if (!middle[y * FINE_SIDE + x]) continue
      for (const [dx, dy] of [
        [0, 0],
        [1, 0],
        [-1, 1],
        [0, 1],
        [1, 1],
      ]) {
        if (x + dx < 0 || x + dx >= FINE_SIDE || y + dy >= FINE_SIDE) continue
        if (!middle[(y + dy) * FINE_SIDE + x + dx]) continue
        const steps = Math.ceil((2 * zoom) / FINE)
        for (let k = 0; k <= steps; k++) {
          const atX = Math.floor(place(x + (dx * k) / steps))
          path[Math.floor(place(y + (dy * k) / steps)) * side + atX] = 1
        }
      }
    }
  }
  const distance = distanceTo(path, side, side)
  return (x, y) => {
    const [column, row] = [Math.floor(x) + margin, Math.floor(y) + margin]
    if (column < 0 || row < 0 || column >= side || row >= side) return 0
    return Math.max(0, Math.min(1, pen / 2 + 0.5 - distance[row * side + column]))
  }
}

/** Where there is ink, four times as fine. */
function enlarge(digit: Uint8Array): Uint8Array {
  const at = (x: number, y: number): number => (x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 0 : digit[y * SIDE + x])
  const mask = new Uint8Array(FINE_SIDE * FINE_SIDE)
  for (let y = 0; y < FINE_SIDE; y++) {
    for (let x = 0; x < FINE_SIDE; x++) {
      const [u, v] = [(x + 0.5) / FINE - 0.5, (y + 0.5) / FINE - 0.5]
      const [left, top] = [Math.floor(u), Math.floor(v)]
      const upper = at(left, top) + (at(left + 1, top) - at(left, top)) * (u - left)
      const lower = at(left, top + 1) + (at(left + 1, top + 1) - at(left, top + 1)) * (u - left)
      mask[y * FINE_SIDE + x] = upper + (lower - upper) * (v - top) > 100 ? 1 : 0
    }
  }
  return mask
}

/** Takes pixels off a mask's outline, in place, until lines one pixel wide are left (Zhang and Suen, 1984). */
function thin(mask: Uint8Array): Uint8Array {
  const w = FINE_SIDE
  const around = [-w, -w + 1, 1, w + 1, w, w - 1, -1, -w - 1]
  for (let changed = true; changed; ) {
    changed = false
    for (const pass of [0, 1]) {
      const gone: number[] = []
      for (let y = 1; y < w - 1; y++) {
        for (let i = y * w + 1; i < y * w + w - 1; i++) {
          if (!mask[i]) continue
          const n = around.map((step) => mask[i + step])
          const count = n.reduce((sum, one) => sum + one, 0)
          if (count < 2 || count > 6) continue
          let rises = 0
          for (let k = 0; k < 8; k++) if (!n[k] && n[(k + 1) % 8]) rises++
          if (rises !== 1) continue
          const [north, east, south, west] = [n[0], n[2], n[4], n[6]]
          const isCorner =
            pass === 0 ? (north & east & south) | (east & south & west) : (north & east & west) | (north & south & west)
          if (!isCorner) gone.push(i)
        }
      }
      for (const i of gone) mask[i] = 0
      if (gone.length > 0) changed = true
    }
  }
  return mask
}
