import { describe, expect, it } from 'vitest'
import { addressOf, baseOf, openCalls, readProblem, signedCalls } from '../../../src/client/calls/http.ts'
import { people } from '../../../src/client/calls/people.ts'
import { isPassing, isUncertain, isWorthRetrying, localError, problemError } from '../../../src/client/calls/problem.ts'
import { numbered, readEvent } from '../../../src/client/calls/read-event.ts'
import { readContent, readMessage, readPerson } from '../../../src/client/calls/read-wire.ts'
import { tokensOfSource } from '../../../src/client/calls/tokens.ts'
import { createAuth, isProblem, memorySessionStore, webSessionStore } from '../../../src/client/index.ts'
import { cell } from '../../../src/client/platform/store.ts'
import { virtualClock } from '../../../src/client/testing/clock.ts'
import { answered, clientOf, given, online } from './given.ts'

interface Asked {
  readonly address: string
  readonly init: RequestInit
}

/** Calls that are answered by a function. */
function calling(answer: (asked: Asked) => Response | Promise<Response>, closed?: AbortSignal) {
  const clock = virtualClock(0)
  const asked: Asked[] = []
  const fetch = async (address: string, init: RequestInit) => {
    asked.push({ address, init })
    const aborted = new Promise<never>((_, reject) => init.signal?.addEventListener('abort', () => reject(init.signal!.reason as Error)))
    return await Promise.race([answer({ address, init }), aborted])
  }
  const needs = { url: 'https://chat.example.org//', fetch: fetch as never, later: clock.later, ...(closed && { closed }) }
  return { clock, asked, needs }
}
const never = () => new Promise<Response>(() => {})
const codeOf = (error: unknown) => (isProblem(error) ? error.code : error)
const problem = (status: number, code: string) => problemError({ type: 'about:blank', title: 'No', status, code, request_id: '' })

describe('a call', () => {
  it('is sent with what it needs, and nothing else', async () => {
    const { needs, asked } = calling(() => new Response('{"a":1}'))
    expect(await openCalls(needs, 'secret')('editMessage', { params: { chat_id: 'c d', message_id: 'm' }, body: { text: 'x' } })).toEqual({
      a: 1,
    })
    expect(asked[0]!.address).toBe('https://chat.example.org/api/v1/chats/c%20d/messages/m')
    expect(asked[0]!.init).toMatchObject({
      method: 'PATCH',
      body: '{"text":"x"}',
      credentials: 'omit',
      headers: { 'accept': 'application/json', 'content-type': 'application/json', 'authorization': 'Bearer secret' },
    })
    await openCalls(needs)('getService')
    expect([asked[1]!.address, asked[1]!.init.method, asked[1]!.init.headers]).toEqual([
      'https://chat.example.org/api/v1',
      'GET',
      { accept: 'application/json' },
    ])
    expect(asked[1]!.init).not.toHaveProperty('body')
  })

  it('has an address of its path, its parameters and what is given of its query', () => {
    expect(addressOf('/chats/{chat_id}/x', { chat_id: 'a/b' }, { limit: 5, after: undefined, on: false })).toBe(
      '/chats/a%2Fb/x?limit=5&on=false',
    )
    expect([addressOf('/', {}, {}), addressOf('/', {}, { a: 'b c' }), addressOf('/x{x}', {}, {})]).toEqual(['', '?a=b+c', '/x'])
    expect([baseOf(''), baseOf('http://a'), baseOf('http://a/b/')]).toEqual(['/api/v1', 'http://a/api/v1', 'http://a/b/api/v1'])
  })

  it('resolves with nothing where nothing is answered', async () => {
    expect(await openCalls(calling(() => new Response('')).needs)('logout')).toBeUndefined()
  })

  it('rejects with what the service says, or with what can be said of its answer', async () => {
    const refused = calling(() => new Response('{"code":"muted","title":"Muted"}', { status: 403 }))
    await expect(openCalls(refused.needs)('getMe')).rejects.toMatchObject({ code: 'muted', status: 403, problem: { title: 'Muted' } })
    for (const text of ['<html>', '[]', 'null', '"code"', '{}'])
      expect(readProblem(text, 502)).toEqual({
        type: 'about:blank',
        title: 'The service answered 502',
        status: 502,
        code: 'unreadable',
        request_id: '',
      })
    const broken = calling(() => new Response('{ broken'))
    expect(codeOf(await openCalls(broken.needs)('getMe').catch((error: unknown) => error))).toBe('network')
    const unreachable = calling(() => Promise.reject(new TypeError('fetch failed')))
    expect(codeOf(await openCalls(unreachable.needs)('getMe').catch((error: unknown) => error))).toBe('network')
  })

  it('ends after a time, with the signal of the caller, or with the client', async () => {
    const client = new AbortController()
    const { needs, clock, asked } = calling(never, client.signal)
    const call = openCalls(needs)
    const code = (work: Promise<unknown>) => work.then(String, codeOf)
    const late = code(call('getMe'))
    await clock.advance(29_999)
    const stop = new AbortController()
    const stopped = code(call('getMe', { signal: stop.signal }))
    stop.abort('enough')
    expect(await stopped).toBe('enough')
    expect(asked.at(-1)!.init.signal!.aborted).toBe(true)
    await clock.advance(1)
    expect(await late).toBe('timeout')
    const closing = code(call('getMe', { signal: new AbortController().signal }))
    client.abort(localError('closed', 'This client is closed'))
    expect(await closing).toBe('closed')
    const count = asked.length
    expect([await code(call('getMe')), await code(signedCalls(needs, async () => 'token')('getMe'))]).toEqual(['closed', 'closed'])
    expect(asked).toHaveLength(count)
  })

  it('whose token is refused is repeated once with another', async () => {
    const tokens: unknown[] = []
    let failures = 1
    const { needs, asked } = calling(() => (failures-- > 0 ? Response.json({ code: 'token-expired' }, { status: 401 }) : Response.json(1)))
    const call = signedCalls(needs, async (spent) => (tokens.push(spent), `token ${tokens.length}`))
    expect(await call('getMe')).toBe(1)
    expect(tokens).toEqual([undefined, { token: 'token 1', reason: 'refused' }])
    expect(asked.map(({ init }) => (init.headers as Record<string, string>)['authorization'])).toEqual(['Bearer token 1', 'Bearer token 2'])
    failures = 2
    await expect(call('getMe')).rejects.toMatchObject({ code: 'token-expired' })
    expect(asked).toHaveLength(4)
    const other = calling(() => Response.json({ code: 'session-ended' }, { status: 401 }))
    await expect(signedCalls(other.needs, async () => 'token')('getMe')).rejects.toMatchObject({ code: 'session-ended' })
    expect(other.asked).toHaveLength(1)
  })
})

