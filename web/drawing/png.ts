/** A drawing as the PNG that is sent: black ink on white, in the sheet's own units, whatever the screen looks like. */
import type { Sheet } from './sheet.ts'
import { paintStrokes, type Stroke } from './strokes.ts'

export async function drawingToPng(sheet: Sheet, strokes: readonly Stroke[]): Promise<Blob> {
  const canvas = document.createElement('canvas')
  canvas.width = sheet.width
  canvas.height = sheet.height
  const context = canvas.getContext('2d', { alpha: false })!
  context.fillStyle = '#fff'
  context.fillRect(0, 0, sheet.width, sheet.height)
  context.strokeStyle = '#000'
  paintStrokes(context, strokes)
  return toBlob(canvas, 'image/png')
}

/** `canvas.toBlob` as a promise. */
export function toBlob(canvas: HTMLCanvasElement, type: string, quality?: number): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error(`The browser made no ${type}.`))), type, quality),
  )
}
