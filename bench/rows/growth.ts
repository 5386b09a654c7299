import type { PostgresDatabase } from '../../src/adapters/mikro-orm/database/connect.ts'
import type { Chats } from '../../src/application/ports/chats.ts'
import type { People } from '../../src/application/ports/people.ts'
import { buffersOf } from '../../test/support/skewed/cost.ts'
import { BUSY, CROWD, fillSkewed, LONG, POSTER, SKEW, type Skew } from '../../test/support/skewed/data.ts'
import { createDatabase, sql } from '../../test/support/sql.ts'
import { eventually } from '../../test/support/waiting.ts'
import { built } from '../measure/built.ts'
import type { Bench, Plan, Section } from '../measure/plan.ts'

const SMALL: Skew = { people: 1_000, messages: 1_000, members: 100, chats: 50 }
const TINY: Skew = { people: 2_000, messages: 2_000, members: 150, chats: 100 }

interface Store {
  readonly chats: Chats
  readonly people: People
}
type Read = (store: Store) => Promise<unknown>

/** The most that a read may cost in the large database, beside the small one. */
const AT_MOST = 3
const reads: Readonly<Record<string, Read>> = {
  'Ten chats of a list': ({ chats }) => chats.list(BUSY, {}, { limit: 10 }),
  'Members of a group, 50': ({ chats }) => chats.members(POSTER, CROWD, { limit: 50 }),
  'Newest page of a long chat': ({ chats }) => chats.messages(POSTER, LONG, { kind: 'newest' }, {}, 50, false),
  'Newest page in a large group': ({ chats }) => chats.messages(POSTER, CROWD, { kind: 'newest' }, {}, 50, false),
  'Messages of one sender': ({ chats }) => chats.messages(POSTER, LONG, { kind: 'newest' }, { senderId: POSTER }, 50, false),
  'Where somebody stands who reads nothing': ({ chats }) => chats.standing(POSTER, LONG),
  'A person who is not there': ({ people }) => people.find(POSTER, { query: 'xylophone', exact: false }, { limit: 20 }),
}

/** What the same reads cost when everything else has grown. */
export const growth: Section = {
  name: 'growth',
  rounds: 1,
  explains: `Pages of Postgres that a read touches among ${SKEW.people.toLocaleString('en')} users, in a chat of ${SKEW.messages.toLocaleString('en')} messages, a group of ${SKEW.members.toLocaleString('en')} members, or for a user with ${SKEW.chats.toLocaleString('en')} chats; beside it the same read among ${SMALL.people.toLocaleString('en')} users, ${SMALL.messages.toLocaleString('en')} messages, ${SMALL.members} members and ${SMALL.chats} chats. Counted, not timed: the same on every machine.`,
  async prepare(bench) {
    bench.say('growth: filling two databases')
    const [small, large] = [await filled(bench, SMALL), await filled(bench, bench.scale.isSmoke ? TINY : SKEW)]
    const plans = Object.entries(reads).map(
      ([title, read]): Plan => ({
        title,
        unit: 'pages',
        limitIs: 'in a small database',
        target: { is: 'at most', ratio: AT_MOST },
        subject: () => large.pages(read),
        limit: () => small.pages(read),
      }),
    )
    return {
      plans,
      async close() {
        await small.close()
        await large.close()
      },
    }
  },
}

async function filled(bench: Bench, skew: Skew) {
  const postgres = await bench.postgres()
  const { url, drop } = await createDatabase(postgres.url)
  const { connect, migrate, mikroOrmPorts } = await built('mikro-orm')
  const database = (await connect(url)) as PostgresDatabase
  await migrate(database)
  await fillSkewed(database, skew)
  const store = mikroOrmPorts(database, () => {})
  await store.chats.list(BUSY, {}, { limit: 1 })
  await store.chats.standing(POSTER, LONG)
  await eventually(
    async () => {
      const [left] = await sql(url, `select count(*)::int as n from search_places where user_id = '${BUSY}' and settled_at is null`)
      if ((left!.n as number) > 64) throw new Error('chats are still being settled')
    },
    { timeoutMs: 60_000 },
  )
  await sql(url, 'vacuum search_places')
  return {
    pages: async (read: Read) => ({ value: (await buffersOf(database, () => read(store))).buffers }),
    async close() {
      await store.close()
      await database.close()
      await drop()
    },
  }
}
