import { inject } from 'vitest'
import { createDatabase, type FreshDatabase } from './sql.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of a superuser of the Postgres that this run uses; absent when `WINDI_TEST_DATABASES` leaves Postgres out. */
    postgresUrl?: string
  }
}

const kinds = ['memory', 'sqlite', 'postgres'] as const
export type DatabaseKind = (typeof kinds)[number]

/**
 * What this run is about: all, or those that `WINDI_TEST_DATABASES` lists (`memory,sqlite,postgres,redis,nats`). A suite is declared once for
 * each; what is listed and missing is a failure, never a skip.
 */
const wanted = (process.env.WINDI_TEST_DATABASES ?? [...kinds, 'redis', 'nats'].join()).split(',').map((name) => name.trim())
export const databases: readonly DatabaseKind[] = kinds.filter((kind) => wanted.includes(kind))
export const withRedis = wanted.includes('redis')
export const withNats = wanted.includes('nats')

/** An empty Postgres database that nobody else uses, in the Postgres of this run. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const admin = inject('postgresUrl')
  if (!admin) throw new Error('There is no Postgres in this run: WINDI_TEST_DATABASES leaves it out.')
  return createDatabase(admin)
}
