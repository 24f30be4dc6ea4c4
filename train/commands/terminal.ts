/** Colours where they are wanted: on a terminal, and not with NO_COLOR (https://no-color.org). */
import { styleText } from 'node:util'

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red'

/** @returns a function that styles text, or leaves it as it is */
export function inColour(stream: NodeJS.WriteStream): (style: Style, text: string) => string {
  const wanted = stream.isTTY && !process.env.NO_COLOR && stream.getColorDepth() > 1
  return (style, text) => (wanted ? styleText(style, text, { validateStream: false }) : text)
}
