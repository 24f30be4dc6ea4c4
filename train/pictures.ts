/** Pictures on disk, labelled or not, brought to what the network sees by the Worker's own pipeline. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from '../image/decode.ts'
import { createReducer, type Picture, reductionFor } from '../image/picture.ts'
import { inputFromPicture } from '../recognize/digit.ts'
import { CODECS } from './codecs.ts'
import { pngUrl } from './png.ts'

/** A picture's file and what is in it: the index of a digit's class, or a number's digits. */
export interface LabelledFile<Label = number> {
  /** Relative to the folder it was found in. */
  file: string
  label: Label
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

/** Decodes a picture file as the Worker does. @param bytes a PNG, JPEG or WebP file */
export function decodePicture(bytes: Uint8Array): { ok: true; picture: Picture } | { ok: false; reason: string } {
  const decoded = decode(bytes, { maxPixels: MAX_PIXELS }, CODECS)
  return decoded.ok ? decoded : { ok: false, reason: decoded.error.message }
}

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
  const decoded = decodePicture(bytes)
  if (!decoded.ok) return ''
  const { width, height, data } = decoded.picture
  const small = createReducer(width, height, reductionFor(width, height, THUMBNAIL_SIDE))
  for (let y = 0; y < height; y++) small.push(data, y * width * 4)
  return pngUrl({ width: small.width, height: small.height, samples: small.data })
}

type Listed<Label> = { ok: true; value: LabelledFile<Label>[] } | { ok: false; error: PictureFolderError }

/**
 * Lists a folder's pictures of one digit each: a folder for each class, or labels.csv.
 * @param labels names of the classes, as the folders or labels.csv have them
 */
export function listPictures(folder: string, labels: string[]): Listed<number> {
  const kind = { one: 'class (0, 1, …)', label: `a label among ${labels.join(', ')}` }
  return list(folder, kind, (name) => {
    const index = labels.indexOf(name)
    return index < 0 ? undefined : index
  })
}

/**
 * Lists a folder's pictures of whole numbers: a folder for each number, or labels.csv. Spaces, hyphens, dots, commas,
 * apostrophes, slashes, parentheses and plus signs in a label are left out; its lines stay.
 */
export function listNumbers(folder: string): Listed<string> {
  return list(folder, { one: 'number (94103, …)', label: 'the digits of a number' }, digitsOf)
}

/** The digits of each line, or undefined where there is anything that is no part of a number. */
function digitsOf(text: string): string | undefined {
  if (!/^[\d\s()./,'’+-]*\d[\d\s()./,'’+-]*$/.test(text)) return undefined
  const lines = text.split('\n').map((line) => line.replaceAll(/\D/g, ''))
  return lines.filter((line) => line !== '').join('\n')
}

/** What labels of a kind are called: `one` each folder stands for, `label` in a table's column. */
interface LabelKind {
  one: string
  label: string
}

/** @param labelOf the label that a folder's name or a table's field stands for, undefined for none */
function list<Label>(folder: string, kind: LabelKind, labelOf: (text: string) => Label | undefined): Listed<Label> {
  const table = join(folder, 'labels.csv')
  let files: LabelledFile<Label>[]
  try {
    files = existsSync(table)
      ? fromTable(readFileSync(table, 'utf8'), kind.label, labelOf)
      : fromFolders(folder, labelOf)
  } catch (cause) {
    if (cause instanceof BadTable) return failed(table, cause.message)
    return failed(folder, `it cannot be read (${cause instanceof Error ? cause.message : String(cause)})`)
  }
  if (files.length > 0) return { ok: true, value: files }
  const layout = `one folder for each ${kind.one} with PNG, JPEG or WebP files, or labels.csv with columns file and label`
  return failed(folder, `no labelled picture there; expected ${layout}`)
}

class BadTable extends Error {}

function fromFolders<Label>(folder: string, labelOf: (text: string) => Label | undefined): LabelledFile<Label>[] {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  return names.flatMap((name) => {
    const label = labelOf(name)
    if (label === undefined) return []
    const pictures = readdirSync(join(folder, name)).filter((file) => PICTURE.test(file))
    return pictures.sort().map((file) => ({ file: join(name, file), label }))
  })
}

function fromTable<Label>(
  text: string,
  expected: string,
  labelOf: (text: string) => Label | undefined,
): LabelledFile<Label>[] {
  const [head, ...rows] = parseCsv(text)
  const fileAt = head?.indexOf('file') ?? -1
  const labelAt = head?.indexOf('label') ?? -1
  if (fileAt < 0 || labelAt < 0) {
    throw new BadTable(`expected columns file and label in the first line, found ${head?.join(', ') || 'nothing'}`)
  }
  return rows.map((row, i) => {
    const label = labelOf(row[labelAt] ?? '')
    if (!row[fileAt]) throw new BadTable(`row ${i + 2}: expected a file name, found nothing`)
    if (label === undefined) {
      throw new BadTable(`row ${i + 2}: expected ${expected}, found ${row[labelAt] || 'nothing'}`)
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
