import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Middleware } from 'koa'

interface Kept {
  readonly plain: Buffer
  readonly packed: Buffer
  readonly etag: string
}

const pack = promisify(gzip)

async function keep(content: string | Buffer): Promise<Kept> {
  const plain = typeof content === 'string' ? Buffer.from(content) : content
  return { plain, packed: await pack(plain), etag: `"${hash('sha256', plain, 'base64url').slice(0, 22)}"` }
}

/** One content, made and packed when it is first asked for, and then kept. */
export function asset(type: string, make: () => string | Buffer | Promise<string>, caching = 'no-cache'): Middleware {
  let kept: Promise<Kept> | undefined
  return async (ctx) => {
    kept ??= Promise.resolve(make()).then(keep)
    const { plain, packed, etag } = await kept
    ctx.set('Cache-Control', caching)
    ctx.set('ETag', etag)
    ctx.vary('Accept-Encoding')
    ctx.status = 200
    if (ctx.fresh) {
      ctx.status = 304
      return
    }
    const isPacked = ctx.acceptsEncodings('gzip', 'identity') === 'gzip'
    if (isPacked) ctx.set('Content-Encoding', 'gzip')
    ctx.set('Content-Type', type)
    ctx.body = isPacked ? packed : plain
  }
}

export const fromFile = (path: string) => (): Promise<string> => readFile(path, 'utf8')
