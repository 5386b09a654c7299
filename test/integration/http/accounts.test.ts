import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Session } from '../../../src/adapters/wire/schemas/identity.ts'
import type { Me } from '../../../src/adapters/wire/schemas/people.ts'
import type { UserId } from '../../../src/domain/ids.ts'
import { databases, freshDatabase } from '../../support/databases.ts'
import { type HttpServed, serveHttp } from '../../support/http-server.ts'
import { type Smtp, startSmtp } from '../../support/smtp.ts'
import { eventually, handClock } from '../../support/waiting.ts'

const MINUTE = 60_000
const CODE = /Your code is (\d{6})/
const RESET = /works once:\s+([\w-]{43})/
const NEW = 'a stable of new staples'

const urlOf = async (kind: string) => {
  const own = kind === 'postgres' ? await freshDatabase() : undefined
  return { url: own?.url ?? (kind === 'sqlite' ? 'sqlite::memory:' : 'memory:'), drop: async () => own?.drop() }
}

describe.each(databases)('accounts on %s', (kind) => {
  const clock = handClock(Date.now())
  let smtp: Smtp
  let server: HttpServed
  let drop: () => Promise<unknown>
  beforeAll(async () => {
    smtp = await startSmtp()
    const database = await urlOf(kind)
    drop = database.drop
    const config = {
      databaseUrl: database.url,
      rateLimits: true,
      accessTtl: 1_440 * MINUTE,
      mailUrl: smtp.url,
      mailFrom: 'Chat <chat@example.com>',
      publicUrl: 'https://chat.example.com',
    }
    server = await serveHttp({ trustedProxies: 1 }, config, { clock: clock.now })
  })
  afterAll(async () => {
    await server.close()
    await smtp.close()
    await drop()
  })

  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })
  let count = 0
  const freshEmail = () => `user${++count}.${kind}@example.com`
  const login = (login: string, password: string, more: object = {}, address = '192.0.2.1') =>
    server.call<Session & { code: string; methods?: string[] }>('post', '/auth/login', {
      body: { login, password, ...more },
      ...from(address),
    })

  async function verified(email = freshEmail()) {
    const ann = await server.register('Ann', { email })
    const [, code] = await smtp.mail(email, CODE)
    await ann.call('post', '/auth/email/verify', { code })
    return { ...ann, email, username: ann.session.user.username! }
  }

  describe('an email', () => {
    it('counts from its verification on: until then it finds nobody, signs nobody in and reserves nothing', async () => {
      const email = freshEmail()
      const ann = await server.register('Ann', { email })
      const bob = await server.register('Bob', { email })
      expect(ann.session.user).toMatchObject({ email, email_verified: false })
      expect(await login(email, ann.password)).toMatchObject({ status: 401, body: { code: 'bad-credentials' } })
      expect((await bob.call<{ items: unknown[] }>('get', `/users?query=${encodeURIComponent(email)}`)).body.items).toEqual([])
      const codes = [(await smtp.mail(email, CODE))[1], (await smtp.mail(email, CODE))[1]]
      const outcomes = await Promise.all(codes.map(async (code) => (await bob.call('post', '/auth/email/verify', { code })).status))
      expect(outcomes.toSorted((a, b) => a - b)).toEqual([200, 422])
      expect((await bob.call<Me>('get', '/users/me')).body).toMatchObject({ email, email_verified: true })
      expect(await login(email, bob.password)).toMatchObject({ status: 200, body: { user: { id: bob.id } } })
      await ann.call('post', '/auth/email/send')
      const [, late] = await smtp.mail(email, CODE)
      expect(await ann.call('post', '/auth/email/verify', { code: late })).toMatchObject({ status: 409, body: { code: 'email-taken' } })
      expect(await server.call('post', '/auth/register', { body: { name: 'Eve', email, password: ann.password } })).toMatchObject({
        status: 409,
        body: { code: 'email-taken' },
      })
    })

    it('is not verified by a wrong, an expired or an exhausted code', async () => {
      const email = freshEmail()
      const ann = await server.register('Ann', { email })
      const [, code] = await smtp.mail(email, CODE)
      const wrong = code === '000000' ? '000001' : '000000'
      const verify = async (given: string | undefined) => (await ann.call('post', '/auth/email/verify', { code: given })).body.code
      for (let i = 0; i < 5; i++) expect(await verify(wrong)).toBe('bad-code')
      expect(await verify(code)).toBe('bad-code')
      await ann.call('post', '/auth/email/send')
      const [, another] = await smtp.mail(email, CODE)
      clock.advance(30 * MINUTE)
      expect(await verify(another)).toBe('bad-code')
    })

    it('is mailed again three times an hour', async () => {
      const ann = await server.register('Ann', { email: freshEmail() })
      const statuses = []
      for (let i = 0; i < 4; i++) statuses.push((await ann.call('post', '/auth/email/send')).status)
      expect(statuses).toEqual([204, 204, 204, 429])
      clock.advance(60 * MINUTE)
    })

    it('changes with the password, once the new one is verified; the present one is told', async () => {
      const ann = await verified()
      const email = freshEmail()
      const patch = (body: object) => ann.call<Me & { code: string; errors: { pointer: string }[] }>('patch', '/users/me', body)
      expect((await patch({ email })).body.errors[0]!.pointer).toBe('/current_password')
      expect(await patch({ email, current_password: 'wrong' })).toMatchObject({ status: 401, body: { code: 'bad-credentials' } })
      expect(await patch({ email, current_password: ann.password })).toMatchObject({
        status: 202,
        body: { email: ann.email, email_verified: true },
      })
      await smtp.mail(ann.email, /about to change/)
      const [, code] = await smtp.mail(email, CODE)
      expect(await login(ann.email, ann.password)).toMatchObject({ status: 200 })
      expect(await ann.call<Me>('post', '/auth/email/verify', { code })).toMatchObject({
        status: 200,
        body: { email, email_verified: true },
      })
      expect((await login(ann.email, ann.password)).status).toBe(401)
      expect((await login(email, ann.password)).status).toBe(200)
    })
  })

  describe('a lost password', () => {
    it('is replaced with a code from a mail, once, and all sessions end', async () => {
      const ann = await verified()
      expect((await server.call('post', '/auth/recover', { body: { login: ann.username.toUpperCase() } })).status).toBe(204)
      expect((await server.call('post', '/auth/recover', { body: { login: 'no such user' } })).status).toBe(204)
      const [, code] = await smtp.mail(ann.email, RESET)
      const reset = (body: object) => server.call<Session & { code: string }>('post', '/auth/reset', { body })
      expect((await reset({ code, password: 'password123' })).status).toBe(422)
      const done = await reset({ code, password: NEW })
      expect(done).toMatchObject({ status: 200, body: { user: { id: ann.id } } })
      expect((await ann.call('get', '/users/me')).body.code).toBe('session-ended')
      expect((await login(ann.email, NEW)).status).toBe(200)
      expect((await login(ann.email, ann.password)).status).toBe(401)
      expect(await reset({ code, password: NEW })).toMatchObject({ status: 422, body: { code: 'bad-code' } })
    })

    it('is not recovered by an email that nobody has verified', async () => {
      const email = freshEmail()
      const ann = await server.register('Ann', { email })
      await server.call('post', '/auth/recover', { body: { login: ann.session.user.username } })
      await server.app.deliverMails()
      expect(smtp.mails.filter(({ to, text }) => to.includes(email) && RESET.test(text))).toEqual([])
    })
  })

  describe('wrong passwords', () => {
    const retryAfter = ({ headers }: { headers: Headers }) => Number(headers.get('retry-after'))

    it('close a network for the user by either name, for longer each time, and no other network', async () => {
      const ann = await verified()
      const wrong = (name: string, address = '198.51.100.7') => login(name, 'wrong password', {}, address)
      for (let i = 0; i < 10; i++) expect((await wrong(i % 2 ? ann.email : ann.username)).status).toBe(401)
      const closed = await login(ann.username, ann.password, {}, '198.51.100.200')
      expect(closed).toMatchObject({ status: 429, body: { code: 'too-many-requests' } })
      expect(retryAfter(closed)).toBe(60)
      expect((await login(ann.email, ann.password, {}, '203.0.113.1')).status).toBe(200)
      for (const minutes of [2, 4, 8, 15, 15]) {
        clock.advance(retryAfter(await wrong(ann.username)) * 1_000)
        expect((await wrong(ann.username)).status).toBe(401)
        expect(retryAfter(await wrong(ann.email))).toBe(minutes * 60)
      }
      clock.advance(15 * MINUTE)
      expect((await login(ann.username, ann.password, {}, '198.51.100.200')).status).toBe(200)
    })

    it('from many networks close those from which the user was not signed in, for the hour', async () => {
      const ann = await verified()
      const home = '192.0.2.77'
      expect((await login(ann.username, ann.password, {}, home)).status).toBe(200)
      for (let i = 0; i < 100; i++) expect((await login(ann.username, 'wrong password', {}, `10.0.${i}.1`)).status).toBe(401)
      expect((await login(ann.username, ann.password, {}, '10.1.0.1')).status).toBe(429)
      expect((await login(ann.username, ann.password, {}, home)).status).toBe(200)
      clock.advance(60 * MINUTE)
      expect((await login(ann.username, ann.password, {}, '10.1.0.1')).status).toBe(200)
    })

    it('are counted for a login that nobody has as for one that somebody has', async () => {
      const nobody = `nobody-${kind}`
      for (let i = 0; i < 10; i++) expect((await login(nobody, 'wrong password', {}, '198.51.100.9')).status).toBe(401)
      expect((await login(nobody, 'wrong password', {}, '198.51.100.9')).status).toBe(429)
    })
  })

  describe('a second factor', () => {
    const codeOf = (secret: string) => new TOTP({ secret }).generate({ timestamp: clock.now() })

    it('is asked for after the password, each code once; recovery codes stand for it', async () => {
      const ann = await verified()
      const added = await ann.call<{ id: string; secret: string; uri: string }>('post', '/auth/factors/totp', {
        current_password: ann.password,
        name: 'Phone',
      })
      expect(added.status).toBe(201)
      const { id, secret, uri } = added.body
      expect(uri).toContain(`secret=${secret}`)
      expect((await login(ann.email, ann.password)).status).toBe(200)
      const confirmed = await ann.call<{ recovery_codes: string[] }>('post', `/auth/factors/${id}/confirm`, { code: codeOf(secret) })
      expect(confirmed.body.recovery_codes).toHaveLength(10)
      expect(await login(ann.email, ann.password)).toMatchObject({
        status: 401,
        body: { code: 'second-factor', methods: ['totp', 'recovery'] },
      })
      expect((await login(ann.email, 'wrong password', { second_factor: codeOf(secret) })).body.code).toBe('bad-credentials')
      expect((await login(ann.email, ann.password, { second_factor: codeOf(secret) })).body.code).toBe('bad-code')
      clock.advance(30_000)
      const next = codeOf(secret)
      const uses = await Promise.all([1, 2, 3].map(async () => (await login(ann.email, ann.password, { second_factor: next })).status))
      expect(uses.filter((status) => status === 200)).toHaveLength(1)
      const [recovery] = confirmed.body.recovery_codes
      expect((await login(ann.email, ann.password, { second_factor: recovery })).status).toBe(200)
      expect((await login(ann.email, ann.password, { second_factor: recovery })).body.code).toBe('bad-code')
      const list = await ann.call<{ items: object[]; recovery_codes_left: number }>('get', '/auth/factors')
      expect(list.body).toMatchObject({ items: [{ id, kind: 'totp', name: 'Phone' }], recovery_codes_left: 9 })
      await ann.call('post', `/auth/factors/${id}/remove`, { current_password: ann.password })
      expect((await login(ann.email, ann.password)).status).toBe(200)
      expect((await ann.call<{ recovery_codes_left: number }>('get', '/auth/factors')).body.recovery_codes_left).toBe(0)
    })
  })

  it('a sign-in on a new network is told by mail', async () => {
    const ann = await verified()
    await login(ann.email, ann.password, { device_name: 'Laptop' }, '203.0.113.200')
    const [, device, network] = await smtp.mail(ann.email, /Device: (.*)\r\nNetwork: (.*)\r\n/)
    expect([device, network]).toEqual(['Laptop', '203.0.113.0/24'])
  })

  it('what was missed is told by mail, without names and texts, and no more after one click', async () => {
    const [ann, bob] = [await verified(), await verified()]
    expect((await ann.call<Me>('get', '/users/me')).body).toMatchObject({ notices: { digest: false } })
    await ann.call('patch', '/users/me', { notices: { digest: true } })
    const { body: chat } = await bob.call<{ id: string }>('post', '/chats', { kind: 'private', user_id: ann.id })
    for (const key of ['one', 'two']) await bob.call('post', `/chats/${chat.id}/messages`, { client_message_id: key, text: 'tea at five' })
    clock.advance(9 * 60 * MINUTE)
    expect(await server.app.sendDigests()).toBe(1)
    expect(await server.app.sendDigests()).toBe(0)
    const mail = await smtp.mail(
      ann.email,
      /^List-Unsubscribe:\s+<https:\/\/chat\.example\.com(\/api\/v1\/mail\/unsubscribe\/[\w-]+\/[\w-]+)>/m,
    )
    expect(mail.input).toMatch(/^List-Unsubscribe-Post:\s+List-Unsubscribe=One-Click/m)
    expect(mail.input).toMatch(/You have 2 unread messages in 1 chat:/)
    expect(mail.input).not.toMatch(/tea at five|Ann/)
    const address = server.url + mail[1]!
    const page = await fetch(address)
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<form method="post">')])
    expect((await ann.call<Me>('get', '/users/me')).body).toMatchObject({ notices: { digest: true } })
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
    expect((await fetch(address.slice(0, -1), { method: 'POST', body })).status).toBe(404)
    const form = new FormData()
    form.set('List-Unsubscribe', 'One-Click')
    for (const each of [body, form, null]) expect((await fetch(address, { method: 'POST', body: each })).status).toBe(200)
    expect((await ann.call<Me>('get', '/users/me')).body).toMatchObject({ notices: { digest: false } })
  })

  it('mails wait for a mail server that does not take them', async () => {
    smtp.refuse(true)
    const email = freshEmail()
    await server.register('Ann', { email })
    await eventually(() => expect(smtp.refused()).toBe(1))
    smtp.refuse(false)
    await eventually(async () => {
      clock.advance(5_000)
      await server.app.deliverMails()
      expect(smtp.mails.some(({ to }) => to.includes(email))).toBe(true)
    })
  })

  it('nothing of it is left of a deleted user', async () => {
    const ann = await verified()
    await ann.call('post', '/users/me/delete', { password: ann.password })
    const { factors, accounts, codes } = server.app.ports
    expect(await factors.list(ann.id as UserId)).toEqual([])
    expect(await accounts.verifyEmail(ann.id as UserId, ann.email)).toBe('changed')
    expect(await codes.attempt({ subject: ann.id, kind: 'verify-email' }, { now: clock.now(), tries: 5 })).toBeUndefined()
  })
})

describe('without a mail server', () => {
  it('an email counts at once, and there is nothing to verify', async () => {
    await using server = await serveHttp()
    const ann = await server.register('Ann', { email: 'ann@example.com' })
    expect(ann.session.user).toMatchObject({ email: 'ann@example.com', email_verified: true })
    expect((await ann.call('post', '/auth/email/verify', { code: '123456' })).status).toBe(404)
    expect((await ann.call('post', '/auth/email/send')).status).toBe(404)
    expect((await server.call('post', '/auth/recover', { body: { login: 'ann' } })).status).toBe(204)
    const changed = await ann.call<Me>('patch', '/users/me', { email: 'new@example.com', current_password: ann.password })
    expect(changed).toMatchObject({ status: 200, body: { email: 'new@example.com' } })
    expect((await server.login('new@example.com', ann.password)).id).toBe(ann.id)
  })
})
