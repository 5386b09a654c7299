import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Bus, type BusMessage, chatTopic, type Published, type Topic, userTopic } from '../application/ports/bus.ts'
import type { ChatEvent } from '../domain/event.ts'
import type { ChatId, ClientMessageId, MessageId, SessionId, UserId } from '../domain/ids.ts'
import { PLAIN } from '../domain/message.ts'

/** Buses of as many processes as there are in it, all connected. */
export type OpenBuses = (count: number) => Promise<{ readonly buses: readonly Bus[]; close(): Promise<void> }>

interface Party {
  readonly bus: Bus
  readonly heard: { readonly topic: Topic; readonly notice: BusMessage }[]
}

let made = 0
const freshId = (): string => `00000000-0000-7000-8000-${String(++made).padStart(12, '0')}`
const freshChat = () => freshId() as ChatId
const freshUser = () => freshId() as UserId

const message = (chatId: ChatId, seq: number, text: string): ChatEvent => ({
  type: 'message.sent',
  chatId,
  seq,
  at: 1_893_456_000_000,
  actorId: freshUser(),
  message: {
    id: freshId() as MessageId,
    chatId,
    seq,
    n: seq,
    sender: { id: freshUser(), username: 'ann', name: 'Ann' },
    clientMessageId: 'key' as ClientMessageId,
    bodyHash: 'hash',
    text,
    content: { ...PLAIN, format: 'markdown', data: { 'a': [1, null, '\u2028'] } },
    kind: undefined,
    replyTo: undefined,
    version: 1,
    at: 1_893_456_000_000,
    editedAt: undefined,
    deletedAt: undefined,
    changedSeq: seq,
  },
})
const events = (chatId: ChatId, ...some: readonly ChatEvent[]): Published => ({
  topic: chatTopic(chatId),
  notice: { type: 'events', chatId, events: some },
})
const head = (chatId: ChatId, seq: number): Published => ({ topic: chatTopic(chatId), notice: { type: 'head', chatId, head: seq } })

/** One of each kind, with what is hard to write down. */
function eachKind(): Published[] {
  const [chatId, userId] = [freshChat(), freshUser()]
  const [chat, user] = [chatTopic(chatId), userTopic(userId)]
  const deletedAt = 1_893_456_000_000
  const told: Published[] = [
    events(chatId, message(chatId, 2, 'quotes " and \\ and\nlines, привет, 👩‍👩‍👧, \u2028, \u0001')),
    events(chatId, { type: 'chat.deleted', chatId, seq: 3, at: deletedAt, actorId: userId }),
    events(chatId, {
      type: 'message.edited',
      chatId,
      seq: 4,
      at: 4,
      actorId: userId,
      messageId: freshId() as MessageId,
      messageSeq: 2,
      text: undefined,
      content: PLAIN,
      version: 2,
      editedAt: 4,
    }),
    head(chatId, 2 ** 40),
    {
      topic: chat,
      notice: {
        type: 'receipt',
        receipt: { chatId, userId, readSeq: 3, at: 5, asOf: 1 },
        unread: 0,
        unreadMentions: 0,
        memberCount: 2,
        lowest: [{ userId, readSeq: 1 }],
      },
    },
    { topic: chat, notice: { type: 'typing', chatId, userId, active: false, asOf: 1 } },
    { topic: chat, notice: { type: 'typing', chatId, userId, active: true, asOf: 1 } },
    { topic: chat, notice: { type: 'presence', chatId, node: 'one', no: 1, userIds: [userId] } },
    { topic: chat, notice: { type: 'who-is-there', chatId } },
    { topic: user, notice: { type: 'sessions-ended', userId, sessionIds: [freshId() as SessionId] } },
    { topic: user, notice: { type: 'replaced', userId, deviceId: 'a "phone"', node: 'one', at: 1 } },
    { topic: user, notice: { type: 'joined', chatId, userId } },
    { topic: chat, notice: { type: 'profile', userId, chatId } },
    { topic: user, notice: { type: 'profile', userId, chatId: undefined } },
  ]
  return told
}

const eventually = <T>(assertion: () => T | Promise<T>, timeout = 10_000): Promise<T> => vi.waitFor(assertion, { timeout, interval: 5 })

