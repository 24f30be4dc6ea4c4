/** What the model sees: the 28×28 pixels it was given. */
const SIDE = 28

/** Paper and ink of this view, as the style sheet's machine colours; between them, the pixel's value. */
const DARK = [22, 26, 36]
const LIGHT = [255, 244, 236]

/** @param input 784 bytes, base64, row by row, light ink on dark; without one the view is empty */
export function showSeen(canvas: HTMLCanvasElement, input: string | undefined): void {
  canvas.width = SIDE
  canvas.height = SIDE
  const context = canvas.getContext('2d')!
  const image = context.createImageData(SIDE, SIDE)
  const bytes = input === undefined ? '' : atob(input)
  for (let i = 0; i < SIDE * SIDE; i++) {
    const part = (bytes.charCodeAt(i) || 0) / 255
    for (let channel = 0; channel < 3; channel++) {
      image.data[4 * i + channel] = DARK[channel] + (LIGHT[channel] - DARK[channel]) * part
    }
    image.data[4 * i + 3] = 255
  }
  context.putImageData(image, 0, 0)
}
