import { describe, expect, it } from 'vitest'
import { memoryFiles } from '../../../src/adapters/memory/files.ts'
import { finishErasure, finishErasures } from '../../../src/application/identity/finish-erasure.ts'
import { forgetOld } from '../../../src/application/identity/forget-old.ts'
import { toldPeople } from '../../../src/application/identity/told-people.ts'
import { updateMe } from '../../../src/application/identity/update-me.ts'
import type { Ports } from '../../../src/application/ports/ports.ts'
import { avatarOfFile } from '../../../src/domain/avatar.ts'
import { asId, type FileId, type UserId } from '../../../src/domain/ids.ts'
import { accounts, DAY, HOME, outcome, PASSWORD } from './accounts.ts'

const page = { limit: 10 }

async function fileOf({ store }: ReturnType<typeof accounts>, ownerId: UserId, more: object = {}): Promise<FileId> {
  const files = memoryFiles(store)
  await files.claim({ sha256: 'sha', size: 1 }, 0)
  const file = { id: 'f', ownerId, name: 'a.png', size: 1, type: 'image/png', kind: 'image', sha256: 'sha', sentSha256: 'sha', ...more }
  await files.add({ ...file, clientFileId: undefined, hasPreviews: true, createdAt: 0 } as never, 100)
  return file.id as FileId
}

/** A user who changes the account, and what devices are told. */
async function scene(change: Parameters<typeof accounts>[0] = {}) {
  const at = accounts(change)
  const ann = await at.person('Ann')
  const told: unknown[] = []
  const { ports } = at
  const tell = { tell: (...given: unknown[]) => void told.push(given), withdrawn: (id: UserId) => void told.push(id) }
  const mailing = { isOn: false, hasDigests: false, post: async () => {}, deliver: async () => {} }
  const update = updateMe({ ...ports, ...tell }, mailing)
  const digesting = updateMe({ ...ports, ...tell }, { ...mailing, hasDigests: true })
  return { ...at, ann, told, update, digesting }
}

describe('a profile', () => {
  it('is changed by part, in the form of all names', async () => {
    const { api, ann, person } = await scene()
    const bob = await person('Bob')
    expect(await api.updateMe(ann, { name: ' Anna ' })).toMatchObject({ name: 'Anna', username: 'ann' })
    expect(await api.updateMe(ann, { username: 'ANNA' })).toMatchObject({ name: 'Anna', username: 'anna' })
    expect(await api.updateMe(ann, {})).toMatchObject({ name: 'Anna', username: 'anna' })
    for (const wrong of [{ name: ' ' }, { username: '!' }]) expect(await outcome(api.updateMe(ann, wrong))).toBe('invalid')
    expect(await outcome(api.updateMe(bob, { username: 'anna' }))).toBe('username-taken')
    await api.deleteMe(bob, { password: PASSWORD })
    expect([await outcome(api.updateMe(bob, {})), await outcome(api.getMe(bob))]).toEqual(['session-ended', 'session-ended'])
  })

  it('has a picture of the user’s own', async () => {
    const at = await scene()
    const { api, ann, person } = at
    const [picture, text] = [await fileOf(at, ann.userId), await fileOf(at, ann.userId, { id: 't', kind: 'file' })]
    const bob = await person('Bob')
    const show = (avatar: FileId | null, by = ann) => api.updateMe(by, { avatar })
    expect((await show(picture)).avatarUrl).toBe(avatarOfFile(picture))
    expect((await api.updateMe(ann, { name: 'Anna' })).avatarUrl).toBe(avatarOfFile(picture))
    await expect(show(text)).rejects.toMatchObject({ code: 'invalid', facts: { errors: [{ pointer: '/avatar' }] } })
    for (const call of [show(picture, bob), show(asId('none'))]) expect(await outcome(call)).toBe('file-not-found')
    expect((await show(null)).avatarUrl).toBeUndefined()
  })

  it('does not keep a picture that is deleted meanwhile', async () => {
    const at = await scene()
    const fileId = await fileOf(at, at.ann.userId)
    let looks = 0
    const files = { ...at.ports.files, get: async (id: FileId) => (++looks === 1 ? at.ports.files.get(id) : undefined) }
    const update = updateMe({ ...at.ports, files, tell() {}, withdrawn() {} }, {} as never)
    const facts = { fileIds: [fileId] }
    await expect(update(at.ann, { avatar: fileId })).rejects.toMatchObject({ code: 'file-not-found', facts })
    expect(at.userOf(at.ann.userId).avatarUrl).toBeUndefined()
  })
})

