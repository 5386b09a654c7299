import { describe, expect, it } from 'vitest'
import { embed, type OpenStore } from '../../src/index.ts'
import { memory } from '../../src/memory.ts'
import { database } from '../../src/mikro-orm.ts'
import { databases, freshDatabase } from '../support/databases.ts'

type Kind = (typeof databases)[number]

async function onStore(kind: Kind, use: (chat: ReturnType<typeof embed>) => Promise<void>): Promise<void> {
  const own = kind === 'postgres' ? await freshDatabase() : undefined
  const open: OpenStore = kind === 'memory' ? memory() : await database(own?.url ?? 'sqlite::memory:')
  const chat = embed(open)
  try {
    await use(chat)
  } finally {
    await chat.close()
    await own?.drop()
  }
}

const user = (id: string, name: string) => ({ user: id, name })
const group = { chat: 'c1', name: 'General', owner: 'anna', members: ['boris'], at: '2019-01-02T03:04:05Z' }
const message = (i: number, text = `message ${i}`, author = i % 2 ? 'anna' : 'boris') => ({
  message: `m${i}`,
  chat: 'c1',
  author,
  at: Date.UTC(2020, 0, 1) + i * 1_000,
  text,
})
const written = (all: readonly object[]) => all.map((line) => JSON.stringify(line))
const MESSAGES = 150
const history = written([user('anna', 'Anna'), user('boris', 'Boris'), group, ...Array.from({ length: MESSAGES }, (_, i) => message(i))])

describe.each(databases)('a history, on %s', (kind) => {
  it('comes with its times and authors, is read by its members, and once only', () =>
    onStore(kind, async (chat) => {
      expect(await chat.importHistory(history)).toEqual({ users: 2, chats: 1, messages: MESSAGES, repeated: 0, skipped: 0 })
      expect(await chat.importHistory(history)).toMatchObject({ messages: 0, repeated: MESSAGES })
      const { items } = await chat.as({ externalId: 'anna' }).listChats({}, { from: undefined, limit: 5 })
      const [view] = items
      expect(view).toMatchObject({ unread: 0, chat: { name: 'General', createdAt: Date.parse(group.at) } })
      const page = await chat.as({ externalId: 'boris' }).listMessages({ chatId: view!.chat.id, window: { kind: 'newest' }, limit: 100 })
      const texts = page.items.map(({ message: { text, at, sender } }) => [text, at, sender.name])
      const wanted = Array.from({ length: 100 }, (_, i) => message(MESSAGES - 100 + i))
      expect(texts).toEqual(wanted.map(({ text, at, author }) => [text, at, author === 'anna' ? 'Anna' : 'Boris']))
    }))

  it('goes on where it was interrupted, and adds who wrote without being listed', () =>
    onStore(kind, async (chat) => {
      const broken = async function* () {
        yield* history.slice(0, 40)
        throw new Error('the disk is gone')
      }
      await expect(chat.importHistory(broken())).rejects.toThrow('the disk is gone')
      const late = [user('vera', 'Vera'), message(MESSAGES, 'from Vera', 'vera'), { ...message(MESSAGES + 1), reply_to: 'm3' }]
      const outcome = await chat.importHistory([...history, ...written(late)])
      expect(outcome.messages + outcome.repeated).toBe(MESSAGES + 2)
      const { items } = await chat.as({ externalId: 'vera' }).listChats({}, { from: undefined, limit: 5 })
      expect(items[0]!.chat.headSeq).toBeGreaterThan(MESSAGES + 2)
      const long = message(MESSAGES + 2, 'x'.repeat(10_000))
      expect(await chat.importHistory(written([group, long, message(MESSAGES + 3, ' ')]))).toMatchObject({ messages: 3, skipped: 1 })
    }))
})

describe('a history', () => {
  it.each([
    ['what is no JSON', ['{'], /line 1 is no JSON/],
    ['what is nothing known', ['{"a":1}'], /line 1 is neither/],
    ['a member that is missing', [JSON.stringify({ user: 'u' })], /line 1 has no usable "name"/],
    ['a member that is unknown', [JSON.stringify({ user: 'u', name: 'U', nick: 'u' })], /line 1 has "nick"/],
    ['an unknown author', written([user('anna', 'A'), user('boris', 'B'), group, message(1, 'x', 'nobody')]), /line 4 is by "nobody"/],
    ['an unknown chat', written([user('anna', 'A'), message(1)]), /line 2 is in "c1"/],
    ['times that go back', [...history, JSON.stringify({ ...message(900), at: 5 })], /line 154 is earlier/],
    [
      'a message that is yet to come',
      [...history, JSON.stringify({ ...message(900), at: Date.UTC(2200, 0, 1) })],
      /line 154 is later than now/,
    ],
    ['a group that is yet to come', written([user('anna', 'A'), { ...group, at: '2200-01-01T00:00:00Z' }]), /line 2 is later than now/],
  ])('is refused for %s, with its line', (_, lines, why) =>
    onStore('memory', async (chat) => {
      await expect(chat.importHistory(lines)).rejects.toThrow(why)
    }),
  )
})
