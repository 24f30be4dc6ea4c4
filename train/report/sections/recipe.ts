/** How to get the same network again. */
import type { ModelCard } from '../../../model/artifact.ts'
import { type Html, html } from '../html.ts'
import type { Section } from './section.ts'

export function recipeSection({ training }: ModelCard): Section | undefined {
  if (Object.keys(training).length === 0) return undefined
  const { settings, packages, dataset, command, ...rest } = training
  const { phases, name: _, ...common } = isRecord(settings) ? settings : {}
  return {
    id: 'recipe',
    title: 'Recipe and versions',
    body: html`${typeof command === 'string' ? html`<p>The same weights, byte for byte: <code>npm ci &amp;&amp; ${command}</code></p>` : undefined}
<div class="grid">
<div><h3>Training</h3>${table([...flat(rest), ...flat(common)])}</div>
<div><h3>Data and versions</h3>${table([...flat(dataset, 'data'), ...flat(packages)])}</div>
</div>
${Array.isArray(phases) ? html`<h3>Phases</h3><div class="scroll">${phaseTable(phases)}</div>` : undefined}`,
  }
}

type Row = [name: string, value: string]

const table = (rows: Row[]): Html =>
  html`<table class="recipe"><tbody>${rows.map(([name, value]) => html`<tr><td>${name}</td><td>${value}</td></tr>\n`)}</tbody></table>`

/** One column a phase, one row a setting. */
function phaseTable(phases: unknown[]): Html {
  const columns = phases.map((phase) => new Map(flat(phase)))
  const names = [...new Set(columns.flatMap((column) => [...column.keys()]))]
  return html`<table class="recipe"><tbody>${names.map((name) => html`<tr><td>${name}</td>${columns.map((column) => html`<td>${column.get(name) ?? '–'}</td>`)}</tr>\n`)}</tbody></table>`
}

/** A setting's names from the outside in, and its value, whatever the recipe holds. */
function flat(value: unknown, name = ''): Row[] {
  if (isRecord(value))
    return Object.entries(value).flatMap(([key, inner]) => flat(inner, `${name} ${words(key)}`.trim()))
  if (value === undefined || value === null) return []
  return [
    [
      name,
      Array.isArray(value)
        ? value.join(', ')
        : typeof value === 'number'
          ? `${Number(value.toPrecision(6))}`
          : `${value}`,
    ],
  ]
}

/** batchSize → batch size */
const words = (name: string) =>
  name.includes('/') ? name : name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
