import type { FileContent } from '../../application/file-api.ts'
import type { ByteRange } from '../../application/ports/blobs.ts'
import type { Answer } from './answer.ts'

/** Types that browsers show without running anything; all others are saved. */
const INLINE: ReadonlySet<string> = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'video/mp4',
  'video/webm',
  'audio/mpeg',
  'audio/ogg',
  'audio/mp4',
  'audio/webm',
  'audio/wav',
])

/** How long the place of the bytes may be asked for them. */
const ELSEWHERE_MS = 1_200_000

interface Conditions {
  readonly range: string
  readonly ifRange: string
  readonly ifNoneMatch: string
}

/** The answer to a request for bytes (RFC 9110, 13 and 14): all of them, a range, or that the client has them already. */
export async function served(content: FileContent, { range, ifRange, ifNoneMatch }: Conditions): Promise<Answer> {
  const { file, variant, lasts, address } = content
  const type = variant ? 'image/webp' : file.type
  const disposition = `${INLINE.has(type) ? 'inline' : 'attachment'}; ${fileName(file.name)}`
  const etag = `"${file.sha256.slice(0, 40)}${variant ? `-${variant}` : ''}"`
  const caching = lasts === undefined ? 'private, no-cache' : `private, max-age=${Math.floor(lasts / 1_000)}`
  const headers = { ...SAFE, 'ETag': etag, 'Cache-Control': caching }
  if (matches(ifNoneMatch, etag)) return { status: 304, headers }
  if (address) {
    return { status: 302, headers: { ...headers, Location: await address({ type, disposition, lasts: lasts ?? ELSEWHERE_MS }) } }
  }
  const described = { ...headers, 'Content-Type': type, 'Content-Disposition': disposition, 'Accept-Ranges': 'bytes' }
  if (variant) return { status: 200, headers: described, open: () => content.open() }
  const wanted = ifRange === '' || ifRange === etag ? rangeIn(range, file.size) : undefined
  if (wanted === 'unsatisfiable') return { status: 416, headers: { ...headers, 'Content-Range': `bytes */${file.size}` } }
  if (!wanted) return { status: 200, headers: described, length: file.size, open: () => content.open() }
  const { first, last } = wanted
  return {
    status: 206,
    headers: { ...described, 'Content-Range': `bytes ${first}-${last}/${file.size}` },
    length: last - first + 1,
    open: () => content.open(wanted),
  }
}

/** Nothing in a file runs, even if it is opened by itself. */
const SAFE = { 'Content-Security-Policy': "default-src 'none'; sandbox", 'X-Content-Type-Options': 'nosniff' }

const matches = (condition: string, etag: string): boolean =>
  condition === '*' || condition.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)

/** One range of bytes; undefined if there is none, several, or something else. */
function rangeIn(range: string, size: number): ByteRange | 'unsatisfiable' | undefined {
  const [, from = '', to = ''] = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(range) ?? []
  if (from === '' && to === '') return undefined
  if (from === '') return Number(to) === 0 || size === 0 ? 'unsatisfiable' : { first: Math.max(0, size - Number(to)), last: size - 1 }
  const [first, last] = [Number(from), to === '' ? Number.POSITIVE_INFINITY : Number(to)]
  if (last < first) return undefined
  return first >= size ? 'unsatisfiable' : { first, last: Math.min(last, size - 1) }
}

/** RFC 6266: the name in ASCII for old programs, and as it is (RFC 8187). */
function fileName(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  return `filename="${ascii}"; filename*=UTF-8''${encoded}`
}
