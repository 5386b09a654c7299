import { describe, expect, it } from 'vitest'
import { memoryPorts } from '../../../src/adapters/memory/ports.ts'
import type { Caller } from '../../../src/application/chat-api.ts'
import type { Ports } from '../../../src/application/ports/ports.ts'
import { provisionChats } from '../../../src/application/service/provision-chats.ts'
import { asId, SYSTEM_ID, type UserId } from '../../../src/domain/ids.ts'
import { type Change, processes } from './unpolled.ts'

const key = { userId: SYSTEM_ID, sessionId: asId('key'), via: 'key', keyId: 'k', scopes: ['admin', 'provision'] } as unknown as Caller
const page = { limit: 10 }

function scene(change: Change = () => ({})) {
  let chance = 0
  const here = processes(1, { change: (ports) => ({ random: () => (++chance % 1_000) / 1_000, ...change(ports) }) })
  const { api } = here.app
  const users = async (...all: object[]) => api.provisionUsers(key, { users: all as never })
  const one = async (user: object) => (await users({ externalId: 'a', name: 'Ann', ...user }))[0]!
  const chats = async (...all: object[]) => api.provisionChats(key, { chats: all as never })
  return { here, api, users, one, chats }
}
const refused = (pointer: string, detail: unknown = expect.any(String)) => ({ code: 'invalid', facts: { errors: [{ pointer, detail }] } })

describe('a key', () => {
  it('has scopes, or belongs to a bot', async () => {
    const { api, here } = scene()
    const ann = await here.person('Ann')
    const make = (more: object) => api.createKey(key, { name: 'Key', ...more })
    await expect(make({})).rejects.toMatchObject(refused('/scopes', 'names at least one, unless the key is of a bot'))
    await expect(make({ scopes: [] })).rejects.toMatchObject(refused('/scopes'))
    const ofBot = { scopes: ['read'], botId: ann.userId }
    await expect(make(ofBot)).rejects.toMatchObject(refused('/scopes', 'is left out for a bot'))
    for (const botId of [ann.userId, 'nobody'])
      await expect(make({ botId })).rejects.toMatchObject({ code: 'user-not-found', facts: { userIds: [botId] } })
    here.store.people.get(ann.userId)!.user = { ...here.store.people.get(ann.userId)!.user, kind: 'bot' }
    expect((await make({ botId: ann.userId })).key).toMatchObject({ botId: ann.userId, scopes: [] })
  })

  it('says what it was made with, and its text this once', async () => {
    const { api, here } = scene()
    const expiresAt = here.clock.now() + 1
    const { key: made, text } = await api.createKey(key, { name: ' Key ', scopes: ['read', 'post', 'read'], expiresAt })
    expect(made).toEqual({
      id: expect.any(String),
      name: 'Key',
      scopes: ['read', 'post'],
      botId: undefined,
      expiresAt,
      hash: 'secret',
      createdAt: here.clock.now(),
      revokedAt: undefined,
    })
    expect(text).toContain('secret')
    expect((await api.listKeys(key, page)).items.map(({ id }) => id)).toEqual([made.id])
    for (const at of [here.clock.now(), here.clock.now() - 1])
      await expect(api.createKey(key, { name: 'Key', scopes: ['read'], expiresAt: at })).rejects.toMatchObject(
        refused('/expires_at', 'is in the future'),
      )
    await api.revokeKey(key, made.id)
    await expect(api.revokeKey(key, made.id)).rejects.toMatchObject({ code: 'not-found' })
    const deeds = here.store.accounts.deeds.map(({ name, facts }) => [name, facts])
    expect(deeds).toEqual([
      ['key.made', { key_id: made.id }],
      ['key.revoked', { key_id: made.id }],
    ])
  })
})

