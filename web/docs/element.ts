type Child = Node | string | undefined

/** An element with attributes and children; text is text, never markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string>,
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children.filter((child) => child !== undefined))
  return made
}

/** Text with `code` in backquotes. */
export const prose = (text: string): HTMLElement =>
  element('p', {}, ...text.split('`').map((part, i) => (i % 2 ? element('code', {}, part) : part)))
