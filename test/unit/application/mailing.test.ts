import { describe, expect, it } from 'vitest'
import { mailing } from '../../../src/application/identity/mailing.ts'
import type { Ports } from '../../../src/application/ports/ports.ts'
import type { UserId } from '../../../src/domain/ids.ts'
import { accounts, HOME, HOUR, MINUTE, outcome, PASSWORD } from './accounts.ts'

/** The mails of a service on which some people are. */
function scene(change: Parameters<typeof accounts>[0] = {}) {
  const at = accounts({ mail: true, ...change })
  const arrived = async () => {
    await at.settle()
    await at.app.deliverMails()
    return at.sent.splice(0).map(({ kind, to, facts }) => [kind, to, facts] as const)
  }
  /** A user whose address is verified. */
  async function verified(name: string) {
    const ann = await at.person(name)
    const [[, , facts]] = (await arrived()) as [readonly [string, string, { code: string }]]
    await at.api.verifyEmail(ann, facts)
    return ann
  }
  return { ...at, arrived, verified }
}

describe('a mail', () => {
  it('with a code is sent when somebody registers, and the code verifies the address', async () => {
    const { api, person, arrived, userOf } = scene()
    const ann = await person('Ann')
    expect(userOf(ann.userId)).toMatchObject({ email: undefined, emailPending: 'ann@example.com' })
    const mails = await arrived()
    expect(mails).toEqual([['verify-email', 'ann@example.com', { code: expect.stringMatching(/^\d{6}$/) }]])
    expect(await outcome(api.verifyEmail(ann, { code: 'wrong' }))).toBe('bad-code')
    const [[, , { code }]] = mails as unknown as [[string, string, { code: string }]]
    expect(await api.verifyEmail(ann, { code })).toMatchObject({ email: 'ann@example.com', emailPending: undefined })
    expect(await outcome(api.register(HOME, { name: 'Eve', email: 'Ann@example.com', password: PASSWORD }))).toBe('email-taken')
  })

  it('is not sent to an address that is no longer wanted, or to nobody', async () => {
    const { person, ports, arrived } = scene()
    const [ann, bob] = [await person('Ann'), await person('Bob')]
    await ports.accounts.setEmailPending(ann.userId, 'anna@example.com')
    await ports.people.erase(bob.userId, 1)
    expect(await arrived()).toEqual([])
    expect(await ports.mails.waiting()).toBe(0)
  })

  it('is sent again where that is asked for, three times an hour', async () => {
    const { api, person, arrived, clock } = scene()
    const ann = await person('Ann')
    await arrived()
    for (let i = 0; i < 3; i++) await api.sendEmailCode(ann)
    expect((await arrived()).map(([kind]) => kind)).toEqual(Array(3).fill('verify-email'))
    clock.advance(MINUTE)
    const policy = { name: 'mail', quota: 3, windowMs: HOUR }
    const facts = { retryAfterMs: HOUR - MINUTE, policy }
    await expect(api.sendEmailCode(ann)).rejects.toMatchObject({ code: 'too-many-requests', facts })
    clock.advance(HOUR - MINUTE)
    await api.sendEmailCode(ann)
    const [[, , code]] = (await arrived()) as unknown as [[string, string, { code: string }]]
    await api.verifyEmail(ann, code)
    for (let i = 0; i < 9; i++) await api.sendEmailCode(ann)
    expect(await arrived()).toEqual([])
  })

  it('waits while the mail server does not answer, longer each time, and is given up in the end', async () => {
    const told: unknown[] = []
    const at = scene({ change: () => ({ watch: { onMail: (kind: string, is: string) => void told.push([kind, is]) } }) })
    at.mailDown(true)
    await at.person('Ann')
    await at.settle()
    const waits = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800]
    for (const seconds of waits) {
      at.clock.advance(seconds * 1_000 - 1)
      await at.app.deliverMails()
      at.clock.advance(1)
      await expect(at.app.deliverMails()).rejects.toThrow('no answer')
    }
    expect(told.map((one) => (one as string[])[1])).toEqual([...Array<string>(9).fill('failed'), 'given-up'])
    expect(await at.ports.mails.waiting()).toBe(0)
  })

  it('is counted as what became of it', async () => {
    const told: unknown[] = []
    const at = scene({ change: () => ({ watch: { onMail: (kind: string, is: string) => void told.push([kind, is]) } }) })
    const ann = await at.person('Ann')
    await at.arrived()
    await at.api.sendEmailCode(ann)
    await at.ports.accounts.setEmailPending(ann.userId, undefined)
    await at.arrived()
    expect(told).toEqual([
      ['verify-email', 'sent'],
      ['verify-email', 'needless'],
    ])
  })

  it('of many that are due is sent ten at a time, by one of those who send', async () => {
    const taken: number[][] = []
    const take = (mails: Ports['mails']) => async (now: number, until: number, limit: number) => {
      const some = await mails.take(now, until, limit)
      taken.push([until - now, limit, some.length])
      return some
    }
    const at = scene({ change: ({ mails }) => ({ mails: { ...mails, take: take(mails) } }) })
    const ann = await at.person('Ann')
    const add = (i: number) => ({ id: `${i}`, kind: 'email-change' as const, userId: ann.userId, address: `${i}`, facts: {}, createdAt: 0 })
    for (let i = 0; i < 24; i++) await at.ports.mails.add(add(i))
    await Promise.all([at.app.deliverMails(), at.app.deliverMails()])
    expect(at.sent).toHaveLength(25)
    expect(taken).toEqual([10, 10, 5, 0].map((count) => [MINUTE, 10, count]))
  })

  it('is none on a service that sends none', async () => {
    const { ports, api, person, settle, app } = scene({ mail: false })
    const ann = await person('Ann')
    const off = mailing(ports)
    expect([off.isOn, off.hasDigests]).toEqual([false, false])
    await off.post('verify-email', { userId: ann.userId, address: 'ann@example.com' })
    await api.recover(HOME, { login: 'ann' })
    await settle()
    await app.deliverMails()
    expect(await ports.mails.waiting()).toBe(0)
    for (const call of [api.sendEmailCode(ann), api.verifyEmail(ann, { code: '1' })]) expect(await outcome(call)).toBe('not-found')
    const { mail: sender } = accounts({ mail: true }).ports
    const on = (canUnsubscribe: boolean | undefined) => mailing({ ...ports, mail: { ...sender!, canUnsubscribe } as never })
    expect([on(true), on(false), on(undefined)].map(({ isOn, hasDigests }) => [isOn, hasDigests])).toEqual([
      [true, true],
      [true, false],
      [true, false],
    ])
  })
})

