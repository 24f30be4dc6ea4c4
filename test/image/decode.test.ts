import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { decode, readHeader, sniff } from '../../image/decode.ts'
import type { Picture } from '../../image/picture.ts'
import { assemble, chunk, codecs, encoder, LIMITS, makePng, pattern } from './files.ts'

function decoded(bytes: Uint8Array): Picture {
  const result = decode(bytes, LIMITS, codecs)
  if (!result.ok) throw new Error(result.error.message)
  return result.picture
}

function failure(bytes: Uint8Array): string {
  const result = decode(bytes, LIMITS, codecs)
  if (result.ok) return 'ok'
  expect(result.error.message).toMatch(/^The .*\.$/)
  return result.error.kind
}

/** Mean absolute difference of two pictures' colours. */
function difference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length)
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i] - b[i])
  return sum / a.length
}

describe('PNG', () => {
  const WIDTH = 13
  const HEIGHT = 11
  const kinds = [
    { colourType: 0, depths: [1, 2, 4, 8, 16], channels: 1 },
    { colourType: 2, depths: [8, 16], channels: 3 },
    { colourType: 3, depths: [1, 2, 4, 8], channels: 1 },
    { colourType: 4, depths: [8, 16], channels: 2 },
    { colourType: 6, depths: [8, 16], channels: 4 },
  ]
  for (const { colourType, depths, channels } of kinds) {
    for (const bitDepth of depths) {
      for (const interlace of [0, 1]) {
        it(`reads colour type ${colourType}, ${bitDepth} bits, interlace ${interlace}, every filter`, () => {
          const most = 2 ** bitDepth - 1
          const sample = (x: number, y: number): number[] =>
            Array.from({ length: channels }, (_, c) => (x * 7919 + y * 104729 + c * 1299709) % (most + 1))
          const palette = Uint8Array.from({ length: 3 * Math.min(256, most + 1) }, (_, i) => (i * 59) & 255)
          const before = colourType === 3 ? [chunk('PLTE', palette), chunk('tRNS', Uint8Array.of(7, 9))] : []
          for (const filter of [0, 1, 2, 3, 4]) {
            const bytes = makePng({
              width: WIDTH,
              height: HEIGHT,
              bitDepth,
              colourType,
              interlace,
              sample,
              filter,
              before,
            })
            const { data } = decoded(bytes)
            for (let y = 0; y < HEIGHT; y++) {
              for (let x = 0; x < WIDTH; x++) {
                const values = sample(x, y)
                const level = (v: number): number => (bitDepth === 16 ? v >> 8 : Math.round((v * 255) / most))
                const [r, g, b, a] = values.map(level)
                const wanted = [
                  [r, r, r, 255],
                  [],
                  [r, g, b, 255],
                  [...palette.subarray(values[0] * 3, values[0] * 3 + 3), [7, 9][values[0]] ?? 255],
                  [r, r, r, g],
                  [],
                  [r, g, b, a],
                ][colourType]
                expect([...data.subarray((y * WIDTH + x) * 4, (y * WIDTH + x) * 4 + 4)]).toEqual(wanted)
              }
            }
          }
        })
      }
    }
  }

  it('makes the transparent colour of grey and RGB pictures transparent', () => {
    const size = { width: 2, height: 1, bitDepth: 8 }
    const grey = makePng({
      ...size,
      colourType: 0,
      sample: (x) => [x * 9],
      before: [chunk('tRNS', Uint8Array.of(0, 9))],
    })
    expect(decoded(grey).data[3]).toBe(255)
    expect(decoded(grey).data[7]).toBe(0)
    const key = chunk('tRNS', Uint8Array.of(0, 9, 0, 8, 0, 7))
    const rgb = makePng({ ...size, colourType: 2, sample: (x) => (x ? [9, 8, 7] : [9, 8, 6]), before: [key] })
    expect([decoded(rgb).data[3], decoded(rgb).data[7]]).toEqual([255, 0])
  })

  it('reads what is too large to be inflated whole', async () => {
    const [width, height] = [2000, 1500]
    const data = pattern(width, height)
    const bytes = await encoder(data, width, height).png({ compressionLevel: 1 }).toBuffer()
    const { data: found } = decoded(bytes)
    expect(Buffer.compare(found, data)).toBe(0)
    expect(failure(bytes.subarray(0, bytes.length - 100))).toBe('truncated')
  })

  it('skips ancillary chunks without inflating them', () => {
    const bomb = chunk('zTXt', Buffer.concat([Buffer.from('a\0\0'), deflateSync(new Uint8Array(50_000_000))]))
    const bytes = makePng({ width: 1, height: 1, bitDepth: 8, colourType: 0, sample: () => [5], before: [bomb] })
    expect(decoded(bytes).data[0]).toBe(5)
  })

  it('refuses pixels beyond what the header says before they fill the memory', () => {
    const idat = deflateSync(new Uint8Array(100_000_000))
    expect(failure(assemble({ width: 10, height: 10, bitDepth: 8, colourType: 0 }, idat))).toBe('corrupt')
  })

  it('refuses wrong checksums, missing palettes, unknown critical chunks and impossible headers', () => {
    const parts = { width: 3, height: 3, bitDepth: 8, colourType: 0, sample: () => [1] }
    const wrong = makePng(parts)
    wrong[wrong.length - 20] ^= 1
    expect(failure(wrong)).toBe('corrupt')
    expect(failure(makePng({ ...parts, colourType: 3 }))).toBe('corrupt')
    expect(failure(makePng({ ...parts, before: [chunk('ABCD', new Uint8Array(3))] }))).toBe('corrupt')
    expect(failure(makePng({ ...parts, bitDepth: 3 }))).toBe('corrupt')
    expect(failure(assemble({ ...parts, width: 0 }, new Uint8Array(8)))).toBe('zero-size')
  })
})

