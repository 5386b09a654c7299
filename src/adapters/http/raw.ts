import type { IncomingMessage } from 'node:http'
import type { Context } from 'koa'
import { invalid, Refusal } from '../../domain/refusal.ts'
import type { Raw } from '../wire/handlers.ts'
import { discard } from './body.ts'
import { fileOfForm } from './multipart.ts'

/** A body that its call reads itself. */
export function rawBody(ctx: Context): Raw {
  const { req } = ctx
  const length = req.headers['content-length']
  return {
    header: (name) => ctx.get(name),
    length: length === undefined ? undefined : Number(length),
    bytes: bytesOf(req),
    async file() {
      if (ctx.is('multipart/form-data')) return fileOfForm(req)
      if ((req.headers['content-encoding'] ?? 'identity') !== 'identity') throw new Refusal('unsupported-media-type')
      return { name: undefined, bytes: bytesOf(req), over: async () => {} }
    },
  }
}

/** Whoever stops reading does not cut the connection: the answer is still to come. */
async function* bytesOf(req: IncomingMessage): AsyncGenerator<Uint8Array> {
  yield* req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
}

/** A client that went away before all had come is no defect, and hears nothing. */
export const wasCut = ({ req }: Context): boolean => req.destroyed && !req.complete
export const inPart = (): Refusal => invalid('', 'came in part')

/** The rest of a body that nobody wants is read and dropped, so that a client that sends all of it first gets its answer. */
export function dropRest({ req }: Context): void {
  if (!req.readableEnded) discard(req)
}
