/** Stores in SQLite and Postgres. Need Node 22.17 or later. */
export type { Database } from './adapters/mikro-orm/database/connect.ts'
export type { HostDatabase, HostEntityManager, HostHandle, HostOrm, HostPool } from './adapters/mikro-orm/database/host.ts'
export { migrate, pendingMigrations } from './adapters/mikro-orm/database/migrate.ts'
export { mikroOrmPorts } from './adapters/mikro-orm/ports.ts'
export { connect, database } from './main/databases.ts'
