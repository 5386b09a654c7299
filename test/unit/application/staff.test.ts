import { describe, expect, it } from 'vitest'
import type { Caller } from '../../../src/application/chat-api.ts'
import { setPassword, setStaff } from '../../../src/application/staff/operator.ts'
import { asId, type ChatId, SYSTEM_ID, type UserId } from '../../../src/domain/ids.ts'
import type { Refusal } from '../../../src/domain/refusal.ts'
import { simulatedPorts } from '../../support/simulated.ts'
import { processes } from './unpolled.ts'

const page = { limit: 10 }
const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    ({ code, facts }: Refusal) => ({ code, facts }),
  )
const notAllowed = { code: 'not-allowed', facts: { requires: ['scope:admin'] } }
const nobody = (userId: string) => ({ code: 'user-not-found', facts: { userIds: [userId] } })
const itself = { code: 'not-allowed', facts: { requires: [] } }

/** A member of staff, two other people, and what is noted. */
async function scene() {
  const noted: object[] = []
  const here = processes(1, { change: () => ({ journal: { note: (fact) => void noted.push(fact) } }) })
  const { api } = here.app
  const [staff, ann, bob] = [await here.person('Staff'), await here.person('Ann'), await here.person('Bob')]
  const userOf = (id: UserId) => here.store.people.get(id)!.user
  const make = (id: UserId, change: object) => void (here.store.people.get(id)!.user = { ...userOf(id), ...change })
  make(staff.userId, { isAdmin: true })
  const deeds = () => here.store.accounts.deeds.map(({ name, actorId, keyId, userId }) => [name, actorId ?? keyId, userId])
  const session = async ({ userId, sessionId }: Caller) =>
    void here.store.sessions.set(sessionId, {
      id: sessionId,
      userId,
      deviceName: undefined,
      createdAt: here.clock.now(),
      lastUsedAt: here.clock.now(),
      expiresAt: here.clock.now() + 1e9,
      endedAt: undefined,
    } as never)
  const isEnded = ({ sessionId }: Caller) => here.store.sessions.get(sessionId)!.endedAt !== undefined
  return { here, api, staff, ann, bob, userOf, make, deeds, noted, session, isEnded }
}

const adminKey = { userId: SYSTEM_ID, sessionId: asId('key'), via: 'key', keyId: 'k', scopes: ['admin'] } as unknown as Caller

describe('what staff does', () => {
  it('is refused to everybody else, also to a key of a member of staff without the scope', async () => {
    const { api, staff, ann, bob, deeds } = await scene()
    const chatId = 'chat' as ChatId
    const byKey = { ...staff, via: 'key', scopes: ['read'] } as unknown as Caller
    const { userId } = bob
    for (const caller of [ann, byKey]) {
      const calls = [
        api.findAccounts(caller, {}, page),
        api.updateAccount(caller, { userId, disabled: true }),
        api.endAccountSessions(caller, userId),
        api.recoverAccount(caller, userId),
        api.deleteAccount(caller, userId),
        api.inspectChat(caller, chatId),
        api.removeChat(caller, chatId),
        api.listDeeds(caller, {}, page),
      ]
      for (const call of calls) expect(await refusal(call)).toEqual(notAllowed)
    }
    expect(deeds()).toEqual([])
    expect((await api.findAccounts(adminKey, {}, page)).items).toHaveLength(3)
  })

  it('is about somebody else who is there', async () => {
    const { api, staff, deeds } = await scene()
    for (const [userId, expected] of [
      ['nobody' as UserId, nobody('nobody')],
      [SYSTEM_ID, nobody(SYSTEM_ID)],
      [staff.userId, itself],
    ] as const) {
      const calls = [
        api.updateAccount(staff, { userId, disabled: true }),
        api.endAccountSessions(staff, userId),
        api.recoverAccount(staff, userId),
        api.deleteAccount(staff, userId),
      ]
      for (const call of calls) expect(await refusal(call)).toEqual(expected)
    }
    expect(deeds()).toEqual([])
  })

  it('is noted with who did it: a member of staff or a key', async () => {
    const { api, staff, ann, deeds } = await scene()
    await api.updateAccount(staff, { userId: ann.userId, name: 'Anna' })
    await api.updateAccount(adminKey, { userId: ann.userId, name: 'Anne' })
    expect(deeds()).toEqual([
      ['user.renamed', staff.userId, ann.userId],
      ['user.renamed', SYSTEM_ID, ann.userId],
    ])
    const { items } = await api.listDeeds(staff, { userId: ann.userId }, page)
    expect(new Set(items.map(({ keyId }) => keyId))).toEqual(new Set(['k', undefined]))
  })
})

