/**
 * What reading a photographed number costs in workerd: processor time beyond decoding the picture, and memory beyond a
 * workerd that does nothing. The photos are composed of MNIST's validation digits; the figures come from Linux's /proc.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { type Composed, compose, PLAIN, type Scene, validationDigits } from '../test/support/compose.ts'
import { Failure } from '../train/commands/command.ts'
import { describeDataError, loadSplit } from '../train/data/dataset.ts'
import { randomOf } from '../train/random.ts'
import { type Bundle, bundleFile, bundleOwn } from './support/bundle.ts'
import { cpuSeconds } from './support/children.ts'
import { median } from './support/statistics.ts'
import { type Server, startWorkerd } from './support/workerd.ts'

interface Photo {
  name: string
  /** JPEG, as phones send it. */
  file: Uint8Array<ArrayBuffer>
}

const NUMBER: Scene = { ...PLAIN, lines: [10], height: 110, gap: [0.12, 0.3], falloff: 0.2, shadow: 0.2 }
/** Rounds in turn with decoding alone, so that whatever else the machine does meets both. */
const ROUNDS = 8
/** Requests in a round. */
const REQUESTS = 20
/** Photos sent one after the other while memory is watched: garbage of the one before counts. */
const IN_A_ROW = 12

/** Measures and prints. */
export async function run(): Promise<void> {
  if (!existsSync('/proc/self/stat')) throw new Failure('This benchmark reads /proc: it needs Linux.')
  console.log('Photos in a local workerd, about a minute.\n')
  const [small, large] = await composePhotos()
  const bundles = {
    read: await bundleOwn(),
    decode: await bundleFile(join(import.meta.dirname, 'contenders/decode.ts')),
  }
  await showTime(bundles, small)
  await showMemory(bundles, [small, large])
}

async function composePhotos(): Promise<[small: Photo, large: Photo]> {
  const loaded = loadSplit('train')
  if (!loaded.ok) throw new Failure(describeDataError(loaded.error))
  const digits = validationDigits(loaded.value)
  const number = compose(digits, NUMBER, randomOf(1, 'photo of a number'))
  const page = compose(digits, { ...NUMBER, lines: [10, 10, 10], height: 220 }, randomOf(1, 'photo of a page'))
  return [await photo(number, 1000, 300), await photo(page, 4032, 3024)]
}

async function photo({ picture }: Composed, width: number, height: number): Promise<Photo> {
  const raw = { width: picture.width, height: picture.height, channels: 4 } as const
  const file = await sharp(picture.data, { raw }).removeAlpha().resize(width, height, { fit: 'fill' }).jpeg().toBuffer()
  return { name: `${width}×${height}`, file: new Uint8Array(file) }
}

interface Bundles {
  read: Bundle
  decode: Bundle
}

async function showTime(bundles: Bundles, photo: Photo): Promise<void> {
  const servers = [await startWorkerd(bundles.read), await startWorkerd(bundles.decode)]
  const rounds: number[][] = [[], []]
  try {
    // The first rounds are for the compilers.
    for (const server of servers) for (let i = 0; i < 2; i++) await millisecondsEach(server, photo)
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, server] of servers.entries()) rounds[i].push(await millisecondsEach(server, photo))
    }
  } finally {
    for (const server of servers) await server.stop()
  }
  const [read, decode] = rounds.map(median)
  const each = rounds[0].map((value, i) => value - rounds[1][i])
  console.log(`processor time of workerd for a photo of ${photo.name}, median of ${ROUNDS} rounds of ${REQUESTS}`)
  console.log(`  POST /v1/read    ${milliseconds(read)}`)
  console.log(`  decoding alone   ${milliseconds(decode)}`)
  console.log(
    `  beyond decoding  ${milliseconds(median(each))}   (${Math.min(...each).toFixed(1)} to ${Math.max(...each).toFixed(1)})`,
  )
}

async function millisecondsEach(server: Server, photo: Photo): Promise<number> {
  const began = cpuSeconds(server.pid)!
  for (let i = 0; i < REQUESTS; i++) await ask(server, photo)
  return ((cpuSeconds(server.pid)! - began) * 1000) / REQUESTS
}

async function showMemory(bundles: Bundles, photos: Photo[]): Promise<void> {
  console.log('\nmost memory of workerd beyond one that does nothing; nothing here bids it collect its garbage')
  const idle = await peakOf(bundles.decode, [])
  const started = await peakOf(bundles.read, [])
  console.log(`  the Worker alone     ${mebibytes(started - idle)}`)
  for (const photo of photos) {
    const first = await peakOf(bundles.read, [photo])
    const more = await peakOf(bundles.read, new Array<Photo>(IN_A_ROW).fill(photo))
    const decode = await peakOf(bundles.decode, [photo])
    console.log(
      `  ${photo.name.padEnd(9)}  one photo ${mebibytes(first - idle)}   ${IN_A_ROW} in a row ${mebibytes(more - idle)}   ` +
        `one, decoding alone ${mebibytes(decode - idle)}`,
    )
  }
}

/** Bytes that a fresh workerd holds at most, from the start on. */
async function peakOf(bundle: Bundle, photos: Photo[]): Promise<number> {
  const server = await startWorkerd(bundle)
  try {
    await (await fetch(`${server.url}/v2/health/ready`)).arrayBuffer()
    for (const photo of photos) await ask(server, photo)
    return peakBytes(server.pid)
  } finally {
    await server.stop()
  }
}

async function ask(server: Server, { file }: Photo): Promise<void> {
  const response = await fetch(`${server.url}/v1/read`, {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg' },
    body: file,
  })
  const text = await response.text()
  if (!response.ok) throw new Failure(`The photo was answered ${response.status}: ${text}`)
}

/** The largest resident set so far: VmHWM of proc_pid_status(5). */
function peakBytes(pid: number): number {
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))
  return Number(line?.[1]) * 1024
}

const milliseconds = (value: number) => `${value.toFixed(1)} ms`.padStart(9)
const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`.padStart(10)
