/** Real digits, real files and short ways to the Worker's door. */
import { env, exports } from 'cloudflare:workers'
import { deflate } from 'pako'
import type { PredictResponse, ProblemDetails } from '../../worker/schemas.ts'

export const HOST = 'http://localhost'

/** `count` MNIST test digits from the `first` on, 784 bytes each, and what they are. */
export function digits(first: number, count: number): { pixels: Uint8Array<ArrayBuffer>; labels: number[] } {
  return {
    pixels: new Uint8Array(env.MNIST_TEST_IMAGES.slice(16 + first * 784, 16 + (first + count) * 784)),
    labels: [...new Uint8Array(env.MNIST_TEST_LABELS, 8 + first, count)],
  }
}

export const send = (path: string, init?: RequestInit): Promise<Response> => exports.default.fetch(HOST + path, init)

export const post = (
  path: string,
  contentType: string,
  body: BodyInit,
  headers?: Record<string, string>,
): Promise<Response> => send(path, { method: 'POST', headers: { 'content-type': contentType, ...headers }, body })

export const postJson = (path: string, value: unknown, headers?: Record<string, string>): Promise<Response> =>
  post(path, 'application/json', JSON.stringify(value), headers)

export async function predictionsOf(response: Response): Promise<PredictResponse['predictions']> {
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  return ((await response.json()) as PredictResponse).predictions
}

export const digitsOf = async (response: Response): Promise<(number | null)[]> =>
  (await predictionsOf(response)).map(({ digit }) => digit)

export async function problemOf(response: Response): Promise<ProblemDetails> {
  const type = response.headers.get('content-type')
  if (type !== 'application/problem+json') throw new Error(`${response.status} ${type} ${await response.text()}`)
  return response.json()
}

/** A grey PNG. @param pixels width×height bytes */
export function png(pixels: Uint8Array, width: number, height: number): Uint8Array<ArrayBuffer> {
  const rows = new Uint8Array((width + 1) * height)
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1)
  return pngFile(width, height, rows)
}

/** A grey PNG of any declared size, whatever its rows hold. */
export function pngFile(width: number, height: number, rows: Uint8Array): Uint8Array<ArrayBuffer> {
  const header = new DataView(new ArrayBuffer(13))
  header.setUint32(0, width)
  header.setUint32(4, height)
  header.setUint8(8, 8)
  return concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', new Uint8Array(header.buffer)),
    chunk('IDAT', deflate(rows)),
    chunk('IEND', new Uint8Array()),
  ])
}

/** An MNIST digit drawn dark on a white page, `scale` times as large, at some place. */
export function page(pixels: Uint8Array, scale = 4, left = 20, top = 30): Uint8Array<ArrayBuffer> {
  const width = 28 * scale + 90
  const height = 28 * scale + 70
  const out = new Uint8Array(width * height).fill(255)
  for (let y = 0; y < 28 * scale; y++) {
    for (let x = 0; x < 28 * scale; x++) {
      out[(y + top) * width + x + left] = 255 - pixels[Math.floor(y / scale) * 28 + Math.floor(x / scale)]
    }
  }
  return png(out, width, height)
}

/** MNIST test digits side by side, dark on a white page. */
export function row(indices: readonly number[]): Uint8Array<ArrayBuffer> {
  const width = 34 * indices.length + 10
  const out = new Uint8Array(width * 44).fill(255)
  for (const [k, index] of indices.entries()) {
    const { pixels } = digits(index, 1)
    for (let y = 0; y < 28; y++) {
      for (let x = 0; x < 28; x++) out[(y + 8) * width + 8 + 34 * k + x] = 255 - pixels[y * 28 + x]
    }
  }
  return png(out, width, 44)
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = concat([new TextEncoder().encode(type), data])
  const ends = new DataView(new ArrayBuffer(8))
  ends.setUint32(0, data.length)
  ends.setUint32(4, crc32(body))
  return concat([new Uint8Array(ends.buffer, 0, 4), body, new Uint8Array(ends.buffer, 4, 4)])
}