describe('a user of a back end', () => {
  it('is made, changed, or left as it is', async () => {
    const { here, one } = scene()
    const made = await one({ email: 'Ann@Example.com', avatarUrl: 'https://example.com/a.png' })
    expect(made).toMatchObject({ externalId: 'a', result: 'created' })
    expect(made.user).toMatchObject({
      name: 'Ann',
      username: 'ann',
      email: 'ann@example.com',
      avatarUrl: 'https://example.com/a.png',
      kind: 'person',
      createdAt: here.clock.now(),
    })
    expect(await one({})).toEqual({ ...made, result: 'same' })
    expect(await one({ name: ' Anna ' })).toMatchObject({ result: 'updated', user: { name: 'Anna', username: 'ann' } })
    expect(await one({ name: 'Anna', username: 'ANNA' })).toMatchObject({ result: 'updated', user: { username: 'anna' } })
    expect(await one({ name: 'Anna', kind: 'bot' })).toMatchObject({ result: 'updated', user: { kind: 'bot' } })
    expect((await one({ name: 'Anna', kind: 'bot' })).result).toBe('same')
  })

  it('has a picture until it has none', async () => {
    const { one } = scene()
    expect((await one({ avatarUrl: null })).user.avatarUrl).toBeUndefined()
    expect((await one({ avatarUrl: null })).result).toBe('same')
    expect(await one({ avatarUrl: 'https://example.com/a.png' })).toMatchObject({ result: 'updated' })
    expect((await one({})).user.avatarUrl).toBe('https://example.com/a.png')
    const bare = await one({ avatarUrl: null })
    expect([bare.result, bare.user.avatarUrl]).toEqual(['updated', undefined])
  })

  it('is disabled and enabled, from the beginning if that is asked for', async () => {
    const { here, one } = scene()
    const at = async (disabled?: boolean) => {
      const { result, user } = await one({ disabled })
      return [result, user.disabledAt]
    }
    const now = here.clock.now()
    expect([await at(true), await at(true), await at()]).toEqual([
      ['created', now],
      ['same', now],
      ['same', now],
    ])
    expect([await at(false), await at(false), await at(true)]).toEqual([
      ['updated', undefined],
      ['same', undefined],
      ['updated', now],
    ])
  })

  it('is one of several that are all saved or none, and named in what is refused', async () => {
    const { here, users } = scene()
    const ann = { externalId: 'a', name: 'Ann' }
    const before = here.store.people.size
    await expect(users(ann, { externalId: 'b', name: ' ' })).rejects.toMatchObject(refused('/users/1/name'))
    await expect(users(ann, { externalId: 'b', name: 'B' }, { ...ann, name: 'C' })).rejects.toMatchObject(
      refused('/users/2/external_id', 'is not the same as that of another'),
    )
    await expect(users({ ...ann, email: 'nothing' })).rejects.toMatchObject(refused('/users/0/email'))
    expect(here.store.people.size).toBe(before)
    const both = await users(ann, { externalId: 'b', name: 'Bob', disabled: true })
    expect(both.map(({ externalId, user }) => [externalId, user.name, user.disabledAt])).toEqual([
      ['a', 'Ann', undefined],
      ['b', 'Bob', here.clock.now()],
    ])
  })

  it('has a username that nobody has, unless it asks for one', async () => {
    const { users } = scene()
    const [first, second] = [await users({ externalId: 'a', name: 'Ann' }), await users({ externalId: 'b', name: 'Ann' })]
    expect([first[0]!.user.username, second[0]!.user.username]).toEqual(['ann', expect.stringMatching(/^ann-\d{4}$/)])
    await expect(users({ externalId: 'c', name: 'C', username: 'ann' })).rejects.toMatchObject({ code: 'username-taken' })
    await users({ externalId: 'd', name: 'D', email: 'd@example.com' })
    await expect(users({ externalId: 'e', name: 'E', email: 'd@example.com' })).rejects.toMatchObject({ code: 'email-taken' })
  })

  it('gets longer numbers the more are taken, and is refused in the end', async () => {
    const tried: string[] = []
    const change: Change = ({ people }) => ({
      people: {
        ...people,
        async save(added) {
          tried.push(added[0]!.username)
          return 'username-taken'
        },
      },
    })
    const { users } = scene(change)
    await expect(users({ externalId: 'a', name: 'Ann' })).rejects.toMatchObject({ code: 'username-taken' })
    expect(tried).toHaveLength(40)
    const digits = tried.slice(1).map((name) => name.split('-')[1]!.length)
    expect(digits).toEqual(Array.from({ length: 39 }, (_, i) => Math.min(12, 4 + 2 * Math.floor((i + 1) / 8))))
  })

  it('that another call has just made is updated', async () => {
    let isFirst = true
    const change: Change = ({ people }) => ({
      people: {
        ...people,
        async external(ids) {
          const all = await people.external(ids)
          if (!isFirst) return all
          isFirst = false
          return new Map()
        },
      },
    })
    const { here, users } = scene(change)
    isFirst = false
    await users({ externalId: 'a', name: 'Ann' })
    isFirst = true
    expect((await users({ externalId: 'a', name: 'Anna' }))[0]).toMatchObject({ result: 'updated', user: { name: 'Anna' } })
    expect([...here.store.people.values()].filter(({ user }) => user.externalId === 'a')).toHaveLength(1)
  })

  it('is found, deleted and signed out by its ids', async () => {
    const { here, api, one } = scene()
    const { user } = await one({})
    expect((await api.findExternalUser(key, { externalId: 'a' })).id).toBe(user.id)
    await expect(api.findExternalUser(key, { externalId: 'b' })).rejects.toMatchObject({
      code: 'user-not-found',
      facts: { userIds: ['b'] },
    })
    const caller = { userId: user.id, sessionId: asId<never>('session') }
    const line = await here.live(caller)
    const session = { id: caller.sessionId, userId: user.id, expiresAt: here.clock.now() + 1e9, lastUsedAt: 0, createdAt: 0 }
    here.store.sessions.set(caller.sessionId, session as never)
    await api.revokeTokens(key, user.id)
    expect([here.store.people.get(user.id)!.tokensAfter, line.endings.length]).toEqual([here.clock.now(), 1])
    await api.deleteUser(key, user.id)
    expect(here.store.accounts.deeds).toMatchObject([{ name: 'user.deleted', userId: user.id, keyId: 'k' }])
    for (const id of [user.id, SYSTEM_ID, 'nobody' as UserId])
      for (const call of [api.deleteUser(key, id), api.revokeTokens(key, id)])
        await expect(call).rejects.toMatchObject({ code: 'user-not-found', facts: { userIds: [id] } })
  })
})

