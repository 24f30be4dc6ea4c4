/** Columns for terminals: text to the left, figures to the right. */

/** @param rows of cells; the first cell of each is text, the others are figures */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd()
  return [line(head), ...rows.map(line)].join('\n')
}

/** Three digits that matter, or two of what is below 1, with separators from thousands on; `–` for what was not measured. */
export function figure(value: number | undefined, unit = ''): string {
  if (value === undefined || !Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  const small = size < 0.1 && size >= 0.0001
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2
  const form = small
    ? { maximumSignificantDigits: 2 }
    : { minimumFractionDigits: digits, maximumFractionDigits: digits }
  const text = value.toLocaleString('en', form)
  return unit === '' ? text : `${text} ${unit}`
}
