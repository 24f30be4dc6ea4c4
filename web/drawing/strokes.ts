/** Strokes of ink, and how they are painted: smooth curves through the points' midpoints. */

/** A place the pen has been, in sheet units, and how wide the ink is there. */
export interface Dot {
  x: number
  y: number
  width: number
}

export type Stroke = Dot[]

/** Paints strokes in the context's current colour; the context maps sheet units to pixels. */
export function paintStrokes(context: CanvasRenderingContext2D, strokes: readonly Stroke[]): void {
  context.lineCap = 'round'
  context.lineJoin = 'round'
  for (const stroke of strokes) paintStroke(context, stroke)
}

/** One path as long as the width stays, a new one where pressure changes it: few seams, and none to see. */
function paintStroke(context: CanvasRenderingContext2D, stroke: Stroke): void {
  const [first] = stroke
  let from = first
  context.lineWidth = first.width
  context.beginPath()
  context.moveTo(first.x, first.y)
  for (let i = 1; i < stroke.length; i++) {
    const middle = between(stroke[i - 1], stroke[i])
    if (stroke[i].width !== context.lineWidth) {
      context.stroke()
      context.lineWidth = stroke[i].width
      context.beginPath()
      context.moveTo(from.x, from.y)
    }
    context.quadraticCurveTo(stroke[i - 1].x, stroke[i - 1].y, middle.x, middle.y)
    from = middle
  }
  // For a single dot, a line of no length: its round cap is the dot.
  const last = stroke[stroke.length - 1]
  context.lineTo(last.x, last.y)
  context.stroke()
}

const between = (a: Dot, b: Dot): Dot => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, width: b.width })
