import { expect, it } from 'vitest'
import type { BlockPosition } from '../application/ports/consents.ts'
import { BLOCKS_LIMIT, OPEN, type Privacy } from '../domain/consent.ts'
import { nothing } from '../domain/decision.ts'
import type { ChatId, UserId } from '../domain/ids.ts'
import { rulesOf } from './harness.ts'
import { allPages, type Scene } from './scene.ts'
import type { OpenStore } from './store-harness.ts'

const refused = { code: 'not-accepted' }

/** What `Consents` promises, and what the log, lists and devices make of it. */
export const consentsContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: consents`, openStore, (scene) => {
    it('says whom a user has blocked, the latest first, and no longer once unblocked', async () => {
      const { persons, consents, tick } = scene()
      const [ann, bob, cid, dan] = (await persons(4)) as [UserId, UserId, UserId, UserId]
      for (const other of [bob, cid, dan]) expect(await consents.block(ann, other, tick())).toBe('blocked')
      await consents.block(ann, bob, tick())
      const list = async (limit: number) =>
        (await allPages<{ id: UserId }, BlockPosition>((from) => consents.blocked(ann, { from, limit }))).map(({ id }) => id)
      for (const limit of [1, 2, 5]) expect(await list(limit)).toEqual([dan, cid, bob])
      expect(await consents.blocked(ann, { limit: 1, count: true })).toMatchObject({ total: 3, items: [{ id: dan, isBlocked: true }] })
      await consents.unblock(ann, cid)
      await consents.unblock(ann, cid)
      expect(await list(5)).toEqual([dan, bob])
      expect((await consents.circles([ann, bob, cid])).get(ann)).toMatchObject({
        blocked: expect.arrayContaining([dan, bob]),
        blockedBy: [],
      })
      expect((await consents.circles([bob])).get(bob)).toEqual({ blocked: [], blockedBy: [ann], isHidden: false })
      expect((await consents.circles([cid])).get(cid)).toEqual({ blocked: [], blockedBy: [], isHidden: false })
    })

    it('lets a user block so many and no more', async () => {
      const { persons, consents, tick, newId } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      for (let i = 0; i < BLOCKS_LIMIT - 1; i++) await consents.block(ann, newId() as UserId, tick())
      expect(await consents.block(ann, bob, tick())).toBe('blocked')
      expect(await consents.block(ann, newId() as UserId, tick())).toBe('full')
      expect(await consents.block(ann, bob, tick())).toBe('blocked')
    })

    it('has a user’s privacy, which is open until it is changed', async () => {
      const { person, consents } = scene()
      const ann = await person()
      expect(await consents.privacyOf(ann)).toEqual(OPEN)
      const wanted: Privacy = { write: 'nobody', add: 'known', lastSeen: 'nobody' }
      await consents.setPrivacy(ann, wanted)
      expect(await consents.privacyOf(ann)).toEqual(wanted)
      expect((await consents.circles([ann])).get(ann)).toMatchObject({ isHidden: true })
    })

    it.each(['before the chat is opened', 'after both have written'])('refuses what both send, blocked %s', async (when) => {
      const stage = scene()
      const { persons, pair, send, consents, tick } = stage
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const early = when.startsWith('before')
      if (early) await consents.block(ann, bob, tick())
      const chat = early ? await pairAnyhow(stage, ann, bob) : await pair(ann, bob)
      if (!early) {
        await send(chat, ann, 'hello')
        await send(chat, bob, 'hi')
        await consents.block(ann, bob, tick())
      }
      for (const sender of [ann, bob]) await expect(send(chat, sender, 'again')).rejects.toMatchObject(refused)
      await consents.block(bob, ann, tick())
      await consents.unblock(ann, bob)
      for (const sender of [ann, bob]) await expect(send(chat, sender, 'again')).rejects.toMatchObject(refused)
      await consents.unblock(bob, ann)
      for (const sender of [ann, bob]) await send(chat, sender, 'at last')
    })

    it('refuses edits, too, and not what takes back', async () => {
      const { persons, pair, send, edit, remove, consents, tick } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await pair(ann, bob)
      const { id } = await send(chat, bob, 'hello')
      await consents.block(ann, bob, tick())
      await expect(edit(chat, bob, id, 'you fool')).rejects.toMatchObject(refused)
      expect(await remove(chat, bob, id)).toMatchObject({ text: undefined })
    })

    it('lets only those write first whom the other one accepts, and answer in any case', async () => {
      const { persons, pair, group, send, consents } = scene()
      const [ann, bob, cid] = (await persons(3)) as [UserId, UserId, UserId]
      await consents.setPrivacy(ann, { ...OPEN, write: 'known' })
      await group(cid, ann)
      const [withBob, withCid] = [await pair(ann, bob), await pair(ann, cid)]
      await expect(send(withBob, bob, 'hello')).rejects.toMatchObject(refused)
      await send(withCid, cid, 'hello')
      await consents.setPrivacy(ann, { ...OPEN, write: 'nobody' })
      await expect(send(withCid, cid, 'and more')).rejects.toMatchObject(refused)
      await send(withBob, ann, 'it is me')
      await send(withBob, bob, 'so it is')
      await send(withBob, bob, 'and on')
    })

    it('skips those who do not let the other one add them', async () => {
      const { persons, group, add, consents, tick, chats } = scene()
      const [ann, bob, cid, dan, eve] = (await persons(5)) as [UserId, UserId, UserId, UserId, UserId]
      await group(ann, eve)
      await consents.setPrivacy(bob, { ...OPEN, add: 'nobody' })
      await consents.setPrivacy(cid, { ...OPEN, add: 'known' })
      await consents.setPrivacy(eve, { ...OPEN, add: 'known' })
      await consents.block(dan, ann, tick())
      const chat = await group(ann, bob, cid, dan, eve)
      const members = async (viewer: UserId) =>
        (await chats.members(viewer, chat, { limit: 9 }))?.items.map(({ person }) => person.id).sort()
      expect(await members(ann)).toEqual([ann, eve].sort())
      expect(await add(chat, ann, bob, cid, dan, eve)).toEqual([])
      await consents.unblock(dan, ann)
      expect(await add(chat, ann, bob, cid, dan)).toEqual([dan])
    })

    it('keeps out who has left a chat for good, until they come back by themselves', async () => {
      const { persons, group, add, dismiss, consents, chats, tick } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const [chat, other] = [await group(ann, bob), await group(ann)]
      await consents.stayOut(bob, chat, tick())
      await consents.stayOut(bob, chat, tick())
      await dismiss(chat, bob, bob)
      expect([await add(chat, ann, bob), await add(other, ann, bob)]).toEqual([[], [bob]])
      await consents.stayOut(bob, chat, undefined)
      expect(await add(chat, ann, bob)).toEqual([bob])
      expect(await chats.get(bob, chat)).toBeDefined()
    })

    it('shows when a user was last there to those only who know each other, are not apart and are let', async () => {
      const { persons, pair, group, send, people, consents, chats, tick } = scene()
      const [ann, bob, cid] = (await persons(3)) as [UserId, UserId, UserId]
      const at = tick()
      await people.seen(new Map([[bob, at]]))
      const seen = async (viewer: UserId) => {
        const one = await people.see(viewer, bob)
        const { username } = (await people.get(bob))!
        const found = (await people.find(viewer, { query: username, exact: true }, { limit: 1 })).items[0]
        expect(found).toEqual(one)
        return one?.lastSeenAt
      }
      const chat = await pair(ann, bob)
      expect([await seen(ann), (await chats.get(ann, chat))!.partner!.lastSeenAt]).toEqual([undefined, undefined])
      await send(chat, ann, 'hello')
      await send(chat, ann, 'hello?')
      expect([await seen(ann), await consents.areKnown(ann, bob)]).toEqual([undefined, false])
      await send(chat, bob, 'hi')
      expect([await seen(ann), await consents.areKnown(bob, ann), await seen(cid)]).toEqual([at, true, undefined])
      expect([(await chats.get(ann, chat))!.partner!.lastSeenAt, (await chats.membersOf(ann, chat, [bob]))![0]!.person.lastSeenAt]).toEqual(
        [at, at],
      )
      const shared = await group(cid, bob)
      expect([await seen(cid), await consents.areKnown(cid, bob)]).toEqual([at, true])
      await consents.block(bob, cid, tick())
      expect([await seen(cid), (await people.see(cid, bob))!.isBlocked ?? false]).toEqual([undefined, false])
      expect((await people.see(bob, cid))!.isBlocked).toBe(true)
      expect((await chats.members(cid, shared, { limit: 5 }))!.items.map(({ person }) => person.lastSeenAt)).toEqual([undefined, undefined])
      await consents.setPrivacy(bob, { ...OPEN, lastSeen: 'nobody' })
      expect([await seen(ann), (await chats.get(ann, chat))!.partner!.lastSeenAt]).toEqual([undefined, undefined])
    })

    it('counts and finds nothing of people whom the viewer has blocked', async () => {
      const stage = scene()
      const { persons, group, send, remove, chats, receipts, consents, tick } = stage
      const [ann, bob, cid] = (await persons(3)) as [UserId, UserId, UserId]
      const chat = await group(ann, bob, cid)
      const mentioning = { content: { mentions: [{ kind: 'user' as const, userId: ann, start: 0, length: 3 }] } }
      await send(chat, bob, 'ann tea', mentioning)
      const second = await send(chat, bob, 'tea two')
      await send(chat, cid, 'ann tea three', mentioning)
      const counted = async () => {
        const [view, standing] = [(await chats.get(ann, chat))!, (await chats.standing(ann, chat))!]
        const [listed] = (await chats.list(ann, {}, { limit: 1 })).items
        const moved = (await receipts.advance({ chatId: chat, userId: ann, to: 0, at: tick() }))!
        for (const { unread, unreadMentions } of [standing, listed!, moved])
          expect([unread, unreadMentions]).toEqual([view.unread, view.unreadMentions])
        const found = await chats.search(ann, { query: 'tea' }, { limit: 9, count: true })
        const inChat = (await chats.messages(ann, chat, { kind: 'newest' }, { query: 'tea' }, 9, true))!
        expect([inChat.items.length, inChat.total, found.total]).toEqual(Array.from({ length: 3 }, () => found.items.length))
        const mentions = (await chats.mentions(ann, { unread: true }, { limit: 9, count: true })).total
        expect(mentions).toBe(view.unreadMentions)
        return [view.unread, view.unreadMentions, found.items.length]
      }
      expect(await counted()).toEqual([3, 2, 3])
      await consents.block(ann, bob, tick())
      expect(await counted()).toEqual([1, 1, 1])
      await remove(chat, bob, second.id)
      expect(await counted()).toEqual([1, 1, 1])
      expect((await chats.messages(ann, chat, { kind: 'newest' }, {}, 9, false))!.items).toHaveLength(3)
      await consents.unblock(ann, bob)
      expect(await counted()).toEqual([2, 2, 2])
    })

    it('finds who wants mails about what was missed and has an email, page by page', async () => {
      const { person, notices, newId } = scene()
      const all: UserId[] = []
      for (let i = 0; i < 5; i++) all.push(await person({ email: `${newId()}@example.com` }))
      const [nowhere, changed] = [await person(), all[2]!]
      for (const userId of [...all, nowhere]) await notices.setOfUser(userId, { level: 'none', quiet: undefined, digest: true })
      await notices.setOfUser(changed, { level: 'all', quiet: undefined, digest: false })
      const found: UserId[] = []
      for (let some = await notices.digested(undefined, 2); some.length > 0; some = await notices.digested(some.at(-1), 2)) {
        expect(some.length).toBeLessThanOrEqual(2)
        found.push(...some)
      }
      expect(found.filter((id) => [...all, nowhere].includes(id))).toEqual(all.filter((id) => id !== changed).toSorted())
      expect(await notices.ofUser(changed)).toEqual({ level: 'all', quiet: undefined, digest: false })
    })

    it('reaches no device of somebody who is apart from the sender', async () => {
      const { persons, group, send, notices, consents, tick, newId } = scene()
      const [ann, bob, cid] = (await persons(3)) as [UserId, UserId, UserId]
      const chat = await group(ann, bob, cid)
      for (const userId of [ann, bob]) {
        const session = { sessionId: newId() as never, kind: 'web' as const, keys: { p256dh: 'k', auth: 'a' }, content: 'full' as const }
        await notices.keepDevice({ userId, id: 'phone', endpoint: `https://example.com/${userId}`, level: undefined, ...session }, tick())
      }
      const { seq } = await send(chat, cid, 'hello')
      const reached = async () =>
        (await notices.reached({ chatId: chat, seq, senderId: cid }, { now: tick(), usedSince: 0 }))
          .map(({ device }) => device.userId)
          .sort()
      expect(await reached()).toEqual([ann, bob].sort())
      await consents.block(ann, cid, tick())
      expect(await reached()).toEqual([bob])
      await consents.block(cid, bob, tick())
      expect(await reached()).toEqual([])
    })

    it('forgets a user who is deleted', async () => {
      const { persons, consents, people, tick } = scene()
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      await consents.block(ann, bob, tick())
      await consents.block(bob, ann, tick())
      await consents.setPrivacy(bob, { ...OPEN, add: 'nobody' })
      await people.erase(bob, tick())
      expect((await consents.blocked(ann, { limit: 5 })).items).toEqual([])
      expect((await consents.circles([ann])).get(ann)).toEqual({ blocked: [], blockedBy: [], isHidden: false })
      expect(await consents.privacyOf(bob)).toEqual(OPEN)
    })
  })

/** The private chat of two who are apart: in a store, it may have been opened just before. */
async function pairAnyhow({ log, openPair, consents, tick }: Scene, one: UserId, other: UserId): Promise<ChatId> {
  await expect(openPair(one, other)).rejects.toMatchObject(refused)
  await consents.unblock(one, other)
  const { chatId } = await openPair(one, other)
  await consents.block(one, other, tick())
  expect(await log.change({ chat: chatId }, (state) => nothing(state.chat?.guard))).toBe(7)
  return chatId
}
