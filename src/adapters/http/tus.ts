import type { Middleware } from 'koa'
import { invalid, Refusal } from '../../domain/refusal.ts'
import type { Raw } from '../wire/handlers.ts'
import { limits } from '../wire/limits.ts'
import { BASE_PATH } from '../wire/routes.ts'

export const VERSION = '1.0.0'
const EXTENSIONS = 'creation,termination,expiration'
const UPLOADS = new RegExp(`^${BASE_PATH}/uploads(/|$)`)

/** What tus 1.0 wants of every answer of its addresses, and of requests in another version. */
export const tus =
  (fileLimit: number = limits.file_bytes): Middleware =>
  async (ctx, next) => {
    if (!UPLOADS.test(ctx.path)) return next()
    ctx.set('Tus-Resumable', VERSION)
    if (ctx.method === 'OPTIONS') {
      ctx.set({ 'Tus-Version': VERSION, 'Tus-Extension': EXTENSIONS, 'Tus-Max-Size': String(fileLimit) })
      ctx.status = 204
      return
    }
    if (ctx.get('Tus-Resumable') === VERSION) return next()
    ctx.set('Tus-Version', VERSION)
    ctx.status = 412
    ctx.body = null
    ctx.status = 412
  }

const number = (raw: Raw, name: string): number => {
  const text = raw.header(name)
  if (!/^\d{1,15}$/.test(text)) throw invalid(`/${name}`, 'is a number of bytes')
  return Number(text)
}

export const lengthIn = (raw: Raw): number => number(raw, 'Upload-Length')
export const offsetIn = (raw: Raw): number => number(raw, 'Upload-Offset')

/** `Upload-Metadata`: pairs of a name and a value in Base64. */
export function metadataIn(raw: Raw): { readonly name: string; readonly clientFileId: string | undefined } {
  const pairs = raw
    .header('Upload-Metadata')
    .split(',')
    .map((pair) => pair.trim().split(/ +/))
  const values = new Map(pairs.map(([key = '', value = '']) => [key, textOf(value)]))
  const name = values.get('name') ?? values.get('filename')
  if (name === undefined) throw invalid('/name', 'is required')
  return { name, clientFileId: values.get('client_file_id') }
}

function textOf(base64: string): string {
  try {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw invalid('/Upload-Metadata', 'has values in Base64 of UTF-8')
  }
}

/** Refuses a body that is not what tus sends. */
export function requireOffsetStream(raw: Raw): void {
  const type = raw.header('Content-Type').split(';')[0]!.trim().toLowerCase()
  if (type !== 'application/offset+octet-stream') throw new Refusal('unsupported-media-type')
}
