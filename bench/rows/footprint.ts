import { randomUUID } from 'node:crypto'
import { packed } from '../../src/adapters/bus/codec.ts'
import type { PostgresDatabase } from '../../src/adapters/mikro-orm/database/connect.ts'
import { partition } from '../../src/adapters/mikro-orm/database/migrate.ts'
import type { Bus } from '../../src/application/ports/bus.ts'
import { createDatabase, sql } from '../../test/support/sql.ts'
import { TEXT } from '../children/closed-loop.ts'
import { built } from '../measure/built.ts'
import type { Bench, Measured, Plan, Section } from '../measure/plan.ts'

const CHATS = 100
const OUTSTANDING = 64
const PARTITIONS = 16
const TABLES = ['messages', 'events', 'marks', 'chats', 'members']

interface Footprint {
  readonly stored: number
  readonly wal: number
  readonly told: number
}

/** What one message leaves: counted, not timed. */
export const footprint: Section = {
  name: 'footprint',
  rounds: 1,
  explains: `Bytes for each message of ${TEXT.length} characters in Postgres, sent by ${OUTSTANDING} at once into ${CHATS} private chats: in tables and indexes after a vacuum, in the write-ahead log with its full pages, and in notices for other processes. Counted, not timed: the same on every machine.`,
  async prepare(bench) {
    bench.say('footprint: sending into two databases')
    const [whole, divided] = [await filled(bench), await filled(bench, PARTITIONS)]
    const text: Measured = { value: Buffer.byteLength(TEXT) }
    const beside = (title: string, value: number): Plan => ({
      title,
      unit: 'B',
      limitIs: 'its text',
      subject: async () => ({ value }),
      limit: async () => text,
    })
    return {
      plans: [
        beside('Tables and indexes', whole.stored),
        beside('Write-ahead log', whole.wal),
        beside('Notices between processes', whole.told),
        {
          title: `Tables and indexes in ${PARTITIONS} partitions`,
          unit: 'B',
          limitIs: 'in none',
          target: { is: 'at most', ratio: 1.25 },
          subject: async () => ({ value: divided.stored }),
          limit: async () => ({ value: whole.stored }),
        },
        {
          title: `Write-ahead log with ${PARTITIONS} partitions`,
          unit: 'B',
          limitIs: 'with none',
          target: { is: 'at most', ratio: 1.25 },
          subject: async () => ({ value: divided.wal }),
          limit: async () => ({ value: whole.wal }),
        },
      ],
      close: async () => {},
    }
  },
}

async function filled(bench: Bench, partitions?: number): Promise<Footprint> {
  const postgres = await bench.postgres()
  await using database = await createDatabase(postgres.url)
  const { url } = database
  const { connect, migrate, database: open } = await built('mikro-orm')
  const connection = (await connect(url)) as PostgresDatabase
  await migrate(connection)
  if (partitions) await partition(connection, partitions)
  await connection.close()

  let told = 0
  const bus: Bus = {
    publish: (some) => packed(some, 'bench', 8_000).forEach((text) => (told += Buffer.byteLength(text))),
    listen() {},
    follow() {},
    unfollow() {},
    close: async () => {},
  }
  const { embed } = await built('index')
  const chat = embed(await open(url), { bus })
  const [ann, bob] = [await chat.addPerson({ name: 'Ann' }), await chat.addPerson({ name: 'Bob' })]
  const group = async () => (await chat.api.createGroup(ann, { name: 'Footprint', memberIds: [bob.userId] })).view.chat.id
  const chats = await Promise.all(Array.from({ length: CHATS }, group))
  const size = async () => {
    await sql(url, 'vacuum full')
    const [row] = await sql(url, `select sum(pg_total_relation_size(inhrelid))::float8 as n from (${LEAVES}) leaves`)
    return row!.n as number
  }
  const position = async () => (await sql(url, `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 as n`))[0]!.n as number
  const before = { stored: await size(), wal: await position() }
  told = 0

  const messages = bench.scale.isSmoke ? 500 : 50_000
  let left = messages
  const send = async (i: number) => {
    while (left-- > 0) {
      const command = { chatId: chats[(i + left) % CHATS]!, clientMessageId: randomUUID() as never, text: TEXT }
      await chat.api.sendMessage(i % 2 ? ann : bob, command)
    }
  }
  await Promise.all(Array.from({ length: OUTSTANDING }, (_, i) => send(i)))
  const wal = (await position()) - before.wal
  await chat.close()
  return { stored: ((await size()) - before.stored) / messages, wal: wal / messages, told: told / messages }
}

/** The tables that a message touches, divided ones by their partitions. */
const LEAVES = `select c.oid as inhrelid from pg_class c where c.relkind = 'r' and c.relname ~ '^(${TABLES.join('|')})(_[0-9]+)?$'`
