import type { HostTx } from '../../src/index.ts'
import { type HostTables, hostPostgres, hostSqlite, type PgClient, type Sqlite } from './host-tables.ts'

/** A transaction of a program's own, beside which it runs statements of its own. */
export interface HostTransaction {
  readonly tx: HostTx
  run(text: string): Promise<unknown>
  commit(): Promise<void>
  rollback(): Promise<void>
}

export interface Host extends HostTables {
  begin(): Promise<HostTransaction>
  /** Runs a statement in a transaction that the chat has begun on a connection of the program's kind. */
  runOn(tx: unknown, text: string): unknown
}

const opened = async (make: () => Promise<HostTables>, begin: (tables: never) => Host['begin'], runOn: Host['runOn']): Promise<Host> => {
  const tables = await make()
  return { ...tables, begin: begin(tables as never), runOn }
}

const onClient = () =>
  opened(
    hostPostgres,
    ({ pool }: Awaited<ReturnType<typeof hostPostgres>>) =>
      async () => {
        const client = await pool.connect()
        await client.query('begin')
        const end = async (how: string) => {
          await client.query(how)
          client.release()
        }
        return { tx: client, run: (text) => client.query(text), commit: () => end('commit'), rollback: () => end('rollback') }
      },
    (tx, text) => (tx as PgClient).query(text),
  )

const onHandle = () =>
  opened(
    hostSqlite,
    ({ handle }: Awaited<ReturnType<typeof hostSqlite>>) =>
      async () => {
        handle.exec('begin immediate')
        return {
          tx: handle,
          run: async (text) => handle.exec(text),
          commit: async () => void handle.exec('commit'),
          rollback: async () => void handle.exec('rollback'),
        }
      },
    (tx, text) => (tx as Sqlite).exec(text),
  )

interface Orm {
  readonly em: { fork(): Em; getConnection(): { getNativeClient(): Promise<unknown> } }
  close(force: boolean): Promise<void>
}
interface Em {
  begin(): Promise<void>
  commit(): Promise<void>
  rollback(): Promise<void>
  execute(text: string): Promise<unknown>
  getKysely(): unknown
  isInTransaction(): boolean
}

/** The program's own MikroORM, whose settings are its own, too. */
async function onOrm(kind: 'postgres' | 'sqlite'): Promise<Host> {
  const { defineEntity, p } = await import('@mikro-orm/core')
  const Order = defineEntity({ name: 'Order', tableName: 'users', properties: { of_the_host: p.integer().primary() } })
  const tables = kind === 'postgres' ? await hostPostgres() : await hostSqlite()
  const orm = ('url' in tables
    ? await (await import('@mikro-orm/postgresql')).MikroORM.init({ clientUrl: tables.url, entities: [Order] })
    : await (await import('@mikro-orm/sqlite')).MikroORM.init({ dbName: tables.file, entities: [Order] })) as unknown as Orm
  return {
    ...tables,
    database: { orm },
    runOn: (tx, text) => (kind === 'postgres' ? (tx as Em).execute(text) : (tx as Sqlite).exec(text)),
    async begin() {
      const em = orm.em.fork()
      await em.begin()
      return { tx: em, run: (text) => em.execute(text), commit: () => em.commit(), rollback: () => em.rollback() }
    },
    async close() {
      await orm.close(true)
      await tables.close()
    },
  }
}

/** Programs with each kind of connection. */
export const hosts = {
  'a client of pg': onClient,
  'an EntityManager on Postgres': () => onOrm('postgres'),
  'a handle of better-sqlite3': onHandle,
  'an EntityManager on SQLite': () => onOrm('sqlite'),
} as const satisfies Readonly<Record<string, () => Promise<Host>>>
export type HostKind = keyof typeof hosts

export const isOnPostgres = (kind: HostKind): boolean => /pg|Postgres/.test(kind)
