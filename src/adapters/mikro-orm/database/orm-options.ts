import type { EntityMetadata } from '@mikro-orm/core'
import { Migrator } from '@mikro-orm/migrations'
import type { Names } from './drivers.ts'
import type { migrations } from './migrations/sqlite/list.ts'

interface Common {
  readonly prefix?: string | undefined
  readonly warn: ((message: string) => void) | undefined
  readonly list: typeof migrations
  readonly names: Names
}

/** What the ORM is told on both databases. */
export const ormOptions = ({ list, names, prefix = '', warn }: Common) => ({
  extensions: [Migrator],
  migrations: {
    migrationsList: list.map((migration) => ({ ...migration, class: placed(migration.class, names) })),
    snapshot: false,
    snapshotOnMigrate: false,
    tableName: `${prefix}migrations`,
    silent: true,
  },
  schemaGenerator: { skipTables: [`${prefix}migrations`, new RegExp(`^${prefix}search_`)], ignoreTriggers: true, ignoreRoutines: true },
  discovery: { onMetadata: (meta: EntityMetadata) => rename(meta, prefix) },
  logger: (message: string) => warn?.(message),
  colors: false,
})

type MigrationClass = (typeof migrations)[number]['class']

/** A migration whose statements get the names. */
function placed(Given: MigrationClass, names: Names): MigrationClass {
  const make = (...given: ConstructorParameters<MigrationClass>) => {
    const migration = new Given(...given)
    const addSql = migration.addSql.bind(migration)
    return Object.assign(migration, { addSql: (sql: string) => addSql(names(sql)) })
  }
  return function Placed(...given: ConstructorParameters<MigrationClass>) {
    return make(...given)
  } as unknown as MigrationClass
}

/** What the ORM knows of a table, of this connection only. Names of indexes are names of the whole file, too. */
function rename(meta: EntityMetadata, prefix: string): void {
  if (prefix === '' || meta.tableName.startsWith(prefix)) return
  meta.tableName = `${prefix}${meta.tableName}`
  for (const named of [...meta.indexes, ...meta.uniques]) if (named.name !== undefined) named.name = `${prefix}${named.name}`
}
