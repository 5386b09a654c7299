import { expect, it } from 'vitest'
import type { BanPosition } from '../application/ports/bans.ts'
import { alter, type ChatChange } from '../domain/altering.ts'
import { type Banning, ban, mute, unban } from '../domain/banning.ts'
import type { ChatId, Instant, UserId } from '../domain/ids.ts'
import type { Invitation } from '../domain/invitation.ts'
import { join } from '../domain/joining.ts'
import { post } from '../domain/posting.ts'
import { RULES } from '../domain/rules.ts'
import { rulesOf } from './harness.ts'
import { allPages, type Scene } from './scene.ts'
import type { OpenStore } from './store-harness.ts'

const HOUR: Instant = 3_600_000

/** What keeps order in groups: rules, mutes, bans and invitations, in every place that shows or counts them. */
export const orderContract = (name: string, openStore: OpenStore): void =>
  rulesOf(`${name}: order`, openStore, (scene) => {
    it('shows rules and description of a group as they are now, and tells both', async () => {
      const stage = scene()
      const { persons, group, chats, events } = stage
      const { change } = deedsOf(stage)
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann, bob)
      expect((await chats.get(bob, chat))!.chat).toMatchObject({ rules: RULES, description: undefined })
      const rules = { post: 'admin', add: 'member', invite: 'owner', slowS: 30 } as const
      await change(chat, { editorId: ann, rules, description: 'For tea' })
      for (const view of [await chats.get(bob, chat), (await chats.list(bob, {}, { limit: 1 })).items[0]])
        expect(view!.chat).toMatchObject({ rules, description: 'For tea' })
      await change(chat, { editorId: ann, rules: { slowS: 0 }, description: null })
      expect((await chats.get(bob, chat))!.chat).toMatchObject({ rules: { ...rules, slowS: 0 }, description: undefined })
      expect(await events(chat)).toMatchObject([
        { type: 'chat.created' },
        { type: 'chat.description_changed', description: undefined },
        { type: 'chat.rules_changed', rules },
        { type: 'chat.description_changed', description: undefined },
        { type: 'chat.rules_changed', rules: { ...rules, slowS: 0 } },
      ])
    })

    it('knows when each member last sent a message, deleted ones included', async () => {
      const { persons, group, send, remove, log } = scene()
      const [ann, bob, cid] = (await persons(3)) as [UserId, UserId, UserId]
      const [chat, other] = [await group(ann, bob, cid), await group(ann)]
      const last = async () => {
        const shown = await log.change({ chat, lastOf: [ann, bob, cid] }, ({ lastOf }) => ({ events: [], result: [...lastOf.values()] }))
        return shown
      }
      expect(await last()).toEqual([null, null, null])
      const [first, second] = [await send(chat, ann), await send(chat, ann)]
      const bobs = await send(chat, bob)
      await send(other, ann)
      expect(await last()).toEqual([second.at, bobs.at, null])
      await remove(chat, ann, second.id)
      expect(await last()).toEqual([second.at, bobs.at, null])
      await remove(chat, ann, first.id)
      await send(chat, bob)
      expect((await last())[0]).toBe(second.at)
    })

    it('lets one message of many through in slow mode, and the staff at any time', async () => {
      const stage = scene()
      const { persons, group, draftOf, scopeOf, log, tick } = stage
      const { change } = deedsOf(stage)
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann, bob)
      await change(chat, { editorId: ann, rules: { slowS: 60 } })
      const at = tick() + HOUR
      const submit = (who: UserId, when: Instant) => {
        const draft = draftOf(who, 'hello', { at: when })
        return log.change({ ...scopeOf(chat, draft), lastOf: [who] }, (state) => post(state, draft))
      }
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => submit(bob, at + i)))
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const early = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
      for (const refusal of early) expect(refusal).toMatchObject({ code: 'slow-mode', facts: { retryAfterMs: expect.any(Number) } })
      await expect(submit(bob, at + 59_000)).rejects.toMatchObject({ code: 'slow-mode' })
      await submit(bob, at + 61_000)
      await Promise.all([submit(ann, at + 61_000), submit(ann, at + 61_000)])
    })

    it('shows who is muted, to themselves and to all', async () => {
      const stage = scene()
      const { persons, group, chats, send, edit, events, tick } = stage
      const { silence } = deedsOf(stage)
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const chat = await group(ann, bob)
      const { id } = await send(chat, bob)
      const until = tick() + HOUR
      await silence(chat, ann, bob, until)
      await silence(chat, ann, bob, until)
      expect((await chats.get(bob, chat))!.me.mutedUntil).toBe(until)
      expect((await chats.standing(bob, chat))!.me.mutedUntil).toBe(until)
      const { items } = (await chats.members(ann, chat, { limit: 5 }))!
      expect(new Map(items.map(({ person, mutedUntil }) => [person.id, mutedUntil]))).toEqual(
        new Map([
          [ann, undefined],
          [bob, until],
        ]),
      )
      expect((await chats.membersOf(ann, chat, [bob]))![0]!.mutedUntil).toBe(until)
      await expect(send(chat, bob)).rejects.toMatchObject({ code: 'muted', facts: { until } })
      await expect(edit(chat, bob, id, 'edited')).rejects.toMatchObject({ code: 'muted' })
      await send(chat, bob, 'later', { at: until })
      await silence(chat, ann, bob, undefined)
      expect((await chats.get(bob, chat))!.me.mutedUntil).toBeUndefined()
      const told = (await events(chat)).flatMap((event) => (event.type === 'member.muted' ? [event.until] : []))
      expect(told).toEqual([until, undefined])
    })

    it('bans, lists whom it bans, and lets nobody in who is banned', async () => {
      const stage = scene()
      const { persons, group, add, bans, chats, people, events, tick } = stage
      const { forbid, allow } = deedsOf(stage)
      const [ann, bob, cid, dan, eve] = (await persons(5)) as [UserId, UserId, UserId, UserId, UserId]
      const [chat, other] = [await group(ann, bob, cid), await group(ann)]
      const until = tick() + HOUR
      await forbid(chat, ann, bob, { reason: 'spam' })
      await forbid(chat, ann, cid, { until })
      await forbid(chat, ann, dan)
      await forbid(chat, ann, eve)
      await allow(chat, ann, dan)
      await people.erase(eve, tick())
      const all = (now: Instant, limit: number) => allPages((from?: BanPosition) => bans.list(chat, now, { limit, from }))
      for (const limit of [1, 2, 10])
        expect(await all(tick(), limit)).toMatchObject([
          { person: { id: cid, name: 'Ann' }, byId: ann, until, reason: undefined },
          { person: { id: bob }, until: undefined, reason: 'spam' },
        ])
      expect((await bans.list(chat, tick(), { limit: 1, count: true })).total).toBe(2)
      expect((await all(until, 10)).map(({ person }) => person.id)).toEqual([bob])
      expect(await bans.list(other, tick(), { limit: 10 })).toMatchObject({ items: [] })
      expect(await chats.get(bob, chat)).toBeUndefined()
      await expect(add(chat, ann, dan, bob)).rejects.toMatchObject({ code: 'banned', facts: { userIds: [bob] } })
      await expect(add(chat, ann, cid)).rejects.toMatchObject({ code: 'banned' })
      await add(chat, ann, dan)
      await add(other, ann, bob)
      await forbid(chat, ann, bob, { until })
      expect(await all(tick(), 10)).toMatchObject([{ person: { id: bob }, until }, { person: { id: cid } }])
      const told = (await events(chat)).filter(({ type }) => type !== 'chat.created' && type !== 'member.added')
      expect(told.map(({ type }) => type)).toEqual([
        'member.removed',
        'member.banned',
        'member.removed',
        'member.banned',
        'member.banned',
        'member.banned',
        'member.unbanned',
        'member.banned',
      ])
      expect(JSON.stringify(told)).not.toContain('spam')
    })

    it('finds invitations by their codes, as long as they have not expired, with their makers', async () => {
      const stage = scene()
      const { persons, group, invitations, people, disband, tick, newId } = stage
      const [ann, bob] = (await persons(2)) as [UserId, UserId]
      const [chat, gone] = [await group(ann, bob), await group(ann)]
      const now = tick()
      const make = async (given: Partial<Invitation> = {}): Promise<Invitation> => {
        const invitation = { ...invitationOf(stage, chat, ann, now), ...given }
        expect(await invitations.add(invitation, { limit: 100, now })).toBe(true)
        return invitation
      }
      const [first, expired, bobs] = [await make(), await make({ expiresAt: now + 1 }), await make({ createdBy: bob, uses: 3 })]
      expect(await invitations.find(first.hash)).toEqual(first)
      expect(await invitations.find(newId())).toBeUndefined()
      expect(new Set(await invitations.list(chat, now))).toEqual(new Set([first, expired, bobs]))
      expect(new Set(await invitations.list(chat, now + 1))).toEqual(new Set([first, bobs]))
      expect(await invitations.remove(gone, first.id)).toBe(false)
      expect(await invitations.remove(chat, first.id)).toBe(true)
      expect(await invitations.remove(chat, first.id)).toBe(false)
      expect(await invitations.find(first.hash)).toBeUndefined()
      expect(await invitations.add(invitationOf(stage, chat, ann, now), { limit: 3, now: now + 1 })).toBe(true)
      expect(await invitations.find(expired.hash)).toBeUndefined()
      await people.erase(bob, tick())
      expect(await invitations.find(bobs.hash)).toBeUndefined()
      const last = await make({ chatId: gone })
      await disband(gone, ann)
      expect(await invitations.find(last.hash)).toBeUndefined()
      expect(await invitations.add({ ...last, id: newId() }, { limit: 3, now })).toBe(false)
    })

    it('counts the invitations of a group exactly, however many are made at once', async () => {
      const stage = scene()
      const { person, group, invitations, tick } = stage
      const ann = await person()
      const chat = await group(ann)
      const now = tick()
      const made = await Promise.all(
        Array.from({ length: 8 }, () => invitations.add(invitationOf(stage, chat, ann, now), { limit: 5, now })),
      )
      expect(made.filter(Boolean)).toHaveLength(5)
      expect(await invitations.list(chat, now)).toHaveLength(5)
    })

    it('lets in as many as an invitation says, however many come at once', async () => {
      const stage = scene()
      const { persons, group, invitations, chats, tick } = stage
      const { enter } = deedsOf(stage)
      const [ann, ...others] = (await persons(21)) as [UserId, ...UserId[]]
      const chat = await group(ann)
      const now = tick()
      const invitation = { ...invitationOf(stage, chat, ann, now), uses: 5 }
      await invitations.add(invitation, { limit: 5, now })
      const outcomes = await Promise.all(
        others
          .flatMap((who) => [enter(chat, who, invitation), enter(chat, who, invitation)])
          .map((one) =>
            one.then(
              () => 'in',
              (error) => error.code as string,
            ),
          ),
      )
      expect((await chats.get(ann, chat))!.chat.memberCount).toBe(6)
      expect(outcomes.filter((outcome) => outcome === 'in')).toHaveLength(10)
      expect(new Set(outcomes)).toEqual(new Set(['in', 'invitation-not-found']))
      expect(await invitations.find(invitation.hash)).toMatchObject({ uses: 5, used: 5 })
    })
  })

