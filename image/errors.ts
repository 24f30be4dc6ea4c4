/** The formats that are read. */
export type Format = 'png' | 'jpeg' | 'webp'

/** Why bytes are no picture that can be read; `message` is a sentence for the person who sent them. */
export type DecodeError =
  | { readonly kind: 'empty'; readonly message: string }
  | { readonly kind: 'unknown-format'; readonly message: string }
  | { readonly kind: 'truncated'; readonly format: Format; readonly message: string }
  | { readonly kind: 'corrupt'; readonly format: Format; readonly message: string }
  | { readonly kind: 'unsupported'; readonly format: Format; readonly message: string }
  | { readonly kind: 'zero-size'; readonly format: Format; readonly message: string }
  | {
      readonly kind: 'too-large'
      readonly format: Format
      readonly width: number
      readonly height: number
      readonly message: string
    }

/** Either a value or the reason why there is none. */
export type Result<T> = ({ readonly ok: true } & T) | { readonly ok: false; readonly error: DecodeError }

const NAMES = { png: 'PNG', jpeg: 'JPEG', webp: 'WebP' } as const

/** A file that ends too early. */
export function truncated(format: Format): { ok: false; error: DecodeError } {
  return { ok: false, error: { kind: 'truncated', format, message: `The ${NAMES[format]} file ends too early.` } }
}

/** A file that breaks its format's rules. @param reason a clause, e.g. 'the checksum of IDAT is wrong' */
export function corrupt(format: Format, reason: string): { ok: false; error: DecodeError } {
  return { ok: false, error: { kind: 'corrupt', format, message: `The ${NAMES[format]} file is broken: ${reason}.` } }
}

/** A sound file that uses a feature which is not read. @param feature a noun, e.g. 'an animation' */
export function unsupported(format: Format, feature: string): { ok: false; error: DecodeError } {
  const message = `The ${NAMES[format]} file holds ${feature}, which is not supported; save it as a plain picture.`
  return { ok: false, error: { kind: 'unsupported', format, message } }
}

/** A picture without any pixel. */
export function zeroSize(format: Format): { ok: false; error: DecodeError } {
  return {
    ok: false,
    error: {
      kind: 'zero-size',
      format,
      message: `The ${NAMES[format]} picture has no pixels: its width or height is 0.`,
    },
  }
}

/** A picture with more pixels than the caller reads. */
export function tooLarge(
  format: Format,
  width: number,
  height: number,
  maxPixels: number,
): { ok: false; error: DecodeError } {
  const limit = `${Number((maxPixels / 1e6).toFixed(1))} megapixels`
  const message = `The ${NAMES[format]} picture is ${width}×${height} pixels; at most ${limit} are read. Scale it down.`
  return { ok: false, error: { kind: 'too-large', format, width, height, message } }
}