/** What every bus keeps: it carries, as long as nothing goes wrong, and never harms who uses it. */
export function busContract(name: string, open: OpenBuses): void {
  describe(`${name}, a bus`, () => {
    let opened: Awaited<ReturnType<OpenBuses>>
    let parties: readonly [Party, Party, Party]

    function listening(bus: Bus): Party {
      const heard: Party['heard'] = []
      bus.listen((topic, notice) => void heard.push({ topic, notice }))
      return { bus, heard }
    }

    beforeAll(async () => {
      opened = await open(3)
      parties = opened.buses.map(listening) as unknown as typeof parties
      for (const party of parties) await connected(party)
    })
    afterAll(async () => opened.close())

    /** A bus tells nobody when it is connected: what is said often enough arrives then. */
    async function connected(party: Party): Promise<void> {
      for (const other of parties) if (other !== party) await reaches(other, party)
    }

    /** After a notice of its own came through, everything said before has come or will not come. */
    async function reaches(from: Party, to: Party, chatId = freshChat()): Promise<void> {
      to.bus.follow([chatTopic(chatId)])
      await eventually(() => {
        from.bus.publish([head(chatId, 1)])
        if (!heardOf(to, chatId).length) throw new Error('Nothing has come through')
      }, 20_000)
      to.bus.unfollow([chatTopic(chatId)])
    }

    const heardOf = ({ heard }: Party, chatId: ChatId) =>
      heard.filter(({ topic }) => topic === chatTopic(chatId)).map(({ notice }) => notice)

    it('carries each kind of notice as it is, in the order in which it was told', async () => {
      const [here, there] = parties
      const told = eachKind()
      const topics = [...new Set(told.map(({ topic }) => topic))]
      there.bus.follow(topics)
      await reaches(here, there)
      here.bus.publish(told)
      const arrived = await eventually(() => {
        const some = there.heard.filter(({ topic }) => topics.includes(topic))
        expect(some).toHaveLength(told.length)
        return some
      })
      for (const topic of topics)
        expect(arrived.filter((one) => one.topic === topic)).toEqual(told.filter((one) => one.topic === topic).map((one) => ({ ...one })))
    })

    it('reaches everybody who follows, and nobody else', async () => {
      const [here, there, elsewhere] = parties
      const [one, other] = [freshChat(), freshChat()]
      here.bus.follow([chatTopic(one), chatTopic(other)])
      there.bus.follow([chatTopic(one)])
      elsewhere.bus.follow([chatTopic(one), chatTopic(other)])
      for (const party of [there, elsewhere]) await reaches(here, party)
      here.bus.publish([head(one, 5), head(other, 6)])
      await eventually(() => expect(heardOf(elsewhere, other)).toEqual([{ type: 'head', chatId: other, head: 6 }]))
      for (const party of [there, elsewhere]) await reaches(here, party)
      expect(heardOf(elsewhere, one)).toEqual([{ type: 'head', chatId: one, head: 5 }])
      expect(heardOf(there, one)).toEqual([{ type: 'head', chatId: one, head: 5 }])
      expect(heardOf(there, other)).toEqual([])
      expect([...heardOf(here, one), ...heardOf(here, other)]).toEqual([])
    })

    it('carries nothing to who has stopped following', async () => {
      const [here, there] = parties
      const chatId = freshChat()
      there.bus.follow([chatTopic(chatId)])
      there.bus.follow([chatTopic(chatId)])
      await reaches(here, there)
      here.bus.publish([head(chatId, 1)])
      await eventually(() => expect(heardOf(there, chatId)).toHaveLength(1))
      there.bus.unfollow([chatTopic(chatId)])
      await reaches(here, there)
      here.bus.publish([head(chatId, 2)])
      await reaches(here, there)
      expect(heardOf(there, chatId)).toHaveLength(1)
      there.bus.follow([chatTopic(chatId)])
      await eventually(() => {
        here.bus.publish([head(chatId, 3)])
        expect(heardOf(there, chatId).at(-1)).toEqual({ type: 'head', chatId, head: 3 })
      })
    })

    it('carries or hints at what is large', async () => {
      const [here, there] = parties
      const chatId = freshChat()
      there.bus.follow([chatTopic(chatId)])
      await reaches(here, there)
      const sizes = [10, 4_096, 100, 3_900, 7_990, 400_000]
      const some = sizes.map((size, i) => message(chatId, i + 1, '€'.repeat(size)))
      here.bus.publish([events(chatId, ...some)])
      await eventually(() => {
        const seqs = heardOf(there, chatId).flatMap((notice) => {
          if (notice.type === 'events') return notice.events.map(({ seq }) => seq)
          return notice.type === 'head' ? [notice.head] : []
        })
        expect(seqs).toEqual(sizes.map((_, i) => i + 1))
      })
    })

    it('carries many notices once each and in order', async () => {
      const [here, there, elsewhere] = parties
      const chats = Array.from({ length: 7 }, freshChat)
      for (const party of [there, elsewhere]) party.bus.follow(chats.map(chatTopic))
      for (const party of [there, elsewhere]) await reaches(here, party)
      const seqs = Array.from({ length: 200 }, (_, i) => i + 1)
      for (const seq of seqs) here.bus.publish(chats.map((chatId) => events(chatId, message(chatId, seq, 'hello'))))
      for (const party of [there, elsewhere])
        for (const chatId of chats)
          await eventually(() => {
            const arrived = heardOf(party, chatId).flatMap((notice) => (notice.type === 'events' ? notice.events : []))
            expect(arrived.map(({ seq }) => seq)).toEqual(seqs)
          })
    })

    it('follows thousands of topics', async () => {
      const [here, there] = parties
      const chats = Array.from({ length: 5_000 }, freshChat)
      there.bus.follow(chats.map(chatTopic))
      await reaches(here, there)
      const some = [chats[0]!, chats[2_500]!, chats[4_999]!]
      for (const chatId of some)
        await eventually(() => {
          here.bus.publish([head(chatId, 1)])
          expect(heardOf(there, chatId).length).toBeGreaterThan(0)
        })
      there.bus.unfollow(chats.map(chatTopic))
      await reaches(here, there)
    })

    it('goes on when a listener throws', async () => {
      const [here, there] = parties
      const chatId = freshChat()
      there.bus.follow([chatTopic(chatId)])
      let thrown = 0
      there.bus.listen(() => {
        thrown++
        throw new Error('not now')
      })
      await eventually(() => {
        here.bus.publish([head(chatId, 1)])
        expect(thrown).toBeGreaterThan(0)
      })
      there.bus.listen((topic, notice) => void there.heard.push({ topic, notice }))
      await reaches(here, there)
    })

    it('takes any flood without throwing or waiting, and is there afterwards', async () => {
      const [here, there] = parties
      const chatId = freshChat()
      there.bus.follow([chatTopic(chatId)])
      await reaches(here, there)
      const text = 'x'.repeat(1_000)
      const flood = () => {
        for (let i = 0; i < 200; i++)
          here.bus.publish(Array.from({ length: 500 }, (_, k) => events(chatId, message(chatId, i * 500 + k + 1, text))))
      }
      expect(flood).not.toThrow()
      await reaches(here, there)
    })

    it('brings what was published just before it was closed', async () => {
      const { buses, close } = await open(2)
      const [here, there] = buses.map(listening) as [Party, Party]
      const chatId = freshChat()
      there.bus.follow([chatTopic(chatId)])
      await reaches(here, there)
      here.bus.publish([head(chatId, 9)])
      await here.bus.close()
      await eventually(() => expect(heardOf(there, chatId)).not.toEqual([]))
      await close()
    })

    it('is quiet once it is closed', async () => {
      const { buses, close } = await open(2)
      const [here, there] = buses.map(listening) as [Party, Party]
      const chatId = freshChat()
      there.bus.follow([chatTopic(chatId)])
      await reaches(here, there)
      await there.bus.close()
      await there.bus.close()
      const before = there.heard.length
      here.bus.publish([head(chatId, 9)])
      there.bus.publish([head(chatId, 9)])
      there.bus.follow([chatTopic(freshChat())])
      await here.bus.close()
      here.bus.publish([head(chatId, 9)])
      await close()
      expect(there.heard).toHaveLength(before)
    })

    it('closes before it was connected', async () => {
      const { buses, close } = await open(2)
      await Promise.all(buses.map((bus) => bus.close()))
      await close()
      expect(() => buses[0]!.publish([head(freshChat(), 1)])).not.toThrow()
    })
  })
}
