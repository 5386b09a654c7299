import type { Bus } from '../../application/ports/bus.ts'
import { type LineBusOptions, lineBus } from './lines.ts'
import { type NatsOptions, natsLines } from './nats-lines.ts'

/**
 * Carries notices between processes through NATS: a subject for each topic. Services that share a server have different names after the
 * address (`nats://localhost:4222/chat`).
 */
export const natsBus = ({ url, ...options }: LineBusOptions & Pick<NatsOptions, 'url'>): Bus =>
  lineBus({ name: 'NATS', prefix: `windi.${nameIn(url)}.`, open: (lines, signal) => natsLines({ ...lines, url }, signal) }, options)

/** The words of a subject stand between points, and some signs mean something in them. */
const nameIn = (url: string) => new URL(url.split(',')[0]!).pathname.slice(1).replaceAll(/[^\w-]/g, '_') || '0'
