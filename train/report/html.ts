/** HTML text in which everything inserted is escaped, unless it is HTML already. */

export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Part = Html | string | number | undefined | readonly Part[]

/** @example html`<td>${'a < b'}</td>` */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Html =>
  new Html(strings.reduce((text, string, i) => text + render(parts[i - 1]) + string))

/** Text that is HTML, such as an SVG that a library has written. */
export const raw = (text: string) => new Html(text)

function render(part: Part): string {
  if (part === undefined) return ''
  if (part instanceof Html) return part.text
  if (typeof part === 'object') return part.map(render).join('')
  return `${part}`.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
}
