/** Pictures on disk, labelled or not, brought to what the network sees by the Worker's own pipeline. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from '../image/decode.ts'
import { createReducer, reductionFor } from '../image/picture.ts'
import { inputFromPicture } from '../recognize/digit.ts'
import { CODECS } from './codecs.ts'
import { pngUrl } from './png.ts'

/** A picture's file and the digit that is in it. */
export interface LabelledFile {
  /** Relative to the folder it was found in. */
  file: string
  label: number
}

export interface PictureFolderError {
  kind: 'picture-folder'
  path: string
  reason: string
}

/** A phone's 12 megapixels, the most that the Worker reads. */
const MAX_PIXELS = 12 * 2 ** 20

const THUMBNAIL_SIDE = 96

const PICTURE = /\.(png|jpe?g|webp)$/i
const LAYOUT =
  'one folder for each class (0, 1, …) with PNG, JPEG or WebP files, or labels.csv with columns file and label'

/**
 * Brings a picture file to 784 bytes, 0..255, light ink on dark, as the Worker does.
 * @param bytes a PNG, JPEG or WebP file
 */
export function readPicture(bytes: Uint8Array): { ok: true; input: Uint8Array } | { ok: false; reason: string } {
  const read = inputFromPicture(bytes, 'always', { maxPixels: MAX_PIXELS }, CODECS)
  return read.ok ? read : { ok: false, reason: read.error.message }
}

/** A picture file as it looks, at most 96 pixels a side, as a `data:` URL; empty if it cannot be read. */
export function thumbnail(bytes: Uint8Array): string {
  const decoded = decode(bytes, { maxPixels: MAX_PIXELS }, CODECS)
  if (!decoded.ok) return ''
  const { width, height, data } = decoded.picture
  const small = createReducer(width, height, reductionFor(width, height, THUMBNAIL_SIDE))
  for (let y = 0; y < height; y++) small.push(data, y * width * 4)
  return pngUrl({ width: small.width, height: small.height, samples: small.data })
}

/**
 * Lists the labelled pictures of a folder.
 * @param labels names of the classes, as the folders or labels.csv have them
 */
export function listPictures(
  folder: string,
  labels: string[],
): { ok: true; value: LabelledFile[] } | { ok: false; error: PictureFolderError } {
  const table = join(folder, 'labels.csv')
  let files: LabelledFile[]
  try {
    files = existsSync(table) ? fromTable(readFileSync(table, 'utf8'), labels) : fromFolders(folder, labels)
  } catch (cause) {
    if (cause instanceof BadTable) return failed(table, cause.message)
    return failed(folder, `it cannot be read (${cause instanceof Error ? cause.message : String(cause)})`)
  }
  if (files.length === 0) return failed(folder, `no labelled picture there; expected ${LAYOUT}`)
  return { ok: true, value: files }
}

class BadTable extends Error {}

function fromFolders(folder: string, labels: string[]): LabelledFile[] {
  const classes = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && labels.includes(entry.name))
    .map((entry) => entry.name)
    .sort()
  return classes.flatMap((name) =>
    readdirSync(join(folder, name))
      .filter((file) => PICTURE.test(file))
      .sort()
      .map((file) => ({ file: join(name, file), label: labels.indexOf(name) })),
  )
}

function fromTable(text: string, labels: string[]): LabelledFile[] {
  const [head, ...rows] = parseCsv(text)
  const fileAt = head?.indexOf('file') ?? -1
  const labelAt = head?.indexOf('label') ?? -1
  if (fileAt < 0 || labelAt < 0) {
    throw new BadTable(`expected columns file and label in the first line, found ${head?.join(', ') || 'nothing'}`)
  }
  return rows.map((row, i) => {
    const label = labels.indexOf(row[labelAt] ?? '')
    if (!row[fileAt]) throw new BadTable(`row ${i + 2}: expected a file name, found nothing`)
    if (label < 0) {
      throw new BadTable(
        `row ${i + 2}: expected a label among ${labels.join(', ')}, found ${row[labelAt] || 'nothing'}`,
      )
    }
    return { file: row[fileAt], label }
  })
}

/** Rows of comma-separated fields, quotes as in RFC 4180; empty lines are left out. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let quoted = false
  const end = () => {
    row.push(field.trim())
    field = ''
  }
  const endRow = () => {
    end()
    if (row.some((value) => value !== '')) rows.push(row)
    row = []
  }
  const letters = text.replace(/^\uFEFF/, '')
  for (let i = 0; i < letters.length; i++) {
    const letter = letters[i]
    if (quoted) {
      if (letter !== '"') field += letter
      else if (letters[i + 1] === '"') field += letters[++i]
      else quoted = false
    } else if (letter === '"') quoted = true
    else if (letter === ',') end()
    else if (letter === '\n') endRow()
    else if (letter !== '\r') field += letter
  }
  endRow()
  return rows
}

const failed = (path: string, reason: string) => ({
  ok: false as const,
  error: { kind: 'picture-folder' as const, path, reason },
})
