import { hash, timingSafeEqual } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Context, Middleware } from 'koa'
import { bearerOf } from '../wire/bearer.ts'
import type { AppOptions } from './options.ts'
import { at, reading } from './reading.ts'
import { nothingHere } from './refuse.ts'

const PATIENCE_MS = 2_000

/** What those ask who run the service: is it alive, does it take work, how is it doing. */
export const probes = (options: AppOptions): Middleware =>
  reading(
    at({
      '/livez': async (ctx) => status(ctx, 200, 'alive'),
      '/readyz': async (ctx) => {
        if (options.isDraining?.()) return status(ctx, 503, 'draining')
        return (await isReady(options)) ? status(ctx, 200, 'ready') : status(ctx, 503, 'not ready')
      },
      '/metrics': (ctx) => metrics(ctx, options),
    }),
  )

function status(ctx: Context, code: number, text: string): void {
  ctx.status = code
  ctx.set('Cache-Control', 'no-store')
  ctx.set('Content-Type', 'application/json')
  ctx.body = JSON.stringify({ status: text })
}

async function isReady({ ready = () => true }: AppOptions): Promise<boolean> {
  const asked = async () => ready()
  return Promise.race([asked().catch(() => false), pause(PATIENCE_MS, false, { ref: false })])
}

async function metrics(ctx: Context, { metrics: shown }: AppOptions): Promise<void> {
  if (!shown || !brings(ctx, shown.token)) throw nothingHere()
  const { type, text } = await shown.render()
  ctx.set('Cache-Control', 'no-store')
  ctx.set('Content-Type', type)
  ctx.body = text
}

function brings(ctx: Context, token: string | undefined): boolean {
  const given = bearerOf(ctx.get('Authorization'))
  return token !== undefined && given !== undefined && timingSafeEqual(digest(given), digest(token))
}

const digest = (text: string): Buffer => hash('sha256', text, 'buffer')
