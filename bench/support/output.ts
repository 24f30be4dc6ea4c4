/** Where the results of a benchmark go: a table or JSON on standard output, and a file if one is asked for. */
import { type Results, renderJson, writeResults } from './results.ts'

export interface Output {
  /** JSON instead of tables on standard output. */
  json?: boolean
  /** A file for the JSON. */
  out?: string
}

export function publish(results: Results, { json, out }: Output, render: (results: Results) => string): void {
  console.log(json ? renderJson(results) : render(results))
  if (out === undefined) return
  writeResults(out, results)
  console.error(`Written to ${out}.`)
}

/** One line on the machine, for the head of a table. */
export const machineLine = ({ machine, date }: Results): string =>
  `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.os}, Node ${machine.node}, workerd ${machine.workerd}; ${date}`