describe('settings of notifications', () => {
  const quiet = { from: '22:00', to: '07:00', zone: 'Europe/Berlin' }

  it('are changed by part, and told to the user’s devices', async () => {
    const { ann, update, told, api } = await scene()
    expect((await update(ann, { notices: { level: 'mentions' } })).notices).toEqual({ level: 'mentions', quiet: undefined })
    expect((await update(ann, { notices: { quiet } })).notices).toEqual({ level: 'mentions', quiet })
    expect((await update(ann, { notices: {} })).notices).toEqual({ level: 'mentions', quiet })
    expect((await update(ann, { notices: { quiet: null } })).notices).toEqual({ level: 'mentions', quiet: undefined })
    expect((await api.getMe(ann)).notices).toEqual({ level: 'mentions', quiet: undefined })
    const change = { type: 'notices', chatId: undefined, mutedUntil: undefined, level: 'mentions' }
    expect(told).toEqual([undefined, quiet, quiet, undefined].map((now) => [ann.userId, { ...change, quiet: now }]))
    told.splice(0)
    await update(ann, { name: 'Anna' })
    expect(told).toEqual([])
  })

  it('name a time zone that there is', async () => {
    const { ann, update } = await scene()
    const errors = [{ pointer: '/notices/quiet/zone', detail: expect.any(String) }]
    await expect(update(ann, { notices: { quiet: { ...quiet, zone: 'Nowhere' } } })).rejects.toMatchObject({
      code: 'invalid',
      facts: { errors },
    })
  })

  it('ask for mails only where there are such mails', async () => {
    const { ann, update, digesting, ports } = await scene()
    await expect(update(ann, { notices: { digest: true } })).rejects.toMatchObject({
      code: 'invalid',
      facts: { errors: [{ pointer: '/notices/digest' }] },
    })
    expect((await update(ann, { notices: { digest: false } })).notices).toEqual({ level: 'all', quiet: undefined })
    expect((await digesting(ann, { notices: { digest: true } })).notices).toEqual({ level: 'all', quiet: undefined, digest: true })
    expect((await digesting(ann, { notices: { level: 'none' } })).notices).toMatchObject({ level: 'none', digest: true })
    expect(await ports.notices.ofUser(ann.userId)).toEqual({ level: 'none', quiet: undefined, digest: true })
  })
})

describe('privacy', () => {
  it('is changed by part, and told where it is about being seen', async () => {
    const { ann, update, told, api } = await scene()
    const { privacy } = await api.getMe(ann)
    expect((await update(ann, { privacy: { write: 'nobody' as never } })).privacy).toEqual({ ...privacy, write: 'nobody' })
    expect((await update(ann, { privacy: { add: 'nobody' as never } })).privacy).toEqual({ ...privacy, write: 'nobody', add: 'nobody' })
    expect(told).toEqual([])
    const hidden = { ...privacy, write: 'nobody', add: 'nobody', lastSeen: 'nobody' }
    for (const lastSeen of ['nobody', undefined] as const) expect((await update(ann, { privacy: { lastSeen } })).privacy).toEqual(hidden)
    expect(told).toEqual([ann.userId])
  })
})

describe('people', () => {
  it('are found by part of a name, but by guests and in a closed directory by the whole username alone', async () => {
    const open = accounts()
    const [ann, bob] = [await open.person('Ann'), await open.person('Bob')]
    const { user, sessionId } = await open.api.createGuest(HOME, { name: ' Fox ' })
    const guest = { ...HOME, userId: user.id, sessionId }
    const found = async (by: typeof guest, query?: string, { api } = open) =>
      (await api.findUsers(by, { query }, page)).items.map(({ id }) => id)
    expect(await found(ann, 'BO')).toEqual([bob.userId])
    expect((await found(ann)).toSorted()).toEqual([bob.userId, user.id].toSorted())
    expect([await found(guest, 'bo'), await found(guest, 'bob'), await found(guest, bob.email)]).toEqual([[], [bob.userId], []])
    expect(await found(ann, bob.email)).toEqual([bob.userId])
    const closed = accounts({ policy: { directory: 'exact' } })
    const [eve, joe] = [await closed.person('Eve'), await closed.person('Joe')]
    expect([await found(eve, 'jo', closed), await found(eve, 'JOE', closed)]).toEqual([[], [joe.userId]])
    await expect(open.api.getUser(ann, asId('none'))).rejects.toMatchObject({ code: 'user-not-found', facts: { userIds: ['none'] } })
    expect(await open.api.getUser(ann, bob.userId)).toMatchObject({ name: 'Bob' })
  })

  it('are told of where they are shown otherwise', async () => {
    const told: unknown[] = []
    let outcomes = ['renamed', 'saved']
    const people = { rename: async () => outcomes[0], save: async () => outcomes[1] } as unknown as Ports['people']
    const { rename, save } = toldPeople(people, (ids) => void told.push(ids))
    const [a, b] = ['a' as UserId, 'b' as UserId]
    for (const change of [{ name: 'A' }, { username: 'a' }, {}]) expect(await rename(a, change)).toBe('renamed')
    await save(
      [],
      [
        { id: a, avatarUrl: null },
        { id: b, email: 'b@example.com', passwordHash: 'x' },
      ],
    )
    await save(
      [],
      [
        { id: a, name: 'A' },
        { id: b, kind: 'person' },
      ],
    )
    expect(told).toEqual([[a], [a], [a], [a, b]])
    outcomes = ['username-taken', 'email-taken']
    told.splice(0)
    expect([await rename(a, { username: 'a' }), await save([], [{ id: a, name: 'A' }])]).toEqual(outcomes)
    expect(told).toEqual([])
  })
})

