/** The form that sends a request as it is written and shows the answer. */
import { pictureTypeOf } from '../../client/index.ts'
import { element } from './element.ts'
import type { Operation, Parameter } from './openapi.ts'

export function tryForm(method: string, path: string, operation: Operation): HTMLElement {
  const fields = (operation.parameters ?? []).map((parameter) => ({ parameter, input: fieldOf(parameter) }))
  const example = Object.values(operation.requestBody?.content['application/json']?.examples ?? {})[0]
  const text = example && element('textarea', { rows: '8', spellcheck: 'false' })
  if (text) text.value = JSON.stringify(example.value)
  const takesFiles = operation.requestBody?.content['image/png'] !== undefined
  const file = takesFiles ? element('input', { type: 'file', accept: 'image/png,image/jpeg,image/webp' }) : undefined
  const takesKey = operation.security === undefined
  const key = takesKey ? element('input', { type: 'password', autocomplete: 'off' }) : undefined
  const output = element('pre', { 'aria-live': 'polite', tabindex: '0', hidden: '' })
  const form = element(
    'form',
    {},
    ...fields.map(({ parameter, input }) => element('label', {}, `${parameter.name} `, input)),
    key && element('label', {}, 'Key, where the deployment has keys ', key),
    text && element('label', {}, 'Body ', text),
    file && element('label', {}, 'or a picture ', file),
    element('button', {}, `Send ${method.toUpperCase()}`),
    output,
  )
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    output.hidden = false
    output.textContent = '…'
    const query = new URLSearchParams()
    let url = path
    for (const { parameter, input } of fields) {
      if (parameter.in === 'path') url = url.replace(`{${parameter.name}}`, encodeURIComponent(input.value))
      else if (input.value !== '') query.set(parameter.name, input.value)
    }
    const headers = new Headers()
    const picture = await pictureOf(file?.files?.[0])
    if (picture) headers.set('content-type', picture.type)
    else if (text) headers.set('content-type', 'application/json')
    if (key?.value) headers.set('authorization', `Bearer ${key.value}`)
    const address = query.size > 0 ? `${url}?${query}` : url
    output.textContent = await answerOf(address, {
      method: method.toUpperCase(),
      headers,
      body: picture?.bytes ?? text?.value,
    })
  })
  return form
}

/** The chosen file and what its bytes are: the browser goes by its name, and the service refuses wrong labels. */
async function pictureOf(file: File | undefined) {
  if (file === undefined) return undefined
  const bytes = new Uint8Array(await file.arrayBuffer())
  return { bytes, type: pictureTypeOf(bytes) ?? (file.type || 'application/octet-stream') }
}

function fieldOf({ schema, example, required }: Parameter): HTMLInputElement | HTMLSelectElement {
  if (schema.enum === undefined) {
    const input = element('input', schema.type === 'integer' ? { type: 'number' } : {})
    if (schema.minimum !== undefined) input.setAttribute('min', `${schema.minimum}`)
    if (schema.maximum !== undefined) input.setAttribute('max', `${schema.maximum}`)
    input.value = example ?? ''
    input.required = required ?? false
    return input
  }
  return element('select', {}, ...['', ...schema.enum].map((value) => element('option', { value }, value)))
}

/** The answer as text: status, and JSON in lines. */
async function answerOf(url: string, init: RequestInit): Promise<string> {
  try {
    const response = await fetch(url, init)
    const type = response.headers.get('content-type') ?? ''
    const status = `${response.status}  ${type}\n\n`
    if (!type.includes('json')) return `${status}${(await response.arrayBuffer()).byteLength} bytes`
    return status + JSON.stringify(await response.json(), null, 2).slice(0, 20_000)
  } catch (error) {
    return `No answer: ${error instanceof Error ? error.message : error}`
  }
}
