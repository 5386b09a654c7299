import { z } from 'zod'
import type { Database, Row } from '../database/connect.ts'
import { type DumpSession, inOneTransaction } from './session.ts'
import { dumpTables } from './tables.ts'

/** A row of a table, the same whichever database it comes from. */
export interface DumpedRow {
  readonly table: string
  readonly row: Row
}
/** How many rows of each table. */
export type RowCounts = Readonly<Record<string, number>>

export interface Dump {
  readonly counts: RowCounts
  readonly rows: AsyncIterable<DumpedRow>
}

/**
 * Shows all people, chats, and messages as they are at one moment, however long the reading takes and whoever writes meanwhile; without
 * sessions and settings, which belong to one installation.
 */
export const readDump = <T>(database: Database, use: (dump: Dump) => Promise<T>): Promise<T> =>
  inOneTransaction(database, 'reading', async ({ read }) => {
    const counts: Record<string, number> = {}
    for (const { name, from } of dumpTables) for await (const { n } of read(`select count(*) as n from ${from}`)) counts[name] = Number(n)
    async function* rows(): AsyncIterable<DumpedRow> {
      for (const { name, from, order, booleans } of dumpTables)
        for await (const row of read(`select * from ${from} order by ${order}`))
          yield { table: name, row: { ...row, ...Object.fromEntries(booleans.map((column) => [column, Boolean(row[column])])) } }
    }
    return use({ counts, rows: rows() })
  })

/**
 * Keeps a dump in a database whose tables are there and empty: all of it, or nothing. `mistake` makes the error for what cannot be kept
 * or does not belong together.
 */
export async function writeDump(database: Database, { counts, rows }: Dump, mistake: (what: string) => Error): Promise<void> {
  const tables = new Map(dumpTables.map((table) => [table.name as string, table]))
  const insert = async ({ insert }: DumpSession, table: string, chunk: readonly Row[]) => {
    const known = tables.get(table)
    if (!known) throw mistake(`no table is called ${JSON.stringify(table)}`)
    const { error, data } = known.rows.safeParse(chunk)
    if (error) throw mistake(`a row of ${table} is not as it should be: ${z.prettifyError(error).split('\n')[0]}`)
    await insert(table, data as readonly Row[]).catch((cause: Error & { readonly code?: string }) => {
      throw isOfData(cause) ? mistake(`a row of ${table} cannot be kept: ${cause.message}`) : cause
    })
  }
  await inOneTransaction(database, 'writing', async (session) => {
    for await (const { n } of session.read(`select count(*) as n from (${ANY}) x`))
      if (n !== 0) throw mistake('there are people or chats in the database already')
    const written: Record<string, number> = {}
    for await (const { table, chunk } of inChunks(rows)) {
      await insert(session, table, chunk)
      written[table] = (written[table] ?? 0) + chunk.length
    }
    for (const name of tables.keys())
      if ((written[name] ?? 0) !== (counts[name] ?? 0))
        throw mistake(`of ${counts[name] ?? 0} rows of ${name} there are ${written[name] ?? 0}`)
    for await (const { id } of session.read(TORN_LOGS)) throw mistake(`the log of chat ${String(id)} is not whole`)
  })
}

const ANY = `select id from {users} where kind <> 'system' union all select id from {chats} limit 1`

/** Every number of a log is a message's or another event's. */
const TORN_LOGS = `select id from {chats} c where head_seq <>
  (select count(*) from {messages} m where m.chat_id = c.id) + (select count(*) from {events} e where e.chat_id = c.id) limit 1`

/** Values that do not fit, and keys that are there twice. */
const isOfData = ({ code = '' }: { readonly code?: string }) => /^(2[23]...$|SQLITE_CONSTRAINT)/.test(code)

const CHUNK = 1_000

/** Neighbours of one table together. */
async function* inChunks(rows: AsyncIterable<DumpedRow>): AsyncIterable<{ readonly table: string; readonly chunk: readonly Row[] }> {
  let [table, chunk]: [string, Row[]] = ['', []]
  for await (const next of rows) {
    if (chunk.length === CHUNK || next.table !== table) {
      if (chunk.length > 0) yield { table, chunk }
      table = next.table
      chunk = []
    }
    chunk.push(next.row)
  }
  if (chunk.length > 0) yield { table, chunk }
}