describe('a guest', () => {
  const upgrading = async (mail = false) => {
    const at = accounts({ mail })
    const { user, sessionId } = await at.api.createGuest(HOME, {})
    const guest = { ...HOME, userId: user.id, sessionId }
    return { ...at, guest, user }
  }
  const account = { email: 'Fox@example.com', password: PASSWORD, username: 'FOX' }

  it('has a name of its own or a number, where guests may come', async () => {
    const { user, api } = await upgrading()
    expect(user).toMatchObject({ name: 'Guest 5000', kind: 'guest', email: undefined })
    expect((await api.createGuest(HOME, { name: ' Fox ' })).user.name).toBe('Fox')
    expect(await outcome(api.createGuest(HOME, { name: ' ' }))).toBe('invalid')
    expect(await outcome(accounts({ policy: { guests: false } }).api.createGuest(HOME, {}))).toBe('not-found')
  })

  it('becomes a person with an email and a password, and goes on in another session', async () => {
    const { api, guest, userOf, person } = await upgrading()
    const taken = await person('Ann')
    for (const wrong of [{ email: 'x' }, { username: '!' }, { password: 'short' }, { password: 'fox@example' }])
      expect(await outcome(api.upgradeGuest(guest, { ...account, ...wrong }))).toBe('invalid')
    expect(await outcome(api.upgradeGuest(guest, { ...account, email: taken.email }))).toBe('email-taken')
    expect(await outcome(api.upgradeGuest(guest, { ...account, username: 'ann' }))).toBe('username-taken')
    const upgraded = await api.upgradeGuest(guest, account)
    expect(upgraded).toMatchObject({ user: { id: guest.userId, kind: 'person' }, refreshToken: expect.any(String) })
    expect(userOf(guest.userId)).toMatchObject({ kind: 'person', email: 'fox@example.com', username: 'fox', name: 'Guest 5000' })
    expect(await outcome(api.login(HOME, { login: 'fox', password: PASSWORD }))).toBe('done')
    expect(await outcome(api.upgradeGuest(guest, account))).toBe('person-exists')
  })

  it('keeps its username where it chooses none', async () => {
    const { api, guest, userOf } = await upgrading()
    const before = userOf(guest.userId).username
    await api.upgradeGuest(guest, { email: account.email, password: PASSWORD })
    expect(userOf(guest.userId).username).toBe(before)
  })

  it('has its email to verify where mail is sent', async () => {
    const { api, guest, userOf, sent, settle, set, person } = await upgrading(true)
    const ann = await person('Ann')
    await settle()
    const [{ facts }] = sent as unknown as [{ facts: { code: string } }]
    await api.verifyEmail(ann, facts)
    sent.splice(0)
    expect(await outcome(api.upgradeGuest(guest, { ...account, email: ann.email }))).toBe('email-taken')
    await api.upgradeGuest(guest, account)
    await settle()
    expect(userOf(guest.userId)).toMatchObject({ kind: 'person', email: undefined, emailPending: 'fox@example.com' })
    expect(sent).toMatchObject([{ kind: 'verify-email', to: 'fox@example.com' }])
    set(guest.userId, { kind: 'guest' })
    expect(await outcome(api.upgradeGuest(guest, { token: 'nonsense' }))).toBe('unauthenticated')
  })

  it('becomes the person of an issuer, whom nobody is yet, and stays in its session', async () => {
    const { api, guest, userOf, vouched, ports, store } = await upgrading()
    const says = (externalId: string, name?: string) => ({ externalId, profile: { name }, issuedAt: 1, expiresAt: 2, sid: undefined })
    vouched.set('ann', says('ann'))
    vouched.set('fox', says('fox', ' Fiona '))
    await api.authenticate('ann')
    expect(await outcome(api.upgradeGuest(guest, { token: 'nonsense' }))).toBe('unauthenticated')
    expect(await outcome(api.upgradeGuest(guest, { token: 'ann' }))).toBe('person-exists')
    const sessions = store.sessions.size
    expect(await api.upgradeGuest(guest, { token: 'fox' })).toEqual({ user: await ports.people.get(guest.userId) })
    expect(userOf(guest.userId)).toMatchObject({ kind: 'person', externalId: 'fox', name: 'Fiona' })
    expect(store.sessions.size).toBe(sessions)
    const late = accounts({ change: ({ people }) => ({ people: { ...people, external: async () => new Map() } }) })
    const { user, sessionId } = await late.api.createGuest(HOME, { name: 'Fox' })
    await late.ports.people.save([], [{ id: (await late.person('Ann')).userId, externalId: 'fox' }])
    late.vouched.set('fox', says('fox'))
    expect(await outcome(late.api.upgradeGuest({ ...HOME, userId: user.id, sessionId }, { token: 'fox' }))).toBe('person-exists')
  })

  it('whom nobody has used for as long as a guest lasts is deleted', async () => {
    const { app, api, clock, store } = accounts({ policy: { guestTtl: DAY } })
    const { user, sessionId } = await api.createGuest(HOME, {})
    clock.advance(DAY)
    expect(await app.forgetGuests()).toBe(0)
    clock.advance(1)
    const { user: other } = await api.createGuest(HOME, {})
    expect(await app.forgetGuests()).toBe(1)
    expect(store.people.get(user.id)).toMatchObject({ deletion: 'ended', deletedAt: clock.now() })
    expect(store.sessions.get(sessionId)!.endedAt).toBe(clock.now())
    expect(store.people.get(other.id)!.deletion).toBeUndefined()
    const lasting = accounts()
    await lasting.api.createGuest(HOME, {})
    lasting.clock.advance(10_000 * DAY)
    expect(await lasting.app.forgetGuests()).toBe(0)
  })

  it('is one of a hundred who are deleted at once', async () => {
    const asked: unknown[] = []
    const { app, clock } = accounts({
      policy: { guestTtl: DAY },
      change: ({ people }) => ({ people: { ...people, idleGuests: async (...given) => (asked.push(given), []) } }),
    })
    expect([await app.forgetGuests(), asked]).toEqual([0, [[clock.now() - DAY, 100]]])
  })
})