describe('an account', () => {
  it('is found by its names, however they are written, and by its state', async () => {
    const { api, staff, ann, bob, make } = await scene()
    make(bob.userId, { disabledAt: 1 })
    const ids = async (filter: Parameters<typeof api.findAccounts>[1]) =>
      (await api.findAccounts(staff, filter, page)).items.map(({ id }) => id)
    expect(await ids({ query: 'ANN' })).toEqual([ann.userId])
    expect([await ids({ state: 'disabled' }), await ids({ query: 'bob', state: 'active' as never })]).toEqual([[bob.userId], []])
  })

  it('gets another name or username, in the form of all names', async () => {
    const { here, api, staff, ann, bob, userOf } = await scene()
    const { userId } = ann
    const facts = () => here.store.accounts.deeds.map((deed) => deed.facts)
    expect(await api.updateAccount(staff, { userId, name: ' Anna ' })).toMatchObject({ name: 'Anna', username: userOf(userId).username })
    expect(await api.updateAccount(staff, { userId, username: 'ANNA' })).toMatchObject({ name: 'Anna', username: 'anna' })
    expect(facts()).toEqual([
      { name: true, username: false },
      { name: false, username: true },
    ])
    await expect(api.updateAccount(staff, { userId: bob.userId, username: 'anna' })).rejects.toMatchObject({ code: 'username-taken' })
    for (const wrong of [{ name: ' ' }, { username: '!' }])
      await expect(api.updateAccount(staff, { userId, ...wrong })).rejects.toMatchObject({ code: 'invalid' })
    expect(userOf(userId)).toMatchObject({ name: 'Anna', username: 'anna' })
  })

  it('is disabled and enabled again, and neither a second time', async () => {
    const { here, api, staff, ann, userOf, deeds, noted, session, isEnded } = await scene()
    await session(ann)
    const line = await here.live(ann)
    const disable = (disabled?: boolean) =>
      api.updateAccount({ ...staff, address: '192.0.2.7', requestId: 'r' }, { userId: ann.userId, disabled })
    expect((await disable()).disabledAt).toBeUndefined()
    expect(deeds()).toEqual([])
    const at = here.clock.now()
    for (const _ of ['once', 'again']) expect((await disable(true)).disabledAt).toBe(at)
    await here.settle()
    expect(line.endings).toHaveLength(1)
    expect(isEnded(ann)).toBe(false)
    expect(noted).toEqual([{ event: 'disabled', outcome: 'ok', userId: ann.userId, network: '192.0.2.7', requestId: 'r' }])
    expect((await disable(false)).disabledAt).toBeUndefined()
    expect(isEnded(ann)).toBe(true)
    await disable(false)
    expect(noted).toHaveLength(1)
    expect(deeds()).toEqual([
      ['user.disabled', staff.userId, ann.userId],
      ['user.enabled', staff.userId, ann.userId],
    ])
    expect(userOf(ann.userId).disabledAt).toBeUndefined()
    await api.updateAccount(staff, { userId: ann.userId, disabled: true })
    expect(noted[1]).toMatchObject({ network: undefined })
  })

  it('is signed out everywhere, which is noted if it was signed in', async () => {
    const { here, api, staff, ann, deeds, session, isEnded } = await scene()
    await api.endAccountSessions(staff, ann.userId)
    expect(deeds()).toEqual([])
    await session(ann)
    const line = await here.live(ann)
    await api.endAccountSessions(staff, ann.userId)
    expect([isEnded(ann), line.endings.length, deeds()]).toEqual([true, 1, [['user.signed-out', staff.userId, ann.userId]]])
  })

  it('gets a code for a new password, for a day', async () => {
    const { here, api, staff, ann, deeds } = await scene()
    expect(await api.recoverAccount(staff, ann.userId)).toEqual({ code: 'secret', expiresAt: here.clock.now() + 86_400_000 })
    expect([...here.store.accounts.codes.values()]).toMatchObject([{ userId: ann.userId, expiresAt: here.clock.now() + 86_400_000 }])
    expect(deeds()).toEqual([['user.recovery-made', staff.userId, ann.userId]])
  })

  it('is deleted with its sessions', async () => {
    const { here, api, staff, ann, bob, deeds, session } = await scene()
    await session(ann)
    const line = await here.live(ann)
    const chatId = await here.group(bob, [ann])
    await api.deleteAccount(staff, ann.userId)
    expect(line.endings).toHaveLength(1)
    expect(deeds()).toEqual([['user.deleted', staff.userId, ann.userId]])
    expect((await api.listMembers(bob, chatId, page)).items.map(({ person }) => person.id)).toEqual([bob.userId])
    expect(await refusal(api.recoverAccount(staff, ann.userId))).toEqual(nobody(ann.userId))
  })
})

