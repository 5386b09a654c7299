import type { Database } from '../adapters/mikro-orm/database/connect.ts'
import { migrate } from '../adapters/mikro-orm/database/migrate.ts'
import { queryOn } from '../adapters/mikro-orm/database/query.ts'
import { EPOCH, mikroOrmSettings } from '../adapters/mikro-orm/database/settings.ts'
import { mikroOrmPorts } from '../adapters/mikro-orm/ports.ts'
import { openDatabase, refuseNewer } from './databases.ts'
import { noPlace, type SecretPlace, secretFile, secretSetting } from './secret.ts'
import type { Store, StoreOptions } from './store.ts'

/** Larger than what a full disk has left in files that exist already. */
const PROBE = { key: 'writing-probe', value: 'x'.repeat(65_536) }

/** Everything in the database at this address, or a complaint of it. */
export async function inDatabase({ databaseUrl, tables, warn }: Omit<StoreOptions, 'newId'>): Promise<Store> {
  return onConnection(await openDatabase(databaseUrl, { ...tables, warn }), warn)
}

/** Everything in a database that is open. */
export function onConnection(connection: Database, warn: StoreOptions['warn']): Store {
  const settings = mikroOrmSettings(connection)
  return {
    kind: connection.dialect,
    place: placeOf(connection),
    connection,
    secretPlace: secretPlaceOf(connection),
    async migrate() {
      await refuseNewer(connection)
      return migrate(connection)
    },
    open: (onCommit) => mikroOrmPorts(connection, onCommit, warn),
    async check() {
      await settings.get(EPOCH)
    },
    async checkWriting() {
      const query = queryOn(connection)
      // Several processes, or one that failed before it deleted its row, may have written this key.
      await query.change('insert into {settings} (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value', [
        PROBE.key,
        PROBE.value,
      ])
      await query.change('delete from {settings} where key = $1', [PROBE.key])
    },
    close: () => connection.close(),
  }
}

function placeOf(connection: Database): string {
  if (connection.dialect === 'sqlite') return connection.file ?? 'memory, until this process ends'
  const { schema } = connection.place
  return `Postgres, ${connection.address}${schema === undefined ? '' : `, schema ${schema}`}`
}

function secretPlaceOf(connection: Database): SecretPlace {
  if (connection.dialect === 'postgres') return secretSetting(mikroOrmSettings(connection))
  return connection.file === undefined ? noPlace : secretFile(`${connection.file}.secret`)
}