describe('JPEG', () => {
  const [width, height] = [61, 45]
  const smooth = pattern(width, height).map((v, i) => (i % 4 === 2 ? 90 : v))

  for (const progressive of [false, true]) {
    it(`reads ${progressive ? 'progressive' : 'baseline'} colour`, async () => {
      const bytes = await encoder(smooth, width, height).jpeg({ quality: 95, progressive }).toBuffer()
      expect(difference(decoded(bytes).data, smooth)).toBeLessThan(3)
    })
  }

  it('reads grey and CMYK', async () => {
    const grey = await encoder(smooth, width, height).greyscale().jpeg({ quality: 95 }).toBuffer()
    const { data } = decoded(grey)
    expect(data[400]).toBe(data[401])
    const cmyk = await encoder(smooth, width, height)
      .removeAlpha()
      .toColourspace('cmyk')
      .jpeg({ quality: 95 })
      .toBuffer()
    const again = await encoder(decoded(cmyk).data, width, height).raw().toBuffer()
    const wanted = await (await import('sharp')).default(cmyk).toColourspace('srgb').ensureAlpha().raw().toBuffer()
    expect(difference(again, wanted)).toBeLessThan(30)
  })

  for (let orientation = 1; orientation <= 8; orientation++) {
    it(`turns EXIF orientation ${orientation} upright`, async () => {
      const bytes = await encoder(smooth, width, height).jpeg({ quality: 95 }).withMetadata({ orientation }).toBuffer()
      const { default: sharp } = await import('sharp')
      const wanted = await sharp(bytes).autoOrient().ensureAlpha().raw().toBuffer({ resolveWithObject: true })
      const picture = decoded(bytes)
      expect([picture.width, picture.height]).toEqual([wanted.info.width, wanted.info.height])
      expect(picture.source).toEqual({ width: picture.width, height: picture.height })
      expect(readHeader(bytes)).toMatchObject({
        ok: true,
        format: 'jpeg',
        width: picture.width,
        height: picture.height,
      })
      expect(difference(picture.data, wanted.data)).toBeLessThan(3)
    })
  }

  it('refuses a picture that is refined scan by scan without end', async () => {
    const bytes = await encoder(smooth, width, height).jpeg({ progressive: true }).toBuffer()
    const scan = bytes.subarray(bytes.lastIndexOf(Buffer.of(0xff, 0xda)), bytes.length - 2)
    const many = Buffer.concat([bytes.subarray(0, -2), ...new Array(200).fill(scan), bytes.subarray(-2)])
    expect(failure(many)).toBe('unsupported')
  })
})

describe('WebP', () => {
  const [width, height] = [50, 40]

  it('reads lossless pictures with alpha exactly', async () => {
    const data = pattern(width, height, true)
    const bytes = await encoder(data, width, height).webp({ lossless: true, exact: true }).toBuffer()
    expect(decoded(bytes).data).toEqual(data)
  })

  it('reads lossy pictures, with and without alpha', async () => {
    for (const alpha of [false, true]) {
      const data = pattern(width, height, alpha).map((v, i) => (i % 4 === 2 ? 90 : v))
      const bytes = await encoder(data, width, height).webp({ quality: 95 }).toBuffer()
      expect(difference(decoded(bytes).data, data)).toBeLessThan(alpha ? 10 : 4)
    }
  })

  it('turns EXIF orientation upright', async () => {
    const data = pattern(width, height)
    const bytes = await encoder(data, width, height)
      .webp({ lossless: true })
      .withMetadata({ orientation: 6 })
      .toBuffer()
    expect(decoded(bytes)).toMatchObject({ width: height, height: width })
  })

  it('says that animations are not supported', async () => {
    const frames = Buffer.concat([pattern(20, 20), pattern(20, 20, true)])
    const { default: sharp } = await import('sharp')
    const raw = { width: 20, height: 40, channels: 4, pageHeight: 20 } as const
    expect(failure(await sharp(frames, { raw }).webp().toBuffer())).toBe('unsupported')
  })
})

