/** What is on a sheet and how it came there. Clearing and putting a picture are steps like strokes: undo brings back what was. */
import type { Picture } from '../pictures/open.ts'
import type { Stroke } from './strokes.ts'

export type Content =
  | { kind: 'blank' }
  | { kind: 'ink'; strokes: readonly Stroke[] }
  | { kind: 'picture'; picture: Picture }

type Step = { kind: 'stroke'; stroke: Stroke } | { kind: 'picture'; picture: Picture } | { kind: 'clear' }

export interface History {
  /** The stroke may grow after it was added. */
  addStroke(stroke: Stroke): void
  addPicture(picture: Picture): void
  clear(): void
  undo(): void
  canUndo(): boolean
  /** What is to be seen now: the strokes since the last clearing or picture; without any, that picture. */
  content(): Content
}

export function createHistory(): History {
  const steps: Step[] = []

  function content(): Content {
    const strokes: Stroke[] = []
    for (let i = steps.length - 1; i >= 0; i--) {
      const step = steps[i]
      if (step.kind === 'stroke') strokes.unshift(step.stroke)
      else if (strokes.length === 0 && step.kind === 'picture') return step
      else break
    }
    return strokes.length > 0 ? { kind: 'ink', strokes } : { kind: 'blank' }
  }

  return {
    addStroke: (stroke) => void steps.push({ kind: 'stroke', stroke }),
    addPicture: (picture) => void steps.push({ kind: 'picture', picture }),
    clear: () => {
      if (content().kind !== 'blank') steps.push({ kind: 'clear' })
    },
    undo: () => void steps.pop(),
    canUndo: () => steps.length > 0,
    content,
  }
}