describe('a code for a new password', () => {
  it('is mailed to whoever has a verified address, three times an hour, and to nobody else', async () => {
    const { api, verified, person, arrived, set, clock } = scene()
    const ann = await verified('Ann')
    await person('Bob')
    await arrived()
    for (const login of ['ann', 'Ann@example.com', ' ANN ', 'ann']) await api.recover(HOME, { login })
    for (const login of ['bob', 'bob@example.com', 'nobody', 'x'.repeat(10_000)]) await api.recover(HOME, { login })
    const mails = await arrived()
    expect(mails).toEqual(Array(3).fill(['reset-password', 'ann@example.com', { code: expect.any(String) }]))
    clock.advance(HOUR)
    set(ann.userId, { disabledAt: 1 })
    await api.recover(HOME, { login: 'ann' })
    expect(await arrived()).toEqual([])
    set(ann.userId, { disabledAt: undefined })
    await api.recover(HOME, { login: 'ann' })
    expect(await arrived()).toHaveLength(1)
  })

  it('is kept with no more of a login than an address may have', async () => {
    const { api, store } = scene()
    await api.recover(HOME, { login: 'x'.repeat(10_000) })
    const [mail] = [...store.accounts.mails.values()]
    expect(mail).toMatchObject({ kind: 'reset-password', userId: undefined, address: 'x'.repeat(254), facts: {} })
  })

  it('sets it once, within half an hour', async () => {
    const { api, verified, arrived, clock } = scene()
    const ann = await verified('Ann')
    const mailed = async () => {
      await api.recover(HOME, { login: 'ann' })
      const [[, , { code }]] = (await arrived()) as unknown as [[string, string, { code: string }]]
      return code
    }
    const reset = (code: string) => outcome(api.resetPassword(HOME, { code, password: 'a stable of new staples' }))
    const late = await mailed()
    clock.advance(30 * MINUTE)
    expect(await reset(late)).toBe('bad-code')
    const code = await mailed()
    clock.advance(30 * MINUTE - 1)
    expect([await reset(code), await reset(code)]).toEqual(['done', 'bad-code'])
    expect(await outcome(api.login(HOME, { login: ann.email, password: 'a stable of new staples' }))).toBe('done')
  })

  it('of a user who is disabled or deleted sets none', async () => {
    const { api, verified, arrived, set, store } = scene()
    const ann = await verified('Ann')
    await api.recover(HOME, { login: 'ann' })
    const [[, , { code }]] = (await arrived()) as unknown as [[string, string, { code: string }]]
    const reset = () => outcome(api.resetPassword(HOME, { code, password: 'a stable of new staples' }))
    set(ann.userId, { disabledAt: 1 })
    expect(await reset()).toBe('person-disabled')
    store.people.get(ann.userId)!.deletion = 'begun'
    expect(await reset()).toBe('bad-code')
  })
})

