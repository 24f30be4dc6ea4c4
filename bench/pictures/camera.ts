import sharp from 'sharp'
import type { Picture } from '../../image/picture.ts'
import { draw } from '../../test/image/scenes.ts'
import { Failure } from '../../train/commands/command.ts'
import { decodePicture } from '../../train/pictures.ts'
import type { Shot } from './conditions.ts'

/** Draws a scene and puts it through a camera and a file. */
export async function take(digit: Uint8Array | null, shot: Shot): Promise<Picture> {
  const picture = draw(digit, shot)
  if (shot.blur === undefined && shot.quality === undefined) return picture
  const { width, height } = picture
  let image = sharp(picture.data, { raw: { width, height, channels: 4 } }).removeAlpha()
  if (shot.blur !== undefined) image = image.blur(Math.max(0.3, shot.blur))
  const file = await (shot.quality === undefined ? image.png() : image.jpeg({ quality: shot.quality })).toBuffer()
  const decoded = decodePicture(file)
  if (!decoded.ok) throw new Failure(`A drawn picture could not be read: ${decoded.reason}.`)
  return decoded.picture
}
