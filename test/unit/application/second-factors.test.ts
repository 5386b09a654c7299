import { describe, expect, it } from 'vitest'
import type { Caller } from '../../../src/application/chat-api.ts'
import type { Factor } from '../../../src/domain/factor.ts'
import { accounts, HOME, MINUTE, outcome, PASSWORD } from './accounts.ts'

const app = { currentPassword: PASSWORD, name: 'Phone' }

/** A user on a service whose authenticator apps show `code <step>`, and whose passkeys answer what they are asked. */
async function scene() {
  const asked: unknown[] = []
  const stepOf = (secret: string, code: string) => (code.startsWith(`${secret}code`) ? Number(code.slice(secret.length + 4)) : undefined)
  let made = 0
  const at = accounts({
    change: () => ({
      totp: { newSecret: () => `T${++made}`, uri: (secret, account) => `${secret} of ${account}`, stepOf },
      seals: { macs: (text) => [`mac of ${text}`], seal: (text) => `sealed ${text}`, open: (text) => text.split('sealed ')[1], mark: '' },
      passkeys: {
        async creation(about) {
          asked.push(about)
          return { about: 'creation' }
        },
        request: async (challenge) => ({ challenge }),
        created: async ({ id, answer }, challenge) =>
          answer === challenge ? { credentialId: id as string, publicKey: `key of ${String(id)}`, counter: 3 } : undefined,
        async used({ answer, counter }, { challenge, ...expected }) {
          asked.push(expected)
          return answer === challenge ? (counter as number) : undefined
        },
      },
    }),
  })
  const ann = await at.person('Ann')
  const login = (secondFactor?: string) => at.api.login(HOME, { login: 'ann', password: PASSWORD, secondFactor })
  const kinds = () => [...at.store.accounts.factors.values()].map(({ kind }) => kind)
  /** An app that is confirmed, and what it shows. */
  async function withApp() {
    const { factor, secret } = await at.api.addTotp(ann, app)
    const { recoveryCodes } = await at.api.confirmTotp(ann, { factorId: factor.id, code: `${secret}code1` })
    return { factor, recoveryCodes: recoveryCodes!, code: (step: number) => `${secret}code${step}` }
  }
  async function withPasskey(id: string) {
    const { challengeId } = await at.api.passkeyCreation(ann, { currentPassword: PASSWORD })
    const { target } = [...at.store.accounts.codes.values()].at(-1)!
    return at.api.addPasskey(ann, { challengeId, response: { id, answer: target }, name: 'Key' })
  }
  return { ...at, ann, login, kinds, withApp, withPasskey, asked }
}

describe('an authenticator app', () => {
  it('is added with the password, and asked for once it is confirmed', async () => {
    const { api, ann, store, clock, login, set } = await scene()
    expect(await outcome(api.addTotp(ann, { ...app, currentPassword: 'wrong' }))).toBe('bad-credentials')
    const { factor, secret, uri } = await api.addTotp(ann, app)
    expect([secret, uri]).toEqual(['T1', 'T1 of ann@example.com'])
    expect(store.accounts.factors.get(factor.id)).toEqual({
      id: factor.id,
      userId: ann.userId,
      kind: 'totp',
      name: 'Phone',
      secret: 'sealed T1',
      credentialId: undefined,
      counter: 0,
      createdAt: clock.now(),
      confirmedAt: undefined,
      lastUsedAt: undefined,
    })
    expect([await api.listFactors(ann), await outcome(login())]).toEqual([[], 'done'])
    for (const [factorId, code, expected] of [
      ['none', 'T1code1', 'factor-not-found'],
      [factor.id, 'T2code1', 'bad-code'],
      [factor.id, ' T1 code 1 ', 'done'],
    ] as const)
      expect(await outcome(api.confirmTotp(ann, { factorId, code }))).toBe(expected)
    expect((await api.listFactors(ann))[0]).toMatchObject({ id: factor.id, confirmedAt: clock.now(), lastUsedAt: clock.now() })
    await expect(login()).rejects.toMatchObject({ code: 'second-factor', facts: { methods: ['totp', 'recovery'] } })
    set(ann.userId, { email: undefined })
    expect((await api.addTotp(ann, app)).uri).toBe('T2 of ann')
    set(ann.userId, { username: undefined })
    expect((await api.addTotp(ann, app)).uri).toBe(`T3 of ${ann.userId}`)
  })

  it('gives each code once, whatever was sealed before does not', async () => {
    const { login, withApp, store } = await scene()
    const { code, factor } = await withApp()
    expect(await outcome(login(code(1)))).toBe('bad-code')
    expect([await outcome(login(code(2))), await outcome(login(code(2)))]).toEqual(['done', 'bad-code'])
    store.accounts.factors.set(factor.id, { ...store.accounts.factors.get(factor.id)!, secret: 'unknown' })
    expect(await outcome(login(code(3)))).toBe('bad-code')
  })

  it('that is wrong is counted like a wrong password', async () => {
    const { login, withApp } = await scene()
    const { code } = await withApp()
    for (let i = 0; i < 10; i++) expect(await outcome(login('wrong'))).toBe('bad-code')
    expect(await outcome(login(code(9)))).toBe('too-many-requests')
  })

  it('is asked for with a new password, too', async () => {
    const { api, ports, ann, withApp, store } = await scene()
    const { code } = await withApp()
    const mac = ports.seals.macs('reset given')[0]
    await ports.codes.put({ subject: mac, kind: 'reset-password', userId: ann.userId, mac, target: undefined, expiresAt: Infinity })
    const reset = (secondFactor?: string, password = 'a stable of new staples') =>
      api.resetPassword(HOME, { code: 'given', password, secondFactor, deviceName: 'Laptop' })
    expect(await outcome(reset(code(5), 'ann@example'))).toBe('invalid')
    expect(await outcome(reset())).toBe('second-factor')
    expect(store.sessions.get(ann.sessionId)!.endedAt).toBeUndefined()
    const { sessionId } = await reset(code(5))
    expect(store.sessions.get(sessionId)).toMatchObject({ deviceName: 'Laptop', endedAt: undefined })
    expect(store.sessions.get(ann.sessionId)!.endedAt).toBeDefined()
    expect(await outcome(reset(code(6)))).toBe('bad-code')
  })
})

