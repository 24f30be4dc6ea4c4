import type { Component } from './components.ts'
import { isWithin } from './picture.ts'

/** What is enclosed is at least this part of what encloses it, by their longer sides; a dot in a nought is less. */
const LEAST = 0.25
/** Ink of an enclosure leaves this middle part of its box empty, along both sides. */
const HOLLOW = 0.5

/**
 * Whether a component is a circle, a box or the like drawn around another: its middle is empty but for the other, which it
 * meets in all four directions.
 * @param labels width×height, per pixel the component it belongs to
 */
export function encloses(outer: Component, inner: Component, labels: Int32Array, width: number): boolean {
  if (!isWithin(inner, outer)) return false
  if (Math.max(inner.width, inner.height) < LEAST * Math.max(outer.width, outer.height)) return false
  return isHollow(outer, labels, width) && isSurrounded(inner, outer, labels, width)
}

function isHollow({ label, x, y, width: w, height: h }: Component, labels: Int32Array, width: number): boolean {
  const margin = (1 - HOLLOW) / 2
  for (let row = Math.ceil(y + margin * h); row < y + (1 - margin) * h; row++) {
    for (let at = Math.ceil(x + margin * w); at < x + (1 - margin) * w; at++) {
      if (labels[row * width + at] === label) return false
    }
  }
  return true
}

function isSurrounded(inner: Component, outer: Component, labels: Int32Array, width: number): boolean {
  const x = Math.floor(inner.x + inner.width / 2)
  const y = Math.floor(inner.y + inner.height / 2)
  const meets = (from: number, to: number, step: number): boolean => {
    for (let i = from; i <= to; i += step) if (labels[i] === outer.label) return true
    return false
  }
  return (
    meets(y * width + outer.x, y * width + x, 1) &&
    meets(y * width + x, y * width + outer.x + outer.width - 1, 1) &&
    meets(outer.y * width + x, y * width + x, width) &&
    meets(y * width + x, (outer.y + outer.height - 1) * width + x, width)
  )
}
