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

async function keep(text: string): Promise<Kept> {
  const plain = Buffer.from(text)
  return { plain, packed: await pack(plain), etag: `"${hash('sha256', plain, 'base64url').slice(0, 22)}"` }
}

/** One text, made and packed when it is first asked for, and then kept. */
export function asset(type: string, make: () => string | Promise<string>): Middleware {
  let kept: Promise<Kept> | undefined
  return async (ctx) => {
    kept ??= Promise.resolve(make()).then(keep)
    const { plain, packed, etag } = await kept
    ctx.set('Cache-Control', 'no-cache')
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
