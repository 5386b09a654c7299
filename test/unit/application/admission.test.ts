import { describe, expect, it } from 'vitest'
import { addUser } from '../../../src/application/identity/add-user.ts'
import { externalUsers } from '../../../src/application/identity/external.ts'
import { avatarOfFile } from '../../../src/domain/avatar.ts'
import { asId, SYSTEM_ID, type UserId } from '../../../src/domain/ids.ts'
import { type Key, keyText } from '../../../src/domain/keys.ts'
import { accounts, DAY, HOME, MINUTE, outcome } from './accounts.ts'

const KEY_ID = asId<Key['id']>('00000000-0000-7000-8000-0000000000c1')
const SECRET = 's'.repeat(43)
const TOKEN = keyText(KEY_ID, SECRET)

function keyed(more: object = {}, change: Parameters<typeof accounts>[0] = {}) {
  const at = accounts(change)
  const unset = { botId: undefined, expiresAt: undefined, revokedAt: undefined }
  at.store.keys.set(KEY_ID, { id: KEY_ID, hash: SECRET, name: 'Key', scopes: ['act'], createdAt: 0, ...unset, ...more })
  at.store.people.set(SYSTEM_ID, { user: { id: SYSTEM_ID, kind: 'system' } as never, passwordHash: undefined, deletion: undefined })
  return at
}

describe('a key', () => {
  it('lets its back end in as nobody, or its bot as itself', async () => {
    const { api } = keyed()
    expect(await api.authenticate(TOKEN)).toEqual({
      userId: SYSTEM_ID,
      sessionId: `key ${KEY_ID} ${SYSTEM_ID}`,
      via: 'key',
      keyId: KEY_ID,
      scopes: ['act'],
      expiresAt: Date.UTC(9999, 11, 31),
    })
    const bots = keyed()
    const { userId } = await bots.person('Robot')
    bots.store.keys.set(KEY_ID, { ...bots.store.keys.get(KEY_ID)!, botId: userId, scopes: [] })
    expect(await bots.api.authenticate(TOKEN)).toMatchObject({ userId, scopes: [] })
  })

  it('is refused if it is unknown, has another secret or is no key at all', async () => {
    const { api } = keyed()
    for (const token of [keyText(KEY_ID, 't'.repeat(43)), TOKEN.replace('c1', 'c2'), 'wck_nonsense'])
      expect(await outcome(api.authenticate(token))).toBe('unauthenticated')
  })

  it('ends when it expires, also while it is believed', async () => {
    const { api, clock, store } = keyed()
    store.keys.set(KEY_ID, { ...store.keys.get(KEY_ID)!, expiresAt: clock.now() + 1_000 })
    expect((await api.authenticate(TOKEN)).expiresAt).toBe(clock.now() + 1_000)
    clock.advance(999)
    await api.authenticate(TOKEN)
    clock.advance(1)
    expect(await outcome(api.authenticate(TOKEN))).toBe('token-expired')
  })

  it('is read again after four seconds', async () => {
    let reads = 0
    const get = (keys: ReturnType<typeof keyed>['ports']['keys']) => async (id: Key['id']) => {
      reads++
      return keys.get(id)
    }
    const { api, clock } = keyed({}, { change: ({ keys }) => ({ keys: { ...keys, get: get(keys) } }) })
    for (const [wait, count] of [
      [0, 1],
      [3_999, 1],
      [1, 2],
    ] as const) {
      clock.advance(wait)
      await api.authenticate(TOKEN)
      expect(reads).toBe(count)
    }
  })

  it('acts as a user who is there, named by either id, if its scope allows that', async () => {
    const { api, person, ports, store } = keyed()
    const ann = await person('Ann')
    await ports.people.save([], [{ id: ann.userId, externalId: 'a/b' }])
    for (const actAs of [ann.userId, ann.userId.toUpperCase(), 'ext:a%2Fb', 'ext:a/b'])
      expect(await api.authenticate(TOKEN, actAs)).toMatchObject({ userId: ann.userId, via: 'key', keyId: KEY_ID })
    for (const actAs of ['nobody', 'ext:nobody', 'ext:%', `x ext:a/b`, SYSTEM_ID])
      await expect(api.authenticate(TOKEN, actAs)).rejects.toMatchObject({ code: 'user-not-found', facts: { userIds: [actAs] } })
    store.keys.set(KEY_ID, { ...store.keys.get(KEY_ID)!, scopes: ['read'] })
    const other = keyed({ scopes: ['read'] })
    await expect(other.api.authenticate(TOKEN, ann.userId)).rejects.toMatchObject({ facts: { requires: ['scope:act'] } })
    await expect(api.authenticate(ann.signed.accessToken, ann.userId)).rejects.toMatchObject({
      code: 'not-allowed',
      facts: { requires: ['scope:act'] },
    })
  })

  it('is noted in the audit with whom it acts as: once a day, also by several processes', async () => {
    const { api, person, store, clock } = keyed()
    const [ann, bob] = [await person('Ann'), await person('Bob')]
    const rows = () => store.accounts.deeds.map(({ name, actorId, keyId, userId, at }) => [name, actorId, keyId, userId, at])
    const row = (userId: UserId, at = clock.now()) => ['user.acted-as', SYSTEM_ID, KEY_ID, userId, at]
    await api.authenticate(TOKEN)
    for (const { userId } of [ann, ann, bob]) await api.authenticate(TOKEN, userId)
    const first = [row(ann.userId), row(bob.userId)]
    expect(rows()).toEqual(first)
    clock.advance(DAY)
    await api.authenticate(TOKEN, ann.userId)
    expect(rows()).toEqual([...first, row(ann.userId)])
    expect(new Set(store.accounts.deeds.map(({ id }) => id)).size).toBe(3)
  })
})

