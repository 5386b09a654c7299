import { describe, expect, it } from 'vitest'
import { getMessage } from '../../../src/application/messages/get-message.ts'
import { listEvents } from '../../../src/application/messages/list-events.ts'
import { FILTERED_OFFSET, listMessages } from '../../../src/application/messages/list-messages.ts'
import { markRead } from '../../../src/application/messages/mark-read.ts'
import type { Ports } from '../../../src/application/ports/ports.ts'
import { asId, type ChatId } from '../../../src/domain/ids.ts'
import { id } from '../domain/given.ts'

const ann = { userId: id('ann'), sessionId: asId<never>('session') }
const chatId = 'chat' as ChatId

describe('a message', () => {
  it('that is not there is named in the refusal', async () => {
    const chats = { message: async () => ({ message: undefined }) } as unknown as Ports['chats']
    const messageId = asId<never>('m')
    await expect(getMessage({ chats })(ann, { chatId, messageId })).rejects.toMatchObject({
      code: 'message-not-found',
      facts: { messageId },
    })
  })
})

describe('a page of messages', () => {
  const asked: unknown[][] = []
  const chats = {
    async messages(...given: unknown[]) {
      asked.push(given)
      return { items: [] }
    },
  } as unknown as Ports['chats']
  const list = (more: object) => listMessages({ chats })(ann, { chatId, window: { kind: 'newest' }, limit: 5, ...more })

  it('is counted and searched where that is asked for', async () => {
    await list({})
    await list({ count: true, query: 'HELLO', senderId: id('bob') })
    expect(asked).toEqual([
      [id('ann'), chatId, { kind: 'newest' }, { senderId: undefined, query: undefined }, 5, false],
      [id('ann'), chatId, { kind: 'newest' }, { senderId: id('bob'), query: 'hello' }, 5, true],
    ])
  })

  it('lies not too far in where messages are passed over one by one', async () => {
    const at = (offset: number) => ({ window: { kind: 'offset', offset } })
    const tooFar = { code: 'invalid', facts: { errors: [{ pointer: '/offset', detail: expect.stringContaining('at most 10000 ') }] } }
    for (const filter of [{ query: 'hello' }, { senderId: id('bob') }]) {
      await list({ ...filter, ...at(FILTERED_OFFSET) })
      await expect(list({ ...filter, ...at(FILTERED_OFFSET + 1) })).rejects.toMatchObject(tooFar)
    }
    expect(await list(at(FILTERED_OFFSET + 1))).toEqual({ items: [] })
  })
})

describe('a page of events', () => {
  it('says where the log ends: what has been committed since the head was read counts', async () => {
    const paging = (headSeq: number, seqs: readonly number[]) => {
      const chats = { standing: async () => ({ headSeq }) } as unknown as Ports['chats']
      const log = { read: async () => seqs.map((seq) => ({ seq })) } as unknown as Ports['log']
      return listEvents({ chats, log })(ann, { chatId, after: 0, limit: 10 })
    }
    expect((await paging(7, [1, 2])).head).toBe(7)
    expect((await paging(7, [])).head).toBe(7)
    expect((await paging(1, [1, 2, 3])).head).toBe(3)
  })
})

describe('a mark', () => {
  function marking(marked: object) {
    const told: unknown[] = []
    const advanced: unknown[] = []
    const ports = {
      chats: { message: async () => ({ message: { message: { seq: 4 } } }) },
      receipts: {
        async advance(...given: unknown[]) {
          advanced.push(...given)
          return { receipt: { readSeq: 4 }, unread: 1, unreadMentions: 2, ...marked }
        },
      },
      own: {
        async change(...given: unknown[]) {
          told.push(['own', ...given])
          return { moved: true, me: {} }
        },
      },
      owned: () => void told.push('owned'),
      clock: () => 9,
    } as unknown as Parameters<typeof markRead>[0]
    return { mark: markRead(ports, () => void told.push('moved')), told, advanced }
  }
  const answer = { chatId, readSeq: 4, unread: 1, unreadMentions: 2 }
  const member = { chatId, userId: id('ann'), at: 9 }

  it('is told if it has moved', async () => {
    const { mark, told, advanced } = marking({ moved: true, isMarkedUnread: false })
    expect(await mark(ann, { chatId, seq: 4 })).toEqual(answer)
    expect(await mark(ann, { chatId, messageId: asId<never>('m') })).toEqual(answer)
    expect(advanced).toEqual([
      { chatId, userId: id('ann'), to: 4, at: 9 },
      { chatId, userId: id('ann'), to: 4, at: 9 },
    ])
    expect(told).toEqual(['moved', 'moved'])
    const still = marking({ moved: false, isMarkedUnread: false })
    expect(await still.mark(ann, { chatId, seq: 4 })).toEqual(answer)
    expect(still.told).toEqual([])
  })

  it('ends that the chat was marked as unread', async () => {
    const { mark, told } = marking({ moved: false, isMarkedUnread: true })
    await mark(ann, { chatId, seq: 4 })
    expect(told).toEqual([['own', member, { markedUnread: false }], 'owned'])
  })
})
