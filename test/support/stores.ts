import type { AccountsHarness } from '../../src/contracts/store-harness.ts'
import type { DatabaseKind } from './databases.ts'
import { openMemory } from './memory.ts'
import { openPostgres, openSqlite } from './mikro-orm.ts'

const open: Readonly<Record<DatabaseKind, () => Promise<AccountsHarness>>> = {
  memory: openMemory,
  sqlite: openSqlite,
  postgres: () => openPostgres(),
}

/** A store of its own on any of the databases of this run. */
export const openStore = (kind: DatabaseKind): Promise<AccountsHarness> => open[kind]()