describe('factors', () => {
  it('are twenty of a user; those that were not confirmed make room, recovery codes do not count', async () => {
    const { api, ann, store, kinds, withApp } = await scene()
    for (let i = 0; i < 3; i++) await api.addTotp(ann, app)
    expect(kinds()).toEqual(['totp'])
    for (let i = 0; i < 20; i++) await withApp()
    expect(kinds().filter((kind) => kind === 'totp')).toHaveLength(20)
    expect(kinds().filter((kind) => kind === 'recovery')).toHaveLength(10)
    await expect(api.addTotp(ann, app)).rejects.toMatchObject({ code: 'factors-full', facts: { limit: 20 } })
    expect(store.accounts.factors.size).toBe(30)
  })

  it('are removed with the password, by their user; with the last one the recovery codes go', async () => {
    const { api, ann, person, kinds, withApp, store } = await scene()
    const [one, other] = [await withApp(), await withApp()]
    const bob = await person('Bob')
    const remove = (factorId: string, by: Caller = ann, currentPassword = PASSWORD) =>
      outcome(api.removeFactor(by, { factorId, currentPassword }))
    const recovery = [...store.accounts.factors.values()].find(({ kind }) => kind === 'recovery')!
    expect(await remove(one.factor.id, ann, 'wrong')).toBe('bad-credentials')
    expect([await remove(recovery.id), await remove('none'), await remove(one.factor.id, bob)]).toEqual(Array(3).fill('factor-not-found'))
    expect(await remove(one.factor.id)).toBe('done')
    expect(kinds()).toHaveLength(11)
    const { factor } = await api.addTotp(ann, app)
    expect(factor.confirmedAt).toBeUndefined()
    expect(await remove(other.factor.id)).toBe('done')
    expect(kinds()).toEqual(['totp'])
  })

  it('of which another call has removed one are not found', async () => {
    const at = await scene()
    const { factor } = await at.withApp()
    const there = accounts({ change: () => ({ factors: { ...at.ports.factors, remove: async () => 0 } }) })
    const ann = await there.person('Ann')
    expect(ann.userId).toBe(at.ann.userId)
    expect(await outcome(there.api.removeFactor(ann, { factorId: factor.id, currentPassword: PASSWORD }))).toBe('factor-not-found')
  })
})

describe('recovery codes', () => {
  it('are ten of twelve digits, made with the first app, each good once however it is written', async () => {
    const { login, withApp, kinds } = await scene()
    const { recoveryCodes } = await withApp()
    expect(recoveryCodes).toHaveLength(10)
    for (const code of recoveryCodes) expect(code).toMatch(/^\d{4}-\d{4}-\d{4}$/)
    expect((await withApp()).recoveryCodes).toBeUndefined()
    expect(await outcome(login(` ${recoveryCodes[0]!.replaceAll('-', ' ')}`))).toBe('done')
    expect(await outcome(login(recoveryCodes[0]))).toBe('bad-code')
    expect(kinds().filter((kind) => kind === 'recovery')).toHaveLength(9)
  })

  it('are made anew with the password: then the old ones are worth nothing', async () => {
    const { api, ann, login, withApp, kinds } = await scene()
    const { recoveryCodes } = await withApp()
    expect(await outcome(api.newRecoveryCodes(ann, { currentPassword: 'wrong' }))).toBe('bad-credentials')
    const codes = await api.newRecoveryCodes(ann, { currentPassword: PASSWORD })
    expect([codes.length, kinds().length]).toEqual([10, 11])
    expect([await outcome(login(recoveryCodes[1])), await outcome(login(codes[1]))]).toEqual(['bad-code', 'done'])
  })

  it('alone are no second factor', async () => {
    const { api, ann, login } = await scene()
    await api.newRecoveryCodes(ann, { currentPassword: PASSWORD })
    expect(await outcome(login())).toBe('done')
  })

  it('are good for one of two who use the same at once', async () => {
    const { login, withApp } = await scene()
    const { recoveryCodes } = await withApp()
    const outcomes = await Promise.all([0, 1].map(() => outcome(login(recoveryCodes[0]))))
    expect(outcomes.toSorted()).toEqual(['bad-code', 'done'])
  })
})

