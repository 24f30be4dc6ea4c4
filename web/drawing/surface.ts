/** The canvas on the screen: paints a sheet's content as sharp as the screen is, in the page's ink. */
import type { Content } from './history.ts'
import type { Sheet } from './sheet.ts'
import { paintStrokes } from './strokes.ts'

export interface Surface {
  /** Shows this from the next frame on. */
  show(sheet: Sheet, content: Content): void
}

export function createSurface(canvas: HTMLCanvasElement): Surface {
  const context = canvas.getContext('2d')!
  let shown: { sheet: Sheet; content: Content } | undefined
  let frame: number | undefined

  const repaint = () => {
    if (frame === undefined) frame = requestAnimationFrame(paint)
  }
  new ResizeObserver(repaint).observe(canvas)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint)

  function paint(): void {
    frame = undefined
    if (!shown) return
    const { sheet, content } = shown
    const width = Math.round(canvas.clientWidth * devicePixelRatio)
    const height = Math.round(canvas.clientHeight * devicePixelRatio)
    if (canvas.width !== width) canvas.width = width
    if (canvas.height !== height) canvas.height = height
    context.setTransform(width / sheet.width, 0, 0, height / sheet.height, 0, 0)
    context.clearRect(0, 0, sheet.width, sheet.height)
    if (content.kind === 'ink') {
      context.strokeStyle = getComputedStyle(canvas).color
      paintStrokes(context, content.strokes)
    } else if (content.kind === 'picture') {
      const { bitmap } = content.picture
      const place = fitted(bitmap, sheet)
      context.imageSmoothingQuality = 'high'
      context.drawImage(bitmap, place.x, place.y, place.width, place.height)
    }
  }

  return {
    show(sheet, content) {
      shown = { sheet, content }
      repaint()
    },
  }
}

/** Where a picture of this size lies on a sheet: as large as it fits, in the middle. */
export function fitted(picture: { width: number; height: number }, sheet: { width: number; height: number }) {
  const scale = Math.min(sheet.width / picture.width, sheet.height / picture.height)
  const width = picture.width * scale
  const height = picture.height * scale
  return { x: (sheet.width - width) / 2, y: (sheet.height - height) / 2, width, height }
}
