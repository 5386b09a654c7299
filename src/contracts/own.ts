import { expect, it } from 'vitest'
import type { ChatNotices } from '../application/ports/notices.ts'
import type { ChatPosition } from '../application/ports/views.ts'
import type { ChatId, UserId } from '../domain/ids.ts'
import { PINS_LIMIT } from '../domain/own.ts'
import { rulesOf } from './harness.ts'
import { allPages, type Scene } from './scene.ts'
import type { OpenStore } from './store-harness.ts'

export const UNTOUCHED = { pinnedAt: undefined, isArchived: false, isHidden: false, isMarkedUnread: false, mutedUntil: undefined }

/** What `OwnStates` promises, and what lists make of it. */
export const ownContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: own state`, openStore, (scene) => {
    it('has what was set for single chats, in one answer', async () => {
      const { persons, group, notices, tick } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const [one, other] = [await group(ann, bob), await group(ann, bob)]
      expect(await notices.ofChats(ann)).toEqual(new Map())
      const set = new Map<ChatId, ChatNotices>([
        [one, { level: 'none', mutedUntil: undefined }],
        [other, { level: undefined, mutedUntil: tick() }],
      ])
      for (const [chat, settings] of set) await notices.setOfChat(ann, chat, settings)
      await notices.setOfChat(bob, one, { level: 'mentions', mutedUntil: undefined })
      expect(await notices.ofChats(ann)).toEqual(set)
    })

    it('is changed for one member alone, and says what it is now', async () => {
      const stage = scene()
      const { persons, group, own, chats, tick, newId } = stage
      const [ann, bob, stranger] = (await persons(3)) as [UserId, UserId, UserId]
      const chat = await group(ann, bob)
      const at = tick()
      const change = { pinned: true, archived: true, markedUnread: true }
      const state = { pinnedAt: at, isArchived: true, isHidden: false, isMarkedUnread: true }
      const first = await own.change({ chatId: chat, userId: ann, at }, change)
      expect(first).toMatchObject({ userId: ann, chatId: chat, moved: true, at, head: 1, me: { role: 'owner', readSeq: 1, ...state } })
      expect((await chats.get(ann, chat))!.me).toMatchObject(state)
      expect((await chats.standing(ann, chat))!).toMatchObject({ me: state, ownAt: at })
      expect((await chats.get(bob, chat))!.me).toMatchObject(UNTOUCHED)
      expect((await chats.standing(bob, chat))!).toMatchObject({ me: UNTOUCHED, ownAt: 0 })
      expect(await own.change({ chatId: chat, userId: ann, at: tick() }, change)).toMatchObject({ moved: false, at, me: state })
      expect(await own.change({ chatId: chat, userId: ann, at: tick() }, {})).toMatchObject({ moved: false, me: state })
      const { pinned, archived, markedUnread } = { pinned: false, archived: false, markedUnread: false }
      expect(await own.change({ chatId: chat, userId: ann, at: at - 5 }, { pinned, archived, markedUnread })).toMatchObject({
        moved: true,
        at: at + 1,
        me: UNTOUCHED,
      })
      expect(await own.get(chat, ann)).toMatchObject({ at: at + 1, me: UNTOUCHED })
      for (const [chatId, userId] of [
        [chat, stranger],
        [newId() as ChatId, ann],
      ] as const) {
        expect(await own.change({ chatId, userId, at: tick() }, { pinned: true })).toBeUndefined()
        expect(await own.get(chatId, userId)).toBeUndefined()
      }
    })

    it('tells what of whom was changed since', async () => {
      const { persons, group, own, tick } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const [one, two] = [await group(ann, bob), await group(ann, bob)]
      const [first, second] = [tick(), tick()]
      await own.change({ chatId: one, userId: ann, at: first }, { pinned: true })
      await own.change({ chatId: two, userId: ann, at: second }, { markedUnread: true })
      const since = async (people: UserId[], from: number) =>
        (await own.since(people, from)).map(({ userId, chatId, at }) => `${userId} ${chatId} ${at}`).sort()
      expect(await since([ann, bob], first)).toEqual([`${ann} ${one} ${first}`, `${ann} ${two} ${second}`].sort())
      expect(await since([ann], second)).toEqual([`${ann} ${two} ${second}`])
      expect(await since([ann], second + 1)).toEqual([])
      expect(await since([bob], 0)).toEqual([])
      expect(await since([], 0)).toEqual([])
    })

    it('lists pinned chats first, over all pages, and archived ones apart until their next message', async () => {
      const stage = scene()
      const { persons, group, send, edit, own, chats, tick } = stage
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const made: ChatId[] = []
      for (let i = 0; i < 7; i++) made.push(await group(ann, bob))
      const change = (n: number, what: Parameters<typeof own.change>[1]) => own.change({ chatId: made[n]!, userId: ann, at: tick() }, what)
      await change(4, { pinned: true })
      await change(1, { pinned: true })
      await change(2, { archived: true })
      await change(5, { archived: true, pinned: true })
      const listed = (limit: number, archived?: boolean) => listOf(stage, ann, { limit, archived })
      for (const limit of [1, 2, 3, 4, 100]) {
        expect(await listed(limit)).toEqual([4, 1, 6, 3, 0].map((n) => made[n]))
        expect(await listed(limit, true)).toEqual([made[5], made[2]])
      }
      expect(await chats.list(ann, {}, { limit: 1, count: true })).toMatchObject({ total: 5 })
      expect(await chats.list(ann, { archived: true }, { limit: 1, count: true })).toMatchObject({ total: 2 })
      expect(await listOf(stage, bob, { limit: 100 })).toEqual(made.toReversed())
      const { id } = await send(made[0]!, ann)
      await change(0, { archived: true })
      await edit(made[0]!, ann, id, 'edited')
      expect(await listed(100, true)).toEqual([made[5], made[0], made[2]])
      await send(made[2]!, bob)
      expect(await listed(100)).toEqual([4, 1, 2, 6, 3].map((n) => made[n]))
      expect((await chats.get(ann, made[2]!))!.me.isArchived).toBe(false)
      await change(0, { archived: false })
      await change(4, { pinned: false })
      expect(await listed(100)).toEqual([1, 2, 0, 6, 4, 3].map((n) => made[n]))
    })

    it('ends with the membership', async () => {
      const { persons, group, dismiss, add, own, chats, tick } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann, bob)
      await own.change({ chatId: chat, userId: bob, at: tick() }, { pinned: true, markedUnread: true })
      await dismiss(chat, bob, bob)
      await add(chat, ann, bob)
      expect((await chats.get(bob, chat))!.me).toMatchObject(UNTOUCHED)
    })

    it('hides no group', async () => {
      const { person, group, own, tick } = scene()
      const ann = await person()
      const chat = await group(ann)
      expect(await own.change({ chatId: chat, userId: ann, at: tick() }, { hide: true })).toMatchObject({ moved: false, me: UNTOUCHED })
    })

    it('tells a mark that the chat is marked as unread', async () => {
      const { person, group, own, receipts, tick } = scene()
      const ann = await person()
      const chat = await group(ann)
      await own.change({ chatId: chat, userId: ann, at: tick() }, { markedUnread: true })
      expect(await receipts.advance({ chatId: chat, userId: ann, to: 1, at: tick() })).toMatchObject({ moved: false, isMarkedUnread: true })
      await own.change({ chatId: chat, userId: ann, at: tick() }, { markedUnread: false })
      expect(await receipts.advance({ chatId: chat, userId: ann, to: 1, at: tick() })).toMatchObject({ isMarkedUnread: false })
    })

    it(`pins ${PINS_LIMIT} chats at most, however many ask at once`, async () => {
      const { person, group, own, tick } = scene()
      const ann = await person()
      const made: ChatId[] = []
      for (let i = 0; i < PINS_LIMIT + 5; i++) made.push(await group(ann))
      const at = tick()
      const pin = (chatId: ChatId) => own.change({ chatId, userId: ann, at }, { pinned: true, markedUnread: true })
      const outcomes = await Promise.all(made.map(pin))
      const full = made.filter((_, i) => outcomes[i] === 'pins-full')
      expect(full).toHaveLength(5)
      expect(await own.get(full[0]!, ann)).toMatchObject({ me: UNTOUCHED })
      const pinned = made.filter((_, i) => outcomes[i] !== 'pins-full')
      expect(await pin(pinned[0]!)).toMatchObject({ moved: false })
      await own.change({ chatId: pinned[0]!, userId: ann, at }, { pinned: false })
      expect(await pin(full[0]!)).toMatchObject({ moved: true })
    })

    it('takes a private chat off one list until its next message', async () => {
      const { persons, pair, send, edit, own, tick, chats } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await pair(ann, bob)
      const { id } = await send(chat, ann, 'needle')
      const listed = async (viewer: UserId) => (await chats.list(viewer, {}, { limit: 10, count: true })).items.map((view) => view.chat.id)
      await own.change({ chatId: chat, userId: ann, at: tick() }, { hide: true })
      expect(await listed(ann)).toEqual([])
      expect((await chats.list(ann, {}, { limit: 10, count: true })).total).toBe(0)
      expect(await listed(bob)).toEqual([chat])
      await edit(chat, ann, id, 'needle edited')
      expect(await listed(ann)).toEqual([])
      expect((await chats.get(ann, chat))!.chat.id).toBe(chat)
      expect((await chats.standings(ann)).map((standing) => standing.chatId)).toEqual([chat])
      expect((await chats.search(ann, { query: 'needle' }, { limit: 10 })).items).toHaveLength(1)
      await send(chat, bob)
      expect(await listed(ann)).toEqual([chat])
      await own.change({ chatId: chat, userId: ann, at: tick() }, { hide: true })
      await send(chat, ann)
      expect(await listed(ann)).toEqual([chat])
    })
  })

const listOf = ({ chats }: Scene, viewer: UserId, { limit, archived }: { limit: number; archived?: boolean | undefined }) =>
  allPages((from?: ChatPosition) => chats.list(viewer, { archived }, { limit, from })).then((all) => all.map((view) => view.chat.id))
