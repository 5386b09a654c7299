import type { UploadOptions } from '../../src/client/files.ts'

/** Longest side of a picture that is sent as one, in pixels. */
const LARGEST = 2_560
/** A smaller picture goes as it is. */
const LIGHT = 400_000
const QUALITY = 0.85
/** What is drawn anew; animations and drawings are not. */
const DRAWN = ['image/jpeg', 'image/png', 'image/webp']

export interface Picked {
  readonly blob: Blob
  /** What it was made from, if it was made smaller. */
  readonly original?: File
  readonly options: UploadOptions
}

/** Makes what was chosen ready to be sent: pictures are made smaller unless they are to be sent as they are, and their size is found out. */
export async function prepared(file: File, { isOriginal = false } = {}): Promise<Picked> {
  const name = file.name === '' ? 'file' : file.name
  const plain: Picked = { blob: file, options: { name } }
  if (!file.type.startsWith('image/'))
    return file.type.startsWith('video/') ? { blob: file, options: { name, ...(await videoSize(file)) } } : plain
  const picture = await createImageBitmap(file).catch(() => undefined)
  if (!picture) return { blob: file, options: { name, kind: 'file' } }
  const { width, height } = picture
  try {
    const small = isOriginal || !DRAWN.includes(file.type) ? undefined : await smaller(picture, file)
    return small
      ? { blob: small.blob, original: file, options: { name: name.replace(/\.\w+$/, '') + '.webp', ...small.size } }
      : { blob: file, options: { name, width, height } }
  } finally {
    picture.close()
  }
}

async function smaller(picture: ImageBitmap, file: File) {
  const scale = Math.min(1, LARGEST / Math.max(picture.width, picture.height))
  if (scale === 1 && file.size <= LIGHT) return undefined
  const size = { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) }
  const canvas = Object.assign(document.createElement('canvas'), size)
  const context = canvas.getContext('2d')
  if (!context) return undefined
  context.imageSmoothingQuality = 'high'
  context.drawImage(picture, 0, 0, size.width, size.height)
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/webp', QUALITY))
  // A browser that cannot write WebP writes PNG.
  return blob && blob.type === 'image/webp' && blob.size < file.size ? { blob, size } : undefined
}

const PATIENCE_MS = 3_000

function videoSize(file: File): Promise<{ width?: number; height?: number }> {
  const video = document.createElement('video')
  const url = URL.createObjectURL(file)
  return new Promise<{ width?: number; height?: number }>((resolve) => {
    setTimeout(() => resolve({}), PATIENCE_MS)
    video.onerror = () => resolve({})
    video.onloadedmetadata = () => resolve(video.videoWidth > 0 ? { width: video.videoWidth, height: video.videoHeight } : {})
    video.preload = 'metadata'
    video.src = url
  }).finally(() => URL.revokeObjectURL(url))
}
