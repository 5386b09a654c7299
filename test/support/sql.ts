import { randomUUID } from 'node:crypto'
import { driversOf } from './drivers.ts'

interface Client {
  connect(): Promise<unknown>
  query(sql: string): Promise<{ rows: readonly Record<string, unknown>[] }>
  end(): Promise<void>
}
const { Client } = driversOf('@mikro-orm/postgresql')('pg') as {
  Client: new (options: { connectionString: string }) => Client
}

export interface FreshDatabase extends AsyncDisposable {
  readonly url: string
  /** Removes it, ending whoever is still connected. */
  drop(): Promise<void>
}

/** An empty Postgres database that nobody else uses. `admin` is the URL of one who may create it. */
export async function createDatabase(admin: string): Promise<FreshDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await sql(admin, `create database ${name}`)
  const url = new URL(admin)
  url.pathname = `/${name}`
  const drop = async () => {
    await sql(admin, `drop database if exists ${name} with (force)`)
  }
  return { url: url.href, drop, [Symbol.asyncDispose]: drop }
}

/** One statement on a connection of its own: for looking at a database, or hurting it, behind the back of what is tested. */
export async function sql(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}
