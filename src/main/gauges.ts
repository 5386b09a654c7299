import { statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Opened } from './container.ts'
import type { UnderWay } from './draining.ts'
import { version } from './version.ts'

interface GaugeNeeds {
  readonly app: Pick<Opened, 'metrics' | 'store' | 'outages'>
  readonly readiness: { readonly isDraining: boolean }
  readonly requests: Pick<UnderWay, 'count'>
}

/** Numbers that are read when somebody looks. */
export function gauges({ app: { metrics, store, outages }, readiness, requests }: GaugeNeeds): void {
  const { gauge } = metrics
  metrics.info('build_info', 'What runs', { version, node: process.version, store: store.kind })
  gauge('ready', '1 if work is taken: not draining, and the database does what it is asked', () =>
    readiness.isDraining || outages.isOut() ? 0 : 1,
  )
  gauge('requests_under_way', 'Requests over HTTP that are being answered', requests.count)
  const { connection } = store
  if (connection?.dialect === 'postgres') {
    const pool = connection.pool.counts()
    gauge('database_connections', 'Connections of the pool for reading', () => pool.totalCount)
    gauge('database_connections_idle', 'Those of them that do nothing', () => pool.idleCount)
    gauge('database_waiting', 'Statements that wait for a connection of the pool', () => pool.waitingCount)
    const searching = connection.apart.pool.counts()
    gauge('database_searches_waiting', 'Statements of searches that wait for one of their connections', () => searching.waitingCount)
  }
  if (connection?.dialect === 'sqlite' && connection.file !== undefined) {
    const { file } = connection
    gauge(
      'database_wal_bytes',
      'Size of the log in front of the SQLite file',
      () => statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0,
    )
    gauge('disk_free_bytes', 'What the disk with the database has left', () => {
      const { bavail, bsize } = statfsSync(dirname(file))
      return bavail * bsize
    })
  }
}
