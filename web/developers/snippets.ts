/** The page's own request, written for others to run. Pure: from a request to text. */
import type { Mode } from '../drawing/sheet.ts'

export interface Request {
  /** The service, as in `https://digits.example.com`. */
  origin: string
  mode: Mode
  /** With the query, as the page asks. */
  path: string
  /** Media type of the picture. */
  type: string
  picture: { kind: 'drawing'; base64: string } | { kind: 'file'; name: string }
  needsKey: boolean
}

/** Code in pieces: strings as they are, and long data, which is shown shortened and copied whole. */
export type Code = (string | { data: string })[]

export const SNIPPETS = { curl, fetch: plainFetch, client }
export type SnippetName = keyof typeof SNIPPETS

export const codeText = (code: Code): string =>
  code.map((piece) => (typeof piece === 'string' ? piece : piece.data)).join('')

function curl({ origin, path, type, picture, needsKey }: Request): Code {
  const key = needsKey ? ' \\\n  -H "authorization: Bearer $API_KEY"' : ''
  const request = `curl '${origin}${path}' \\\n  -H 'content-type: ${type}'${key} \\\n  --data-binary `
  return picture.kind === 'file'
    ? [request, `${quoted(`@${picture.name}`)}\n`]
    : ["echo '", { data: picture.base64 }, `' |\nbase64 --decode |\n${request}@-\n`]
}

function plainFetch({ origin, path, type, picture, needsKey }: Request): Code {
  const key = needsKey ? `,\n    authorization: \`Bearer \${apiKey}\`` : ''
  return [
    ...pictureCode(picture, type),
    `const response = await fetch('${origin}${path}', {
  method: 'POST',
  headers: {
    'content-type': '${type}'${key}
  },
  body: picture
})
console.log(await response.json())
`,
  ]
}

function client({ origin, mode, type, picture, needsKey }: Request): Code {
  const options = needsKey ? ', { apiKey }' : ''
  const call =
    mode === 'digit'
      ? `const { predictions } = await digits.predict(picture)
console.log(predictions[0].digit, predictions[0].confidence)
`
      : `const { text, confidence } = await digits.read(picture)
console.log(text, confidence)
`
  return [
    `import { createClient } from './client/index.ts'

const digits = createClient('${origin}'${options})
`,
    ...pictureCode(picture, type),
    call,
  ]
}

function pictureCode(picture: Request['picture'], type: string): Code {
  return picture.kind === 'file'
    ? [`const picture = input.files[0] // ${picture.name}\n`]
    : [
        `const data = 'data:${type};base64,`,
        { data: picture.base64 },
        "'\nconst picture = await (await fetch(data)).blob()\n",
      ]
}

/** In single quotes for a POSIX shell. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
