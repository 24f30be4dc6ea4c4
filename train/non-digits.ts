/**
 * Pictures that are no digits, made from digits and chance: to see what the rejection threshold is worth on things that
 * anyone with this repository can make again. All are brought to MNIST's form as any picture is, so that neither size
 * nor place gives them away.
 */
import { normalize } from '../image/normalize.ts'
import { INPUT_PIXELS, INPUT_SIDE } from '../model/artifact.ts'
import { elasticFields } from './augment.ts'
import type { Split } from './data/dataset.ts'
import { type Random, randomOf, shuffled } from './random.ts'

export interface NonDigits {
  name: string
  description: string
  count: number
  /** count × 784 bytes, 0..255, light ink on dark. */
  images: Uint8Array
}

interface Kind {
  name: string
  description: string
  draw(digits: Split, random: Random): Float32Array
}

const KINDS: Kind[] = [
  {
    name: 'shuffled digits',
    description: 'a digit cut into sixteen squares of 7×7 pixels, put together in random order',
    draw: shuffleBlocks,
  },
  { name: 'two digits at once', description: 'two different digits laid over each other', draw: overlay },
  { name: 'scribbles', description: 'four to six random curved strokes', draw: scribble },
  { name: 'blots', description: 'smooth random shapes, as of spilt ink', draw: blot },
]

/**
 * The same pictures for the same digits and seed, on every machine.
 * @param digits what the first two kinds are made from
 * @param count pictures of each kind
 */
export function makeNonDigits(digits: Split, count: number, seed: number): NonDigits[] {
  return KINDS.map(({ name, description, draw }) => {
    const images = new Uint8Array(count * INPUT_PIXELS)
    for (let i = 0; i < count; i++) {
      const ink = draw(digits, randomOf(seed, name, i))
      images.set(normalize({ width: INPUT_SIDE, height: INPUT_SIDE, ink }), i * INPUT_PIXELS)
    }
    return { name, description, count, images }
  })
}

function shuffleBlocks(digits: Split, random: Random): Float32Array {
  const image = pick(digits, random)
  const side = 7
  const across = INPUT_SIDE / side
  const order = shuffled(across * across, random)
  const out = new Float32Array(INPUT_PIXELS)
  for (let y = 0; y < INPUT_SIDE; y++) {
    for (let x = 0; x < INPUT_SIDE; x++) {
      const block = order[Math.floor(y / side) * across + Math.floor(x / side)]
      const fromY = Math.floor(block / across) * side + (y % side)
      const fromX = (block % across) * side + (x % side)
      out[y * INPUT_SIDE + x] = image.ink[fromY * INPUT_SIDE + fromX]
    }
  }
  return out
}

function overlay(digits: Split, random: Random): Float32Array {
  const one = pick(digits, random)
  let other = pick(digits, random)
  // Data of a single class has no other.
  for (let tries = 0; other.label === one.label && tries < 20; tries++) other = pick(digits, random)
  return one.ink.map((value, i) => Math.max(value, other.ink[i]))
}

/** Quadratic Bézier curves drawn with a round pen. */
function scribble(_: Split, random: Random): Float32Array {
  const out = new Float32Array(INPUT_PIXELS)
  const point = () => ({ x: 3 + random.uniform() * 22, y: 3 + random.uniform() * 22 })
  const radius = 0.8 + random.uniform() * 0.9
  const strokes = 4 + random.below(3)
  for (let stroke = 0; stroke < strokes; stroke++) {
    const [from, bend, to] = [point(), point(), point()]
    for (let step = 0; step <= 48; step++) {
      const t = step / 48
      const s = 1 - t
      const x = s * s * from.x + 2 * s * t * bend.x + t * t * to.x
      const y = s * s * from.y + 2 * s * t * bend.y + t * t * to.y
      dab(out, x, y, radius)
    }
  }
  return out
}

/** The higher parts of a smooth random landscape, fading out towards the border. */
function blot(_: Split, random: Random): Float32Array {
  const { values } = elasticFields(1, random)
  const centre = (INPUT_SIDE - 1) / 2
  return values.map((height, i) => {
    const dx = ((i % INPUT_SIDE) - centre) / centre
    const dy = (Math.floor(i / INPUT_SIDE) - centre) / centre
    return Math.min(1, Math.max(0, 2 * (height + 0.6 - 1.6 * (dx * dx + dy * dy))))
  }) as Float32Array
}

function dab(out: Float32Array, x: number, y: number, radius: number): void {
  const reach = radius + 1
  for (let py = Math.max(0, Math.floor(y - reach)); py <= Math.min(INPUT_SIDE - 1, y + reach); py++) {
    for (let px = Math.max(0, Math.floor(x - reach)); px <= Math.min(INPUT_SIDE - 1, x + reach); px++) {
      const distance = Math.sqrt((px - x) * (px - x) + (py - y) * (py - y))
      const ink = Math.min(1, Math.max(0, radius + 0.5 - distance))
      const i = py * INPUT_SIDE + px
      if (ink > out[i]) out[i] = ink
    }
  }
}

function pick({ images, labels, count }: Split, random: Random): { ink: Float32Array; label: number } {
  const index = random.below(count)
  const ink = Float32Array.from(images.subarray(index * INPUT_PIXELS, (index + 1) * INPUT_PIXELS), (byte) => byte / 255)
  return { ink, label: labels[index] }
}
