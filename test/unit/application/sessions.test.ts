import { describe, expect, it } from 'vitest'
import type { Caller } from '../../../src/application/chat-api.ts'
import { activity } from '../../../src/application/identity/activity.ts'
import { liveSessions } from '../../../src/application/identity/live-sessions.ts'
import { asId, type SessionId } from '../../../src/domain/ids.ts'
import { id } from '../domain/given.ts'
import { accounts, DAY, HOME, MINUTE, outcome, PASSWORD } from './accounts.ts'

const phone = { address: '198.51.100.7' }

describe('a session', () => {
  it('begins with tokens for its user, and lasts as long as one of the two times allows', async () => {
    for (const [refreshTtl, sessionTtl] of [
      [10 * DAY, 30 * DAY],
      [30 * DAY, 10 * DAY],
    ] as const) {
      const { person, clock, store } = accounts({ policy: { refreshTtl, sessionTtl } })
      const { signed, userId, sessionId } = await person('Ann', { deviceName: 'Laptop' })
      expect(signed).toMatchObject({
        user: { id: userId, name: 'Ann', email: 'ann@example.com', kind: 'person', isAdmin: false },
        expiresIn: MINUTE,
        refreshToken: `${sessionId} 0`,
        refreshExpiresIn: 10 * DAY,
      })
      expect(JSON.parse(signed.accessToken)).toEqual({ userId, sessionId, expiresAt: clock.now() + MINUTE })
      expect(store.sessions.get(sessionId)).toEqual({
        id: sessionId,
        userId,
        deviceName: 'Laptop',
        createdAt: clock.now(),
        lastUsedAt: clock.now(),
        expiresAt: clock.now() + 10 * DAY,
        endedAt: undefined,
        generation: 0,
        spentAt: [],
      })
    }
  })

  it('on a network from which the user was not signed in before is told by mail, the first and known ones are not', async () => {
    const { api, person, app, sent, set, settle } = accounts({ mail: true })
    const { userId, email } = await person('Ann')
    set(userId, { email })
    const login = { login: 'ann', password: PASSWORD }
    await api.login({ address: '192.0.2.200' }, login)
    await api.login(phone, { ...login, deviceName: 'Phone' })
    await api.login(phone, login)
    await app.deliverMails()
    await settle()
    const told = sent.filter(({ kind }) => kind === 'sign-in')
    const facts = { device: 'Phone', network: '198.51.100.0/24' }
    expect(told).toEqual([{ kind: 'sign-in', to: email, facts: { ...facts, at: expect.stringContaining('UTC') } }])
  })

  it('is one of a thousand: those that were not used for longest end', async () => {
    const { api, person, clock, store } = accounts()
    const { userId, sessionId } = await person('Ann')
    for (let i = 0; i < 1_000; i++) {
      clock.advance(1)
      await api.login(HOME, { login: 'ann', password: PASSWORD })
    }
    const open = [...store.sessions.values()].filter(({ endedAt }) => endedAt === undefined)
    expect([open.length, store.sessions.get(sessionId)?.endedAt]).toEqual([1_000, clock.now()])
    expect(open.every((session) => session.userId === userId)).toBe(true)
  })
})

describe('signing in', () => {
  it('takes a username or an email, however they are written, and the password alone', async () => {
    const { api, person, store, set } = accounts()
    const { userId } = await person('Ann')
    for (const login of ['ann', ' ANN ', 'Ann@Example.COM'])
      expect((await api.login(HOME, { login, password: PASSWORD, deviceName: 'Phone' })).user.id).toBe(userId)
    expect([...store.sessions.values()].map(({ deviceName }) => deviceName)).toEqual([undefined, 'Phone', 'Phone', 'Phone'])
    for (const [login, password] of [
      ['ann', 'wrong'],
      ['nobody', PASSWORD],
    ] as const)
      expect(await outcome(api.login(HOME, { login, password }))).toBe('bad-credentials')
    set(userId, { disabledAt: 1 })
    expect(await outcome(api.login(HOME, { login: 'ann', password: 'wrong' }))).toBe('bad-credentials')
    expect(await outcome(api.login(HOME, { login: 'ann', password: PASSWORD }))).toBe('person-disabled')
  })

  it('takes a password in its common form, and in the form in which it was hashed before there was one', async () => {
    const { api, person, store } = accounts()
    const { userId } = await person('Ann', { password: 'four words and spaces' })
    const spaced = 'four\u00a0words and spaces'
    expect((await api.login(HOME, { login: 'ann', password: spaced })).user.id).toBe(userId)
    store.people.get(userId)!.passwordHash = `hash of ${spaced}`
    expect((await api.login(HOME, { login: 'ann', password: spaced })).user.id).toBe(userId)
    expect(await outcome(api.login(HOME, { login: 'ann', password: 'four words and spaces' }))).toBe('bad-credentials')
  })

  it('asks for the password of a user who is not there as of one who is, for the network that asks', async () => {
    const asked: unknown[] = []
    const verify = async (...given: unknown[]) => {
      asked.push(given)
      return false
    }
    const { api, person } = accounts({ change: ({ passwords }) => ({ passwords: { ...passwords, verify } }) })
    await person('Ann')
    for (const login of ['ann', 'nobody']) await outcome(api.login({ address: '2001:db8::7' }, { login, password: 'x y' }))
    expect(asked).toEqual([
      [`hash of ${PASSWORD}`, 'x y', '2001:db8:0:0::/64'],
      [undefined, 'x y', '2001:db8:0:0::/64'],
    ])
  })
})

