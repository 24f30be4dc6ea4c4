import type { Box } from './picture.ts'

/** A set of marked pixels that touch, corners included. */
export interface Component extends Box {
  /** Its number in {@link Labels.labels}. */
  readonly label: number
  /** Marked pixels. */
  readonly area: number
}

/** A mask's connected components. */
export interface Labels {
  /** Per pixel the number of its component, from 1; 0 where nothing is marked. */
  readonly labels: Int32Array
  /** Component k stands at k − 1; they are in the order in which a scan by rows meets them. */
  readonly components: readonly Component[]
}

/**
 * Labels the 8-connected components of a mask, in two passes by rows with union-find (Rosenfeld and Pfaltz, 1966).
 * @param mask width×height, not 0 where marked
 */
export function labelComponents(mask: ArrayLike<number>, width: number, height: number): Labels {
  const labels = new Int32Array(width * height)
  // No two of a row's neighbours can each begin a component, so there are at most half as many labels as pixels.
  const parent = new Int32Array(Math.ceil(width / 2) * height + 1)
  let count = 0
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (!mask[i]) continue
      let label = x > 0 ? labels[i - 1] : 0
      if (y > 0) {
        const above = i - width
        if (labels[above]) label = join(parent, label, labels[above])
        else {
          if (x > 0 && labels[above - 1]) label = join(parent, label, labels[above - 1])
          if (x + 1 < width && labels[above + 1]) label = join(parent, label, labels[above + 1])
        }
      }
      if (label === 0) {
        label = ++count
        parent[label] = label
      }
      labels[i] = label
    }
  }
  const number = new Int32Array(count + 1)
  let components = 0
  for (let label = 1; label <= count; label++) if (parent[label] === label) number[label] = ++components
  for (let label = 1; label <= count; label++) number[label] = number[find(parent, label)]
  return { labels, components: measure(labels, number, width, height, components) }
}

/**
 * The root of a set in a forest, each of whose nodes holds its parent's number and roots their own; what is passed on the way
 * is hung onto the root (union-find).
 */
export function find(parent: Int32Array, label: number): number {
  let root = label
  while (parent[root] !== root) root = parent[root]
  for (let at = label; parent[at] !== root; ) {
    const next = parent[at]
    parent[at] = root
    at = next
  }
  return root
}

function join(parent: Int32Array, a: number, b: number): number {
  if (a === 0 || a === b) return b
  const rootA = find(parent, a)
  const rootB = find(parent, b)
  const root = Math.min(rootA, rootB)
  parent[Math.max(rootA, rootB)] = root
  return root
}

/** Renumbers the labels in place and measures each component. */
function measure(
  labels: Int32Array,
  number: Int32Array,
  width: number,
  height: number,
  count: number,
): readonly Component[] {
  const left = new Int32Array(count + 1).fill(width)
  const right = new Int32Array(count + 1).fill(-1)
  const top = new Int32Array(count + 1).fill(height)
  const bottom = new Int32Array(count + 1).fill(-1)
  const area = new Int32Array(count + 1)
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (labels[i] === 0) continue
      const k = number[labels[i]]
      labels[i] = k
      area[k]++
      if (x < left[k]) left[k] = x
      if (x > right[k]) right[k] = x
      if (y < top[k]) top[k] = y
      bottom[k] = y
    }
  }
  return Array.from({ length: count }, (_, i) => {
    const k = i + 1
    const size = { x: left[k], y: top[k], width: right[k] - left[k] + 1, height: bottom[k] - top[k] + 1 }
    return { label: k, area: area[k], ...size }
  })
}
