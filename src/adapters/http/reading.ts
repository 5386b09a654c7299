import type { Middleware } from 'koa'
import { refuse } from './refuse.ts'

/** Addresses that are only read: `find` says who answers at one, if anybody does. Other methods are refused there. */
export const reading =
  (find: (path: string) => Middleware | undefined): Middleware =>
  async (ctx, next) => {
    const answer = find(ctx.path)
    if (!answer) return next()
    if (ctx.method === 'GET' || ctx.method === 'HEAD') return answer(ctx, nobodyElse)
    ctx.set('Allow', 'GET, HEAD, OPTIONS')
    if (ctx.method === 'OPTIONS') ctx.status = 204
    else refuse(ctx, 'method-not-allowed')
  }

const nobodyElse = async (): Promise<void> => {}

/** From a table of addresses. */
export const at =
  (table: Readonly<Record<string, Middleware>>) =>
  (path: string): Middleware | undefined =>
    Object.hasOwn(table, path) ? table[path] : undefined
