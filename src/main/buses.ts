import { inProcessBuses } from '../adapters/bus/in-process.ts'
import { natsBus } from '../adapters/bus/nats.ts'
import { postgresBus } from '../adapters/bus/postgres.ts'
import { redisBus } from '../adapters/bus/redis.ts'
import type { Metrics } from '../adapters/metrics/metrics.ts'
import { newId, random } from '../adapters/system/random.ts'
import type { Bus } from '../application/ports/bus.ts'
import type { Config } from './config.ts'
import type { Logger } from './logging.ts'
import type { Store } from './store.ts'
import { version } from './version.ts'

interface Needs {
  readonly config: Pick<Config, 'natsUrl' | 'redisUrl'>
  readonly log: Pick<Logger, 'warn'>
  readonly metrics: Pick<Metrics, 'count' | 'gauge'>
  readonly closing: (close: () => Promise<unknown>) => void
}

/** Opens the bus between processes on one store: NATS or Redis if configured, else Postgres; on other stores there is only one process. */
export function openBus(own: Bus | undefined, { connection }: Pick<Store, 'connection'>, { config, log, metrics, closing }: Needs): Bus {
  const lost = (some: number) => metrics.count('bus_lost_total', {}, some)
  const basics = { release: version, newId, random, warn: (message: string) => log.warn(message), lost }
  const open = () => {
    if (config.natsUrl !== undefined) return natsBus({ url: config.natsUrl, ...basics })
    if (config.redisUrl !== undefined) return redisBus({ url: config.redisUrl, ...basics })
    if (connection?.dialect === 'postgres') return postgresBus({ pool: connection.pool, channel: connection.channel, ...basics })
    return inProcessBuses()()
  }
  const bus = own ?? open()
  closing(bus.close)
  metrics.gauge('bus_connected', () => (bus.isConnected?.() === false ? 0 : 1))
  return bus
}
