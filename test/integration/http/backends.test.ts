import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Chat } from '../../../src/adapters/wire/schemas/chats.ts'
import type { Message } from '../../../src/adapters/wire/schemas/messages.ts'
import type { Me, User } from '../../../src/adapters/wire/schemas/people.ts'
import { SYSTEM_ID } from '../../../src/domain/ids.ts'
import type { KeyScope } from '../../../src/domain/scopes.ts'
import { databases, freshDatabase } from '../../support/databases.ts'
import { type HttpServed, serveHttp } from '../../support/http-server.ts'
import { masterKey } from '../../support/keys.ts'

const urls = { memory: 'memory:', sqlite: 'sqlite::memory:', postgres: '' }

describe.each(databases)('on %s', (kind) => {
  let databaseUrl: string
  let drop: () => Promise<unknown>
  let server: HttpServed
  let admin: string
  beforeAll(async () => {
    const fresh = kind === 'postgres' ? await freshDatabase() : undefined
    databaseUrl = fresh?.url ?? urls[kind]
    server = await serveHttp({}, { databaseUrl })
    drop = async () => fresh?.[Symbol.asyncDispose]()
    admin = await masterKey(server.app)
  })
  afterAll(async () => {
    await server.close()
    await drop()
  })

  interface Provisioned<K extends string, T> {
    readonly items: readonly (Readonly<Record<K, T>> & { readonly external_id: string; readonly result: string })[]
  }
  type Headers = Readonly<Record<string, string>>

  const call = <T>(method: string, path: string, body?: unknown, { token = admin, headers }: { token?: string; headers?: Headers } = {}) =>
    server.call<T>(method, path, { token, ...(body !== undefined && { body }), ...(headers && { headers }) })
  const keyWith = async (...scopes: KeyScope[]) => (await call<{ key: string }>('post', '/service/keys', { name: 'Key', scopes })).body.key

  let prefix = ''
  let run = 0
  beforeEach(() => {
    prefix = `t${++run}:`
  })
  const provision = (...users: object[]) => call<Provisioned<'user', User>>('put', '/service/users', { users })
  /** Users with these external ids; their ids. */
  async function people(...names: string[]): Promise<readonly string[]> {
    const { body } = await provision(...names.map((name) => ({ external_id: prefix + name, name })))
    return body.items.map(({ user }) => user.id)
  }
  const group = (name: string, owner: string, members: readonly string[], more: object = {}) => {
    const wanted = {
      external_id: `${prefix}${name}`,
      name,
      owner: prefix + owner,
      members: members.map((member) => prefix + member),
      ...more,
    }
    return call<Provisioned<'chat', Chat>>('put', '/service/chats', { chats: [wanted] })
  }

  describe('users of a back end', () => {
    it('are made, updated, and left as they are', async () => {
      const anna = { external_id: `${prefix}anna`, name: 'Анна', avatar_url: 'https://a.example/1.png' }
      const bot = { external_id: `${prefix}bot`, name: 'Helper', kind: 'bot', username: `helper${run}` }
      const first = await provision(anna, bot)
      expect(first).toMatchObject({ status: 200, body: { items: [{ result: 'created' }, { result: 'created', user: { kind: 'bot' } }] } })
      const second = await provision({ external_id: anna.external_id, name: 'Anna' }, bot)
      expect(second.body.items).toMatchObject([
        { external_id: anna.external_id, result: 'updated', user: { name: 'Anna', avatar_url: anna.avatar_url } },
        { result: 'same' },
      ])
      const found = await call<Me>('get', `/service/users?external_id=${encodeURIComponent(anna.external_id)}`)
      expect(found).toMatchObject({ status: 200, body: { id: first.body.items[0]!.user.id, external_id: anna.external_id } })
      expect(await call('get', '/service/users?external_id=nobody')).toMatchObject({ status: 404, body: { code: 'user-not-found' } })
    })

    it('are made all or none', async () => {
      await server.register('Taken', { email: `taken${run}@example.com`, username: `taken${run}` })
      const free = { external_id: `${prefix}free`, name: 'Free' }
      const other = { external_id: `${prefix}other`, name: 'Other' }
      expect(await provision(free, { ...other, username: `taken${run}` })).toMatchObject({ status: 409, body: { code: 'username-taken' } })
      expect(await provision(free, { ...other, email: `taken${run}@example.com` })).toMatchObject({
        status: 409,
        body: { code: 'email-taken' },
      })
      expect(await provision(free, free)).toMatchObject({ status: 422, body: { errors: [{ pointer: '/users/1/external_id' }] } })
      expect(await provision(free, { ...other, avatar_url: 'http://a.example' })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/users/1/avatar_url' }] },
      })
      expect((await call('get', `/service/users?external_id=${encodeURIComponent(free.external_id)}`)).status).toBe(404)
    })

    it('get names of their own, however many are alike, and are made once by many at once', async () => {
      const users = Array.from({ length: 100 }, (_, i) => ({ external_id: `${prefix}${i}`, name: 'Same Name' }))
      const replies = await Promise.all([provision(...users), provision(...users), provision(...users)])
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200])
      expect(new Set(replies.flatMap(({ body }) => body.items.map(({ user }) => user.id))).size).toBe(100)
      expect(new Set(replies[0].body.items.map(({ user }) => user.username)).size).toBe(100)
    })

    it('are refused once they are disabled, and let in again', async () => {
      const { id, token, session } = await server.register('Dan')
      await server.app.ports.people.save([], [{ id: id as never, externalId: `${prefix}dan` }])
      await provision({ external_id: `${prefix}dan`, name: 'Dan', disabled: true })
      await expect
        .poll(() => server.call('get', '/users/me', { token }), { timeout: 6_000 })
        .toMatchObject({
          status: 401,
          body: { code: 'person-disabled' },
        })
      expect(await server.call('post', '/auth/refresh', { body: { refresh_token: session.refresh_token } })).toMatchObject({
        status: 401,
        body: { code: 'person-disabled' },
      })
      await provision({ external_id: `${prefix}dan`, name: 'Dan', disabled: false })
      expect((await server.call('get', '/users/me', { token })).status).toBe(200)
    })

    it('are deleted, and then new', async () => {
      const [id] = await people('eve')
      expect((await call('delete', `/service/users/${id}`)).status).toBe(204)
      expect(await call('delete', `/service/users/${id}`)).toMatchObject({ status: 404, body: { code: 'user-not-found' } })
      expect(await call('delete', `/service/users/${SYSTEM_ID}`)).toMatchObject({ status: 404 })
      const [again] = await people('eve')
      expect(again).not.toBe(id)
    })
  })

  describe('chats of a back end', () => {
    it('are made and changed as it wants them, by the system', async () => {
      const [anna, boris, carla] = await people('anna', 'boris', 'carla')
      const made = await group('order', 'anna', ['boris', 'anna'])
      expect(made).toMatchObject({ status: 200, body: { items: [{ result: 'created', chat: { me: null, unread: 0, member_count: 2 } }] } })
      const { id } = made.body.items[0]!.chat
      expect((await group('order', 'anna', ['boris'])).body.items[0]).toMatchObject({ result: 'same', chat: { id } })
      expect((await group('order', 'carla', [])).body.items[0]).toMatchObject({ result: 'updated', chat: { member_count: 3 } })
      expect((await group('order', 'carla', ['anna'], { exact: true, name: 'Order' })).body.items[0]).toMatchObject({
        result: 'updated',
        chat: { member_count: 2, name: 'Order' },
      })
      const members = await call<{ items: { user: User; role: string }[] }>('get', `/chats/${id}/members`)
      expect(members.body.items.map(({ user, role }) => [user.id, role])).toEqual([
        [anna, 'admin'],
        [carla, 'owner'],
      ])
      const log = await call<{ items: { type: string; actor_id: string }[] }>('get', `/chats/${id}/events?after=0`)
      expect(new Set(log.body.items.map(({ actor_id }) => actor_id))).toEqual(new Set([SYSTEM_ID]))
      expect(log.body.items.map(({ type }) => type)).toContain('member.removed')
      expect(boris).toBeDefined()
    })

    it('are made once by many at once', async () => {
      await people('anna', 'boris')
      const replies = await Promise.all(Array.from({ length: 8 }, () => group('room', 'anna', ['boris'])))
      expect(new Set(replies.map(({ body }) => body.items[0]!.chat.id)).size).toBe(1)
      expect(replies.filter(({ body }) => body.items[0]!.result === 'created')).toHaveLength(1)
    })

    it('name people that exist', async () => {
      await people('anna')
      expect(await group('room', 'anna', ['nobody'])).toMatchObject({
        status: 404,
        body: { code: 'user-not-found', user_ids: [`${prefix}nobody`] },
      })
    })
  })

  describe('a key', () => {
    it('posts to any chat as the system, and once', async () => {
      await people('anna')
      const { id } = (await group('room', 'anna', [])).body.items[0]!.chat
      const send = (text: string) => call<Message>('post', `/chats/${id}/messages`, { client_message_id: 'k', text }, { token: poster })
      const poster = await keyWith('post')
      const sent = await send('Maintenance tonight')
      expect(sent).toMatchObject({ status: 201, body: { sender: { id: SYSTEM_ID, name: 'System' } } })
      expect(await send('Maintenance tonight')).toMatchObject({ status: 200, body: { id: sent.body.id } })
      expect(await send('Other')).toMatchObject({ status: 409, body: { code: 'key-reused' } })
      expect(await call('get', `/chats/${id}`, undefined, { token: poster })).toMatchObject({
        status: 403,
        body: { requires: ['scope:read'] },
      })
      expect(await call('get', `/chats/${id}/messages/${sent.body.id}`)).toMatchObject({
        status: 200,
        body: { text: 'Maintenance tonight' },
      })
    })

    it('acts as somebody, named by either id', async () => {
      const [anna, boris] = await people('anna é', 'boris')
      const actor = await keyWith('act')
      const headers = [{ 'Act-As': anna! }, { 'Act-As': `ext:${encodeURIComponent(`${prefix}anna é`)}` }]
      for (const as of headers)
        expect(await call('get', '/users/me', undefined, { token: actor, headers: as })).toMatchObject({ body: { id: anna } })
      const said = await call(
        'post',
        `/users/${boris}/messages`,
        { client_message_id: 'k', text: 'hi' },
        { token: actor, headers: headers[0]! },
      )
      expect(said).toMatchObject({ status: 201, body: { sender: { id: anna } } })
      const noted = await call<{ items: { deed: string }[] }>('get', `/service/audit?user_id=${anna}`)
      // One row per key, user and day, whatever else the tests do to Anna.
      const acted = noted.body.items.filter(({ deed }) => deed === 'user.acted-as')
      expect(acted).toMatchObject([{ actor_id: SYSTEM_ID, key_id: actor.split('_')[1], user_id: anna }])
      const unknown = { token: actor, headers: { 'Act-As': 'ext:nobody' } }
      expect(await call('get', '/users/me', undefined, unknown)).toMatchObject({ status: 404, body: { code: 'user-not-found' } })
      const reader = { token: await keyWith('read'), headers: headers[0]! }
      expect(await call('get', '/users/me', undefined, reader)).toMatchObject({ status: 403, body: { requires: ['scope:act'] } })
      expect(await call('post', '/chats', { kind: 'group', name: 'No' }, { token: actor })).toMatchObject({
        status: 403,
        body: { requires: ['scope:act'] },
      })
      const deletion = await call('post', '/users/me/delete', { password: '' }, { token: actor, headers: headers[0]! })
      expect(deletion).toMatchObject({ status: 403, body: { requires: ['password'] } })
    })

    it('of a bot acts as that bot, in its chats', async () => {
      await people('anna')
      const bot = (await provision({ external_id: `${prefix}bot`, name: 'Bot', kind: 'bot' })).body.items[0]!.user
      const made = await call<{ key: string; id: string }>('post', '/service/keys', { name: 'Bot', bot_id: bot.id })
      expect(made).toMatchObject({ status: 201, body: { bot_id: bot.id, scopes: [] } })
      const token = made.body.key
      expect(await call('get', '/users/me', undefined, { token })).toMatchObject({ body: { id: bot.id, kind: 'bot' } })
      const foreign = (await group('foreign', 'anna', [])).body.items[0]!.chat.id
      const own = (await group('own', 'anna', ['bot'])).body.items[0]!.chat.id
      const text = { client_message_id: 'k', text: 'beep' }
      expect((await call('post', `/chats/${foreign}/messages`, text, { token })).status).toBe(404)
      expect((await call('post', `/chats/${own}/messages`, text, { token })).status).toBe(201)
      expect(await call('get', '/service/keys', undefined, { token })).toMatchObject({ status: 403, body: { requires: ['scope:admin'] } })
      expect((await call('post', '/service/keys', { name: 'No bot', bot_id: (await people('anna'))[0] })).status).toBe(404)
    })

    it('is listed without its secret, and revoked for good', async () => {
      const made = await call<{ key: string; id: string }>('post', '/service/keys', { name: 'Short', scopes: ['read'] })
      const { id, key: token } = made.body
      const listed = await call<{ items: { id: string }[] }>('get', '/service/keys')
      expect(listed.body.items.find((one) => one.id === id)).toEqual({
        id,
        name: 'Short',
        scopes: ['read'],
        bot_id: null,
        created_at: expect.any(String),
        expires_at: null,
      })
      expect((await call('get', '/chats', undefined, { token })).status).toBe(200)
      expect((await call('delete', `/service/keys/${id}`)).status).toBe(204)
      expect(await call('delete', `/service/keys/${id}`)).toMatchObject({ status: 404, body: { code: 'not-found' } })
      expect(await call('get', '/chats', undefined, { token })).toMatchObject({ status: 401 })
    })

    it.each(['wck_', `wck_${SYSTEM_ID}_${'a'.repeat(43)}`, 'wck_x_y'])('that nobody made is refused: %s', async (token) => {
      expect((await call('get', '/chats', undefined, { token })).status).toBe(401)
    })

    it('may send a body of up to a mebibyte', async () => {
      const large = {
        external_id: `${prefix}x`,
        name: 'x',
        owner: `${prefix}x`,
        members: Array.from({ length: 4_000 }, (_, i) => `nobody ${i}`.padEnd(200, '.')),
      }
      expect((await call('put', '/service/chats', { chats: [large] })).status).toBe(404)
      expect((await call('put', '/service/chats', { chats: [large, large, large] })).status).toBe(413)
    })
  })

  it('tokens that were issued before a revocation are refused', async () => {
    const { id, token, session } = await server.register('Gus')
    expect((await call('post', `/service/users/${id}/revoke`)).status).toBe(204)
    await expect.poll(async () => (await server.call('get', '/users/me', { token })).status, { timeout: 6_000 }).toBe(401)
    expect((await server.call('post', '/auth/refresh', { body: { refresh_token: session.refresh_token } })).status).toBe(401)
    expect((await call('post', `/service/users/${SYSTEM_ID}/revoke`)).status).toBe(404)
  })
})