describe('a token of the service', () => {
  it('is good as long as its session', async () => {
    const { api, person, clock } = accounts()
    const { userId, sessionId, signed } = await person('Ann')
    expect(await api.authenticate(signed.accessToken)).toEqual({ userId, sessionId, expiresAt: clock.now() + MINUTE })
    await api.endSession({ ...HOME, userId, sessionId }, sessionId)
    expect(await outcome(api.authenticate(signed.accessToken))).toBe('session-ended')
    expect(await outcome(api.authenticate('nonsense'))).toBe('unauthenticated')
  })
})

describe('a token of an issuer', () => {
  const said = (more: object = {}) => ({ externalId: 'ann', profile: { name: 'Ann' }, issuedAt: 1, expiresAt: 2, sid: undefined, ...more })

  it('lets its user in: in the session that it names, or in one of its own', async () => {
    const { api, vouched, userOf } = accounts()
    vouched.set('one', said())
    vouched.set('two', said({ sid: 's' }))
    const [one, two] = [await api.authenticate('one'), await api.authenticate('two')]
    expect(userOf(one.userId)).toMatchObject({ name: 'Ann', externalId: 'ann', kind: 'person' })
    expect(one).toEqual({ userId: one.userId, sessionId: 'token one', via: 'issuer', issuedAt: 1, expiresAt: 2 })
    expect(two).toEqual({ ...one, sessionId: 'sid ann s' })
    await api.logout({ ...HOME, ...one })
    expect([await outcome(api.authenticate('one')), await outcome(api.authenticate('two'))]).toEqual(['session-ended', 'done'])
  })

  it('of a user who was deleted meanwhile makes another one, once', async () => {
    const { api, vouched, ports, clock } = accounts()
    vouched.set('one', said())
    const first = await api.authenticate('one')
    await ports.people.erase(first.userId, clock.now())
    clock.advance(4_000)
    const second = await api.authenticate('one')
    expect(second.userId).not.toBe(first.userId)
  })

  it('whose user is remembered, and was deleted just now, makes another one, too', async () => {
    let looks = 0
    const { api, vouched, ports, clock, person, set } = accounts()
    const bob = await person('Bob')
    vouched.set('one', said())
    vouched.set('two', said())
    const first = await api.authenticate('one')
    await ports.people.erase(first.userId, clock.now())
    expect((await api.authenticate('two')).userId).not.toBe(first.userId)
    set(bob.userId, { externalId: 'bob', disabledAt: 1 })
    await ports.people.save([], [{ id: bob.userId, externalId: 'bob' }])
    vouched.set('bob', said({ externalId: 'bob' }))
    expect(await outcome(api.authenticate('bob'))).toBe('person-disabled')
    const live = async () => {
      looks++
      return new Map()
    }
    const never = accounts({ change: ({ sessions }) => ({ sessions: { ...sessions, live } }) })
    never.vouched.set('one', said())
    expect([await outcome(never.api.authenticate('one')), looks]).toEqual(['session-ended', 2])
  })
})

