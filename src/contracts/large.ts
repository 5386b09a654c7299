import { expect, it } from 'vitest'
import type { ChatPosition, MemberPosition } from '../application/ports/views.ts'
import type { Session } from '../domain/identity.ts'
import type { ChatId, SessionId, UserId } from '../domain/ids.ts'
import { rulesOf } from './harness.ts'
import { allPages, type Scene } from './scene.ts'
import { type OpenStore } from './store-harness.ts'

const MANY = 1_200

/** What a store promises holds for many names as for few. */
export const largeContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: in large numbers`, openStore, (scene) => {
    const crowd = async ({ person }: Scene, count: number): Promise<UserId[]> => {
      const ids: UserId[] = []
      while (ids.length < count) ids.push(...(await Promise.all(Array.from({ length: Math.min(100, count - ids.length) }, () => person()))))
      return ids
    }
    const unknown = <Id extends string>({ newId }: Scene): Id[] => Array.from({ length: 2_000 }, () => newId() as Id)

    it('makes a large group in one change, and shows everybody once', { timeout: 60_000 }, async () => {
      const stage = scene()
      const { group, add, dismiss, send, read, chats, events } = stage
      const [owner, ...others] = (await crowd(stage, MANY)) as [UserId, ...UserId[]]
      const chat = await group(owner, ...others.slice(0, MANY / 2))
      await add(chat, owner, ...others)
      expect((await chats.get(owner, chat))!.chat).toMatchObject({ memberCount: MANY, headSeq: MANY / 2 })
      expect((await events(chat)).map((event) => event.seq)).toEqual(Array.from({ length: MANY / 2 }, (_, i) => i + 1))
      const { id, seq } = await send(chat, owner)
      await Promise.all(others.map((other) => read(chat, other, seq)))
      expect((await chats.message(owner, chat, id))!.message!.isRead).toBe(true)
      const members = await allPages((from?: MemberPosition) => chats.members(owner, chat, { limit: 100, from }))
      expect(members.map((member) => member.person.id).sort()).toEqual([owner, ...others].sort())
      expect(await chats.membersOf(owner, chat, others)).toHaveLength(MANY - 1)
      const readers = await allPages((from?: MemberPosition) => chats.readers(owner, chat, { seq, senderId: owner }, { limit: 100, from }))
      expect(new Set(readers.map((reader) => reader.person.id))).toEqual(new Set(others))
      expect(await chats.readMarks(chat, 100)).toHaveLength(100)
      await dismiss(chat, owner, ...others)
      expect((await chats.get(owner, chat))!.chat.memberCount).toBe(1)
    })

    it('takes texts of somebody away before the change that tells it: some or none, but never the latest', {
      timeout: 60_000,
    }, async () => {
      const { persons, group, send, tick, log, chats, events, eraseFrom, newId } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann, bob)
      const sent = await Promise.all(Array.from({ length: MANY }, (_, i) => send(chat, i % 400 === 0 ? ann : bob, `text ${i}`)))
      const seqsOf = (of: UserId) => sent.filter(({ sender }) => sender.id === of).map((message) => message.seq)
      const kept = async () =>
        new Set((await events(chat, 500)).flatMap((event) => (event.type === 'message.sent' && event.message.text ? [event.seq] : [])))
      const erasure = { chatId: chat, userId: bob, at: tick() }
      let taken = 0
      for (let last = 1, rounds = 0; last > 0; taken += last) {
        last = await log.eraseTexts(erasure)
        expect(++rounds).toBeLessThan(MANY)
      }
      const left = await kept()
      expect(MANY - left.size).toBe(taken)
      for (const seq of [...seqsOf(ann), Math.max(...seqsOf(bob))]) expect(left).toContain(seq)
      expect(await chats.toErase(bob)).toMatchObject([{ chatId: chat }])
      expect((await chats.heads([chat])).get(chat)).toBe(MANY + 1)
      await eraseFrom(chat, bob)
      expect(await kept()).toEqual(new Set(seqsOf(ann)))
      expect(await log.eraseTexts(erasure)).toBe(0)
      expect(await log.eraseTexts({ ...erasure, chatId: newId() as ChatId })).toBe(0)
    })

    it('tells what has moved also where more has happened elsewhere than is looked through', { timeout: 60_000 }, async () => {
      const { persons, group, send, tick, idAt, chats } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const [still, moved, busy] = [await group(ann, bob), await group(ann, bob), await group(bob)]
      const since = tick()
      await send(moved, bob, 'hello', { id: idAt(since), at: since })
      const at = tick()
      await Promise.all(Array.from({ length: MANY }, () => send(busy, bob, 'hello', { id: idAt(at), at })))
      expect(await chats.moved(ann, since)).toEqual({ count: 2, chatIds: [moved] })
      expect((await chats.moved(ann, 0)).chatIds.toSorted()).toEqual([still, moved].sort())
    })

    it('lists many chats once each, and where one stands in them', { timeout: 60_000 }, async () => {
      const stage = scene()
      const { person, group, send, chats, receipts } = stage
      const [ann, bob] = [await person(), await person()]
      const made = await Promise.all(Array.from({ length: 300 }, () => group(ann, bob)))
      await Promise.all(made.filter((_, i) => i % 2).map((chat) => send(chat, bob)))
      const all = await allPages((from?: ChatPosition) => chats.list(ann, {}, { limit: 100, from }))
      expect(all).toHaveLength(300)
      expect(new Map(all.map((view) => [view.chat.id, view.unread]))).toEqual(new Map(made.map((chat, i) => [chat, i % 2])))
      const standings = await chats.standings(ann)
      expect(new Map(standings.map((standing) => [standing.chatId, standing.unread]))).toEqual(
        new Map(made.map((chat, i) => [chat, i % 2])),
      )
      const heads = await chats.heads([...unknown<ChatId>(stage), ...made])
      expect(heads).toEqual(new Map(made.map((chat, i) => [chat, i % 2 ? 2 : 1])))
      expect(await receipts.since([...made, ...unknown<ChatId>(stage)], 0)).toEqual([])
      expect(await chats.joinedSince([ann, ...unknown<UserId>(stage)], 0)).toHaveLength(300)
    })

    it('looks after many sessions and people at once', { timeout: 60_000 }, async () => {
      const stage = scene()
      const { people, sessions, newId, tick } = stage
      const [ann] = (await crowd(stage, 1)) as [UserId]
      const at = tick()
      const blank = {
        userId: ann,
        deviceName: undefined,
        createdAt: at,
        lastUsedAt: at,
        expiresAt: at + 1_000_000,
        endedAt: undefined,
        generation: 0,
        spentAt: [],
      }
      const own: Session[] = Array.from({ length: 50 }, () => ({ ...blank, id: newId() as SessionId }))
      for (const session of own) await sessions.add(session)
      const ids = [...unknown<SessionId>(stage), ...own.map((session) => session.id)]
      expect(
        (
          await sessions.live(
            ids.map((sessionId) => ({ userId: ann, sessionId })),
            at,
          )
        ).size,
      ).toBe(50)
      await sessions.used(new Map(ids.map((id) => [id, at + 5])))
      expect((await sessions.list(ann, at)).map((session) => session.lastUsedAt)).toEqual(own.map(() => at + 5))
      await sessions.end(ann, ids, at)
      expect(await sessions.list(ann, at)).toEqual([])
      await people.seen(new Map([...unknown<UserId>(stage), ann].map((id) => [id, at])))
      expect((await people.get(ann))!.lastSeenAt).toBe(at)
    })
  })
