import { expect, it } from 'vitest'
import type { MemberPosition } from '../application/ports/views.ts'
import type { ChatId, Instant, UserId } from '../domain/ids.ts'
import { rulesOf } from './harness.ts'
import { allPages } from './scene.ts'
import { type OpenStore } from './store-harness.ts'

/** What `Chats` promises of who is in a chat, and where they stand. */
export const membersContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: members`, openStore, (scene) => {
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

    it('tells in which chats anything moved since a time: the log, or a mark of any member', async () => {
      const { persons, group, pair, send, read, chats, tick } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const still = await group(ann)
      const written = await group(ann)
      const marked = await pair(ann, bob)
      await send(marked, bob)
      const since = tick()
      const movedOf = async (time: Instant) =>
        (await chats.places(ann, time)).filter(({ hasMoved }) => hasMoved).map(({ chatId }) => chatId)
      expect(await movedOf(since)).toEqual([])
      await send(written, ann)
      expect(await movedOf(since)).toEqual([written])
      await read(marked, ann, 2)
      expect(new Set(await movedOf(since))).toEqual(new Set([written, marked]))
      const places = new Map((await chats.places(ann, since)).map((place) => [place.chatId, place]))
      expect(new Set(places.keys())).toEqual(new Set([still, written, marked]))
      for (const standing of await chats.standings(ann)) {
        const { chatId, headSeq, memberSeq, memberCount, joinedSeq } = standing
        expect(places.get(chatId)).toMatchObject({ headSeq, memberSeq, memberCount, joinedSeq })
      }
    })

    it('names some chats alone, where it is asked for these', async () => {
      const { persons, group, send, chats, tick, newId } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const [one, other, third] = [await group(ann), await group(ann, bob), await group(bob)]
      const since = tick()
      await send(one, ann)
      const places = await chats.places(ann, since, [one, other, third, newId() as ChatId])
      expect(new Map(places.map(({ chatId, hasMoved }) => [chatId, hasMoved]))).toEqual(
        new Map([
          [one, true],
          [other, false],
        ]),
      )
      expect(await chats.places(ann, since, [])).toEqual([])
    })

    it('tells how many chats a user has, and which of them have moved: the log, or what is the user’s own', async () => {
      const { persons, group, add, dismiss, rename, read, send, own, chats, tick, idAt } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const made = () => group(ann, bob)
      const [left, written, renamed, pinned, marked] = [await made(), await made(), await made(), await made(), await made()]
      const elsewhere = await group(bob)
      await send(marked, bob)
      const sendAt = (chat: ChatId, at: Instant) => send(chat, bob, 'hello', { id: idAt(at), at })
      async function movedBy(change: (at: Instant) => Promise<unknown>) {
        const since = tick()
        await change(since)
        const { count, chatIds } = await chats.moved(ann, since)
        return [count, ...chatIds]
      }
      expect(await movedBy(async () => undefined)).toEqual([5])
      expect(await movedBy((at) => sendAt(written, at))).toEqual([5, written])
      expect(await movedBy(() => rename(renamed, ann, 'Other'))).toEqual([5, renamed])
      expect(await movedBy((at) => own.change({ chatId: pinned, userId: ann, at }, { pinned: true }))).toEqual([5, pinned])
      expect(await movedBy((at) => read(marked, ann, 2, at))).toEqual([5, marked])
      expect(await movedBy((at) => sendAt(elsewhere, at))).toEqual([5])
      expect(await movedBy(() => add(elsewhere, bob, ann))).toEqual([6, elsewhere])
      expect(await movedBy(() => dismiss(left, ann, bob))).toEqual([6, left])
      const { chatIds } = await chats.moved(ann, 0)
      expect(chatIds.toSorted()).toEqual([left, written, renamed, pinned, marked, elsewhere].sort())
      expect((await chats.moved(bob, tick())).count).toBe(5)
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
      expect(standings.get(one)).toMatchObject({
        chatId: one,
        headSeq: 4,
        memberSeq: 3,
        memberCount: 2,
        joinedSeq: 3,
        readSeq: 3,
        readByOthers: 1,
        unread: 1,
        unreadMentions: 0,
      })
      expect(standings.get(two)).toMatchObject({
        chatId: two,
        headSeq: 2,
        memberSeq: 1,
        memberCount: 2,
        joinedSeq: 1,
        readSeq: 1,
        readByOthers: 2,
        unread: 0,
        unreadMentions: 0,
      })
      expect(standings.size).toBe(2)
      expect(await chats.standings(bob, [two])).toEqual([standings.get(two)])
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

    it('erases somebody from a chat once, however many have found that it is due', async () => {
      const { persons, group, pair, dismiss, send, eraseFrom, chats, events } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const left = await group(bob, ann)
      await send(left, ann)
      await dismiss(left, ann, ann)
      const places = [await group(bob, ann), left, await pair(ann, bob)]
      const due = await chats.toErase(ann)
      expect(due.map(({ chatId }) => chatId).sort()).toEqual(places.toSorted())
      const erasing = (ahead: number) => due.map(({ chatId, headSeq, heir }) => eraseFrom(chatId, ann, heir, headSeq + ahead))
      await Promise.all([...erasing(0), ...erasing(0)])
      await Promise.all(erasing(0))
      const told = async (chatId: ChatId) => (await events(chatId)).filter(({ type }) => type === 'author.erased').length
      expect(await Promise.all(places.map(told))).toEqual([1, 1, 1])
      // What somebody finds afterwards is another erasure: of a message that was under way.
      await Promise.all(erasing(1))
      expect(await Promise.all(places.map(told))).toEqual([2, 2, 2])
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
      // What was deleted in it has a digest still.
      const emptied = await group(bob, ann)
      const gone = await send(emptied, ann)
      await remove(emptied, ann, gone.id)
      await dismiss(emptied, ann, ann)
      const twosome = await pair(ann, bob)
      const toErase = async () => new Map((await chats.toErase(ann)).map(({ chatId, heir }) => [chatId, heir]))
      const all = await toErase()
      expect([...all.keys()].sort()).toEqual([led, plain, alone, left, emptied, twosome].sort())
      expect([all.get(led), all.get(plain), all.get(alone)]).toEqual([cid, bob, undefined])
      for (const [chat, heir] of all) expect(await eraseFrom(chat, ann, heir)).toBe('erased')
      expect(await toErase()).toEqual(new Map())
      expect((await chats.get(cid, led))!.me.role).toBe('owner')
      expect((await chats.get(bob, plain))!.me.role).toBe('owner')
      expect(await chats.heads([alone])).toEqual(new Map())
      expect((await chats.get(bob, twosome))!.partner!.id).toBe(ann)
    })
  })
