import 'reflect-metadata/lite'
import { instanceCachingFactory, container as root } from 'tsyringe'
import { argon2Passwords } from '../adapters/auth/argon2-passwords.ts'
import { isCommonPassword } from '../adapters/auth/common-passwords.ts'
import { joseTokens } from '../adapters/auth/jose-tokens.ts'
import { joseIssuers } from '../adapters/issuers/jose-issuers.ts'
import { memoryLimiter, noLimiter } from '../adapters/limits/memory-limiter.ts'
import { redisLimiter } from '../adapters/limits/redis-limiter.ts'
import { measured } from '../adapters/metrics/measured.ts'
import { type Metrics, promMetrics } from '../adapters/metrics/metrics.ts'
import { later, stopwatch, systemClock } from '../adapters/system/clock.ts'
import { asciiDomain } from '../adapters/system/names.ts'
import { digest, newId, newSecret, random, uuidOf } from '../adapters/system/random.ts'
import { traced } from '../adapters/tracing/traced.ts'
import type { Tracer } from '../adapters/tracing/tracer.ts'
import type { Bus } from '../application/ports/bus.ts'
import type { RateLimiter } from '../application/ports/limiter.ts'
import type { ChatLog } from '../application/ports/log.ts'
import { accountAdapters } from './account-adapters.ts'
import { openBus } from './buses.ts'
import { type Application, compose, type OutboundPorts } from './compose.ts'
import type { Config } from './config.ts'
import { journal, type Logger } from './logging.ts'
import type { OpenStore } from './open-store.ts'
import { type Outages, watchOutages } from './outages.ts'
import { secretsOf } from './secret.ts'
import { databaseOf } from './settings/database.ts'
import { sinksFor } from './sinks.ts'
import { openStorage } from './storage.ts'
import type { Store } from './store.ts'
import { openStore } from './stores.ts'
import { openTracer } from './tracing.ts'
import { watching } from './watching.ts'

/** The parts of an application by name. Parts that open asynchronously are promises. */
interface Parts {
  readonly config: Config
  readonly log: Logger
  /** Undefined where nothing is traced. */
  readonly tracer: Tracer | undefined
  readonly metrics: Metrics
  readonly outages: Outages
  readonly store: Promise<Store>
  readonly secret: Promise<string>
  readonly limiter: RateLimiter
  readonly bus: Promise<Bus>
  readonly ports: Promise<OutboundPorts>
  readonly application: Promise<Application>
}

type Given = 'config' | 'log' | 'tracer'
type Get = <K extends keyof Parts>(name: K) => Parts[K]
type Close = () => Promise<unknown>
/** Registers what to close at the end, the latest first. */
type Closing = (close: Close) => void
type Factories = { readonly [K in Exclude<keyof Parts, Given>]: (get: Get, closing: Closing) => Parts[K] }

export interface OpenOptions {
  readonly config: Config
  readonly log: Logger
  /** The caller's parts, replacing the default ones. */
  readonly ports?: Partial<OutboundPorts> | undefined
  /** The caller's store, replacing that of the settings. */
  readonly store?: OpenStore | Promise<OpenStore> | undefined
}

/** An application with the adapters that its settings select. */
export interface Opened extends Application {
  readonly ports: OutboundPorts
  readonly store: Store
  readonly metrics: Metrics
  readonly outages: Outages
  readonly tracer: Tracer | undefined
  /** Waits for running work and releases everything. */
  close(): Promise<void>
}

