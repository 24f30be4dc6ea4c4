/** Shares of pictures by kind: as figures of a result, and as a table with their mean in its last row. */
import { type Figure, type Results, valuesOf } from './results.ts'
import { table } from './table.ts'

/** @returns a maker of figures: the share of `answers`, in percent, of which something is so */
export const shareOf =
  <T>(answers: readonly T[], of: string[]) =>
  (what: string, better: Figure['better'], is: (answer: T) => boolean): Figure => {
    return { of, what, unit: '%', better, values: [(100 * answers.filter(is).length) / answers.length] }
  }

/**
 * @param title what stands over the names
 * @param kind first part of the figures' `of`; the names are the second
 * @param columns the figures' `what`
 */
export function sharesTable(
  results: Results,
  title: string,
  kind: string,
  names: readonly string[],
  columns: readonly string[],
): string {
  const percent = (value: number) => `${value.toFixed(1)} %`
  const mean = (what: string) => {
    const values = results.figures.filter((figure) => figure.of[0] === kind && figure.what === what)
    return values.reduce((sum, figure) => sum + figure.values[0], 0) / values.length
  }
  return table(
    [title, ...columns],
    [
      ...names.map((name) => [name, ...columns.map((what) => percent(valuesOf(results, what, kind, name)![0]))]),
      ['all', ...columns.map((what) => percent(mean(what)))],
    ],
  )
}
