import { contentOf, crop } from './content.ts'
import { type DigitInk, inkOf } from './ink.ts'
import { around, chooseDigit, findMarks } from './marks.ts'
import { boundingBox, type InkPatch, normalize } from './normalize.ts'
import { panelIn } from './panel.ts'
import { type Box, type Picture, reductionFor } from './picture.ts'

/** A digit as a model sees it and where it was found, or nothing. */
export type DigitInPicture =
  | {
      readonly kind: 'digit'
      /** 784 values 0..255, light ink on dark, as MNIST has them. */
      readonly input: Uint8Array
      /** In pixels of the picture as it was sent. */
      readonly box: Box
    }
  | { readonly kind: 'blank' }

/** A page with one digit needs no more pixels than this along a side, … */
const PAGE_SIDE = 512
/** … and what is drawn on a canvas no more than this. */
const DRAWING_SIDE = 200
/** Pictures smaller than this along a side are a digit and nothing around it. */
const LEAST_PAGE = 64

/** Finds the digit in a picture and brings it to MNIST's form. */
export function digitFromPicture(picture: Picture): DigitInPicture {
  const patch = patchIn(picture)
  if (patch === null) return { kind: 'blank' }
  if (Math.min(picture.width, picture.height) < LEAST_PAGE) return found(patch, picture)
  const panel = panelIn(patch)
  if (panel === null) return found(patch, picture)
  const { scale } = patch
  const part = {
    x: Math.round(patch.left + panel.x * scale),
    y: Math.round(patch.top + panel.y * scale),
    width: Math.round(panel.width * scale),
    height: Math.round(panel.height * scale),
  }
  const inner = patchIn(crop(picture, part))
  if (inner === null) return { kind: 'blank' }
  return found({ ...inner, left: inner.left + part.x, top: inner.top + part.y }, picture)
}

/** The ink of a digit, cut out of a picture. */
interface Patch extends InkPatch {
  /** Where its upper left corner lies in the picture. */
  readonly left: number
  readonly top: number
  /** Pixels of the picture to one of the patch, along each side. */
  readonly scale: number
}

function found(patch: Patch, { width, height, source }: Picture): DigitInPicture {
  const across = source.width / width
  const down = source.height / height
  const left = Math.floor(patch.left * across)
  const top = Math.floor(patch.top * down)
  const right = Math.min(source.width, Math.ceil((patch.left + patch.width * patch.scale) * across))
  const bottom = Math.min(source.height, Math.ceil((patch.top + patch.height * patch.scale) * down))
  return { kind: 'digit', input: normalize(patch), box: { x: left, y: top, width: right - left, height: bottom - top } }
}

function patchIn(picture: Picture): Patch | null {
  const content = contentOf(picture)
  if (content === null) return null
  const isPage = content.width === picture.width && content.height === picture.height
  const most = isPage ? PAGE_SIDE : DRAWING_SIDE
  const ink = inkOf(content, most)
  const patch = ink && digitPatch(ink)
  if (!patch) return null
  const scale = reductionFor(content.width, content.height, most)
  return { ...patch, left: content.x + patch.x * scale, top: content.y + patch.y * scale, scale }
}

/** Brings 784 raw pixels, of either polarity, to MNIST's form. */
export function digitFromPixels(pixels: Uint8Array): DigitInPicture {
  const data = new Uint8Array(pixels.length * 4)
  for (let i = 0; i < pixels.length; i++) {
    data.fill(pixels[i], i * 4, i * 4 + 3)
    data[i * 4 + 3] = 255
  }
  return digitFromPicture({ width: 28, height: 28, data, source: { width: 28, height: 28 } })
}

/** Faint ink along a side of the picture is left out when strong ink is further from there than this part of the digit. */
const FAINT_TAIL = 0.1

/** The ink of the digit, cut out. */
function digitPatch(field: DigitInk): (InkPatch & Box) | null {
  const marks = findMarks(field)
  const chosen = chooseDigit(marks, field.width, field.height)
  if (chosen.length === 0) return null
  const keep = new Uint8Array(marks.count + 1)
  for (const mark of chosen) keep[mark.label] = 1
  const { x: left, y: top, width, height } = around(chosen)
  const ink = new Float32Array(width * height)
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0, from = (top + y) * field.width + left; x < width; x++, from++, to++) {
      if (keep[marks.labels[from]]) ink[to] = field.ink[from]
    }
  }
  return withoutTails({ x: left, y: top, width, height, ink }, marks.strong, field)
}

/** Cuts off faint ink through which a digit is joined to the picture's edge: it stands on a fold or in a rest of shadow. */
function withoutTails(patch: InkPatch & Box, strong: number, { width, height }: DigitInk): InkPatch & Box {
  const right = patch.x + patch.width
  const bottom = patch.y + patch.height
  if (patch.x > 0 && patch.y > 0 && right < width && bottom < height) return patch
  const core = boundingBox(patch, strong)
  if (core === null) return patch
  const tail = Math.ceil(FAINT_TAIL * Math.max(core.width, core.height))
  const cut = (isAtEdge: boolean, length: number): number => (isAtEdge && length > tail ? length - tail : 0)
  const fromLeft = cut(patch.x === 0, core.x)
  const fromTop = cut(patch.y === 0, core.y)
  const fromRight = cut(right === width, patch.width - core.x - core.width)
  const fromBottom = cut(bottom === height, patch.height - core.y - core.height)
  const box = { width: patch.width - fromLeft - fromRight, height: patch.height - fromTop - fromBottom }
  const ink = new Float32Array(box.width * box.height)
  for (let y = 0; y < box.height; y++) {
    const from = (fromTop + y) * patch.width + fromLeft
    ink.set(patch.ink.subarray(from, from + box.width), y * box.width)
  }
  return { x: patch.x + fromLeft, y: patch.y + fromTop, ...box, ink }
}
