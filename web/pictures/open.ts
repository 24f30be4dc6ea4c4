/** A chosen file to a picture that can be shown and sent. */
import { toBlob } from '../drawing/png.ts'

export interface Picture {
  name: string
  /** To show. */
  bitmap: ImageBitmap
  /** To send. */
  blob: Blob
}

/** The formats that the service takes; any other that the browser can open is sent as PNG. */
const TAKEN = ['image/png', 'image/jpeg', 'image/webp']

/** Digits are read at far less than this many pixels a side; more only takes longer to send. */
const LONGEST_SIDE = 1600
const MOST_BYTES = 2 ** 20

/** @returns undefined where the browser cannot open the file as a picture */
export async function openPicture(file: File): Promise<Picture | undefined> {
  let bitmap: ImageBitmap
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    return undefined
  }
  const name = file.name
  const small = Math.max(bitmap.width, bitmap.height) <= LONGEST_SIDE && file.size <= MOST_BYTES
  return small && TAKEN.includes(file.type)
    ? { name, bitmap, blob: file }
    : { name, ...(await shrink(bitmap, file.type)) }
}

async function shrink(bitmap: ImageBitmap, type: string): Promise<{ bitmap: ImageBitmap; blob: Blob }> {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(bitmap.width * scale))
  canvas.height = Math.max(1, Math.round(bitmap.height * scale))
  const context = canvas.getContext('2d')!
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  bitmap.close()
  // Photographs stay JPEG; what may be transparent stays so.
  const blob = type === 'image/jpeg' ? await toBlob(canvas, 'image/jpeg', 0.9) : await toBlob(canvas, 'image/png')
  return { bitmap: await createImageBitmap(canvas), blob }
}
