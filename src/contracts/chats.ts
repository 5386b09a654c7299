import { expect, it } from 'vitest'
import type { ChatPosition, MemberPosition } from '../application/ports.ts'
import { fold } from '../domain/identity.ts'
import type { ChatId, UserId } from '../domain/ids.ts'
import { type OpenStore, rulesOf } from './harness.ts'
import { allPages } from './scene.ts'

/** What `Chats` promises of chats and their members. */
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
        chat: { id: chat, kind: 'group', name: 'Group', createdAt: created!.at, headSeq: 2, memberSeq: 2, memberCount: 2 },
        partner: undefined,
        me: { role: 'member', joinedAt: added!.at, readSeq: 2 },
        unread: 0,
        readByOthers: 1,
        lastMessage: undefined,
      })
      const message = await send(chat, ann, 'hello', { at: tick() })
      await read(chat, ann, 3)
      const after = (await chats.get(bob, chat))!
      expect(after).toMatchObject({ chat: { headSeq: 3 }, unread: 1, readByOthers: 3, lastMessage: { isRead: false } })
      expect(after.lastMessage!.message).toEqual({ ...message, sender: { ...message.sender, lastSeenAt: undefined } })
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
      made.push(await pair(bob, ann))
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

    it('lists members in the order in which they came, each once over all pages', async () => {
      const { persons, group, add, dismiss, giveRole, chats } = scene()
      const [ann, ...others] = (await persons(8)) as [UserId, ...UserId[]]
      const chat = await group(ann, ...others.slice(0, 3))
      for (const other of others.slice(3)) await add(chat, ann, other)
      await dismiss(chat, ann, others[0]!)
      await add(chat, ann, others[0]!)
      await giveRole(chat, ann, others[4]!, 'admin')
      const all = await allPages((from?: MemberPosition) => chats.members(others[1]!, chat, { limit: 3, from }))
      const founders = [ann, others[1]!, others[2]!]
      expect(
        all
          .slice(0, 3)
          .map((member) => member.person.id)
          .sort(),
      ).toEqual([...founders].sort())
      expect(all.slice(3).map((member) => member.person.id)).toEqual([...others.slice(3), others[0]])
      expect(all.find((member) => member.person.id === ann)!.role).toBe('owner')
      expect(all.find((member) => member.person.id === others[4])!.role).toBe('admin')
      expect((await chats.members(ann, chat, { limit: 2, count: true }))!.total).toBe(8)
    })

    it('shows some members of a chat, those who are none left out', async () => {
      const { persons, group, read, send, chats } = scene()
      const [ann, bob, stranger] = (await persons(3)) as [UserId, UserId, UserId]
      const chat = await group(ann, bob)
      await send(chat, ann)
      await read(chat, bob, 2)
      const members = (await chats.membersOf(ann, chat, [bob, stranger, bob]))!
      expect(members).toMatchObject([{ person: { id: bob, name: 'Ann' }, role: 'member', readSeq: 2 }])
      expect(await chats.membersOf(ann, chat, [])).toEqual([])
    })

    it('tells where somebody stands in every chat', async () => {
      const { persons, group, pair, add, send, read, chats } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const one = await group(ann)
      await send(one, ann)
      await add(one, ann, bob)
      await send(one, ann)
      const two = await pair(ann, bob)
      await send(two, bob)
      await read(two, ann, 2)
      const standings = new Map((await chats.standings(bob)).map((standing) => [standing.chatId, standing]))
      expect(standings.get(one)).toEqual({
        chatId: one,
        headSeq: 4,
        memberSeq: 3,
        memberCount: 2,
        joinedSeq: 3,
        readSeq: 3,
        readByOthers: 1,
        unread: 1,
      })
      expect(standings.get(two)).toEqual({
        chatId: two,
        headSeq: 2,
        memberSeq: 1,
        memberCount: 2,
        joinedSeq: 1,
        readSeq: 1,
        readByOthers: 2,
        unread: 0,
      })
      expect(standings.size).toBe(2)
      expect(await chats.standing(bob, one)).toEqual(standings.get(one))
      expect(await chats.standing(ann, one)).toMatchObject({ unread: 0, readByOthers: 3, joinedSeq: 1 })
    })

    it('tells the heads of many chats', async () => {
      const { person, group, send, chats, newId } = scene()
      const ann = await person()
      const [one, two] = [await group(ann), await group(ann)]
      await send(one, ann)
      expect(await chats.heads([one, two, newId() as ChatId, one])).toEqual(
        new Map([
          [one, 2],
          [two, 1],
        ]),
      )
      expect(await chats.heads([])).toEqual(new Map())
    })

    it('tells who has become a member of what since', async () => {
      const { persons, group, add, dismiss, events, chats } = scene()
      const [ann, bob, cid] = (await persons(3)) as [UserId, UserId, UserId]
      const one = await group(ann, bob)
      const two = await group(ann)
      await add(two, ann, bob)
      await add(two, ann, cid)
      const [, bobs, cids] = await events(two)
      const joined = async (people: UserId[], since: number) =>
        (await chats.joinedSince(people, since)).map(({ userId, chatId, joinedSeq }) => `${userId} ${chatId} ${joinedSeq}`).sort()
      expect(await joined([bob, cid], bobs!.at)).toEqual([`${bob} ${two} 2`, `${cid} ${two} 3`].sort())
      expect(await joined([bob], 0)).toEqual([`${bob} ${one} 1`, `${bob} ${two} 2`].sort())
      expect(await joined([bob, cid], cids!.at + 1)).toEqual([])
      expect(await joined([], 0)).toEqual([])
      await dismiss(two, ann, cid)
      expect(await joined([cid], 0)).toEqual([])
    })

    it('shows the marks of the first members', async () => {
      const { persons, group, add, send, read, chats, newId } = scene()
      const [ann, bob, cid] = (await persons(3)) as [UserId, UserId, UserId]
      const chat = await group(ann)
      await add(chat, ann, bob)
      await add(chat, ann, cid)
      await send(chat, ann)
      await read(chat, bob, 4)
      expect(await chats.readMarks(chat, 10)).toEqual([
        { userId: ann, readSeq: 1 },
        { userId: bob, readSeq: 4 },
        { userId: cid, readSeq: 3 },
      ])
      expect((await chats.readMarks(chat, 2)).map((mark) => mark.userId)).toEqual([ann, bob])
      expect(await chats.readMarks(newId() as ChatId, 10)).toEqual([])
    })

    it('names what erasing somebody has still to visit, and who is to own a group after them', async () => {
      const { persons, group, pair, add, dismiss, giveRole, send, remove, eraseFrom, chats } = scene()
      const [ann, bob, cid, dan] = (await persons(4)) as [UserId, UserId, UserId, UserId]
      const led = await group(ann, bob)
      await add(led, ann, cid)
      await giveRole(led, ann, cid, 'admin')
      const plain = await group(ann)
      await add(plain, ann, bob)
      await add(plain, ann, dan)
      const alone = await group(ann)
      const left = await group(bob, ann)
      await send(left, ann, 'my text')
      await dismiss(left, ann, ann)
      const emptied = await group(bob, ann)
      const gone = await send(emptied, ann)
      await remove(emptied, ann, gone.id)
      await dismiss(emptied, ann, ann)
      const twosome = await pair(ann, bob)
      const toErase = async () => new Map((await chats.toErase(ann)).map(({ chatId, heir }) => [chatId, heir]))
      const all = await toErase()
      expect([...all.keys()].sort()).toEqual([led, plain, alone, left, twosome].sort())
      expect([all.get(led), all.get(plain), all.get(alone)]).toEqual([cid, bob, undefined])
      for (const [chat, heir] of all) expect(await eraseFrom(chat, ann, heir)).toBe('erased')
      expect(await toErase()).toEqual(new Map())
      expect((await chats.get(cid, led))!.me.role).toBe('owner')
      expect((await chats.get(bob, plain))!.me.role).toBe('owner')
      expect(await chats.heads([alone])).toEqual(new Map())
      expect((await chats.get(bob, twosome))!.partner!.id).toBe(ann)
    })

    it('has an epoch that stays', async () => {
      const { chats } = scene()
      const epoch = await chats.epoch()
      expect(epoch.length).toBeGreaterThan(0)
      expect(await chats.epoch()).toBe(epoch)
    })
  })