describe('a group of a back end', () => {
  const wanted = { externalId: 'g', name: ' Group ', owner: 'a', members: ['b', 'a', 'b'] }
  const people = ['a', 'b', 'c'].map((externalId) => ({ externalId, name: externalId }))

  it('is made, changed, or left as it is', async () => {
    const { users, chats, api } = scene()
    const ids = (await users(...people)).map(({ user }) => user.id)
    const [made] = await chats(wanted)
    const chatId = made!.view.chat.id
    expect(made).toMatchObject({ externalId: 'g', result: 'created', view: { chat: { name: 'Group' } } })
    const members = async () => (await api.listMembers(key, chatId, page)).items.map(({ person }) => person.id).toSorted()
    expect([await members(), (await chats(wanted))[0]!.result]).toEqual([ids.slice(0, 2).toSorted(), 'same'])
    expect((await chats({ ...wanted, members: ['c'] }))[0]).toMatchObject({ result: 'updated' })
    expect(await members()).toEqual(ids.toSorted())
    expect((await chats({ ...wanted, members: ['c'], exact: true }))[0]).toMatchObject({ result: 'updated' })
    expect(await members()).toEqual([ids[0]!, ids[2]!].toSorted())
    expect((await chats({ ...wanted, name: 'Other', members: [] }))[0]!.view.chat).toMatchObject({ id: chatId, name: 'Other' })
  })

  it('has users who are there, a name and an id', async () => {
    const { users, chats } = scene()
    await users(...people)
    const unknown = { ...wanted, members: ['b', 'x', 'y', 'x'] }
    await expect(chats(unknown)).rejects.toMatchObject({ code: 'user-not-found', facts: { userIds: ['x', 'y'] } })
    await expect(chats({ ...wanted, name: ' ' })).rejects.toMatchObject({ code: 'invalid' })
    await expect(chats({ ...wanted, externalId: '' })).rejects.toMatchObject({ code: 'invalid' })
  })

  it('is looked at again where its members change meanwhile, five times at most', async () => {
    let tries = 0
    const change: Change = ({ log }) => ({
      log(onCommit) {
        const made = log(onCommit)
        return {
          ...made,
          async change(scope, decide) {
            if (!scope.outsiders) return made.change(scope, decide)
            tries++
            return 'stale' as never
          },
        }
      },
    })
    const { users, chats } = scene(change)
    await users(...people)
    await expect(chats(wanted)).rejects.toMatchObject({ code: 'overloaded' })
    expect(tries).toBe(5)
  })

  it('with more members than a page is kept whole', async () => {
    const { users, chats, api } = scene()
    const many = Array.from({ length: 150 }, (_, i) => ({ externalId: `u${i}`, name: `U${i}` }))
    await users(...many)
    const all = { externalId: 'g', name: 'G', owner: 'u0', members: many.map(({ externalId }) => externalId) }
    await chats(all)
    const [left] = await chats({ ...all, members: ['u1'], exact: true })
    expect(left!.view.chat.memberCount).toBe(2)
    expect((await api.listMembers(key, left!.view.chat.id, { limit: 200 })).items).toHaveLength(2)
  })

  it('that is gone at once is not found', async () => {
    const { here, users } = scene()
    await users(...people)
    const ports = memoryPorts(here.store, () => {})
    const chats = { ...ports.chats, get: async () => undefined }
    const gone = { ...ports, chats, clock: here.clock.now, newId: () => 'new' } as unknown as Ports
    await expect(provisionChats(gone)(key, { chats: [wanted] })).rejects.toMatchObject({
      code: 'chat-not-found',
      facts: { chatId: 'new' },
    })
  })
})
