/** /docs: the OpenAPI description, drawn for people, with a form at each operation to try it. */
import { element, prose } from './element.ts'
import type { Answer, Document, Media, Operation, Schema } from './openapi.ts'
import { tryForm } from './try.ts'

/** What scrolls must be in reach of the keyboard. */
const SCROLLED = { tabindex: '0' }

const nameOf = (reference: string) => reference.slice(reference.lastIndexOf('/') + 1)
const link = (id: string, text: string) => element('a', { href: `#${id}` }, text)

/** A schema in few words, e.g. `list of 1 to 128 Image`. */
function typeOf(schema: Schema): (Node | string)[] {
  if (schema.$ref) return [link(nameOf(schema.$ref), nameOf(schema.$ref))]
  if (schema.const !== undefined) return [element('code', {}, JSON.stringify(schema.const))]
  if (schema.enum) return [element('code', {}, schema.enum.join(' | '))]
  const options = schema.anyOf ?? schema.oneOf
  if (options) return options.flatMap((option, i) => (i ? [' or ', ...typeOf(option)] : typeOf(option)))
  if (schema.type === 'array') return ['list of ', countOf(schema), ...itemsOf(schema)]
  const range =
    schema.minimum === undefined
      ? ''
      : ` ${schema.minimum}${schema.maximum === undefined ? ' or more' : `..${schema.maximum}`}`
  return [`${schema.type ?? 'anything'}${range}`]
}

const itemsOf = (schema: Schema) => (schema.items ? typeOf(schema.items) : (schema.prefixItems?.flatMap(typeOf) ?? []))

function countOf({ minItems, maxItems }: Schema): string {
  if (maxItems === undefined) return ''
  return minItems === undefined || minItems === maxItems ? `${maxItems} ` : `${minItems} to ${maxItems} `
}

function propertyTable(schema: Schema): HTMLElement {
  const rows = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const inner = property.type === 'object' ? property : property.items || undefined
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, element('code', {}, name), schema.required?.includes(name) ? '' : ' (optional)'),
      element(
        'td',
        {},
        ...typeOf(property),
        property.description ? prose(property.description) : undefined,
        inner?.properties ? propertyTable(inner) : undefined,
      ),
    )
  })
  return element('table', {}, element('tbody', {}, ...rows))
}

function mediaOf(content: Record<string, Media>): HTMLElement {
  const items = Object.entries(content).map(([type, { schema, example, examples }]) => {
    const values = [example, ...Object.values(examples ?? {}).map(({ value }) => value)].filter(
      (value) => value !== undefined,
    )
    return element(
      'li',
      {},
      element('code', {}, type),
      ' ',
      ...(schema?.$ref ? typeOf(schema) : [schema?.description ?? '']),
      ...values.map((value) =>
        element(
          'details',
          {},
          element('summary', {}, 'Example'),
          element('pre', SCROLLED, JSON.stringify(value, null, 1)),
        ),
      ),
    )
  })
  return element('ul', {}, ...items)
}

function answersOf(responses: Record<string, Answer>): HTMLElement {
  const items = Object.entries(responses).map(([status, answer]) =>
    element(
      'li',
      {},
      `${status} `,
      answer.$ref ? link(nameOf(answer.$ref), nameOf(answer.$ref)) : (answer.description ?? ''),
      answer.content ? mediaOf(answer.content) : undefined,
    ),
  )
  return element('ul', {}, ...items)
}

function operationSection(method: string, path: string, operation: Operation): HTMLElement {
  const parameters = operation.parameters?.map((parameter) =>
    element(
      'tr',
      {},
      element(
        'th',
        { scope: 'row' },
        element('code', {}, parameter.name),
        parameter.in === 'path' ? ' in the path' : '',
      ),
      element('td', {}, ...typeOf(parameter.schema), parameter.description ? prose(parameter.description) : undefined),
    ),
  )
  return element(
    'section',
    { class: 'operation', id: operation.operationId },
    element('h3', {}, element('code', {}, element('span', { class: 'method' }, method.toUpperCase()), ` ${path}`)),
    prose(operation.summary),
    operation.description ? prose(operation.description) : undefined,
    ...(parameters ? [element('h4', {}, 'Parameters'), element('table', {}, element('tbody', {}, ...parameters))] : []),
    ...(operation.requestBody ? [element('h4', {}, 'Body'), mediaOf(operation.requestBody.content)] : []),
    element('h4', {}, 'Answers'),
    answersOf(operation.responses),
    element('details', {}, element('summary', {}, 'Try it'), tryForm(method, path, operation)),
  )
}

function draw(document: Document): { main: Node[]; contents: Node[] } {
  const { info, tags, paths, components } = document
  const main: Node[] = [
    element('h1', {}, info.title),
    prose(info.description),
    element('p', { class: 'quiet' }, `Model version ${info.version}`),
  ]
  const contents: Node[] = []
  const chapter = (title: string, sections: { id: string; label: string; section: HTMLElement }[], intro?: string) => {
    main.push(element('h2', {}, title), ...(intro ? [prose(intro)] : []), ...sections.map(({ section }) => section))
    const items = sections.map(({ id, label }) => element('li', {}, link(id, label)))
    contents.push(element('strong', {}, title), element('ul', {}, ...items))
  }
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ method, path, operation })),
  )
  for (const { name, description } of tags) {
    const own = operations.filter(({ operation }) => operation.tags.includes(name))
    const sections = own.map(({ method, path, operation }) => ({
      id: operation.operationId,
      label: `${method.toUpperCase()} ${path}`,
      section: operationSection(method, path, operation),
    }))
    chapter(name, sections, description)
  }
  const problems = Object.entries(components.responses).map(([id, answer]) => ({
    id,
    label: id,
    section: element(
      'section',
      { class: 'part', id },
      element('h3', {}, element('code', {}, id)),
      prose(answer.description ?? ''),
      mediaOf(answer.content ?? {}),
    ),
  }))
  chapter('Problems', problems, 'What goes wrong is told as RFC 9457 problem details; their `type` leads here.')
  const schemas = Object.entries(components.schemas).map(([id, schema]) => ({
    id,
    label: id,
    section: element(
      'section',
      { class: 'part', id },
      element('h3', {}, element('code', {}, id)),
      schema.description ? prose(schema.description) : undefined,
      schema.properties ? propertyTable(schema) : element('p', {}, ...typeOf(schema)),
    ),
  }))
  chapter('Shapes', schemas)
  return { main, contents }
}

const main = document.querySelector<HTMLElement>('#main')!
try {
  const response = await fetch('/v1/openapi.json')
  const drawn = draw(await response.json())
  main.replaceChildren(...drawn.main)
  document.querySelector('#contents')!.replaceChildren(...drawn.contents)
  // The place that the address names was not there when the browser looked for it.
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView()
} catch (error) {
  main.replaceChildren(prose(`The description did not come: ${error instanceof Error ? error.message : error}`))
}