describe('a refresh token', () => {
  it('gives the next one, and no more than the session has left', async () => {
    const { api, person, clock, store } = accounts()
    const { sessionId, signed } = await person('Ann')
    let token = signed.refreshToken
    for (let i = 1; i <= 3; i++) {
      clock.advance(9 * DAY)
      const next = await api.refresh(phone, { refreshToken: token })
      expect(next).toMatchObject({ sessionId, refreshToken: `${sessionId} ${i}`, refreshExpiresIn: Math.min(10, 30 - 9 * i) * DAY })
      expect(JSON.parse(next.accessToken)).toMatchObject({ sessionId, expiresAt: clock.now() + MINUTE })
      token = next.refreshToken
    }
    expect(store.sessions.get(sessionId)).toMatchObject({ generation: 3, lastUsedAt: clock.now(), spentAt: [clock.now()] })
    clock.advance(3 * DAY - 1)
    expect((await api.refresh(phone, { refreshToken: token })).refreshExpiresIn).toBe(1)
    clock.advance(1)
    expect(await outcome(api.refresh(phone, { refreshToken: `${sessionId} 4` }))).toBe('token-expired')
  })

  it('that is spent gives its successor again for ten seconds; later it ends the session, which is noted', async () => {
    const { api, person, clock, store, noted } = accounts()
    const { userId, sessionId, signed } = await person('Ann')
    const again = () => api.refresh({ ...phone, requestId: 'r-2' }, { refreshToken: signed.refreshToken })
    await again()
    clock.advance(10_000)
    expect((await again()).refreshToken).toBe(`${sessionId} 1`)
    expect(store.sessions.get(sessionId)!.generation).toBe(1)
    noted.splice(0)
    clock.advance(1)
    expect(await outcome(again())).toBe('session-ended')
    const where = { network: '198.51.100.7', requestId: 'r-2' }
    expect(noted).toEqual([{ event: 'refresh-reused', outcome: 'session-ended', userId, sessionId, ...where }])
    expect(store.sessions.get(sessionId)!.endedAt).toBe(clock.now())
    expect(await outcome(api.refresh(phone, { refreshToken: `${sessionId} 1` }))).toBe('session-ended')
    expect(noted).toHaveLength(1)
  })

  it('is remembered with the last sixteen of ten seconds', async () => {
    const { api, person, clock, store } = accounts()
    const { sessionId } = await person('Ann')
    const refresh = (generation: number) => api.refresh(HOME, { refreshToken: `${sessionId} ${generation}` })
    for (let i = 0; i < 20; i++) {
      await refresh(i)
      clock.advance(100)
    }
    const { spentAt } = store.sessions.get(sessionId)!
    expect(spentAt).toHaveLength(16)
    expect((await refresh(4)).refreshToken).toBe(`${sessionId} 5`)
    clock.advance(9_000)
    await refresh(20)
    expect(store.sessions.get(sessionId)!.spentAt).toHaveLength(11)
    expect(await outcome(refresh(4))).toBe('session-ended')
  })

  it('of a generation that is still to come ends the session', async () => {
    const { api, person } = accounts()
    const { sessionId, signed } = await person('Ann')
    await api.refresh(HOME, { refreshToken: signed.refreshToken })
    expect(await outcome(api.refresh(HOME, { refreshToken: `${sessionId} 2` }))).toBe('session-ended')
  })

  it('is used by one of two at once, and both get the same next one', async () => {
    const { api, person, store, userOf, set } = accounts()
    const { userId, sessionId, signed } = await person('Ann')
    const both = await Promise.all([0, 1].map(() => api.refresh(phone, { refreshToken: signed.refreshToken })))
    expect(both.map(({ refreshToken }) => refreshToken)).toEqual([`${sessionId} 1`, `${sessionId} 1`])
    expect([...store.accounts.networks.get(userId)!.keys()]).toEqual(['192.0.2.0/24', '198.51.100.0/24'])
    set(userId, { disabledAt: 1 })
    expect(await outcome(api.refresh(phone, { refreshToken: `${sessionId} 1` }))).toBe('person-disabled')
    store.people.set(userId, { user: userOf(userId), passwordHash: undefined, deletion: 'begun' })
    expect(await outcome(api.refresh(phone, { refreshToken: `${sessionId} 1` }))).toBe('session-ended')
    for (const refreshToken of ['nonsense', 'nobody 0']) expect(await outcome(api.refresh(phone, { refreshToken }))).toBe('unauthenticated')
  })
})