describe('a problem', () => {
  it('may pass, or leave open what has happened', () => {
    const all = [
      problem(399, 'x'),
      problem(400, 'x'),
      problem(401, 'x'),
      problem(408, 'x'),
      problem(422, 'x'),
      problem(429, 'x'),
      problem(499, 'x'),
      problem(500, 'x'),
    ]
    expect(all.map(isPassing)).toEqual([true, false, true, true, false, true, false, true])
    const some = [
      new Error('x'),
      localError('network', ''),
      problem(500, 'internal'),
      problem(503, 'overloaded'),
      problem(404, 'chat-not-found'),
    ]
    expect(some.map(isUncertain)).toEqual([true, true, true, false, false])
    const ends = [
      new Error('x'),
      localError('network', ''),
      localError('closed', ''),
      localError('signed-out', ''),
      problem(404, 'chat-not-found'),
    ]
    expect(ends.map(isWorthRetrying)).toEqual([true, true, false, false, false])
  })
})

describe('tokens of a function', () => {
  it('are kept until they are spent, and asked for once at a time', async () => {
    const reasons: string[] = []
    const errors: unknown[] = []
    const answers: unknown[] = ['one', '', 7, 'two']
    const source = { getToken: async ({ reason }: { reason: string }) => (reasons.push(reason), answers.shift() as string) }
    const getToken = tokensOfSource(source, (error) => errors.push(error))
    expect(await Promise.all([getToken(), getToken()])).toEqual(['one', 'one'])
    expect([await getToken(), await getToken({ token: 'zero', reason: 'refused' }), reasons]).toEqual(['one', 'one', ['first']])
    for (let times = 0; times < 2; times++)
      await expect(getToken({ token: 'one', reason: 'expired' })).rejects.toThrow('a string that is not empty')
    expect(errors).toHaveLength(2)
    expect(await getToken({ token: 'one', reason: 'refused' })).toBe('two')
    expect(reasons).toEqual(['first', 'expired', 'expired', 'refused'])
    await expect(getToken(undefined, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
  })
})

describe('a session', () => {
  const auth = async () => {
    const { server, ann, bob, clock } = await given({ accessTtlMs: 60_000 })
    const device = server.device()
    const store = memorySessionStore(ann.session())
    return { server, ann, bob, clock, device, store, auth: createAuth({ url: server.url, platform: device.platform, store }) }
  }

  it('is renewed shortly before its token expires, and when it is asked to be', async () => {
    const { auth: one, clock, store } = await auth()
    const first = await one.getToken()
    await clock.advance(29_999)
    expect(await one.getToken()).toBe(first)
    await clock.advance(1)
    const second = await answered(clock, one.getToken())
    expect(second).not.toBe(first)
    expect([one.session.get()?.accessToken, (await store.read())?.accessToken]).toEqual([second, second])
    expect(await answered(clock, one.getToken({ forceRefresh: true }))).not.toBe(second)
    await expect(one.getToken({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  })

  it('that the service has ended is kept nowhere', async () => {
    const { auth: one, server, ann, clock, store } = await auth()
    await one.restored
    await server.endSessions(ann.id)
    await expect(answered(clock, one.getToken({ forceRefresh: true }))).rejects.toMatchObject({ code: 'signed-out' })
    expect([one.session.get(), await store.read()]).toEqual([undefined, undefined])
    await expect(one.getToken()).rejects.toMatchObject({ code: 'signed-out' })
  })

  it('that its user has left gives no token, and is left once', async () => {
    const { auth: one, clock, device, server } = await auth()
    await answered(clock, one.logout())
    await expect(one.getToken()).rejects.toMatchObject({ code: 'signed-out' })
    const asked: unknown[] = []
    const fetch = ((...of: Parameters<typeof device.platform.fetch>) => (asked.push(of[0]), device.platform.fetch(...of))) as never
    const other = createAuth({ url: server.url, platform: device.platform, fetch, store: memorySessionStore() })
    await answered(clock, other.logout())
    await answered(clock, other.guest())
    for (let times = 0; times < 2; times++) await answered(clock, other.logout())
    expect(asked).toHaveLength(2)
  })

  it('of the next user is that of the next client', async () => {
    const { auth: one, server, clock, device } = await auth()
    await answered(clock, one.logout())
    const guest = await answered(clock, one.guest({ name: 'Guest' }))
    const { client } = clientOf(server, server.addPerson('Nobody'), { auth: one, device })
    await online(server, client)
    await clock.until(() => client.account.me.get() !== undefined)
    expect(client.account.me.get()?.id).toBe(guest.user.id)
  })

  it('is left although the service cannot be told, unless the caller has stopped it', async () => {
    const { auth: one, server, clock, store } = await auth()
    server.faults.isDown = true
    await answered(clock, one.logout())
    expect([one.session.get(), await store.read()]).toEqual([undefined, undefined])
    await answered(clock, one.logout())
    const { auth: other } = await auth()
    await expect(other.logout({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  })

  it('of this tab is that of the store once another tab has renewed it', async () => {
    const { auth: one, server, clock, store, device } = await auth()
    const other = createAuth({ url: server.url, platform: server.device(device).platform, store })
    await Promise.all([one.restored, other.restored])
    await clock.advance(40_000)
    const renewed = await answered(clock, one.getToken())
    server.refuse('refresh', 'internal' as never)
    expect(await answered(clock, other.getToken())).toBe(renewed)
    expect(other.session.get()?.accessToken).toBe(renewed)
  })

  it('has a name in the storage of the browser', () => {
    const kept = new Map<string, string>()
    const storage = {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, text: string) => void kept.set(name, text),
      removeItem: (name: string) => void kept.delete(name),
    }
    void webSessionStore(storage).write({} as never)
    void webSessionStore(storage, 'own').write({} as never)
    expect([...kept.keys()]).toEqual(['windi-chat.session', 'own'])
    expect(webSessionStore(storage, 'none').read()).toBeUndefined()
  })
})

describe('whose presence is known', () => {
  it('are the latest of many, until they are out of sight', () => {
    const crowd = people(async () => undefined as never, cell<readonly string[]>([]))
    let calls = 0
    crowd.presence.subscribe(() => calls++)
    crowd.unknown()
    crowd.present([])
    crowd.absent(['nobody'])
    expect(calls).toBe(0)
    crowd.present(['a', 'b'])
    crowd.update({ user_id: 'a', online: false, last_seen_at: '1970-01-01T00:00:00.005Z' })
    expect([...crowd.presence.get()]).toEqual([
      ['b', { isOnline: true, lastSeenAt: undefined }],
      ['a', { isOnline: false, lastSeenAt: 5 }],
    ])
    crowd.absent(['b', 'c'])
    expect([[...crowd.presence.get().keys()], calls]).toEqual([['a'], 3])
    crowd.present(Array.from({ length: 2_000 }, (_, i) => `p${i}`))
    expect([crowd.presence.get().size, crowd.presence.get().has('a'), crowd.presence.get().has('p0')]).toEqual([2_000, false, true])
    crowd.unknown()
    expect(crowd.presence.get().size).toBe(0)
  })
})

describe('what an older service sends', () => {
  const old = {
    id: 'm',
    chat_id: 'c',
    seq: 3,
    sender: { id: 'u', username: null, name: null },
    text: null,
    version: 1,
    created_at: '1970-01-01T00:00:00.001Z',
    edited_at: null,
    deleted_at: null,
  }

  it('is read with what is usual in place of what is missing', () => {
    const nothing = { format: 'text', mentions: [], attachments: [], data: undefined }
    expect(readContent({})).toEqual(nothing)
    const read = {
      ...nothing,
      id: 'm',
      chatId: 'c',
      seq: 3,
      text: undefined,
      at: 1,
      reactions: [],
      reactionsSeq: 3,
      myReactions: [],
      myReactionsSeq: 3,
    }
    expect(readMessage(old as never)).toMatchObject({
      ...read,
      sender: { id: 'u', username: undefined, name: undefined },
      forwardedFrom: undefined,
    })
    const now = { ...old, reactions: [{ emoji: '👍', count: 2, user_ids: ['u'] }], reactions_seq: 7, my_reactions: ['👍'] }
    expect(readMessage(now as never)).toMatchObject({
      reactions: [{ emoji: '👍', count: 2, userIds: ['u'] }],
      reactionsSeq: 7,
      myReactions: ['👍'],
      myReactionsSeq: 7,
    })
    const { my_reactions: _, ...event } = now
    expect(readMessage(event as never)).toMatchObject({ reactionsSeq: 7, myReactions: [], myReactionsSeq: 3 })
    const forwarded = { ...old, forwarded_from: { sender: { id: 'x', username: 'x', name: 'X' }, created_at: '1970-01-01T00:00:00.002Z' } }
    expect(readMessage(forwarded as never).forwardedFrom).toEqual({ sender: { id: 'x', username: 'x', name: 'X' }, at: 2 })
    const person = {
      id: 'u',
      username: 'u',
      name: 'U',
      kind: 'person',
      avatar_url: 'https://a',
      avatar: 'f',
      last_seen_at: '1970-01-01T00:00:00.005Z',
    }
    expect(readPerson(person as never)).toEqual({
      id: 'u',
      username: 'u',
      name: 'U',
      kind: 'person',
      avatarUrl: 'https://a',
      avatar: 'f',
      lastSeenAt: 5,
    })
  })

  it('has its numbers, also where it has no event', () => {
    const first = { seq: 5, type: 'chat.renamed' } as never
    expect(numbered([null, first, null, null], 2).map(({ seq }) => seq)).toEqual([3, 5, 6, 7])
    expect(readEvent({ type: 'toString', seq: 1, at: '' } as never, 'me')).toBeUndefined()
    const changes = [
      { emoji: '👍', on: true, user_ids: ['me', 'u'] },
      { emoji: '❤️', on: false, user_ids: ['u'] },
    ]
    const reacted = {
      type: 'message.reacted',
      seq: 4,
      at: '1970-01-01T00:00:00.004Z',
      message_id: 'm',
      message_seq: 3,
      reactions: [],
      reactions_seq: 4,
      changes,
    }
    expect(readEvent(reacted as never, 'me')).toEqual({
      type: 'message.reacted',
      seq: 4,
      at: 4,
      messageId: 'm',
      messageSeq: 3,
      reactions: [],
      reactionsSeq: 4,
      mine: [{ emoji: '👍', on: true }],
    })
  })
})
