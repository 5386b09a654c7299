import { expect, it } from 'vitest'
import type { ChatPosition } from '../application/ports/views.ts'
import { asId, type ChatId, type UserId } from '../domain/ids.ts'
import { RULES } from '../domain/rules.ts'
import { fold } from '../domain/words.ts'
import { rulesOf } from './harness.ts'
import { UNTOUCHED } from './own.ts'
import { allPages } from './scene.ts'
import { type OpenStore } from './store-harness.ts'

/** What `Chats` promises of chats. */
export const chatsContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: chats`, openStore, (scene) => {
    it('shows a chat as one of its members sees it', async () => {
      const { person, group, add, send, read, tick, chats, events } = scene()
      const [ann, bob] = [await person({ name: 'Ann' }), await person({ name: 'Боб' })]
      const chat = await group(ann)
      await add(chat, ann, bob)
      const before = await chats.get(bob, chat)
      const [created, added] = await events(chat)
      expect(before).toEqual({
        chat: {
          id: chat,
          kind: 'group',
          name: 'Group',
          createdAt: created!.at,
          headSeq: 2,
          memberSeq: 2,
          memberCount: 2,
          data: undefined,
          description: undefined,
          avatar: undefined,
          rules: RULES,
        },
        partner: undefined,
        me: { role: 'member', joinedAt: added!.at, readSeq: 2, ...UNTOUCHED },
        unread: 0,
        unreadMentions: 0,
        readByOthers: 1,
        lastMessage: undefined,
      })
      const message = await send(chat, ann, 'hello', { at: tick() })
      await read(chat, ann, 3)
      const after = (await chats.get(bob, chat))!
      expect(after).toMatchObject({ chat: { headSeq: 3 }, unread: 1, readByOthers: 3, lastMessage: { isRead: false } })
      expect(after.lastMessage!.message).toEqual(message)
      expect((await chats.list(bob, {}, { limit: 10 })).items).toEqual([after])
    })

    it('shows the last message though it is deleted, as it is now', async () => {
      const { person, group, send, edit, remove, chats } = scene()
      const ann = await person()
      const chat = await group(ann)
      const { id } = await send(chat, ann, 'one')
      await edit(chat, ann, id, 'two')
      expect((await chats.get(ann, chat))!.lastMessage).toMatchObject({ message: { id, text: 'two', version: 2 } })
      await remove(chat, ann, id)
      expect((await chats.get(ann, chat))!.lastMessage!.message).toMatchObject({ id, seq: 2, text: undefined })
    })

    it('shows each of a private chat the other one', async () => {
      const { person, pair, chats } = scene()
      const [ann, bob] = [await person({ name: 'Ann' }), await person({ name: 'Bob' })]
      const chat = await pair(ann, bob)
      expect(await chats.get(ann, chat)).toMatchObject({
        chat: { kind: 'private', name: undefined, memberCount: 2 },
        partner: { id: bob, name: 'Bob' },
        me: { role: 'member' },
      })
      expect((await chats.get(bob, chat))!.partner).toMatchObject({ id: ann, name: 'Ann' })
    })

    it('lists all chats to who asks for all, newest first, page by page', async () => {
      const { person, group, pair, rename, chats } = scene()
      const [ann, bob] = [await person(), await person()]
      const made = [await group(ann), await pair(ann, bob), await group(bob)]
      await rename(made[0]!, ann, 'First')
      const all = await allPages((from?: { readonly id: ChatId }) => chats.all({ limit: 2, from }))
      const mine = all.filter(({ id }) => made.includes(id))
      expect(mine.map(({ id }) => id)).toEqual(made.toSorted().toReversed())
      expect(mine.find(({ id }) => id === made[0])).toMatchObject((await chats.get(ann, made[0]!))!.chat)
      expect((await chats.all({ limit: 1, count: true })).total).toBe(all.length)
    })

    it('looks to others as if the chat did not exist', async () => {
      const { persons, group, send, dismiss, chats, newId } = scene()
      const [ann, stranger, former] = (await persons(3)) as [UserId, UserId, UserId]
      const chat = await group(ann, former)
      const { id } = await send(chat, ann, 'secret needle')
      await dismiss(chat, ann, former)
      for (const [viewer, chatId] of [
        [stranger, chat],
        [former, chat],
        [ann, newId() as ChatId],
      ] as const) {
        expect(await chats.get(viewer, chatId)).toBeUndefined()
        expect(await chats.members(viewer, chatId, { limit: 10 })).toBeUndefined()
        expect(await chats.membersOf(viewer, chatId, [ann, viewer])).toBeUndefined()
        expect(await chats.messages(viewer, chatId, { kind: 'newest' }, {}, 10, true)).toBeUndefined()
        expect(await chats.message(viewer, chatId, id)).toBeUndefined()
        expect(await chats.readers(viewer, chatId, { seq: 1, senderId: ann }, { limit: 10 })).toBeUndefined()
        expect(await chats.standing(viewer, chatId)).toBeUndefined()
        expect((await chats.search(viewer, { query: 'secret needle', chatId }, { limit: 10 })).items).toEqual([])
      }
      for (const viewer of [stranger, former]) {
        expect((await chats.list(viewer, {}, { limit: 10, count: true })).total).toBe(0)
        expect(await chats.standings(viewer)).toEqual([])
      }
    })

    it('lists chats by the last message, else by creation, newest first, each once over all pages', async () => {
      const { persons, group, pair, send, chats } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const made: ChatId[] = []
      for (let i = 0; i < 5; i++) made.push(await group(ann, bob))
      made.push(await pair(ann, bob))
      await send(made[1]!, bob)
      await send(made[3]!, ann)
      await send(made[0]!, bob)
      const expected = [made[0], made[3], made[1], made[5], made[4], made[2]]
      for (const limit of [1, 2, 3, 6, 100]) {
        const all = await allPages((from?: ChatPosition) => chats.list(ann, {}, { limit, from }))
        expect(all.map((view) => view.chat.id)).toEqual(expected)
      }
      const page = await chats.list(ann, {}, { limit: 4, count: true })
      expect([page.items.length, page.total]).toEqual([4, 6])
      expect((await chats.list(ann, {}, { limit: 4 })).total).toBeUndefined()
      expect((await chats.list(ann, {}, { limit: 6 })).next).toBeUndefined()
    })

    it('lists a private chat for who has opened it, and for the other one from its first message on', async () => {
      const { persons, pair, send, chats, own, tick } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await pair(ann, bob)
      const listed = async (who: UserId) => (await chats.list(who, {}, { limit: 5, count: true })).total
      expect([await listed(ann), await listed(bob)]).toEqual([1, 0])
      expect((await chats.get(bob, chat))!.me.isHidden).toBe(true)
      expect(await own.since([ann, bob], 0)).toEqual([])
      expect(await own.change({ chatId: chat, userId: bob, at: tick() }, { markedUnread: true })).toMatchObject({ me: { isHidden: true } })
      await send(chat, ann)
      expect([await listed(ann), await listed(bob)]).toEqual([1, 1])
      expect((await chats.get(bob, chat))!.me.isHidden).toBe(false)
    })

    it('lets a private chat appear to the other one with its first message, and not before', async () => {
      const { persons, pair, send, chats } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await pair(ann, bob)
      const seen = async (who: UserId, since = 0) => [
        (await chats.standings(who)).length,
        (await chats.standings(who, [chat])).length,
        (await chats.standing(who, chat)) ? 1 : 0,
        (await chats.places(who, since)).length,
        (await chats.joinedSince([who], since)).length,
        (await chats.moved(who, since)).count,
      ]
      expect(await seen(ann)).toEqual([1, 1, 1, 1, 1, 1])
      expect(await seen(bob)).toEqual([0, 0, 0, 0, 0, 0])
      const { at } = await send(chat, ann)
      expect(await seen(bob)).toEqual([1, 1, 1, 1, 1, 1])
      expect(await chats.joinedSince([bob], at)).toEqual([{ userId: bob, chatId: chat, joinedSeq: 1 }])
      expect(await chats.places(bob, at)).toMatchObject([{ joinedSeq: 1, shownAt: at, hasMoved: true }])
      await send(chat, bob)
      expect(await chats.joinedSince([bob], at + 1)).toEqual([])
      expect((await chats.standing(bob, chat))!.readSeq).toBe(1)
    })

    it('lets it appear to the other one who opens it as well, once', async () => {
      const { persons, pair, send, chats, own, tick } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await pair(ann, bob)
      const show = (userId: UserId, at = tick()) => own.show({ chatId: chat, userId, at })
      expect(await show(ann)).toBe(false)
      expect(await own.show({ chatId: chat, userId: asId('nobody'), at: tick() })).toBe(false)
      const at = tick()
      expect([await show(bob, at), await show(bob)]).toEqual([true, false])
      expect((await chats.list(bob, {}, { limit: 5 })).items.map(({ me }) => me.isHidden)).toEqual([false])
      expect(await chats.joinedSince([bob], at)).toHaveLength(1)
      expect(await chats.places(bob, at)).toMatchObject([{ shownAt: at, hasMoved: true }])
      expect((await chats.places(bob, at + 1))[0]).toMatchObject({ hasMoved: false })
      expect([await chats.moved(bob, at), await chats.moved(bob, at + 1)]).toEqual([
        { count: 1, chatIds: [chat] },
        { count: 1, chatIds: [] },
      ])
      expect(await own.since([bob], 0)).toEqual([])
      await send(chat, ann)
      expect(await show(bob)).toBe(false)
    })

    it('lists chats of the same moment once each', async () => {
      const { person, group, send, tick, chats } = scene()
      const ann = await person()
      const made: ChatId[] = []
      for (let i = 0; i < 7; i++) made.push(await group(ann))
      const at = tick()
      for (const chat of made) await send(chat, ann, 'now', { at })
      const all = await allPages((from?: ChatPosition) => chats.list(ann, {}, { limit: 2, from }))
      expect(all.map((view) => view.chat.id).sort()).toEqual([...made].sort())
    })

    it('finds chats by their name or the partner’s, without regard to case, and by kind', async () => {
      const { person, openGroup, pair, chats } = scene()
      const ann = await person({ name: 'Ann' })
      const bob = await person({ name: 'Борис Ёлкин' })
      const { chatId: trip } = await openGroup(ann, [], { name: 'Поездка 100%_' })
      const { chatId: other } = await openGroup(ann, [bob], { name: 'Boris and others' })
      const chat = await pair(ann, bob)
      const found = async (query?: string, kind?: 'private' | 'group') =>
        (await chats.list(ann, { query, kind }, { limit: 10, count: true })).items.map((view) => view.chat.id)
      expect(await found(fold('ПОЕЗД'))).toEqual([trip])
      expect(await found(fold('ёлк'))).toEqual([chat])
      expect(await found('100%_')).toEqual([trip])
      expect(await found('0_%')).toEqual([])
      expect(await found('boris')).toEqual([other])
      expect(await found('ann')).toEqual([])
      expect(await found(undefined, 'private')).toEqual([chat])
      expect(await found(undefined, 'group')).toEqual([other, trip])
      expect(await found('nobody of that name')).toEqual([])
      expect(await chats.list(ann, { kind: 'group' }, { limit: 1, count: true })).toMatchObject({ total: 2 })
    })

    it('has an epoch that stays', async () => {
      const { chats } = scene()
      const epoch = await chats.epoch()
      expect(epoch.length).toBeGreaterThan(0)
      expect(await chats.epoch()).toBe(epoch)
    })
  })
