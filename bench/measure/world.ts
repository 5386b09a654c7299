import { randomBytes } from 'node:crypto'
import type { Caller } from '../../src/application/chat-api.ts'
import type { ChatId, SessionId, UserId } from '../../src/domain/ids.ts'
import { createDatabase, sql } from '../../test/support/sql.ts'
import { built } from './built.ts'

export type Person = Caller & { readonly token: string }

/** A database with people who are signed in. */
export interface World {
  readonly url: string
  readonly secret: string
  readonly people: readonly Person[]
  /** A group of the first `size` people. */
  group(size: number): Promise<ChatId>
  /** Groups of so many people; nobody is in two of them. */
  groups(count: number, size: number): Promise<readonly ChatId[]>
  /** Private chats of the first and second person, the third and fourth, and so on. */
  pairs(count: number): Promise<readonly ChatId[]>
  /** Private chats of somebody with each of these. */
  privateChats(one: Person, others: readonly Person[]): Promise<void>
  close(): Promise<void>
}

const number = (n: number) => n.toString(16).padStart(12, '0')
const userId = (n: number) => `10000000-0000-7000-8000-${number(n)}` as UserId
const sessionId = (n: number) => `20000000-0000-7000-8000-${number(n)}` as SessionId
const DAY = 86_400_000
const PER_CALL = 100

export async function makeWorld(admin: string, count: number): Promise<World> {
  const database = await createDatabase(admin)
  const { url } = database
  const { connect, migrate, database: open } = await built('mikro-orm')
  const connection = await connect(url)
  await migrate(connection)
  await connection.close()

  const now = Date.now()
  await sql(url, `${people(count, now)}; analyze`)
  const secret = randomBytes(32).toString('hex')
  const { joseTokens } = await built('auth')
  const tokens = joseTokens(secret, Date.now)
  const claims = Array.from({ length: count }, (_, i) => ({ userId: userId(i + 1), sessionId: sessionId(i + 1), expiresAt: now + DAY }))
  const all = await Promise.all(claims.map(async (claim) => ({ ...claim, token: await tokens.access(claim) })))

  const { embed } = await built('index')
  const chat = embed(await open(url))
  return {
    url,
    secret,
    people: all,
    async group(size) {
      const [first, ...others] = all.slice(0, size)
      const { view } = await chat.api.createGroup(first!, { name: `${size}`, memberIds: [] })
      for (let from = 0; from < others.length; from += PER_CALL) {
        const userIds = others.slice(from, from + PER_CALL).map((person) => person.userId)
        await chat.api.addMembers(first!, { chatId: view.chat.id, userIds })
      }
      return view.chat.id
    },
    groups: (count, size) =>
      Promise.all(
        Array.from({ length: count }, async (_, i) => {
          const [owner, ...others] = all.slice(i * size, (i + 1) * size)
          return (await chat.api.createGroup(owner!, { name: `${i}`, memberIds: others.map(({ userId }) => userId) })).view.chat.id
        }),
      ),
    pairs: (count) =>
      Promise.all(
        Array.from({ length: count }, async (_, i) => {
          const [one, other] = [all[2 * i]!, all[2 * i + 1]!]
          return (await chat.api.openPrivateChat(one, { userId: other.userId })).view.chat.id
        }),
      ),
    async privateChats(one, others) {
      for (let from = 0; from < others.length; from += PER_CALL)
        await Promise.all(others.slice(from, from + PER_CALL).map(({ userId }) => chat.api.openPrivateChat(one, { userId })))
    },
    async close() {
      await chat.close()
      await database.drop()
    },
  }
}

/** People `from 1 to count` with a session each. Nobody has a password. */
const people = (count: number, now: number) => `
  insert into users (id, username, name, folded_name, created_at, is_erasing)
    select ('10000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'person' || n, 'Person ' || n, 'person ' || n, ${now}, false
    from generate_series(1, ${count}) n;
  insert into sessions (id, user_id, created_at, last_used_at, expires_at, generation, spent_at)
    select ('20000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ('10000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
      ${now}, ${now}, ${now + DAY}, 1, '[]' from generate_series(1, ${count}) n`
