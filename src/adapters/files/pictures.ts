import type SharpModule from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'
import { gate } from '../../application/gate.ts'
import type { Pictures, Seen } from '../../application/ports/pictures.ts'

type Sharp = typeof SharpModule

export interface PicturesOptions {
  /** Pictures under way, at most. */
  readonly running?: number
  /** Pictures that wait, at most. */
  readonly waiting?: number
  readonly seconds?: number
}

const MOST_PIXELS = 50_000_000
const THUMB = 320
const PREVIEW = 1_280
/** What a thumbhash is made from, at most. */
const HASHED = 100

/** Previews by sharp, an optional package; undefined if it is not installed. */
export async function sharpPictures({ running = 2, waiting = 64, seconds = 5 }: PicturesOptions = {}): Promise<Pictures | undefined> {
  const sharp = await installed()
  if (!sharp) return undefined
  const inTurn = gate({ places: running, waiting })
  return { look: ({ path }) => inTurn(() => look(sharp, path, seconds)) }
}

async function installed(): Promise<Sharp | undefined> {
  try {
    const { default: sharp } = await import('sharp')
    sharp.cache(false)
    sharp.concurrency(1)
    // Only what is shown inline is decoded, whatever a file claims to be.
    sharp.block({ operation: ['VipsForeignLoad'] })
    sharp.unblock({
      operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp', 'VipsForeignLoadNsgif', 'VipsForeignLoadHeif'],
    })
    return sharp
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}

async function look(sharp: Sharp, path: string, seconds: number): Promise<Seen | undefined> {
  try {
    const picture = sharp(path, { limitInputPixels: MOST_PIXELS, failOn: 'error' })
    const { width, height } = (await picture.metadata()).autoOrient
    if (width * height > MOST_PIXELS) return undefined
    const preview = await shrunk(picture.autoOrient().timeout({ seconds }), PREVIEW)
    const thumb = await shrunk(sharp(preview), THUMB)
    const { data, info } = await sharp(thumb)
      .resize(HASHED, HASHED, { fit: 'inside', withoutEnlargement: true })
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    const thumbhash = Buffer.from(rgbaToThumbHash(info.width, info.height, data)).toString('base64')
    return { width, height, thumbhash, thumb, preview }
  } catch {
    return undefined
  }
}

const shrunk = (picture: ReturnType<Sharp>, size: number): Promise<Buffer> =>
  picture.resize(size, size, { fit: 'inside', withoutEnlargement: true }).webp({ quality: 80 }).toBuffer()
