/** A picture's writing, looked at with as many pixels as it needs. */
import { clearCrease } from './creases.ts'
import type { Ink } from './ink.ts'
import { mend } from './mending.ts'
import { inkOfPage } from './page.ts'
import type { Box, Picture } from './picture.ts'
import type { Piece } from './pieces.ts'
import { type Segments, segment } from './segment.ts'
import { cutOutSheet } from './surroundings.ts'
import { boxBefore, type Turn, turnPage } from './turn.ts'

/** A page's ink and what it is made of. */
export interface Writing extends Segments {
  readonly page: Ink
  /** How the page was turned, so that its lines are level; `null` when it is as it was seen. */
  readonly turn: Turn | null
  /** Where the page's upper left corner is in the picture as it was sent, in pixels of it. */
  readonly corner: { readonly x: number; readonly y: number }
}

const CORNER = { x: 0, y: 0 }

/** Most pixels along a page's longer side at a first look, and at a closer one if its digits turn out small. */
const ROUGH_SIDE = 640
const FINE_SIDE = 1280
/** Digits this many pixels high show all that a classifier of 28×28 is shown of them, and where they touch. */
const ENOUGH = 36
/** A second look costs as much as the first and more: only at digits lower than this, or higher. */
const TOO_LOW = 26
const TOO_HIGH = 110
/** Creases of one page. */
const MOST_CREASES = 4

/** Finds the writing in a picture, on the sheet that lies in it if there is one. @returns `null` when there is none */
export function findWriting(picture: Picture): Writing | null {
  const sheet = cutOutSheet(picture)
  const writing = sheet && writingOn(sheet.picture)
  if (!writing) return writingOn(picture)
  const scale = picture.source.width / picture.width
  return { ...writing, corner: { x: sheet.x * scale, y: sheet.y * scale } }
}

function writingOn(picture: Picture): Writing | null {
  const longer = Math.max(picture.width, picture.height)
  const rough = look(picture, ROUGH_SIDE)
  if (longer > ROUGH_SIDE && (rough === null || rough.height < TOO_LOW)) return look(picture, FINE_SIDE) ?? rough
  if (rough === null || rough.height < TOO_HIGH) return rough
  const reduction = Math.ceil(longer / ROUGH_SIDE) * Math.floor(rough.height / ENOUGH)
  return look(picture, Math.ceil(longer / reduction)) ?? rough
}

function look(picture: Picture, side: number): Writing | null {
  const page = inkOfPage(picture, side)
  if (page === null) return null
  let segments = segment(page)
  for (let fold = 0; fold < MOST_CREASES; fold++) {
    const pieces = segments.lines.flatMap((line) => line.pieces)
    if (!clearCrease(page, pieces, segments.stroke)) break
    segments = segment(page)
  }
  const pieces = segments.lines.flatMap((line) => line.pieces)
  if (mend(page, pieces, segments.stroke)) segments = segment(page)
  if (segments.lines.length === 0) return null
  const writing = { page, turn: null, corner: CORNER, ...segments }
  return segments.slope === 0 ? writing : turned(writing)
}

/** The same page set level, as long as there is writing on it still. */
function turned(writing: Writing): Writing {
  const { page, turn } = turnPage(writing.page, writing.slope)
  const segments = segment(page)
  return segments.lines.length === 0 ? writing : { page, turn, corner: CORNER, ...segments }
}

/** Where ink of a page is in the picture as it was sent, in whole pixels of it. */
export function boxInPicture(ink: Piece, { page, turn, corner }: Writing, { source }: Picture): Box {
  const box = turn === null ? ink : boxBefore(turn, ink, page.width)
  const x = clamp(Math.floor(corner.x + box.x * page.scale), source.width - 1)
  const y = clamp(Math.floor(corner.y + box.y * page.scale), source.height - 1)
  const right = Math.min(source.width, Math.ceil(corner.x + (box.x + box.width) * page.scale))
  const bottom = Math.min(source.height, Math.ceil(corner.y + (box.y + box.height) * page.scale))
  return { x, y, width: Math.max(1, right - x), height: Math.max(1, bottom - y) }
}

const clamp = (value: number, most: number) => Math.max(0, Math.min(most, value))
