/** 28×28 images as text: shaded blocks where a terminal has colours, plain characters where not. */
import { INPUT_PIXELS, INPUT_SIDE } from '../../model/artifact.ts'

/** How a grey value is shown: 24-bit colour, the 256-colour palette, or characters alone. */
export type Shading = 'truecolor' | 'palette' | 'plain'

/** From bare paper to full ink. */
const CHARACTERS = ' .:-=+*#%@'

/** What the stream can show. Pipes, NO_COLOR and dumb terminals get plain characters. */
export function shadingOf(stream: NodeJS.WriteStream): Shading {
  if (!stream.isTTY || process.env.NO_COLOR) return 'plain'
  const depth = stream.getColorDepth()
  return depth >= 24 ? 'truecolor' : depth >= 8 ? 'palette' : 'plain'
}

/**
 * Draws one image, two rows of pixels to a line.
 * @param image 784 bytes, 0..255, light ink on dark
 * @param shrink 1, 2 or 4: that many pixels to a side are averaged
 * @returns 28 / shrink columns wide, half as many lines
 */
export function drawImage(image: Uint8Array, shading: Shading, shrink: 1 | 2 | 4): string[] {
  const side = INPUT_SIDE / shrink
  const value = (x: number, y: number) => {
    let sum = 0
    for (let dy = 0; dy < shrink; dy++) {
      for (let dx = 0; dx < shrink; dx++) sum += image[(y * shrink + dy) * INPUT_SIDE + x * shrink + dx]
    }
    // Averages make thin strokes faint: the root lifts them, and leaves paper and full ink as they are.
    return shrink === 1 ? sum : 255 * Math.sqrt(sum / shrink ** 2 / 255)
  }
  const lines: string[] = []
  for (let y = 0; y < side; y += 2) {
    let line = ''
    for (let x = 0; x < side; x++) {
      const upper = value(x, y)
      const lower = y + 1 < side ? value(x, y + 1) : 0
      line += shading === 'plain' ? character((upper + lower) / 2) : block(upper, lower, shading)
    }
    lines.push(shading === 'plain' ? line : `${line}\x1b[0m`)
  }
  return lines
}

/**
 * Draws one image with two characters a pixel, so that every pixel can be read off without colours.
 * @returns 56 columns, 28 lines
 */
export function drawLarge(image: Uint8Array): string[] {
  return Array.from({ length: INPUT_SIDE }, (_, y) =>
    Array.from(image.subarray(y * INPUT_SIDE, (y + 1) * INPUT_SIDE), (byte) => character(byte).repeat(2)).join(''),
  )
}

/**
 * Draws images in rows, a caption in the middle below each.
 * @param images n × 784 bytes
 */
export function drawGrid(images: Uint8Array, captions: string[], columns: number, shading: Shading, width: number) {
  const shrink = ([1, 2, 4] as const).find((factor) => columns * (INPUT_SIDE / factor + 1) <= width + 1) ?? 4
  const side = INPUT_SIDE / shrink
  const lines: string[] = []
  for (let start = 0; start < captions.length; start += columns) {
    const row = Array.from({ length: Math.min(columns, captions.length - start) }, (_, i) =>
      drawImage(images.subarray((start + i) * INPUT_PIXELS, (start + i + 1) * INPUT_PIXELS), shading, shrink),
    )
    for (let y = 0; y < row[0].length; y++) lines.push(row.map((image) => image[y]).join(' '))
    lines.push(
      captions
        .slice(start, start + columns)
        .map((caption) => centre(caption, side))
        .join(' '),
    )
  }
  return lines.map((line) => line.trimEnd())
}

/** Upper half in the foreground's colour, lower half in the background's. */
function block(upper: number, lower: number, shading: Shading): string {
  const colour =
    shading === 'truecolor'
      ? (grey: number) => `2;${Math.round(grey)};${Math.round(grey)};${Math.round(grey)}`
      : indexed
  return `\x1b[38;${colour(upper)};48;${colour(lower)}m▀`
}

/** The palette's black, its 24 greys and its white. */
function indexed(grey: number): string {
  const step = Math.round((grey / 255) * 25)
  return `5;${step === 0 ? 16 : step === 25 ? 231 : 231 + step}`
}

const character = (grey: number) =>
  CHARACTERS[Math.min(CHARACTERS.length - 1, Math.floor((grey / 256) * CHARACTERS.length))]

function centre(text: string, width: number): string {
  const left = Math.max(0, Math.floor((width - text.length) / 2))
  return `${' '.repeat(left)}${text}`.padEnd(width)
}
