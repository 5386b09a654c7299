import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** Of a superuser of the Postgres that this run uses; absent when `WINDI_TEST_DATABASES` leaves Postgres out. */
    postgresUrl?: string
  }
}

const kinds = ['memory', 'sqlite', 'postgres'] as const
export type DatabaseKind = (typeof kinds)[number]

/**
 * What this run is about: all, or those that `WINDI_TEST_DATABASES` lists (`memory,sqlite,postgres,redis`). A suite is declared once for
 * each; what is listed and missing is a failure, never a skip.
 */
const wanted = (process.env.WINDI_TEST_DATABASES ?? [...kinds, 'redis'].join()).split(',').map((name) => name.trim())
export const databases: readonly DatabaseKind[] = kinds.filter((kind) => wanted.includes(kind))
export const withRedis = wanted.includes('redis')

interface Client {
  connect(): Promise<unknown>
  query(sql: string): Promise<{ rows: readonly Record<string, unknown>[] }>
  end(): Promise<void>
}
const { Client } = createRequire(createRequire(import.meta.url).resolve('@mikro-orm/postgresql'))('pg') as {
  Client: new (options: { connectionString: string }) => Client
}

export interface FreshDatabase extends AsyncDisposable {
  readonly url: string
  /** Removes it, ending whoever is still connected. */
  drop(): Promise<void>
}

/** An empty Postgres database that nobody else uses. */
export async function freshDatabase(admin = inject('postgresUrl')): Promise<FreshDatabase> {
  if (!admin) throw new Error('There is no Postgres in this run: WINDI_TEST_DATABASES leaves it out.')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await asAdmin(admin, `create database ${name}`)
  const url = new URL(admin)
  url.pathname = `/${name}`
  const drop = async () => {
    await asAdmin(admin, `drop database if exists ${name} with (force)`)
  }
  return { url: url.href, drop, [Symbol.asyncDispose]: drop }
}

/** One statement on a connection of its own: for looking at a database, or hurting it, behind the back of what is tested. */
export async function asAdmin(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