describe('an account that is deleted meanwhile', () => {
  it('is not found', async () => {
    let looks = 0
    const here = processes(1, {
      change: ({ people }) => ({ people: { ...people, get: async (userId) => (++looks % 2 === 1 ? people.get(userId) : undefined) } }),
    })
    const ann = await here.person('Ann')
    expect(await refusal(here.app.api.updateAccount(adminKey, { userId: ann.userId }))).toEqual(nobody(ann.userId))
    const own = { bus: undefined as never, clock: here.clock.now, newId: () => 'id', random: () => 0, later() {} }
    const ports = simulatedPorts(here.store, own)
    const people = { ...ports.people, get: async (userId: UserId) => (++looks % 2 === 1 ? ports.people.get(userId) : undefined) }
    const make = setStaff({ ...ports, people })(adminKey, { userId: ann.userId, isStaff: true })
    expect(await refusal(make)).toEqual(nobody(ann.userId))
  })
})

describe('a chat', () => {
  it('is looked at and deleted by staff that is no member', async () => {
    const { here, api, staff, ann, bob } = await scene()
    const chatId = await here.group(ann, [bob])
    expect(await api.inspectChat(staff, chatId)).toMatchObject({ id: chatId, memberCount: 2 })
    await api.removeChat(staff, chatId)
    expect(here.store.chats.has(chatId)).toBe(false)
    expect(here.store.accounts.deeds).toMatchObject([{ name: 'chat.deleted', actorId: staff.userId, chatId, at: here.clock.now() }])
    const gone = { code: 'chat-not-found', facts: { chatId } }
    expect([await refusal(api.inspectChat(staff, chatId)), await refusal(api.removeChat(staff, chatId))]).toEqual([gone, gone])
  })
})

describe('an operator', () => {
  async function desk() {
    const at = await scene()
    const noted: object[] = []
    const own = { bus: undefined as never, clock: at.here.clock.now, newId: () => `deed ${noted.length}`, random: () => 0, later() {} }
    const ports = simulatedPorts(at.here.store, {
      ...own,
      journal: { note: (fact) => void noted.push(fact) },
      passwords: { hash: async (form, userId) => `hash of ${form} for ${userId}`, verify: async () => true },
    })
    const console = { userId: SYSTEM_ID, sessionId: asId('cli'), scopes: ['admin'], requestId: 'r' } as unknown as Caller
    return { ...at, noted, setPassword: setPassword(ports), setStaff: setStaff(ports), console }
  }

  it('sets a password that is not one of those that anybody would guess', async () => {
    const { here, console, ann, noted, deeds, setPassword: set } = await desk()
    const { userId } = ann
    await expect(set(console, { userId, password: 'short' })).rejects.toMatchObject({ code: 'invalid' })
    await expect(set(ann, { userId, password: 'a battery of horses' })).rejects.toMatchObject(notAllowed)
    await expect(set(console, { userId: SYSTEM_ID, password: 'a battery of horses' })).rejects.toMatchObject({ code: 'user-not-found' })
    expect([noted, deeds()]).toEqual([[], []])
    await set(console, { userId, password: 'a battery of horses' })
    expect(here.store.people.get(userId)).toMatchObject({ passwordHash: `hash of a battery of horses for ${userId}` })
    expect(deeds()).toEqual([['user.password-set', undefined, userId]])
    expect(noted).toEqual([{ event: 'password-changed', outcome: 'ok', userId, requestId: 'r' }])
  })

  it('makes members of staff of persons, and people of members of staff', async () => {
    const { console, ann, bob, noted, deeds, make, userOf, setStaff: set } = await desk()
    const { userId } = ann
    expect(await set(console, { userId, isStaff: true })).toBe(true)
    expect([userOf(userId).isAdmin, await set(console, { userId, isStaff: true })]).toEqual([true, false])
    expect(noted).toEqual([{ event: 'role-changed', outcome: 'ok', userId, subject: 'user.staff-made', requestId: 'r' }])
    expect([await set(console, { userId, isStaff: false }), userOf(userId).isAdmin]).toEqual([true, false])
    expect(deeds()).toEqual([
      ['user.staff-made', undefined, userId],
      ['user.staff-ended', undefined, userId],
    ])
    expect(noted).toHaveLength(2)
    make(bob.userId, { kind: 'bot' })
    await expect(set(console, { userId: bob.userId, isStaff: true })).rejects.toMatchObject({
      code: 'not-allowed',
      facts: { requires: ['account'] },
    })
    expect(await set(console, { userId: bob.userId, isStaff: false })).toBe(false)
    await expect(set(ann, { userId: bob.userId, isStaff: true })).rejects.toMatchObject(notAllowed)
    await expect(set(console, { userId: SYSTEM_ID, isStaff: true })).rejects.toMatchObject({ code: 'user-not-found' })
  })
})
