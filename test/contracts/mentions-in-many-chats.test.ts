import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mikroOrmMentions } from '../../src/adapters/mikro-orm/chats/mentions.ts'
import { connect } from '../../src/adapters/mikro-orm/database/connect.ts'
import { migrate } from '../../src/adapters/mikro-orm/database/migrate.ts'
import { queryOn } from '../../src/adapters/mikro-orm/database/query.ts'
import type { MentionPosition } from '../../src/application/ports/views.ts'
import { allPages, sceneOf } from '../../src/contracts/scene.ts'
import type { ChatId, Instant, MessageId } from '../../src/domain/ids.ts'
import { databases, freshDatabase } from '../support/databases.ts'
import { portsOver } from '../support/mikro-orm.ts'
import { tries } from '../support/tries.ts'

const CHATS = 7
const PIECE = 2

/** A message at a time, in a chat; several may have the same time. */
const message = fc.record({ chat: fc.nat(CHATS - 1), later: fc.nat(2), named: fc.constantFrom('nobody', 'reader', 'all', 'both') })
const story = fc.record({
  messages: fc.array(message, { maxLength: 20 }),
  /** Chats that stand still, as the list of chats has found. */
  still: fc.subarray(Array.from({ length: CHATS }, (_, i) => i)),
  limit: fc.integer({ min: 1, max: 4 }),
})

describe.each(databases.filter((kind) => kind !== 'memory'))('mentions in many chats, on %s', (kind) => {
  it('are found piece by piece as by a look through all messages', async () => {
    const fresh = kind === 'postgres' ? await freshDatabase() : { url: 'sqlite::memory:', drop: async () => {} }
    const database = await connect(fresh.url)
    await migrate(database)
    const query = queryOn(database)
    const scene = sceneOf(portsOver(database))
    const { mentions } = mikroOrmMentions(query, PIECE)
    const run = async ({ messages, still, limit }: typeof story extends fc.Arbitrary<infer T> ? T : never) => {
      const [writer, reader] = await scene.persons(2)
      const chats: ChatId[] = []
      for (let i = 0; i < CHATS; i++) chats.push(await scene.group(writer!, reader!))
      const expected: { at: Instant; chatId: ChatId; n: number; id: MessageId }[] = []
      let at = scene.tick()
      for (const [n, { chat, later, named }] of messages.entries()) {
        const chatId = chats[chat]!
        at += later
        const own = { kind: 'user', userId: reader!, start: 0, length: 1 } as const
        const all = { kind: 'all', start: 1, length: 1 } as const
        const content = { mentions: { nobody: [], reader: [own], all: [all], both: [own, all] }[named] }
        const { id } = await scene.send(chatId, writer!, 'hello', { at, content })
        if (named !== 'nobody') expected.push({ at, chatId, n, id })
      }
      for (const i of still) {
        await query.change('update {chats} set is_settled = true where id = $1', [chats[i]!])
        const moved = 'settled_at = (select c.last_message_at from {chats} c where c.id = $1)'
        await query.change(`update {search_places} set ${moved} where chat_id = $1 and user_id = $2`, [chats[i]!, reader!])
      }
      const found = await allPages((from?: MentionPosition) => mentions(reader!, {}, { limit, from }))
      const newestFirst = expected.toSorted((a, b) => b.at - a.at || (a.chatId < b.chatId ? 1 : a.chatId > b.chatId ? -1 : b.n - a.n))
      expect(found.map(({ message }) => message.id)).toEqual(newestFirst.map(({ id }) => id))
      expect((await mentions(reader!, {}, { limit, count: true })).total).toBe(expected.length)
    }
    await fc.assert(fc.asyncProperty(story, run), { numRuns: tries(60) })
    await database.close()
    await fresh.drop()
  })
})
