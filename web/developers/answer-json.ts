/** An answer as JSON to read: indented, but lists of numbers and boxes on one line, and long data set apart. */
import type { Code } from './snippets.ts'

const LONG = 80

export function answerCode(json: unknown): Code {
  return pieces(json, '')
}

function pieces(value: unknown, indent: string): Code {
  if (typeof value === 'string' && value.length > LONG) return ['"', { data: value }, '"']
  if (typeof value !== 'object' || value === null) return [JSON.stringify(value)]
  const list = Array.isArray(value)
  const entries = Object.entries(value)
  if (entries.every(([, part]) => typeof part === 'number')) {
    const parts = entries.map(([name, part]) => (list ? `${part}` : `"${name}": ${part}`))
    return [list ? `[${parts.join(', ')}]` : `{ ${parts.join(', ')} }`]
  }
  const inner = `${indent}  `
  const code: Code = [list ? '[' : '{']
  for (const [index, [name, part]] of entries.entries()) {
    code.push(`${index > 0 ? ',' : ''}\n${inner}`, list ? '' : `"${name}": `, ...pieces(part, inner))
  }
  return [...code, `\n${indent}`, list ? ']' : '}']
}
