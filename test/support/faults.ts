import { setTimeout as pause } from 'node:timers/promises'
import type { BusKind } from './campaign.ts'
import type { Postgres } from './postgres.ts'
import type { Redis } from './redis.ts'
import type { Service } from './service.ts'
import { sql } from './sql.ts'
import type { TcpProxy } from './tcp-proxy.ts'

/** One process of the service, and the line that clients have to it. */
export interface Node {
  service: Service
  readonly line: TcpProxy
  /** Starts it again where it was. */
  start(): Promise<void>
}

/** What can be hurt. */
export interface Scenery {
  readonly nodes: readonly Node[]
  readonly postgres: { readonly server: Postgres; readonly line: TcpProxy }
  readonly redis: { readonly server: Redis; readonly line: TcpProxy } | undefined
  readonly random: () => number
  /** How long everything lasts, against what is usual. */
  readonly scale: number
  /** Resolves when somebody has just begun to send. */
  readonly nextSend: () => Promise<void>
}

export type Fault = (scenery: Scenery) => Promise<void>

const between = ({ random, scale }: Scenery, least: number, most: number) => pause(scale * (least + random() * (most - least)))
const oneOf = ({ nodes, random }: Scenery): Node => nodes[Math.floor(random() * nodes.length)]!
const terminate = (which: string) => `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and ${which}`

async function killAgain(scenery: Scenery, node: Node): Promise<void> {
  await node.service.kill('SIGKILL')
  await between(scenery, 100, 1_500)
  await node.start()
}

async function halfOpen(scenery: Scenery, line: TcpProxy): Promise<void> {
  line.freeze()
  await between(scenery, 1_000, 9_000)
  line.thaw()
}

/** What goes wrong whatever the bus. */
export const faults: Readonly<Record<string, Fault>> = {
  'kill -9 of a process': (scenery) => killAgain(scenery, oneOf(scenery)),

  async 'kill -9 in the middle of a send'(scenery) {
    await scenery.nextSend()
    await pause(scenery.random() * 6)
    await killAgain(scenery, oneOf(scenery))
  },

  async 'a process stopped and continued'(scenery) {
    const { service } = oneOf(scenery)
    await service.kill('SIGSTOP')
    await between(scenery, 500, 7_000)
    await service.kill('SIGCONT')
  },

  async 'a process drained and replaced'(scenery) {
    const node = oneOf(scenery)
    await node.service.kill('SIGTERM')
    await node.start()
  },

  async 'connections to Postgres ended'({ postgres }) {
    await sql(postgres.server.url, terminate(`backend_type = 'client backend'`))
  },

  async 'Postgres crashed and started'(scenery) {
    await scenery.postgres.server.stop('immediate')
    await between(scenery, 100, 2_000)
    await scenery.postgres.server.restart()
  },

  'lines to Postgres half-open': (scenery) => halfOpen(scenery, scenery.postgres.line),

  /** Nothing ends them, so that the processes have to notice by themselves. */
  async 'lines to Postgres forgotten'({ postgres, random }) {
    postgres.line.forget(0.3 + random() * 0.7)
  },

  async 'sockets cut'(scenery) {
    oneOf(scenery).line.cut(0.3 + scenery.random() * 0.7)
  },

  'sockets half-open': (scenery) => halfOpen(scenery, oneOf(scenery).line),
}

const redisFaults: Readonly<Record<string, Fault>> = {
  async 'Redis killed and started'(scenery) {
    await scenery.redis!.server.kill()
    await between(scenery, 100, 4_000)
    await scenery.redis!.server.restart()
  },
  async 'lines to Redis cut'({ redis }) {
    redis!.line.cut()
  },
  'lines to Redis half-open': (scenery) => halfOpen(scenery, scenery.redis!.line),
}

/** What goes wrong with the bus. */
export const busFaults: Readonly<Record<BusKind, Readonly<Record<string, Fault>>>> = {
  none: {},
  lying: redisFaults,
  redis: redisFaults,
  postgres: {
    async 'bus connections ended'({ postgres }) {
      await sql(
        postgres.server.url,
        terminate(`(query ilike 'listen%' or query ilike '%pg_notify%' or query ilike '%synchronous_commit%')`),
      )
    },
  },
}