describe('sessions', () => {
  async function two() {
    const at = accounts()
    const ann = await at.person('Ann')
    const other = (await at.api.login(phone, { login: 'ann', password: PASSWORD })).sessionId
    const isOver = (sessionId: SessionId) => at.store.sessions.get(sessionId)!.endedAt !== undefined
    return { ...at, ann, other, isOver }
  }

  it('are ended one by one, by their user only, and once', async () => {
    const { api, ann, other, isOver, person, clock } = await two()
    const bob = await person('Bob')
    const end = (by: Caller, sessionId: SessionId) => outcome(api.endSession(by, sessionId))
    expect([await end(bob, other), await end(ann, 'none' as SessionId), isOver(other)]).toEqual([
      'session-not-found',
      'session-not-found',
      false,
    ])
    expect([await end(ann, other), isOver(other), isOver(ann.sessionId)]).toEqual(['done', true, false])
    expect(await end(ann, other)).toBe('session-not-found')
    expect((await api.listSessions(ann)).map(({ id: sessionId }) => sessionId)).toEqual([ann.sessionId])
    clock.advance(10 * DAY)
    expect(await end(ann, ann.sessionId)).toBe('session-not-found')
    expect(await api.listSessions(ann)).toEqual([])
  })

  it('end with another password, but for the one that changes it', async () => {
    const { api, ann, other, isOver, userOf } = await two()
    const change = (currentPassword: string, newPassword: string) => api.changePassword(ann, { currentPassword, newPassword })
    await expect(change(PASSWORD, 'short')).rejects.toMatchObject({ facts: { errors: [{ pointer: '/new_password' }] } })
    for (const own of ['ann@example', 'ann1234567']) expect(await outcome(change(PASSWORD, own))).toBe('invalid')
    expect(await outcome(change('wrong', 'a stable of new staples'))).toBe('bad-credentials')
    expect(isOver(other)).toBe(false)
    await change(PASSWORD, 'a stable of new staples')
    expect([isOver(other), isOver(ann.sessionId), userOf(ann.userId).name]).toEqual([true, false, 'Ann'])
    expect(await outcome(api.login(HOME, { login: 'ann', password: PASSWORD }))).toBe('bad-credentials')
    expect(await outcome(api.login(HOME, { login: 'ann', password: 'a stable of new staples' }))).toBe('done')
  })

  it('end when their user signs out, those of others where they are kept; a key has none', async () => {
    const { api, ann, other, isOver, store, clock } = await two()
    await api.logout({ ...ann, via: 'key' })
    expect(isOver(ann.sessionId)).toBe(false)
    await api.logout(ann)
    expect([isOver(ann.sessionId), isOver(other), store.external.size]).toEqual([true, false, 0])
    for (const via of ['issuer', 'identify'] as const) {
      const sessionId = asId<SessionId>(`of ${via}`)
      await api.logout({ ...ann, sessionId, via })
      expect(store.external.get(sessionId)).toMatchObject({ endedAt: clock.now() })
    }
  })
})

