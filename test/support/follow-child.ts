import { database } from '../../src/adapters/mikro-orm/ports.ts'
import { embed } from '../../src/main/embed.ts'
import { BetterSqlite, type PgClient, Pool, type Sqlite } from './host-tables.ts'

/** A program that follows the chats in its own database and writes each number that it gets into a table of its own, until it is killed. */
const [where = ''] = process.argv.slice(2)
const isPostgres = where.startsWith('postgres')
const pool = isPostgres ? new Pool({ connectionString: where }) : undefined
const chat = embed(await database(pool ? { pool } : { sqlite: new BetterSqlite(where) }))
chat.follow('counts', { from: 'start', tx: true, types: ['message.sent'] }, (events, tx) => {
  const texts = events.map(({ chatId, seq }) => `insert into counted values ('${chatId}', ${seq})`)
  process.send?.(events.length)
  if (!isPostgres) {
    for (const text of texts) (tx as Sqlite).exec(text)
    return undefined
  }
  return texts
    .reduce<Promise<unknown>>((last, text) => last.then(() => (tx as PgClient).query(text)), Promise.resolve())
    .then(() => undefined)
})
