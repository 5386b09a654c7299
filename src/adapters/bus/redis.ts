import type { Bus } from '../../application/ports/bus.ts'
import { type LineBusOptions, lineBus } from './lines.ts'
import { redisLines } from './redis-lines.ts'

export interface RedisBusOptions extends LineBusOptions {
  /** `redis://…` or `rediss://…`: of one server, or of any node of a cluster. */
  readonly url: string
  readonly newId: () => string
}

/**
 * Carries notices between processes through Redis or Valkey. The channels are sharded (`SPUBLISH`), which a cluster spreads over its
 * nodes; before Redis 7 they are ordinary ones. Services that share a server use databases of different numbers.
 */
export const redisBus = ({ url, newId, ...options }: RedisBusOptions): Bus =>
  lineBus(
    {
      name: 'Redis',
      prefix: `windi:${new URL(url).pathname.slice(1) || 0}:`,
      open: (lines, signal) => redisLines({ ...lines, url }, newId(), signal),
    },
    options,
  )
