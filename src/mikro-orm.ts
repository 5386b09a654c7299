/** Chats in SQLite or Postgres. */
export { type Connection, connect } from './adapters/mikro-orm/connect.ts'
export { migrate, pendingMigrations } from './adapters/mikro-orm/migrate.ts'
export { database, mikroOrmPorts } from './adapters/mikro-orm/ports.ts'