describe('what is known of a session', () => {
  function watching() {
    const asked: SessionId[] = []
    let state: 'live' | 'disabled' | undefined = 'live'
    let now = 0
    const sessions = {
      async live(accesses: readonly { readonly sessionId: SessionId }[]) {
        asked.push(...accesses.map(({ sessionId }) => sessionId))
        return new Map(state && accesses.map(({ sessionId }) => [sessionId, state!]))
      },
    }
    const live = liveSessions({ sessions: sessions as never, clock: () => now })
    const admit = (sessionId: string, more: object = {}) => live.require({ userId: id('ann'), sessionId: asId(sessionId), ...more })
    return { live, admit, asked, advance: (ms: number) => void (now += ms), become: (next: typeof state) => void (state = next) }
  }

  it('is believed for four seconds', async () => {
    const { admit, asked, advance, become } = watching()
    await admit('a')
    become(undefined)
    advance(3_999)
    await admit('a')
    expect(asked).toEqual(['a'])
    advance(1)
    await expect(admit('a')).rejects.toMatchObject({ code: 'session-ended' })
    become('disabled')
    await expect(admit('a')).rejects.toMatchObject({ code: 'person-disabled' })
    expect(asked).toEqual(['a', 'a', 'a'])
  })

  it('is of no use for an older token, for it may have been revoked', async () => {
    const { admit, asked } = watching()
    await admit('a', { issuedAt: 5 })
    for (const issuedAt of [5, 6, undefined]) await admit('a', { issuedAt })
    expect(asked).toHaveLength(1)
    await admit('a', { issuedAt: 4 })
    expect(asked).toHaveLength(2)
  })

  it('is forgotten by session and by key, and nothing else with it', async () => {
    const { live, admit, asked } = watching()
    const all = [
      ['a', {}],
      ['b', { keyId: 'k' }],
      ['c', { keyId: 'other' }],
    ] as const
    const look = async () => {
      asked.splice(0)
      for (const [session, more] of all) await admit(session, more)
      return [...asked]
    }
    expect(await look()).toEqual(['a', 'b', 'c'])
    live.forget([asId('a'), asId('none')])
    expect(await look()).toEqual(['a'])
    live.forgetKey(asId('k'))
    expect(await look()).toEqual(['b'])
    expect(await look()).toEqual([])
  })
})

describe('activity', () => {
  function noting() {
    const stored: unknown[] = []
    const write = (name: string) => async (times: ReadonlyMap<unknown, unknown>) => void stored.push([name, ...times])
    const people = { seen: write('seen') }
    const sessions = { used: write('used'), usedExternal: write('external') }
    let now = 0
    const of = activity({ people: people as never, sessions: sessions as never, clock: () => ++now })
    return { ...of, stored }
  }
  const caller = (user: string, via?: Caller['via']) => ({ userId: id(user), sessionId: asId<SessionId>(`of ${user}`), via })

  it('is stored at once, the last of each, where it belongs', async () => {
    const { note, flush, stored } = noting()
    await flush()
    expect(stored).toEqual([])
    for (const one of [caller('ann'), caller('ann'), caller('bob', 'key'), caller('eve', 'issuer'), caller('joe', 'identify')]) note(one)
    await flush()
    await flush()
    const [seen, used, external] = stored as [string, ...[string, unknown][]][]
    expect(seen!.slice(1).map(([who]) => who)).toEqual(['ann', 'bob', 'eve', 'joe'].map((name) => id(name)))
    expect([seen![0], used]).toEqual(['seen', ['used', ['of ann', expect.any(Number)]]])
    expect(external!.slice(1).map(([session, use]) => [session, (use as Caller).userId])).toEqual([
      ['of eve', id('eve')],
      ['of joe', id('joe')],
    ])
    expect(stored).toHaveLength(3)
  })

  it('is of ten thousand at most, each of whom may be seen again', async () => {
    for (const via of ['session', 'issuer'] as const) {
      const { note, flush, stored } = noting()
      for (let i = 0; i <= 10_000; i++) note({ userId: asId(`u${i}`), sessionId: asId(`s${i}`), via })
      note({ userId: asId('u0'), sessionId: asId('s0'), via })
      await flush()
      const [seen, used] = stored as [string, ...[string, unknown][]][]
      expect([seen!.length, used!.length]).toEqual([10_001, 10_001])
      expect(seen![1]![1]).toBeGreaterThan(seen![10_000]![1] as number)
      const first = used![1]![1] as number | { readonly at: number }
      const last = used![10_000]![1] as typeof first
      const at = (use: typeof first) => (typeof use === 'number' ? use : use.at)
      expect(at(first)).toBeGreaterThan(at(last))
    }
  })
})
