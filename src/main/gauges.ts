import { statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Consumer } from '../application/ports/consumers.ts'
import type { Opened } from './container.ts'
import type { UnderWay } from './draining.ts'
import { version } from './version.ts'

interface GaugeNeeds {
  readonly app: Pick<Opened, 'metrics' | 'store' | 'outages' | 'relay' | 'ports'>
  readonly readiness: { readonly isDraining: boolean }
  readonly requests: Pick<UnderWay, 'count'>
}

/** Numbers that are read when somebody looks. */
export function gauges({ app, readiness, requests }: GaugeNeeds): void {
  const { metrics, store, outages } = app
  const { gauge } = metrics
  metrics.info('build_info', { version, node: process.version, store: store.kind })
  gauge('ready', () => (readiness.isDraining || outages.isOut() ? 0 : 1))
  gauge('requests_under_way', requests.count)
  ofRelay(app)
  const { connection } = store
  if (connection?.dialect === 'postgres') {
    const pool = connection.pool.counts()
    gauge('database_connections', () => pool.totalCount)
    gauge('database_connections_idle', () => pool.idleCount)
    gauge('database_waiting', () => pool.waitingCount)
    const searching = connection.apart.pool.counts()
    gauge('database_searches_waiting', () => searching.waitingCount)
  }
  if (connection?.dialect === 'sqlite' && connection.file !== undefined) {
    const { file } = connection
    gauge('database_wal_bytes', () => statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0)
    gauge('disk_free_bytes', () => {
      const { bavail, bsize } = statfsSync(dirname(file))
      return bavail * bsize
    })
  }
}

const KINDS = ['hook', 'follow', 'push'] as const satisfies readonly Consumer['kind'][]
const STATES = ['ok', 'failing', 'off'] as const satisfies readonly Consumer['state'][]

function ofRelay({ metrics, relay, ports: { mails, clock } }: GaugeNeeds['app']): void {
  const of = (kind: Consumer['kind']) => relay.consumers().filter((consumer) => consumer.kind === kind)
  metrics.gauges('relay_consumers', () =>
    KINDS.flatMap((kind) =>
      STATES.map((state) => [{ kind, state }, of(kind).filter((consumer) => consumer.state === state).length] as const),
    ),
  )
  metrics.gauges('relay_waiting_events', () =>
    KINDS.map((kind) => [{ kind }, of(kind).reduce((sum, { report }) => sum + report.behind, 0)] as const),
  )
  metrics.gauges('relay_failing_seconds', () =>
    KINDS.map((kind) => {
      const since = of(kind).flatMap(({ state, report }) => (state === 'failing' ? [report.failingSince ?? clock()] : []))
      return [{ kind }, Math.max(0, clock() - Math.min(clock(), ...since)) / 1_000] as const
    }),
  )
  metrics.gauge('mails_waiting', () => mails.waiting())
}
