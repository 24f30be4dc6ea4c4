/** From a request's body, whatever its content type, to the images in it. */
import { mediaType, parseJson, readBody } from './body.ts'
import type { Exchange } from './context.ts'
import { LIMITS } from './limits.ts'
import { type Batch, batchOf, batchOfBytes, checkDeclared, type NormalizeOption } from './pictures.ts'
import { type Image, imageOfBytes, PICTURE_TYPES } from './pixels.ts'
import { type Outcome, refuse } from './problems.ts'
import { predictRequest, readRequest, validate } from './schemas.ts'

/** The media type of the body of POST /v1/predict, if it is one of those that are read. */
export function batchType({ headers }: Exchange): Outcome<string> {
  const type = mediaType(headers.get('content-type'))
  return type === 'application/octet-stream' ||
    type === 'application/json' ||
    type === 'multipart/form-data' ||
    PICTURE_TYPES[type] !== undefined
    ? { ok: true, value: type }
    : refuse(
        'unsupported-type',
        `Send image/png, image/jpeg, image/webp, application/octet-stream, application/json or multipart/form-data; this request has ${type.slice(0, 80) || 'no content type'}.`,
      )
}

/** The images in the body of POST /v1/predict. Only for the parts of a form one has to wait. */
export function batchIn(
  { headers }: Exchange,
  type: string,
  body: Uint8Array<ArrayBuffer>,
  normalize: NormalizeOption,
): Outcome<Batch> | Promise<Outcome<Batch>> {
  if (type === 'application/octet-stream') return batchOfBytes(body, normalize)
  const declared = PICTURE_TYPES[type]
  if (declared !== undefined) return batchOf([{ kind: 'picture', file: body, declared }], normalize, () => '')
  if (type === 'multipart/form-data') {
    return imagesOfParts(body, headers.get('content-type')!).then((parts) =>
      parts.ok ? batchOf(parts.value, normalize, (i) => `part ${i}`) : parts,
    )
  }
  const json = parseJson(body)
  if (!json.ok) return json
  const valid = validate(predictRequest, json.value)
  if (!valid.ok) return valid
  const { image, images } = valid.value
  return image === undefined
    ? batchOf(images!, normalize, (i) => `images[${i}]`)
    : batchOf([image], normalize, () => 'image')
}

/** Reads the body of POST /v1/read: the bytes of one picture's file. */
export async function readFile(exchange: Exchange): Promise<Outcome<Uint8Array>> {
  const contentType = exchange.headers.get('content-type')
  const type = mediaType(contentType)
  const declared = PICTURE_TYPES[type]
  if (declared === undefined && type !== 'application/json' && type !== 'multipart/form-data') {
    return refuse(
      'unsupported-type',
      `Send image/png, image/jpeg, image/webp, application/json or multipart/form-data; this request has ${type.slice(0, 80) || 'no content type'}.`,
    )
  }
  const body = await readBody(exchange)
  if (!body.ok) return body
  if (declared !== undefined) return fileOf({ kind: 'picture', file: body.value, declared }, '')
  if (type === 'multipart/form-data') {
    const parts = await imagesOfParts(body.value, contentType!)
    if (!parts.ok) return parts
    if (parts.value.length > 1)
      return refuse('malformed', `Send one picture; this form has ${parts.value.length} files.`)
    return fileOf(parts.value[0], 'part 0: ')
  }
  const json = parseJson(body.value)
  if (!json.ok) return json
  const valid = validate(readRequest, json.value)
  return valid.ok ? fileOf(valid.value.image, 'image: ') : valid
}

/** The file of a picture that may be of any size; 784 pixels are none. */
export function fileOf(image: Image, name: string): Outcome<Uint8Array> {
  if (image.kind === 'pixels') {
    return refuse('unusable', `${name}784 pixels hold one digit: send a PNG, JPEG or WebP file, or ask /v1/predict.`)
  }
  const problem = checkDeclared(image.file, image.declared)
  return problem ? refuse(problem.kind, name + problem.detail) : { ok: true, value: image.file }
}

/** The files of a form, in their order. */
export async function imagesOfParts(body: Uint8Array<ArrayBuffer>, contentType: string): Promise<Outcome<Image[]>> {
  let form: FormData
  try {
    form = await new Response(body, { headers: { 'content-type': contentType } }).formData()
  } catch {
    return refuse(
      'malformed',
      'The body is no valid multipart/form-data with the boundary that the content type names.',
    )
  }
  const images: Image[] = []
  for (const [name, part] of form) {
    const index = images.length
    if (index === LIMITS.images) {
      return refuse('too-large', `More than ${LIMITS.images} parts in one request: send at most ${LIMITS.images}.`)
    }
    if (typeof part === 'string') {
      return refuse(
        'malformed',
        `The part ${JSON.stringify(name.slice(0, 40))} is no file: send each picture as a file, with a file name.`,
      )
    }
    const type = mediaType(part.type)
    const image = imageOfBytes(new Uint8Array(await part.arrayBuffer()), PICTURE_TYPES[type])
    if (typeof image === 'string')
      return refuse(type.startsWith('image/') ? 'unsupported-type' : 'unusable', `part ${index} ${image}`)
    images.push(image)
  }
  return images.length > 0
    ? { ok: true, value: images }
    : refuse('malformed', 'The form has no part: send one file or more.')
}