describe('another email', () => {
  it('is verified first, with the password; the present one is told', async () => {
    const { api, verified, arrived, userOf } = scene()
    const ann = await verified('Ann')
    const change = (email: string, currentPassword?: string) => api.updateMe(ann, { email, currentPassword })
    await expect(change('new@example.com')).rejects.toMatchObject({
      code: 'invalid',
      facts: { errors: [{ pointer: '/current_password' }] },
    })
    expect(await outcome(change('new@example.com', 'wrong'))).toBe('bad-credentials')
    expect(await outcome(change('nobody', PASSWORD))).toBe('invalid')
    expect(await arrived()).toEqual([])
    expect(await change('New@example.com', PASSWORD)).toMatchObject({ email: ann.email, emailPending: 'new@example.com' })
    const mails = await arrived()
    expect(mails).toHaveLength(2)
    expect(mails).toContainEqual(['verify-email', 'new@example.com', { code: expect.any(String) }])
    expect(mails).toContainEqual(['email-change', ann.email, { email: 'new@example.com' }])
    expect(await change(ann.email, PASSWORD)).toMatchObject({ email: ann.email, emailPending: undefined })
    expect([await arrived(), userOf(ann.userId).emailPending]).toEqual([[], undefined])
  })

  it('is told to no address that was never verified, and is nobody else’s', async () => {
    const { api, verified, person, arrived } = scene()
    const [ann, bob] = [await verified('Ann'), await person('Bob')]
    await arrived()
    await api.updateMe(bob, { email: 'other@example.com', currentPassword: PASSWORD })
    expect((await arrived()).map(([kind]) => kind)).toEqual(['verify-email'])
    expect(await outcome(api.updateMe(bob, { email: ann.email, currentPassword: PASSWORD }))).toBe('email-taken')
  })

  it('is one of whoever verifies it first', async () => {
    const { api, person, arrived } = scene()
    const [ann, bob] = [await person('Ann', { email: 'one@example.com' }), await person('Bob', { email: 'one@example.com' })]
    const [first, second] = (await arrived()).map(([, , facts]) => facts as { code: string })
    expect(await outcome(api.verifyEmail(ann, first!))).toBe('done')
    expect(await outcome(api.verifyEmail(bob, second!))).toBe('email-taken')
    expect(await outcome(api.updateMe(bob, { email: 'one@example.com', currentPassword: PASSWORD }))).toBe('email-taken')
  })

  it('that is no longer the one to verify is not verified', async () => {
    const { api, person, arrived, ports } = scene()
    const ann = await person('Ann')
    const [[, , code]] = (await arrived()) as unknown as [[string, string, { code: string }]]
    await ports.accounts.setEmailPending(ann.userId, 'other@example.com')
    expect(await outcome(api.verifyEmail(ann, code))).toBe('bad-code')
  })

  it('counts at once on a service that sends no mail', async () => {
    const { api, person, userOf } = accounts()
    const [ann, bob] = [await person('Ann'), await person('Bob')]
    const change = (email: string) => api.updateMe(ann, { email, currentPassword: PASSWORD })
    expect(await change('new@example.com')).toMatchObject({ email: 'new@example.com', emailPending: undefined })
    expect(await change('new@example.com')).toMatchObject({ email: 'new@example.com' })
    expect([await outcome(change(bob.email)), userOf(ann.userId).email]).toEqual(['email-taken', 'new@example.com'])
    const late = accounts({ change: ({ accounts: of }) => ({ accounts: { ...of, setEmail: async () => 'email-taken' } }) })
    const eve = await late.person('Eve')
    expect(await outcome(late.api.updateMe(eve, { email: 'x@example.com', currentPassword: PASSWORD }))).toBe('email-taken')
  })
})

describe('a sign-in', () => {
  it('is told by mail to nobody who has no address', async () => {
    const { verified, ports, arrived, set } = scene()
    const ann = await verified('Ann')
    const facts = { device: 'd', network: 'n', at: 'a' }
    const post = mailing(ports).post
    await post('sign-in', { userId: ann.userId, address: '', facts })
    await post('sign-in', { userId: 'nobody' as UserId, address: '', facts })
    expect(await arrived()).toEqual([['sign-in', ann.email, facts]])
    set(ann.userId, { email: undefined })
    await post('sign-in', { userId: ann.userId, address: '', facts })
    await post('sign-in', { address: '', facts })
    expect(await arrived()).toEqual([])
  })
})