describe('a user who is deleted', () => {
  it('gives the password, if there is one, and leaves no chat and no session', async () => {
    const at = accounts()
    const { api, person, store, clock, ports } = at
    const [ann, bob] = [await person('Ann'), await person('Bob')]
    const { view } = await api.createGroup(ann, { name: 'Group', memberIds: [bob.userId] })
    const chatId = view.chat.id
    await api.sendMessage(ann, { chatId, clientMessageId: asId<never>('k'), text: 'hello' })
    for (const password of ['', 'wrong']) expect(await outcome(api.deleteMe(ann, { password }))).toBe('bad-credentials')
    await api.deleteMe(ann, { password: PASSWORD })
    expect(store.people.get(ann.userId)).toMatchObject({ deletion: 'ended', deletedAt: clock.now() })
    expect(store.sessions.get(ann.sessionId)!.endedAt).toBe(clock.now())
    expect((await api.listMembers(bob, chatId, page)).items.map(({ person: one, role }) => [one.id, role])).toEqual([[bob.userId, 'owner']])
    const { items } = await api.listMessages(bob, { chatId, window: { kind: 'newest' }, limit: 5 })
    expect(items.map(({ message }) => message.text)).toEqual([undefined])
    const guest = await api.createGuest(HOME, {})
    const caller = { ...HOME, userId: guest.user.id, sessionId: guest.sessionId }
    expect(await outcome(api.deleteMe(caller, { password: 'anything' }))).toBe('bad-credentials')
    await api.deleteMe(caller, { password: '' })
    expect(await ports.people.erasing()).toEqual([])
  })

  it('is finished later, each one by itself, if that was interrupted', async () => {
    let isBroken = true
    const at = accounts({
      change: ({ log }) => ({
        log: (onCommit) => {
          const made = log(onCommit)
          return { ...made, eraseTexts: (about) => (isBroken ? Promise.reject(new Error('gone')) : made.eraseTexts(about)) }
        },
      }),
    })
    const { api, app, person, store, ports } = at
    const [ann, bob, eve] = [await person('Ann'), await person('Bob'), await person('Eve')]
    for (const one of [ann, bob]) await api.createGroup(one, { name: 'Group', memberIds: [eve.userId] })
    for (const one of [ann, bob]) await expect(api.deleteMe(one, { password: PASSWORD })).rejects.toThrow('gone')
    await ports.people.erase(eve.userId, 1)
    await expect(app.finishLeftovers()).rejects.toThrow('gone')
    expect(await ports.people.erasing()).toEqual([ann.userId, bob.userId, eve.userId])
    expect(store.sessions.get(eve.sessionId)!.endedAt).toBeDefined()
    isBroken = false
    await app.finishLeftovers()
    expect(await ports.people.erasing()).toEqual([])
    await app.finishLeftovers()
  })

  it('loses the pieces of uploads, also where files are switched off', async () => {
    const deeds: unknown[] = []
    const note = (name: string) => async (given: unknown) => void deeds.push([name, given])
    const files = { eraseOwner: async () => [{ id: 'u', pieces: ['p'] }], endUpload: note('end') }
    const needs = { chats: { toErase: async () => [] }, people: { erased: note('erased') }, files, log: {}, clock: () => 1 }
    const storage = { blobs: { dropPieces: note('drop') } }
    await finishErasure({ ...needs, storage } as never, 'ann' as UserId)
    expect(deeds).toEqual([
      ['drop', ['p']],
      ['end', 'u'],
      ['erased', 'ann'],
    ])
    deeds.splice(0)
    await finishErasure({ ...needs, storage: undefined } as never, 'ann' as UserId)
    expect(deeds).toEqual([
      ['end', 'u'],
      ['erased', 'ann'],
    ])
  })

  it('is erased from each chat: texts until none is left, traces, and with the heir, if there is one', async () => {
    const deeds: unknown[] = []
    const texts = [2, 1, 0, 0]
    let left = [
      { chatId: 'a', headSeq: 5, heir: 'bob' },
      { chatId: 'b', headSeq: 6, heir: undefined },
    ]
    const log = {
      eraseTexts: async ({ chatId }: { chatId: string }) => (deeds.push(['texts', chatId]), chatId === 'a' ? texts.shift() : 0),
      eraseTraces: async ({ chatId }: { chatId: string }) => void deeds.push(['traces', chatId]),
      change: async (scope: unknown) => void deeds.push(scope),
    }
    const chats = { toErase: async () => left.splice(0) }
    const files = { eraseOwner: async () => [] }
    const people = { erased: async () => {} }
    const needs = { log, chats, files, people, clock: () => 1, storage: undefined } as never
    await finishErasure(needs, 'ann' as UserId)
    expect(deeds).toHaveLength(3 + 1 + 2 + 2)
    expect(deeds).toContainEqual({ chat: 'a', members: ['ann', 'bob'], erasures: [['ann', 5]] })
    expect(deeds).toContainEqual({ chat: 'b', members: ['ann'], erasures: [['ann', 6]] })
    left = [{ chatId: 'c', headSeq: 7, heir: undefined }]
    const failing = { ...log, eraseTraces: async () => Promise.reject(new Error('first')) }
    await expect(finishErasure({ ...(needs as object), log: failing } as never, 'ann' as UserId)).rejects.toThrow('first')
    const sessions = { list: async () => [] }
    const all = { ...(needs as object), people: { ...people, erasing: async () => [] }, sessions } as never
    expect(await finishErasures(all, async () => {})()).toBeUndefined()
  })
})

it('what no longer holds is forgotten', async () => {
  const deeds: unknown[] = []
  const forgets = (name: string) => ({ forget: async (at: number) => void deeds.push([name, at]) })
  const names = ['codes', 'tallies', 'networks', 'audit', 'reports'] as const
  const now = 10_000 * DAY
  await forgetOld({ ...Object.fromEntries(names.map((name) => [name, forgets(name)])), clock: () => now } as never)
  expect(deeds).toEqual([
    ['codes', now],
    ['tallies', now],
    ['networks', now - 90 * DAY],
    ['audit', now - 730 * DAY],
    ['reports', now - 90 * DAY],
  ])
})
