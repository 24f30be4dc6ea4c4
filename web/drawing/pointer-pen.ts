/** Mouse, finger and stylus to strokes. */
import type { Dot } from './strokes.ts'

/** What a pen does to the sheet, whoever moves it. */
export interface PenStrokes {
  begin(dot: Dot): void
  extend(dots: Dot[]): void
  end(): void
  /** The movement turned out to be none of ours, as when the system takes the finger for a gesture. */
  cancel(): void
}

/** Where the pen writes: the size of the sheet and the pen's width, in sheet units, as they are now. */
export interface PenSetting {
  width: number
  height: number
  pen: number
}

/** Follows one pointer at a time: a palm or a second finger that comes down meanwhile leaves no ink. */
export function followPointer(surface: HTMLElement, setting: () => PenSetting, strokes: PenStrokes): void {
  let pointer: number | undefined

  // A stroke is no gesture: otherwise the browser may take a tap soon after it for the end of a fling, and swallow it.
  surface.addEventListener('touchstart', (event) => event.preventDefault(), { passive: false })
  surface.addEventListener('pointerdown', (event) => {
    if (pointer !== undefined || event.button !== 0) return
    pointer = event.pointerId
    surface.setPointerCapture(pointer)
    strokes.begin(dotAt(event))
  })
  surface.addEventListener('pointermove', (event) => {
    if (event.pointerId !== pointer) return
    const passed = event.getCoalescedEvents()
    strokes.extend((passed.length > 0 ? passed : [event]).map(dotAt))
  })
  surface.addEventListener('pointerup', (event) => {
    if (event.pointerId !== pointer) return
    pointer = undefined
    strokes.end()
  })
  surface.addEventListener('pointercancel', (event) => {
    if (event.pointerId !== pointer) return
    pointer = undefined
    strokes.cancel()
  })

  function dotAt(event: PointerEvent): Dot {
    const { width, height, pen } = setting()
    const area = surface.getBoundingClientRect()
    return {
      x: ((event.clientX - area.left) / area.width) * width,
      y: ((event.clientY - area.top) / area.height) * height,
      width: pen * pressed(event),
    }
  }
}

/** A stylus at its usual pressure of 0.5 writes as wide as a mouse. In steps, so that steady pressure is one smooth path. */
function pressed({ pointerType, pressure }: PointerEvent): number {
  if (pointerType !== 'pen' || pressure === 0) return 1
  return Math.round((0.5 + pressure) * 10) / 10
}
