import { expect, it } from 'vitest'
import { expireTexts } from '../application/expiring.ts'
import type { Expiries } from '../application/ports/expiries.ts'
import { alter } from '../domain/altering.ts'
import { open } from '../domain/group.ts'
import { type ChatId, type Count, type Instant, SYSTEM_ID, type UserId } from '../domain/ids.ts'
import { rulesOf } from './harness.ts'
import type { Scene } from './scene.ts'
import type { OpenStore } from './store-harness.ts'

/** What `Expiries` promises, and what becomes of messages whose texts go. */
export const expiriesContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: expiries`, openStore, (scene) => {
    it('finds chats with rules of their own, or all, and what was not passed over', async () => {
      const { person, group, send, expiries, keep } = sceneOf(scene())
      const ann = await person()
      const chats = [await group(ann), await group(ann), await group(ann)].sort() as [ChatId, ChatId, ChatId]
      await keep(chats[1], ann, 60)
      const [first, second] = [await send(chats[1], ann), await send(chats[1], ann)]
      const found = async (which: 'with rules' | 'all', limit: number) => {
        const items = []
        for (let after: ChatId | undefined; ; after = items.at(-1)!.chatId) {
          const page = await expiries.chats(after, which, limit)
          items.push(...page)
          if (page.length < limit) return items.filter(({ chatId }) => chats.includes(chatId))
        }
      }
      expect((await found('all', 40)).map(({ chatId }) => chatId)).toEqual(chats)
      expect((await found('all', 1_000)).map(({ firstAt }) => firstAt)).toEqual([undefined, first.at, undefined])
      expect(await found('with rules', 1)).toMatchObject([{ chatId: chats[1], rules: { keepS: 60 }, firstAt: first.at }])
      const seqs = async (limit: Count) => (await expiries.first(chats[1], limit)).map(({ seq }) => seq)
      expect([await seqs(1), await seqs(5)]).toEqual([[first.seq], [first.seq, second.seq]])
      await expiries.pass(chats[1], first.seq)
      await expiries.pass(chats[1], 1)
      expect(await expiries.first(chats[1], 5)).toEqual([{ id: second.id, seq: second.seq, at: second.at, isDeleted: false }])
      expect((await found('with rules', 5))[0]!.firstAt).toBe(second.at)
      await expiries.pass(chats[1], second.seq)
      expect([await seqs(5), (await found('with rules', 5))[0]!.firstAt]).toEqual([[], undefined])
    })

    it('keeps what was passed over no longer than its chat', async () => {
      const { person, openGroup, disband, send, expiries, log } = sceneOf(scene())
      const ann = await person()
      const { chatId } = await openGroup(ann, [])
      const { seq } = await send(chatId, ann)
      await expiries.pass(chatId, seq)
      await disband(chatId, ann)
      await expiries.pass(chatId, seq)
      expect(await expiries.first(chatId, 5)).toEqual([])
      expect((await expiries.chats(undefined, 'all', 10_000)).filter((one) => one.chatId === chatId)).toEqual([])
      const opening = { id: chatId, key: undefined, kind: 'group' as const, name: 'Again', creatorId: ann, otherIds: [], at: 1 }
      await log.change({ chat: chatId, members: [ann], people: [ann] }, (state) => open(state, opening))
      const again = await send(chatId, ann)
      expect(await expiries.first(chatId, 5)).toMatchObject([{ id: again.id }])
    })

    it('deletes texts that are too old, and keeps their places, their keys and what is unread', async () => {
      const stage = sceneOf(scene())
      const { persons, group, send, read, chats, events, keep, expired, tick } = stage
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann, bob)
      const mentions = { content: { mentions: [{ kind: 'user', userId: bob, start: 0, length: 3 }] } } as const
      const old = [await send(chat, ann, 'one', { key: 'first' }), await send(chat, bob, 'two'), await send(chat, ann, 'bob', mentions)]
      await read(chat, bob, old[0]!.seq)
      for (let i = 0; i < 90; i++) tick()
      const young = await send(chat, ann, 'young')
      await keep(chat, ann, 3_600)
      expect(await expired(tick())).toBe(3)
      const log = await events(chat)
      expect(log.map(({ seq }) => seq)).toEqual(log.map((_, i) => i + 1))
      expect(log.slice(-3)).toMatchObject(old.map(({ id }) => ({ type: 'message.deleted', messageId: id, actorId: SYSTEM_ID })))
      const { items } = (await chats.messages(ann, chat, { kind: 'newest' }, {}, 10, false))!
      expect(items.map(({ message: { seq, text } }) => [seq, text])).toEqual([
        ...old.map(({ seq }) => [seq, undefined]),
        [young.seq, 'young'],
      ])
      expect(await send(chat, ann, 'one', { key: 'first' })).toMatchObject({ id: old[0]!.id, text: undefined })
      expect((await chats.get(bob, chat))!).toMatchObject({ unread: 1, unreadMentions: 0 })
      expect((await chats.search(ann, { query: 'two' }, { limit: 5 })).items).toEqual([])
      expect(await expired(tick())).toBe(0)
    })

    it('passes over what is deleted already, however much, and looks at the rule again when it deletes', async () => {
      const stage = sceneOf(scene())
      const { person, group, send, remove, keep, expired, expiries, tick } = stage
      const ann = await person()
      const chat = await group(ann)
      const sent = []
      for (let i = 0; i < 130; i++) sent.push(await send(chat, ann))
      for (const { id } of sent.slice(0, 110)) await remove(chat, ann, id)
      await keep(chat, ann, 1)
      const later = tick()
      const relaxed = expired(later, () => keep(chat, ann, 0))
      expect(await relaxed).toBe(0)
      expect(await expiries.first(chat, 1)).toMatchObject([{ seq: sent[100]!.seq }])
      await keep(chat, ann, 1)
      expect(await expired(tick())).toBe(20)
      expect(await expiries.first(chat, 5)).toEqual([])
    })
  })

/** A scene in which groups have rules for their texts. What others have left in the store is let alone. */
function sceneOf(scene: Scene) {
  const { log, newId } = scene
  const own = new Set<ChatId>()
  const expiries: Expiries = {
    ...scene.expiries,
    chats: async (after, which) => {
      const all = after === undefined ? await scene.expiries.chats(undefined, which, 10_000) : []
      return all.filter(({ chatId }) => own.has(chatId))
    },
  }
  const keep = (chat: ChatId, editorId: UserId, keepS: number) => {
    own.add(chat)
    const change = { editorId, rules: { keepS }, at: scene.tick() }
    return log.change({ chat, members: [editorId] }, (state) => alter(state, change))
  }
  /** Runs the chore at a time; `between` runs once, after it has looked and before it deletes. */
  async function expired(at: Instant, between?: () => Promise<unknown>): Promise<Count> {
    let isFirst = true
    const change: typeof log.change = async (scope, decide) => {
      if (isFirst) await between?.()
      isFirst = false
      return log.change(scope, decide)
    }
    return expireTexts({ log: { ...log, change }, expiries, clock: () => at, newId }, undefined)()
  }
  return { ...scene, keep, expired }
}
