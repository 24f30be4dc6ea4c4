/** Writing with the keyboard: arrow keys move a marker over the sheet, the space bar puts the pen down and lifts it. */
import type { PenSetting, PenStrokes } from './pointer-pen.ts'
import type { Dot } from './strokes.ts'

const DIRECTIONS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** A step is this part of the sheet's height; with Shift, a quarter of that. */
const STEP = 1 / 28

/** @param marker the element that shows where the pen is; `data-down` says whether it writes */
export function followKeyboard(
  surface: HTMLElement,
  marker: HTMLElement,
  setting: () => PenSetting,
  strokes: PenStrokes,
): void {
  let at = { x: 0.5, y: 0.3 }
  let down = false

  surface.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const direction = DIRECTIONS[event.key]
    if (direction) move(direction, event.shiftKey ? STEP / 4 : STEP)
    else if (event.key === ' ' && !event.repeat) toggle()
    else return
    event.preventDefault()
    show()
  })
  surface.addEventListener('blur', lift)
  surface.addEventListener('pointerdown', lift)

  function move([dx, dy]: [number, number], step: number): void {
    const { width, height } = setting()
    at = { x: within(at.x + (dx * step * height) / width), y: within(at.y + dy * step) }
    if (down) strokes.extend([dot()])
  }

  function toggle(): void {
    if (down) strokes.end()
    else strokes.begin(dot())
    down = !down
  }

  function lift(): void {
    if (down) strokes.end()
    down = false
    marker.hidden = true
  }

  function show(): void {
    marker.hidden = false
    marker.dataset.down = String(down)
    marker.style.left = `${at.x * 100}%`
    marker.style.top = `${at.y * 100}%`
  }

  function dot(): Dot {
    const { width, height, pen } = setting()
    return { x: at.x * width, y: at.y * height, width: pen }
  }
}

const within = (part: number) => Math.min(1, Math.max(0, part))