const invitationOf = ({ newId }: Scene, chatId: ChatId, createdBy: UserId, now: Instant): Invitation => ({
  id: newId(),
  chatId,
  hash: newId(),
  createdBy,
  createdAt: now,
  expiresAt: now + 24 * HOUR,
  uses: undefined,
  used: 0,
})

/** What people do to keep order, in the words of the domain. */
const deedsOf = ({ log, tick }: Scene) => ({
  change: (chat: ChatId, change: Omit<ChatChange, 'at'>) => {
    const command = { ...change, at: tick() }
    return log.change({ chat, members: [change.editorId] }, (state) => alter(state, command))
  },
  silence: (chat: ChatId, actorId: UserId, userId: UserId, until: Instant | undefined) => {
    const command = { actorId, userId, until, at: tick() }
    return log.change({ chat, members: [actorId, userId] }, (state) => mute(state, command))
  },
  forbid: (chat: ChatId, actorId: UserId, userId: UserId, given: Partial<Pick<Banning, 'until' | 'reason'>> = {}) => {
    const command = { actorId, userId, until: undefined, reason: undefined, ...given, at: tick() }
    return log.change({ chat, members: [actorId, userId], people: [userId], bans: [userId] }, (state) => ban(state, command))
  },
  allow: (chat: ChatId, actorId: UserId, userId: UserId) => {
    const command = { actorId, userId, at: tick() }
    return log.change({ chat, members: [actorId], bans: [userId] }, (state) => unban(state, command))
  },
  enter: (chat: ChatId, userId: UserId, invitation: Invitation) => {
    const command = { userId, invitation, at: tick() }
    const scope = {
      chat,
      members: [userId, invitation.createdBy],
      people: [userId],
      bans: [userId],
      mutes: [userId],
      invitations: [invitation.id],
    }
    return log.change(scope, (state) => join(state, command))
  },
})
