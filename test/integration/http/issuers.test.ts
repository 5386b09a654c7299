import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Me } from '../../../src/adapters/wire/schemas/people.ts'
import { type HttpServed, serveHttp } from '../../support/http-server.ts'
import { testIssuer } from '../../support/issuer.ts'

type TestIssuer = Awaited<ReturnType<typeof testIssuer>>
let issuer: TestIssuer
let server: HttpServed
beforeAll(async () => {
  issuer = await testIssuer()
  server = await serveHttp({ guests: true }, { guests: true, issuers: [{ issuer: issuer.url, audience: 'chat', prefix: 'idp:' }] })
})
afterAll(async () => {
  await server.close()
  await issuer.close()
})

const me = async (token: string) => server.call<Me>('get', '/users/me', { token })

describe('a token of an issuer', () => {
  it('makes the person the first time, with what it says of them', async () => {
    const token = await issuer.token({
      sub: 'anna',
      name: 'Анна',
      email: 'Anna@Example.com',
      email_verified: true,
      picture: 'https://a.example/anna.png',
    })
    const { status, body } = await me(token)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      external_id: 'idp:anna',
      name: 'Анна',
      kind: 'person',
      email: 'anna@example.com',
      avatar_url: 'https://a.example/anna.png',
    })
    expect((await me(await issuer.token({ sub: 'anna', name: 'Other' }))).body.id).toBe(body.id)
  })

  it('makes one person, however many first tokens come at once', async () => {
    const tokens = await Promise.all(Array.from({ length: 200 }, (_, i) => issuer.token({ sub: 'crowd', jti: String(i) })))
    const replies = await Promise.all(tokens.map(me))
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1)
  })

  it('joins no two people by an email', async () => {
    const { id } = await server.register('Boris', { email: 'boris@example.com' })
    const { body } = await me(
      await issuer.token({ sub: 'boris', email: 'boris@example.com', email_verified: true, preferred_username: 'bo' }),
    )
    expect(body).toMatchObject({ name: 'bo', email: null })
    expect(body.id).not.toBe(id)
    expect((await me(await issuer.token({ sub: 'carla', email: 'carla@example.com' }))).body.email).toBeNull()
  })

  it.each([
    ['another audience', { aud: 'other' }],
    ['no end', { exp: undefined }],
    ['no beginning', { iat: undefined }],
    ['an end in the past', { exp: 1_000 }],
    ['a beginning in the future', { iat: Math.floor(Date.now() / 1_000) + 120 }],
    ['no subject', { sub: '' }],
    ['an unknown key', { kid: 'two' }],
  ])('is refused with %s', async (_, claims) => {
    expect((await me(await issuer.token(claims))).status).toBe(401)
  })

  it('has no session: what needs a password is not allowed', async () => {
    const token = await issuer.token({ sub: 'dora' })
    const refused = { status: 403, body: { code: 'not-allowed', requires: ['password'] } }
    expect(await server.call('post', '/users/me/delete', { token, body: { password: '' } })).toMatchObject(refused)
    const change = { current_password: 'x', new_password: 'a battery of new horses' }
    expect(await server.call('post', '/auth/password', { token, body: change })).toMatchObject(refused)
  })

  it('lets nobody act as another', async () => {
    const token = await issuer.token({ sub: 'eve' })
    const headers = { 'Act-As': 'ext:idp:anna' }
    expect(await server.call('get', '/users/me', { token, headers })).toMatchObject({ status: 403, body: { requires: ['scope:act'] } })
  })

  it('makes a guest the same person for good', async () => {
    const guest = await server.call<{ access_token: string; user: Me }>('post', '/auth/guest', { body: { name: 'Fox' } })
    expect(guest.body.user.kind).toBe('guest')
    const upgrade = async (sub: string) =>
      server.call<{ user: Me }>('post', '/users/me/upgrade', {
        token: guest.body.access_token,
        body: { token: await issuer.token({ sub, name: 'Fiona' }) },
      })
    expect(await upgrade('anna')).toMatchObject({ status: 409, body: { code: 'person-exists' } })
    const { status, body } = await upgrade('fiona')
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { user: { id: guest.body.user.id, kind: 'person', external_id: 'idp:fiona' } },
    })
    expect((await me(await issuer.token({ sub: 'fiona' }))).body.id).toBe(guest.body.user.id)
    expect(await upgrade('gerd')).toMatchObject({ status: 409, body: { code: 'person-exists' } })
  })
})

it('the keys are fetched once, whatever keys 10,000 tokens name', { timeout: 60_000 }, async () => {
  await using other = await serveHttp({}, { issuers: [{ issuer: issuer.url, audience: 'chat' }] })
  const before = issuer.state.asked
  const token = await issuer.token({ sub: 'flood' })
  const [, payload, signature] = token.split('.')
  const header = (kid: string) => Buffer.from(JSON.stringify({ alg: 'ES256', kid })).toString('base64url')
  for (let i = 0; i < 10_000; i += 100) {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 100 }, (_, k) => other.app.api.authenticate(`${header(`kid-${i + k}`)}.${payload}.${signature}`)),
    )
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']))
  }
  expect(issuer.state.asked - before).toBe(1)
})

it('a key that cannot be looked up is no verdict on the token', async () => {
  const away = await testIssuer()
  await using other = await serveHttp({}, { issuers: [{ issuer: away.url, audience: 'chat' }] })
  away.state.isDown = true
  const reply = await other.call('get', '/users/me', { token: await away.token() })
  expect(reply).toMatchObject({ status: 503, body: { code: 'overloaded' } })
  await away.close()
})

it('guests become accounts with an email and a password', async () => {
  const guest = await server.call<{ access_token: string; user: Me }>('post', '/auth/guest', { body: {} })
  const token = guest.body.access_token
  const upgrade = (body: object) => server.call<{ user: Me; access_token: string }>('post', '/users/me/upgrade', { token, body })
  await server.register('Taken', { email: 'taken@example.com', username: 'takenname' })
  const given = { email: 'fresh@example.com', password: 'a battery of new horses' }
  expect(await upgrade({ ...given, email: 'taken@example.com' })).toMatchObject({ status: 409, body: { code: 'email-taken' } })
  expect(await upgrade({ ...given, username: 'takenname' })).toMatchObject({ status: 409, body: { code: 'username-taken' } })
  const upgraded = await upgrade(given)
  expect(upgraded).toMatchObject({ status: 200, body: { user: { id: guest.body.user.id, kind: 'person', email: 'fresh@example.com' } } })
  expect((await server.login('fresh@example.com', given.password)).id).toBe(guest.body.user.id)
})
