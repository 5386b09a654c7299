import sharp from 'sharp'

export const SECRETS = ['Secret camera 4711', 'SERIAL-0815', 'xmp:secret', '52.5200']

const XMP = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="xmp:secret"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`

export type PictureType = 'jpeg' | 'png' | 'webp'

export interface PictureOf {
  readonly type: PictureType
  readonly width: number
  readonly height: number
  readonly orientation: number
  readonly hasIcc: boolean
  readonly isProgressive?: boolean
  readonly isLossless?: boolean
}

/** A picture with all that cameras and editors write into one, made by another program than ours. */
export async function pictureOf({
  type,
  width,
  height,
  orientation,
  hasIcc,
  isProgressive = false,
  isLossless = false,
}: PictureOf): Promise<Buffer> {
  const raw = Buffer.alloc(width * height * 3)
  for (let i = 0; i < raw.length; i++) raw[i] = (i * 37 + (i >> 5) * 11) % 256
  const exif = {
    IFD0: { Make: SECRETS[0]!, ImageUniqueID: SECRETS[1]! },
    IFD3: { GPSLatitude: '52/1 31/1 12/1', GPSLatitudeRef: 'N', GPSMapDatum: SECRETS[3]! },
  }
  let picture = sharp(raw, { raw: { width, height, channels: 3 } })
    .withExif(exif)
    .withMetadata({ orientation })
    .withXmp(XMP)
  if (hasIcc) picture = picture.withIccProfile('p3', { attach: true })
  if (type === 'jpeg') return picture.jpeg({ progressive: isProgressive }).toBuffer()
  if (type === 'png') return picture.png({ progressive: isProgressive }).toBuffer()
  return picture.webp({ lossless: isLossless }).toBuffer()
}

/** What is to stay: pixels before any orientation is applied, the orientation, and the colour profile. */
export async function lookOf(bytes: Buffer) {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
  const { orientation = 1, icc } = await sharp(bytes).metadata()
  return { pixels: data.toString('base64'), width: info.width, height: info.height, orientation, icc: icc?.toString('base64') }
}