function crc32(bytes: Uint8Array): number {
  let crc = -1
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** The first MNIST test digit, a seven, dark on white paper, as other formats have it. */
export const SEVEN = {
  jpeg: Uint8Array.fromBase64(
    '/9j/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCABQAGADASIAAhEBAxEB/8QAGgABAAIDAQAAAAAAAAAAAAAAAAYHAgMFBP/EACgQAAICAgECBQQDAAAAAAAAAAABAgMEBREGEgcTITFRFSIycUFCYf/EABQBAQAAAAAAAAAAAAAAAAAAAAD/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCzgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB5dpkW4mtvyKKnbZXDmMF7yZX1fW/UlUvNytTN0KT54ik+Cy2k1wzB01NcOqDXw4oCB1eKOB2PzsC+E4/kufYyXilqm+FiXt/sl89PrZynKWFRzNcP7EcneUaXQ6u7PlhUOVcX2RcV9zAw0HW2v3uW8amuddn8KT9yTlaeGGqjk5OTu7EkpzflxS47fUssAAAAAAAAAAABWHXV0+oOp8TRYlndBSXe4v0X7JT111F9A0/NabvyOYVtf1fycbw30N1UbdzsIt35HrHu91/oE11uFVr8GrGphGMYRSfauOWeoAAAAAAAAAAa8i6OPRO6z8YLlmw15FEMnHnRam4TXD4Apa7Zz6k68x3epSoV3aq36pJc+vBddUI11QhBKMYpJJHF03Seo0uRZfhUS8yz3dku7j9fB3AAAAAAAAAP/9k=',
  ),
  webp: Uint8Array.fromBase64(
    'UklGRvQAAABXRUJQVlA4IOgAAADQBwCdASpgAFAAPrVaqE4nJaQiJnVYqOAWiWkABRMi9EkKYACR8vqBJW3rmL4bRzKdxXNAlpwW3+CuP+KA7cCXjtfvmikgAAD+9qe3XJoIwDrafCuUIMTf0XvsTenKt4yZFzlqtMvCYciiaaWdmRN/TIWx26+b4b0FV3fy9D1Nny82Ax06Hs3+LYlJMYJq8MQcto/A/6bcWVmno/E0/S9s98ZQg/AQML/DQfN2OTQna2D5y7nKr1IxSuzbkoQK8hGkgA4ZSbWq26YkiSz1Veo3x2GmKuLrltg/RGgLHdUboYgZgFKHBAAA',
  ),
} as const

/** The same in the rarer forms of the formats: with alpha the seven is ink on nothing. */
export const RARE = {
  losslessWebp: Uint8Array.fromBase64(
    'UklGRngAAABXRUJQVlA4TGwAAAAvX8ATAA8w//M///MfeGAa2baT55CUEAv5pZGhrdTIp4MvyU9xhqBwEf2fAP1LO5LKjkQcshdqRLorTZCqvc2RlM3E3BbsxD+RUg+1t423TciS1N1lZhIgf0cn8ZS2qET5bdltHUktUYc29F0=',
  ),
  transparentWebp: Uint8Array.fromBase64(
    'UklGRs4BAABXRUJQVlA4WAoAAAAQAAAAXwAATwAAQUxQSFgBAAARX6CobRs4Vgp59dgiIuRnZeUNubZtq26zj+QPOFcwXLNrdi1WbXbL0IpVGwItvrgV3w/w0z2/F3o7aTNGRP8nAP/NFMCVdrYdDxSFl25nNSOAAFAhaE5ns+5tpfzjnYwkBAzMm/nvUfQtiqJv3bXkmt+6L9Ngs2BmszCrJbdZLpfbk5/5+3RizrmlraPOabvT6dxM7CGVmAKALmc2t7dX3MjXk/uxgzrndOQ3hEShAArxaw7UjfCQJlLRodWECNh8s30mxcHcrzNBH62fA/Pm2GpCVYh9Hsx6Mf+QgzA1w3lKwfTJNgTMS2Of5zqY9xcACI0+2lkKzIWx3xeqRnjNgdkNrZ+mOpj4ulB9Cn4dzDqyfpZrbDVh0ov4Yw5UQzvLUBXerCZUF3Pbp3Kfgi1SbY7NNqiKsYV9MB/E5leF6XLmzzJgLk59Xqk2j6opUCugXH+hCtu/F1ZQOCBQAAAAkAQAnQEqYABQAD7RaLBSqCYkoqEoAQAaCWkA05wDHErVq2T70U7txAgQID/AAP7xlY/8zfhR8nVMgxAmHnWdBsRoObooCRyI648RFWpgAAA=',
  ),
  progressiveJpeg: Uint8Array.fromBase64(
    '/9j/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wgARCABQAGADASIAAhEBAxEB/8QAGgABAAMBAQEAAAAAAAAAAAAAAAEEBQIGA//EABQBAQAAAAAAAAAAAAAAAAAAAAD/2gAMAwEAAhADEAAAAdkAAAAAAAAAAAAHGVsQZi/8CLuPsAAAADFvVzR7AAABEwed9FXsgAAH/8QAHxAAAgEEAwEBAAAAAAAAAAAAAQIDAAQRMBITFCBQ/9oACAEBAAEFAv0nPFfTKK9q17UqK5WQ6MV1rUgjiSzTJ1XJ7ZlXium5l6ktIjqJwC/dc6iMiOBIz9//xAAUEQEAAAAAAAAAAAAAAAAAAABA/9oACAEDAQE/AXf/xAAUEQEAAAAAAAAAAAAAAAAAAABA/9oACAECAQE/AXf/xAAfEAABBAICAwAAAAAAAAAAAAABAAIRMCExAxIyUGH/2gAIAQEABj8C9kSMrLMLLStFQKvEIu6hHkrHGFAq+ld3bNYnU1wpaKP/xAAfEAEAAQQCAwEAAAAAAAAAAAABABEhMDFBURBQYYH/2gAIAQEAAT8h9kgioNQumgoWD4qh5HDR0RWvJ8moBqV65bY0S25hEGsWl6CEriyoLxE/AIFADEDLTElw94P/2gAMAwEAAgADAAAAEPPPPPPPPPPPPPAHNPPPPMHPPPKFPPPP/8QAFBEBAAAAAAAAAAAAAAAAAAAAQP/aAAgBAwEBPxB3/8QAFBEBAAAAAAAAAAAAAAAAAAAAQP/aAAgBAgEBPxB3/8QAHxABAAICAgIDAAAAAAAAAAAAAQARITAxQVFxUGGR/9oACAEBAAE/EPklu2gO2MXRc0A1L6kcl8QVo/WI+gx70JfMVKWPFESTYKcIoUQ0QywBIWUDjOuxcEwcHuHsABgq3VmC51OnzATXlL5PvUXEhbFELiFkAvqEYoDBqMmwpiuO5V168aP/2Q==',
  ),
  interlacedPng: Uint8Array.fromBase64(
    'iVBORw0KGgoAAAANSUhEUgAAAGAAAABQAgMAAAHsi6iQAAAADFBMVEX///8VFRWzs7NlZWWw1njAAAAACXBIWXMAAAPoAAAD6AG1e1JrAAABF0lEQVRIx2NgwAKY9gAJFiBWgGIHBuzgC1ReAIgPQDE+wPpqAYSRACYZG8CUCkRsAgP1gOoqsNFM/yEWMTkg28cJUcMGoWxQbC+AqE9gGBCwCjkS/oaGxiFL3kFiMxcgcXgbkDjmyEZEIKtKwKXqOrItOxhGIliBHLbhr1YtgHNqQ0MRobjq//8YZG0RuKKEEzmwdZGzhSoDjmhgmILMQbaGOQBXNLIim2yOnAymIRsWghzbYcgmI1vD9IBhFAwrwPX/VwNWCc5QMAhfgFHyr1oPlqnAZlrTqgVXX2C3iekqdosYeONwuG1rHC6TcCRD7nAcVnDitKKCRCs4cVkxFZcVuEzSDWsg1ds4JLhDo3BEbugBmiUcAGVHQVu65kKsAAAAAElFTkSuQmCC',
  ),
  transparentPng: Uint8Array.fromBase64(
    'iVBORw0KGgoAAAANSUhEUgAAAGAAAABQCAYAAADm4nCVAAAACXBIWXMAAAPoAAAD6AG1e1JrAAACtUlEQVR42u2b7W2DMBCGWcEreAVWYAVWYAU6AiuwAiuwAiuwAiukVDpL15Obpm3ccPD8eJXEoankx/dpu6qqtwq9UkwCAACAAAAABAAAIAAAAAEAAAgAAEAAAAACAAAQAACAAAAABAAAIAAAAAEAAAgAAEAAAAACAADQywGEO+NxV7OrFTVK8c7fAuAJMKJM+rhrFk3y+UPdrloUvwH5yP8NAPg8Ca1M+LJrE63qdVYwhl29QNFq70g/k943AtQRkHI/3slE35Q281mPrwLLav5i3H6fLKxXEC4NQLsfPUGTGlszUDal2x3Z5xLESeDHqwNIATjnTjpxOwnGmrGGnwJIY4v8dnN1AEFlQlYp+CZAvVhLCtK9ApRTihuDANQQVhmvqQMe98NBQakVqOYL6WcGZUGbAOkA8HuLydUSwVhUUN8PJg6MBOHnWUz4Jsa0suKT+1lk9QdaEeXVSDxYje9vKnpBxd1TlECtg+8kFhEBUB5GI75ep6WjjAcAlI0Ntaz+xeT/g6/g69MCogTZ2eT9o0/34wuAdj2bcT0t3dDXrf7e58r3FwNq8fNLpuqNv6i+AfBDAGl/YVNFV29aDgELKAegM5nP5DPr8QcguZ/RVL29761IPwBs3r+pqvcZnVgAPOB6dOYzZ3w/FlAo7WxNw23z23LwB6AxWY/TdrM/AEF1O1dTdE3+2s3+AKSgO5udrtnXaQe/ADp1mMvpRrvvLckhM/knC7zHBRAz3c7Jd7fTBwDdbLM5/wn9/vEA5LKe2d85T58AdKfzdh3XcxwAts/vfJPdD4CgdrmWzGHc8Rq3aF7r93N7vBpADYCyrsd2OvUljvF8bYfjAegzAFLx1WEB5budg7mMsV0n/TyOC9IB2B4zAcA/XWFKN2K6czbcjlsH/OVuMADQuZpxAQAIAFfTO31RNXgtWkOpAAAAAElFTkSuQmCC',
  ),
} as const

/** An older format that is not read. */
export const GIF = Uint8Array.fromBase64('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7')
