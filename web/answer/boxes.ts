/** Boxes over the ink, with what was read in each. */
import type { ReadResponse } from '../../client/index.ts'
import { fitted } from '../drawing/surface.ts'

/** @param sheet the size of the sheet that the sent picture lies on, as large as it fits */
export function showBoxes(layer: HTMLElement, reading: ReadResponse, sheet: { width: number; height: number }): void {
  const place = fitted(reading, sheet)
  const scale = place.width / reading.width
  const digits = reading.lines.flatMap((line) => line.digits)
  layer.replaceChildren(
    ...digits.map(({ digit, accepted, box }) => {
      const element = document.createElement('div')
      element.className = 'box'
      element.toggleAttribute('data-unsure', !accepted)
      element.textContent = String(digit)
      element.style.left = `${((place.x + box.x * scale) / sheet.width) * 100}%`
      element.style.top = `${((place.y + box.y * scale) / sheet.height) * 100}%`
      element.style.width = `${((box.width * scale) / sheet.width) * 100}%`
      element.style.height = `${((box.height * scale) / sheet.height) * 100}%`
      return element
    }),
  )
}
