import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import type { Context } from 'koa'
import { koaBody } from 'koa-body'
import { invalid } from '../../domain/refusal.ts'
import { limits } from '../wire/limits.ts'
import type { WireCode } from '../wire/problems.ts'

export type Body = { readonly value: unknown } | { readonly problem: WireCode }

const strictly = {
  json: false,
  urlencoded: false,
  text: false,
  multipart: false,
  patchNode: false,
  jsonLimit: limits.body_bytes,
  formLimit: limits.body_bytes,
}
type BodyType = 'application/json' | 'application/x-www-form-urlencoded'
const form = koaBody({ ...strictly, urlencoded: true, queryString: { allowDots: false, depth: 0, parameterLimit: 100 } })
const json = (jsonLimit: number) => koaBody({ ...strictly, json: true, jsonStrict: false, jsonLimit })
const jsonReaders = new Map<number, ReturnType<typeof json>>()

function readerOf(type: BodyType, bytes: number) {
  if (type !== 'application/json') return form
  const reader = jsonReaders.get(bytes) ?? json(bytes)
  jsonReaders.set(bytes, reader)
  return reader
}
const done = () => Promise.resolve()

/** The body of a request that comes as this type, `undefined` where there is none. Says what is wrong: size, then type, then content. */
export async function readBody(ctx: Context, type: BodyType, bytes: number = limits.body_bytes): Promise<Body> {
  const { req } = ctx
  const length = Number(req.headers['content-length'] ?? 0)
  if (req.readableEnded) return readByOthers(ctx, length)
  if (length > bytes) return tooLarge(req)
  if (length === 0 && req.headers['transfer-encoding'] === undefined) return { value: undefined }
  if (!ctx.is(type) || !isPlainUtf8(req)) return { problem: 'unsupported-media-type' }
  const chunks: Buffer[] = []
  const keep = (chunk: Buffer) => void chunks.push(chunk)
  req.on('data', keep)
  try {
    await readerOf(type, bytes)(ctx, done)
  } catch (error) {
    const { status, type: reason } = error as { status?: number; type?: string }
    if (status === 413 || reason === 'entity.too.large') return tooLarge(req)
    if (status === undefined || status >= 500) throw error
    return type === 'application/json' ? notTaken(chunks) : { problem: 'bad-json' }
  } finally {
    req.off('data', keep)
  }
  // The text was decoded by then, with replacements for what is no UTF-8: those would be stored as if they had been sent.
  if (!isUtf8(Buffer.concat(chunks))) return { problem: 'bad-json' }
  return { value: chunks.length === 0 ? undefined : parsedByOthers(ctx) }
}

/** JSON with a member `__proto__` is JSON all the same, and is refused by its shape. */
function notTaken(chunks: readonly Buffer[]): Body {
  const bytes = Buffer.concat(chunks)
  if (!isUtf8(bytes)) return { problem: 'bad-json' }
  try {
    return { value: JSON.parse(bytes.toString()) }
  } catch {
    return { problem: 'bad-json' }
  }
}

/** The host's own parser, such as `express.json()`, came first: what it left is taken, and its absence is told. */
function readByOthers(ctx: Context, length: number): Body {
  const value = parsedByOthers(ctx) ?? (ctx.req as { readonly body?: unknown }).body
  if (value === undefined && length > 0) throw invalid('', 'was read before the chat had it: mount the chat in front of what reads bodies')
  return { value }
}

const parsedByOthers = (ctx: Context): unknown => (ctx.request as { body?: unknown }).body

function isPlainUtf8({ headers }: IncomingMessage): boolean {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(headers['content-type'] ?? '')?.[1]
  return (
    (headers['content-encoding'] ?? 'identity').toLowerCase() === 'identity' &&
    (charset === undefined || /^(utf-?8|us-ascii)$/i.test(charset))
  )
}

/** What runs out unread before the connection is given up. */
const DISCARDED_BYTES = 16 * 1_048_576

function tooLarge(req: IncomingMessage): Body {
  discard(req)
  return { problem: 'too-large' }
}

/** The rest is read and dropped, so that the client, which may not listen before it has sent all, gets its answer. */
export function discard(req: IncomingMessage): void {
  let left = DISCARDED_BYTES
  req.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) req.destroy()
  })
  req.resume()
}