describe('a passkey', () => {
  it('is made for a user who gives the password, and for none of the credentials that the user has', async () => {
    const { api, ann, asked, store, clock, set, withPasskey } = await scene()
    expect(await outcome(api.passkeyCreation(ann, { currentPassword: 'wrong' }))).toBe('bad-credentials')
    const { factor, recoveryCodes } = await withPasskey('one')
    expect(store.accounts.factors.get(factor.id)).toEqual({
      id: factor.id,
      userId: ann.userId,
      kind: 'passkey',
      name: 'Key',
      secret: 'key of one',
      credentialId: 'one',
      counter: 3,
      createdAt: clock.now(),
      confirmedAt: clock.now(),
      lastUsedAt: undefined,
    } satisfies Factor)
    expect(recoveryCodes).toHaveLength(10)
    set(ann.userId, { username: undefined, name: undefined })
    expect((await withPasskey('two')).recoveryCodes).toBeUndefined()
    const challenge = expect.stringContaining('secret')
    expect(asked).toEqual([
      { challenge, user: { id: ann.userId, name: 'ann', displayName: 'Ann' }, known: [] },
      { challenge, user: { id: ann.userId, name: ann.userId, displayName: '' }, known: ['one'] },
    ])
    expect(await outcome(withPasskey('two'))).toBe('bad-code')
  })

  it('answers a challenge once, within five minutes, by whom it is for', async () => {
    const { api, ann, person, store, clock } = await scene()
    const bob = await person('Bob')
    const creation = async () => (await api.passkeyCreation(ann, { currentPassword: PASSWORD })).challengeId
    const answer = (challengeId: string, by: Caller = ann, answered = store.accounts.codes.get(`passkey ${challengeId}`)?.target) =>
      outcome(api.addPasskey(by, { challengeId, response: { id: challengeId, answer: answered }, name: '' }))
    const [first, late, wrong] = [await creation(), await creation(), await creation()]
    expect([await answer('none'), await answer(first, bob), await answer(wrong, ann, 'wrong')]).toEqual(Array(3).fill('bad-code'))
    clock.advance(5 * MINUTE - 1)
    expect([await answer(first), await answer(first)]).toEqual(['done', 'bad-code'])
    clock.advance(1)
    expect(await answer(late)).toBe('bad-code')
  })

  it('signs its user in without the password, and is no second factor by its name', async () => {
    const { api, ann, asked, store, clock, set, login, withPasskey } = await scene()
    const { factor } = await withPasskey('one')
    await expect(login()).rejects.toMatchObject({ code: 'second-factor', facts: { methods: ['passkey', 'recovery'] } })
    expect(await outcome(login('one'))).toBe('bad-code')
    asked.splice(0)
    const sign = async (more: object = {}) => {
      const { challengeId, options } = await api.passkeySignIn(HOME)
      const response = { id: 'one', answer: options.challenge, counter: 4, ...more }
      return api.signInWithPasskey(HOME, { challengeId, response, deviceName: 'Laptop' })
    }
    const { user, sessionId } = await sign()
    expect([user.id, store.sessions.get(sessionId)!.deviceName]).toEqual([ann.userId, 'Laptop'])
    expect(asked).toEqual([{ credentialId: 'one', publicKey: 'key of one', counter: 3 }])
    expect(store.accounts.factors.get(factor.id)).toMatchObject({ counter: 4, lastUsedAt: clock.now() })
    for (const wrong of [{}, { id: 'other', counter: 9 }, { id: 7, counter: 9 }, { answer: 'wrong', counter: 9 }])
      expect(await outcome(sign(wrong))).toBe('bad-credentials')
    const { challengeId } = await api.passkeyCreation(ann, { currentPassword: PASSWORD })
    expect(await outcome(api.signInWithPasskey(HOME, { challengeId, response: { id: 'one' } }))).toBe('bad-code')
    set(ann.userId, { disabledAt: 1 })
    expect(await outcome(sign({ counter: 5 }))).toBe('person-disabled')
    store.people.get(ann.userId)!.deletion = 'begun'
    expect(await outcome(sign({ counter: 6 }))).toBe('bad-credentials')
  })

  it('is not found where the service has none', async () => {
    const { api, person } = accounts()
    const ann = await person('Ann')
    const answer = { challengeId: 'c', response: {} }
    const calls = [
      api.passkeyCreation(ann, { currentPassword: PASSWORD }),
      api.addPasskey(ann, { ...answer, name: '' }),
      api.passkeySignIn(HOME),
      api.signInWithPasskey(HOME, answer),
    ]
    for (const call of calls) expect(await outcome(call)).toBe('not-found')
  })
})
