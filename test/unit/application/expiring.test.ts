import { describe, expect, it } from 'vitest'
import { memoryPorts } from '../../../src/adapters/memory/ports.ts'
import { memoryStore } from '../../../src/adapters/memory/store.ts'
import { expireTexts } from '../../../src/application/expiring.ts'
import { keptSince } from '../../../src/domain/expiring.ts'
import type { Duration } from '../../../src/domain/ids.ts'
import { asId, SYSTEM_ID } from '../../../src/domain/ids.ts'
import { RULES } from '../../../src/domain/rules.ts'
import { world } from './given.ts'

const HOUR: Duration = 3_600_000

function service() {
  const store = memoryStore('epoch')
  let deeds = 0
  const here = world(() => (onCommit) => ({ ...memoryPorts(store, onCommit), close: async () => {} }))
  const ports = () => ({ ...memoryPorts(store, here.hub.committed), clock: here.clock.now, newId: () => `deed ${++deeds}` })
  return { ...here, store, expired: (keepMs: Duration | undefined) => expireTexts(ports(), keepMs)() }
}

describe('how long texts stay', () => {
  it.each([
    [0, undefined, undefined],
    [60, undefined, 940_000],
    [0, 30_000, 970_000],
    [60, 30_000, 970_000],
    [10, 30_000, 990_000],
  ])('is the stricter of the %d s of the chat and the %o ms of the service', (keepS, keepMs, since) => {
    expect(keptSince({ rules: { ...RULES, keepS } }, keepMs, 1_000_000)).toBe(since)
  })

  it('holds for every chat by the setting, is told to devices, and is audited with the change', async () => {
    const here = service()
    const { api, addPerson, clock, expired, store } = here
    const [anna, boris] = [await addPerson({ name: 'Anna' }), await addPerson({ name: 'Boris' })]
    const say = (text: string) => api.sendMessageToUser(anna, { userId: boris.userId, clientMessageId: asId<never>(text), text })
    const { view } = await say('old')
    const { id, chatId } = view.message
    const device = await here.resumed(boris)
    clock.advance(2 * HOUR)
    await say('young')
    expect(await expired(undefined)).toBe(0)
    expect(await expired(HOUR)).toBe(1)
    expect(device.of('event').at(-1)).toMatchObject({ event: { type: 'message.deleted', messageId: id, actorId: SYSTEM_ID } })
    const { items } = await api.listMessages(boris, { chatId, window: { kind: 'newest' }, limit: 5 })
    expect(items.map(({ message }) => message.text)).toEqual([undefined, 'young'])
    expect(await say('old')).toMatchObject({ replayed: true, view: { message: { id, text: undefined } } })
    const audited = [{ name: 'texts.expired', actorId: SYSTEM_ID, chatId, facts: { messages: 1 } }]
    expect(store.accounts.deeds).toMatchObject(audited)
    clock.advance(HOUR / 2)
    expect(await expired(HOUR)).toBe(0)
    expect(store.accounts.deeds).toHaveLength(1)
  })

  it('is looked for in all chats, five hundred at a time, or in those with rules of their own', async () => {
    const asked: unknown[] = []
    const pages = [500, 500, 3].map((count, page) =>
      Array.from({ length: count }, (_, i) => ({ chatId: `${page}-${i}`, rules: RULES, firstAt: 0 })),
    )
    const expiries = {
      async chats(...given: unknown[]) {
        asked.push(given)
        return pages.shift() ?? []
      },
      first: async () => [],
    }
    const ports = { expiries, log: {}, clock: () => 10, newId: () => 'id' } as unknown as Parameters<typeof expireTexts>[0]
    expect(await expireTexts(ports, 5)()).toBe(0)
    expect(asked).toEqual([
      [undefined, 'all', 500],
      ['0-499', 'all', 500],
      ['1-499', 'all', 500],
    ])
    asked.splice(0)
    expect(await expireTexts(ports, undefined)()).toBe(0)
    expect(asked).toEqual([[undefined, 'with rules', 500]])
  })

  describe('a chat with old texts', () => {
    const text = (seq: number, at = 0, isDeleted = false) => ({ id: `m${seq}`, seq, at, isDeleted })
    const many = (count: number, from = 0) => Array.from({ length: count }, (_, i) => text(from + i))

    /** Passes over one chat of which these texts are left, of which `gone` of a hundred are deleted by this process. */
    async function passing(pages: readonly (readonly object[])[], chat: object = {}, gone = (count: number) => count) {
      const deeds: unknown[] = []
      const left = [...pages]
      const expiries = {
        chats: async () => [{ chatId: 'chat', rules: RULES, firstAt: 0, ...chat }],
        first: async (...given: unknown[]) => (deeds.push(['first', ...given]), left.shift() ?? []),
        pass: async (...given: unknown[]) => void deeds.push(['pass', ...given]),
      }
      const log = {
        async change({ messages }: { readonly messages: readonly string[] }) {
          deeds.push(['change', messages.length])
          return gone(messages.length)
        },
      }
      const ports = { expiries, log, clock: () => 10, newId: () => 'id' } as unknown as Parameters<typeof expireTexts>[0]
      return [await expireTexts(ports, 5)(), ...deeds]
    }
    const first = ['first', 'chat', 100]

    it('loses them a hundred at a time, and is passed up to the last one', async () => {
      expect(await passing([many(100), many(3, 100)])).toEqual([
        103,
        first,
        ['change', 100],
        ['pass', 'chat', 99],
        first,
        ['change', 3],
        ['pass', 'chat', 102],
      ])
    })

    it('keeps what is as old as texts may be, and what is younger', async () => {
      expect(await passing([[text(1, 4), text(2, 5), text(3, 6)]])).toEqual([1, first, ['change', 1], ['pass', 'chat', 1]])
      expect(await passing([[text(1, 5)]])).toEqual([0, first])
    })

    it('is passed without a change where they are deleted already', async () => {
      expect(await passing([[text(1, 0, true), text(2, 0, true)]])).toEqual([0, first, ['pass', 'chat', 2]])
    })

    it('is left to the next pass where another process has deleted some, or its rule was changed', async () => {
      expect(await passing([many(100), many(100)], {}, () => 99)).toEqual([99, first, ['change', 100]])
    })

    it('is not looked into where its first text is young enough, or it has none', async () => {
      for (const firstAt of [undefined, 5, 6]) expect(await passing([many(1)], { firstAt })).toEqual([0])
      expect(await passing([many(1)], { firstAt: 4 })).toHaveLength(4)
    })
  })

  it('is done by several processes at once, each text once', async () => {
    const { api, addPerson, clock, expired, store } = service()
    const [anna, boris] = [await addPerson({ name: 'Anna' }), await addPerson({ name: 'Boris' })]
    const { view } = await api.createGroup(anna, { name: 'Group', memberIds: [boris.userId] })
    for (let i = 0; i < 250; i++)
      await api.sendMessage(anna, { chatId: view.chat.id, clientMessageId: asId<never>(`key ${i}`), text: `text ${i}` })
    clock.advance(2 * HOUR)
    const counts = await Promise.all([expired(HOUR), expired(HOUR), expired(HOUR)])
    while ((await expired(HOUR)) > 0) counts.push(0)
    const gone = store.chats.get(view.chat.id)!.events.filter(({ type }) => type === 'message.deleted')
    expect(gone).toHaveLength(250)
    expect((await api.getChat(boris, view.chat.id)).unread).toBe(0)
  })
})