describe('the host', () => {
  it('lets a user in for a quarter of an hour or as long as it says, in a session of its own', async () => {
    const { app, clock, userOf } = accounts()
    const caller = await app.admit({ externalId: 'ann', name: 'Ann' })
    expect(userOf(caller.userId)).toMatchObject({ externalId: 'ann', name: 'Ann' })
    const basic = { userId: caller.userId, via: 'identify', issuedAt: clock.now() }
    expect(caller).toEqual({ ...basic, sessionId: 'host user ann', expiresAt: clock.now() + 15 * MINUTE })
    const until = new Date(clock.now() + DAY)
    expect(await app.admit({ externalId: 'ann', session: 's', expiresAt: until })).toEqual({
      ...basic,
      sessionId: 'host session s',
      expiresAt: until.getTime(),
    })
  })

  it('ends a session of its own: whoever is in it is not let in again, and its connections close', async () => {
    const { app } = accounts()
    const caller = await app.admit({ externalId: 'ann', session: 's' })
    const other = await app.admit({ externalId: 'ann' })
    const ended: string[] = []
    for (const { userId, sessionId } of [caller, other]) {
      const via = 'identify' as const
      const connection = app.hub.open({ userId, sessionId, via, deliver() {}, end: () => void ended.push(sessionId) })
      await connection.resume({ cursors: new Map() })
    }
    await app.endHostSession('s')
    expect(ended).toEqual(['host session s'])
    expect(await outcome(app.admit({ externalId: 'ann', session: 's' }))).toBe('session-ended')
    expect(await outcome(app.admit({ externalId: 'ann' }))).toBe('done')
  })
})

describe('a user of another system', () => {
  const whole = { name: ' Ann ', username: 'Ann', email: 'Ann@Example.com', avatarUrl: 'https://example.com/a.png' }
  function users(change: Parameters<typeof accounts>[0] = {}) {
    const at = accounts(change)
    const { userOf: idOf, forget } = externalUsers(at.ports)
    return { ...at, idOf, forget }
  }

  it('is added with what of the profile is sound', async () => {
    const at = users()
    const sound = { name: 'Ann', username: 'ann', email: 'ann@example.com', avatarUrl: whole.avatarUrl, externalId: 'ann' }
    expect(at.userOf(await at.idOf('ann', whole))).toMatchObject(sound)
    const broken = { name: 'Bob', username: '!', email: 'nobody', avatarUrl: 'http://example.com/b.png' }
    expect(at.userOf(await at.idOf('bob', broken))).toMatchObject({
      name: 'Bob',
      username: 'bob',
      email: undefined,
      avatarUrl: undefined,
    })
    expect(at.userOf(await at.idOf('eve', { username: 'evelyn' }))).toMatchObject({ name: 'evelyn', username: 'evelyn' })
    expect(at.userOf(await at.idOf('joe', {}))).toMatchObject({ name: 'User', username: 'user' })
    expect(await outcome(at.idOf('', {}))).toBe('invalid')
  })

  it('gets no email and no username that another user has, and is no other user for that', async () => {
    const at = users()
    const { userId } = await at.person('Ann')
    const other = await at.idOf('ann', { ...whole, name: 'Anna' })
    expect(other).not.toBe(userId)
    expect(at.userOf(other)).toMatchObject({ name: 'Anna', username: 'anna', email: undefined, avatarUrl: whole.avatarUrl })
  })

  it('is brought up to date, once a minute at most', async () => {
    const at = users()
    const ann = await at.idOf('ann', whole)
    const changed = { name: 'Anna', username: 'other', email: 'anna@example.com', avatarUrl: 'https://example.com/b.png' }
    const now = () => {
      const { name, username, email, avatarUrl } = at.userOf(ann)
      return { name, username, email, avatarUrl }
    }
    const before = now()
    at.clock.advance(MINUTE - 1)
    expect([await at.idOf('ann', changed), now()]).toEqual([ann, before])
    at.clock.advance(1)
    expect([await at.idOf('ann', changed), now()]).toEqual([ann, { ...changed, username: 'ann' }])
    at.clock.advance(MINUTE)
    await at.idOf('ann', {})
    expect(now()).toEqual({ ...changed, username: 'ann' })
  })

  it('keeps an email that another user has, and a picture of the user’s own', async () => {
    const at = users()
    const [bob, ann] = [await at.person('Bob'), await at.idOf('ann', whole)]
    at.set(ann, { avatarUrl: avatarOfFile(asId('f')) })
    at.clock.advance(MINUTE)
    await at.idOf('ann', { name: 'Anna', email: bob.email, avatarUrl: 'https://example.com/b.png' })
    expect(at.userOf(ann)).toMatchObject({ name: 'Anna', email: 'ann@example.com', avatarUrl: avatarOfFile(asId('f')) })
  })

  it('is written only where something differs', async () => {
    const saved: unknown[] = []
    const save = (people: ReturnType<typeof users>['ports']['people']) => async (none: never[], changes: never[]) => {
      saved.push(...changes)
      return people.save(none, changes)
    }
    const at = users({ change: ({ people }) => ({ people: { ...people, save: save(people) } }) })
    const ann = await at.idOf('ann', whole)
    for (const profile of [whole, {}, { name: 'Anna' }]) {
      at.clock.advance(MINUTE)
      await at.idOf('ann', profile)
    }
    expect(saved).toEqual([{ id: ann, name: 'Anna', email: undefined, avatarUrl: undefined }])
  })

  it('is looked up again after four seconds, or where that is asked for', async () => {
    const asked: unknown[] = []
    const external = (people: ReturnType<typeof users>['ports']['people']) => async (ids: readonly string[]) => {
      asked.push(...ids)
      return people.external(ids)
    }
    const at = users({ change: ({ people }) => ({ people: { ...people, external: external(people) } }) })
    const count = async () => {
      asked.splice(0)
      await at.idOf('ann', whole)
      return asked.length
    }
    expect(await count()).toBe(1)
    at.clock.advance(3_999)
    expect(await count()).toBe(0)
    at.clock.advance(1)
    expect([await count(), await count()]).toEqual([1, 0])
    at.forget('ann')
    expect([await count(), await count()]).toEqual([1, 0])
  })
})