describe('any file', () => {
  const data = pattern(24, 18, true)
  const files = Promise.all([
    encoder(data, 24, 18).png().toBuffer(),
    encoder(data, 24, 18).png({ palette: true, progressive: true }).toBuffer(),
    encoder(data, 24, 18).jpeg().toBuffer(),
    encoder(data, 24, 18).jpeg({ progressive: true }).toBuffer(),
    encoder(data, 24, 18).webp().toBuffer(),
    encoder(data, 24, 18).webp({ lossless: true }).toBuffer(),
  ])

  it('is told by its first bytes', async () => {
    expect((await files).map(sniff)).toEqual(['png', 'png', 'jpeg', 'jpeg', 'webp', 'webp'])
    expect(sniff(new Uint8Array(0))).toBe(null)
    expect(failure(new Uint8Array(0))).toBe('empty')
    expect(failure(new TextEncoder().encode('GIF89a and then some'))).toBe('unknown-format')
  })

  it('has its size read from the header', async () => {
    for (const file of await files) expect(readHeader(file)).toMatchObject({ ok: true, width: 24, height: 18 })
  })

  it('is refused for its size without decoding', async () => {
    for (const file of await files) {
      const result = decode(file, { maxPixels: 24 * 18 - 1 }, codecs)
      expect(result).toMatchObject({ ok: false, error: { kind: 'too-large', width: 24, height: 18 } })
    }
    const huge = assemble({ width: 2 ** 31 - 1, height: 2 ** 31 - 1, bitDepth: 16, colourType: 6 }, new Uint8Array(9))
    expect(failure(huge)).toBe('too-large')
  })

  it('that is cut off at any length is refused', async () => {
    for (const file of await files) {
      for (let length = 0; length < file.length; length++) {
        expect(failure(file.subarray(0, length))).toMatch(/empty|unknown-format|truncated|corrupt/)
      }
    }
  })

  it('with bytes changed is read or refused, never more', async () => {
    const originals = await files
    fc.assert(
      fc.property(
        fc.nat(originals.length - 1),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        (which, changes) => {
          const bytes = Uint8Array.from(originals[which])
          for (const [at, value] of changes) bytes[at % bytes.length] = value
          const result = decode(bytes, LIMITS, codecs)
          if (result.ok) expect(result.picture.data.length).toBe(result.picture.width * result.picture.height * 4)
        },
      ),
      { numRuns: 3000 },
    )
    for (const [k, file] of originals.entries()) expect(failure(file), `file ${k}`).toBe('ok')
  })

  it('of noise behind a good signature is refused', () => {
    const magics = [
      [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
      [0xff, 0xd8, 0xff],
      [0x52, 0x49, 0x46, 0x46, 40, 0, 0, 0, 0x57, 0x45, 0x42, 0x50],
    ]
    fc.assert(
      fc.property(fc.constantFrom(...magics), fc.uint8Array({ maxLength: 300 }), (magic, noise) => {
        expect(failure(Uint8Array.from([...magic, ...noise]))).not.toBe('ok')
      }),
      { numRuns: 1000 },
    )
  })

  it('one pixel high or wide is read', async () => {
    for (const [width, height] of [
      [3000, 1],
      [1, 3000],
      [1, 1],
    ]) {
      const bytes = await encoder(pattern(width, height), width, height).png().toBuffer()
      const picture = decoded(bytes)
      expect(picture.source).toEqual({ width, height })
      expect(Math.max(picture.width, picture.height)).toBeLessThanOrEqual(2048)
    }
  })

  it('of a phone camera comes back reduced, in every format alike', async () => {
    const [width, height] = [4000, 3000]
    const picture = encoder(new Uint8Array(width * height * 4).fill(200), width, height).removeAlpha()
    const encoded = [
      picture.clone().jpeg(),
      picture.clone().png({ compressionLevel: 1 }),
      picture.clone().webp({ effort: 0 }),
    ]
    for (const bytes of await Promise.all(encoded.map((one) => one.toBuffer()))) {
      const { data, ...size } = decoded(bytes)
      expect(size).toEqual({ width: 2000, height: 1500, source: { width, height } })
      expect(Math.abs(data[2_000_000] - 200)).toBeLessThan(3)
    }
  })
})

describe('what cannot be reduced while it is decoded', () => {
  it.each(['lossless WebP', 'WebP with alpha', 'progressive 4:4:4 JPEG'])(
    '%s of 7 megapixels is refused',
    async (kind) => {
      const blank = sharp({
        create: { width: 3000, height: 2333, channels: 4, background: { r: 9, g: 9, b: 9, alpha: 0.5 } },
      })
      const file =
        kind === 'lossless WebP'
          ? await blank.webp({ lossless: true, effort: 0 }).toBuffer()
          : kind === 'WebP with alpha'
            ? await blank.webp({ effort: 0 }).toBuffer()
            : await blank.jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer()
      expect(decode(file, LIMITS, codecs)).toMatchObject({ ok: false, error: { kind: 'too-large' } })
    },
  )

  it('a progressive 4:2:0 JPEG and a lossy WebP of 7 megapixels are read', async () => {
    const blank = sharp({ create: { width: 3000, height: 2333, channels: 3, background: '#999' } })
    for (const file of [
      await blank.jpeg({ progressive: true }).toBuffer(),
      await blank.webp({ effort: 0 }).toBuffer(),
    ]) {
      expect(decode(file, LIMITS, codecs).ok).toBe(true)
    }
  })
})
