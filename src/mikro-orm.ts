/** Chats in SQLite or Postgres. */
export type { Database } from './adapters/mikro-orm/database/connect.ts'
export { migrate, pendingMigrations } from './adapters/mikro-orm/database/migrate.ts'
export { mikroOrmPorts } from './adapters/mikro-orm/ports.ts'
export { connect, database } from './main/databases.ts'