describe('a user who is added', () => {
  const wanted = { name: 'Ann', username: undefined, email: undefined, passwordHash: undefined }
  const adding = (change: object = {}) => {
    const { ports } = accounts()
    return (more: object = {}) => addUser({ ...ports, people: { ...ports.people, ...change } }, { ...wanted, ...more })
  }

  it('is as everybody else will find them', async () => {
    const { ports, userOf, clock } = accounts()
    const more = {
      email: 'a@example.com',
      externalId: 'a',
      avatarUrl: 'https://a.example/',
      emailPending: 'b@example.com',
      kind: 'bot' as const,
    }
    const user = await addUser(ports, { ...wanted, ...more, passwordHash: 'secret' })
    expect(user).toEqual({ ...userOf(user.id), lastSeenAt: undefined })
    expect(user).toMatchObject({ ...more, name: 'Ann', username: 'ann', createdAt: clock.now(), isAdmin: false })
    expect(user).not.toHaveProperty('passwordHash')
    expect((await addUser(ports, { ...wanted, id: asId<UserId>('given') })).id).toBe('given')
  })

  it('under an id or an external id that another call has added just now is that one', async () => {
    const add = adding()
    const first = await add({ id: 'x' })
    expect(await add({ id: 'x', name: 'Other' })).toEqual({ ...first, lastSeenAt: undefined })
    const external = await add({ externalId: 'e' })
    expect((await add({ externalId: 'e' })).id).toBe(external.id)
    await expect(adding({ add: async () => 'id-taken' })({ id: 'y' })).rejects.toMatchObject({
      code: 'user-not-found',
      facts: { userIds: ['y'] },
    })
    expect(await outcome(adding({ add: async () => 'external-id-taken' })({ externalId: 'z' }))).toBe('overloaded')
  })

  it('is refused with an email or a chosen username that is taken', async () => {
    const add = adding()
    await add({ email: 'a@example.com', username: 'ann' })
    expect(await outcome(add({ email: 'a@example.com' }))).toBe('email-taken')
    expect(await outcome(add({ username: 'ann' }))).toBe('username-taken')
  })

  it('gets a username after a hundred tries, or none', async () => {
    const tried: string[] = []
    const taken = async ({ username }: { readonly username: string }) => {
      tried.push(username)
      return 'username-taken'
    }
    expect(await outcome(adding({ add: taken })())).toBe('username-taken')
    expect(tried).toEqual(['ann', ...[4, 6, 8, 10, 12].flatMap((count) => Array<string>(20).fill(`ann-${'5'.padEnd(count, '0')}`))])
  })
})