export async function openApplication({ config, log, ports: own, store }: OpenOptions): Promise<Opened> {
  const closers: Close[] = []
  const closing: Closing = (close) => void closers.push(close)
  const close = async () => {
    for (const each of closers.splice(0).reverse()) await each().catch((error: unknown) => log.error({ err: error }, 'Closing failed'))
  }
  const tracer = await openTracer(config, warnTo(log))
  if (tracer) closing(tracer.close)
  const get = wire({ config, log, tracer }, factoriesFor(own, store), closing)
  try {
    const store = await get('store')
    await migrate(store, log)
    const app = await get('application')
    const metrics = get('metrics')
    const api = measured(tracer ? traced(app.api, tracer) : app.api, metrics, stopwatch)
    return { ...app, api, ports: await get('ports'), store, metrics, outages: get('outages'), tracer, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function migrate(store: Store, log: Logger): Promise<void> {
  const names = await store.migrate()
  if (names.length > 0) log.info({ migrations: names }, 'The tables are up to date')
}

/** Makes a container for one application: two in one process share nothing. */
function wire(given: Pick<Parts, Given>, factories: Factories, closing: Closing): Get {
  const container = root.createChildContainer()
  const get: Get = (name) => container.resolve(name)
  for (const [name, value] of Object.entries(given)) container.register(name, { useFactory: () => value })
  for (const [name, make] of Object.entries(factories))
    container.register(name, { useFactory: instanceCachingFactory<unknown>(() => make(get, closing)) })
  return get
}

/** Ports that are functions and depend on nothing. */
const plain = { isCommonPassword, asciiDomain, newId, newSecret, uuidOf, random, later, digest, elapsed: stopwatch }

const factoriesFor = (own: Partial<OutboundPorts> = {}, given?: OpenOptions['store']): Factories => ({
  metrics: () => promMetrics(),

  outages: (get) => watchOutages(get('log')),

  async store(get, closing) {
    const store = await openStore({ ...databaseOf(get('config')), newId, warn: warnTo(get('log')) }, await given)
    closing(store.close)
    return store
  },

  async secret(get) {
    const { jwtSecret } = get('config')
    return jwtSecret ?? (await get('store')).secretPlace.keep(newSecret())
  },

  limiter(get, closing) {
    const { rateLimits, redisUrl } = get('config')
    if (!rateLimits) return noLimiter
    if (redisUrl === undefined) return memoryLimiter(systemClock)
    const limiter = redisLimiter({ url: redisUrl, clock: systemClock, warn: warnTo(get('log')) })
    closing(limiter.close)
    return limiter
  },

  bus: async (get, closing) =>
    openBus(own.bus, await get('store'), { config: get('config'), log: get('log'), metrics: get('metrics'), closing }),

  async ports(get, closing) {
    const [store, secret, bus] = await Promise.all([get('store'), get('secret'), get('bus')])
    const [metrics, outages, hasher] = [get('metrics'), get('outages'), argon2Passwords()]
    const clock = own.clock ?? systemClock
    let onCommit: Parameters<OutboundPorts['log']>[0] = () => {}
    const { close, waiting, log, within, ...kept } = store.open((events) => {
      metrics.happened(events)
      onCommit(events)
    })
    closing(close)
    metrics.gauge('changes_waiting', waiting)
    metrics.gauge('passwords_waiting', hasher.waiting)
    const watchedLog = outages.around(log)
    const change: ChatLog['change'] = (scope, decide) => {
      const start = stopwatch()
      const tell = () => metrics.changed((stopwatch() - start) / 1_000)
      const answer = watchedLog.change(scope, decide)
      answer.then(tell, tell)
      return answer
    }
    return {
      ...watched(kept, outages),
      within,
      storage: await openStorage({ config: get('config'), secrets: secretsOf(secret), warn: warnTo(get('log')) }),
      log(hear) {
        onCommit = hear
        return { ...watchedLog, change }
      },
      passwords: hasher,
      tokens: joseTokens(secretsOf(secret), clock),
      issuers: joseIssuers(get('config').issuers, { clock }),
      bus,
      limiter: get('limiter'),
      journal: journal(get('log')),
      ...plain,
      ...accountAdapters(get('config'), secret, closing),
      clock,
      groupLimit: get('config').groupLimit,
      ...sinksFor({ config: get('config'), secret, clock, metrics, tracer: get('tracer'), closing }),
      watch: watching(metrics, get('log')),
      ...own,
    }
  },

  async application(get) {
    const { accessTtl, refreshTtl, sessionTtl, directory, demo, guests, guestTtl, messageTtl } = get('config')
    return compose(await get('ports'), { accessTtl, refreshTtl, sessionTtl, directory, guests: demo || guests, guestTtl, messageTtl })
  },
})

/** Every port of a store, its outages explained. */
const watched = <P extends object>(ports: P, { around }: Outages) =>
  Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, around(port as object)])) as P

const warnTo = (log: Logger) => (message: string) => log.warn(message)
