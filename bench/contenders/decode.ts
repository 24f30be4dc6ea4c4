/** A Worker that only decodes the picture it is sent: what reading one costs beyond that is the reading. */
import { decode } from '../../image/decode.ts'
import { LIMITS } from '../../worker/limits.ts'
import { CODECS } from '../../worker/pictures.ts'

export default {
  async fetch(request: Request): Promise<Response> {
    if (request.method === 'GET') return new Response('nothing decoded')
    const decoded = decode(new Uint8Array(await request.arrayBuffer()), { maxPixels: LIMITS.pixels }, CODECS)
    return decoded.ok
      ? Response.json({ width: decoded.picture.width, height: decoded.picture.height })
      : new Response(decoded.error.message, { status: 422 })
  },
}
