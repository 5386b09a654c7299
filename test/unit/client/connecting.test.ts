import { describe, expect, it } from 'vitest'
import { type ConnectionState, createAuth, createChat, memorySessionStore, type SocketLike } from '../../../src/client/index.ts'
import { clientOf, given, lines, online } from './given.ts'

const statuses = (states: readonly ConnectionState[]) => states.map(({ status }) => status)

describe('the connection', () => {
  it('goes from idle to online', async () => {
    const { server, ann } = await given()
    const { client } = clientOf(server, ann)
    const states: ConnectionState[] = []
    client.connection.subscribe(() => states.push(client.connection.get()))
    await online(server, client)
    expect(statuses(states)).toEqual(['online'])
  })

  it('comes back with growing jitter, says when, and starts small again after a stable while', async () => {
    const { server, ann, clock } = await given()
    const { client } = clientOf(server, ann)
    await online(server, client)
    await clock.advance(20_000)
    server.faults.isDown = true
    server.restart()
    const waits: number[] = []
    client.connection.subscribe(() => {
      const state = client.connection.get()
      if (state.status === 'waiting') waits.push(state.retryAt - clock.now())
    })
    await clock.advance(200_000)
    expect(waits.length).toBeGreaterThan(6)
    expect(waits.every((ms, i) => ms >= 0 && ms <= Math.min(30_000, 500 * 2 ** (i + 1)))).toBe(true)
    expect(new Set(waits).size).toBeGreaterThan(waits.length / 2)
    server.faults.isDown = false
    await online(server, client)
    await clock.advance(20_000)
    server.restart()
    await clock.until(() => client.connection.get().status === 'waiting')
    expect(client.connection.get()).toMatchObject({ attempt: 1 })
  })

  it('does not start small again when it breaks at once', async () => {
    const { server, ann, clock } = await given()
    const { client } = clientOf(server, ann)
    await online(server, client)
    for (let i = 1; i <= 4; i++) {
      server.restart()
      await clock.until(() => client.connection.get().status === 'waiting')
      expect(client.connection.get()).toMatchObject({ attempt: i })
      await online(server, client)
    }
  })

  it('tries at once when asked', async () => {
    const { server, ann, clock } = await given()
    const { client } = clientOf(server, ann)
    await online(server, client)
    server.faults.isDown = true
    server.restart()
    await clock.advance(120_000)
    server.faults.isDown = false
    client.reconnectNow()
    await clock.advance(100)
    expect(client.connection.get()).toEqual({ status: 'online' })
  })

  it('follows the network and the page', async () => {
    const { server, ann, clock } = await given()
    const { client, device } = clientOf(server, ann)
    await online(server, client)
    device.setOnline(false)
    expect(client.connection.get()).toEqual({ status: 'offline' })
    device.setOnline(true)
    await clock.advance(100)
    expect(client.connection.get().status).toBe('online')
    server.faults.isDown = true
    server.restart()
    await clock.advance(120_000)
    server.faults.isDown = false
    device.show()
    await clock.advance(100)
    expect(client.connection.get().status).toBe('online')
  })

  it('finds out that a line is half open, by its silence', async () => {
    const { server, ann, clock } = await given()
    const { client, device } = clientOf(server, ann)
    await online(server, client)
    device.freeze()
    await clock.advance(45_000)
    expect(client.connection.get().status).toBe('online')
    const states: ConnectionState[] = []
    client.connection.subscribe(() => states.push(client.connection.get()))
    await clock.advance(35_000)
    expect(statuses(states).slice(0, 2)).toEqual(['waiting', 'connecting'])
    expect(client.connection.get().status).toBe('online')
  })

  it('finds out sooner when the page is shown again', async () => {
    const { server, ann, clock } = await given()
    const { client, device } = clientOf(server, ann)
    await online(server, client)
    await clock.advance(1_000)
    device.freeze()
    device.show()
    await clock.advance(4_900)
    expect(client.connection.get().status).toBe('online')
    const states: ConnectionState[] = []
    client.connection.subscribe(() => states.push(client.connection.get()))
    await clock.advance(200)
    // It may have come back already.
    expect(statuses(states)[0]).toBe('waiting')
  })

  it('stays up while nothing happens but heartbeats', async () => {
    const { server, ann, clock } = await given()
    const { client } = clientOf(server, ann)
    await online(server, client)
    const states: ConnectionState[] = []
    client.connection.subscribe(() => states.push(client.connection.get()))
    await clock.advance(3_600_000)
    expect(states).toEqual([])
  })

  it('says nothing on a socket that is closing, and takes the end as it is told', async () => {
    const { server, ann, chatId, clock } = await given()
    const device = server.device()
    let isClosing = false
    const unheard: string[] = []
    class Closing {
      constructor(url: string) {
        const socket = new device.platform.WebSocket!(url)
        const { send } = socket
        const value = (text: string) => (isClosing ? unheard.push(text) : send(text))
        return Object.defineProperties(socket, { readyState: { get: () => (isClosing ? 2 : 1) }, send: { value } })
      }
    }
    const platform = { ...device.platform, WebSocket: Closing as never }
    const { client, defects } = clientOf(server, ann, { platform })
    await online(server, client)
    isClosing = true
    client.chat(chatId).open()
    client.chat(chatId).setTyping(true)
    const sent = client.chat(chatId).send('hello')
    await clock.advance(100)
    await server.endSessions(ann.id)
    await clock.until(() => client.connection.get().status !== 'online')
    expect(client.connection.get()).toMatchObject({ status: 'stopped', code: 4403 })
    expect(unheard).toEqual([])
    expect(defects).toEqual([])
    expect(sent.get().status).not.toBe('sent')
  })

  it('moves over when the process drains', async () => {
    const { server, ann, clock } = await given()
    const { client } = clientOf(server, ann)
    await online(server, client)
    const states: ConnectionState[] = []
    client.connection.subscribe(() => states.push(client.connection.get()))
    server.say({ type: 'reconnect', after_ms: 2_000 })
    await clock.advance(3_000)
    expect(statuses(states)).toEqual(['connecting', 'online'])
  })

  it.each([
    [4409, 'replaced'],
    [4400, 'protocol'],
    [1009, 'protocol'],
    [1003, 'protocol'],
  ] as const)('stops at %i: %s', async (code, reason) => {
    const { server, ann, clock } = await given()
    const { client } = clientOf(server, ann)
    await online(server, client)
    server.restart(code)
    await clock.advance(600_000)
    expect(client.connection.get()).toEqual({ status: 'stopped', reason, code })
    client.reconnectNow()
    await online(server, client)
  })

  it.each([1001, 1006, 1011, 1012, 4000, 4001, 4002, 4029])('comes back after %i', async (code) => {
    const { server, ann, clock } = await given()
    const { client } = clientOf(server, ann)
    await online(server, client)
    server.restart(code)
    await clock.until(() => client.connection.get().status === 'waiting')
    await online(server, client)
    expect(client.connection.get()).toEqual({ status: 'online' })
  })

  it('leaves a line on which it cannot come online, says why, and comes back', async () => {
    const { server, ann, clock } = await given()
    const device = server.device()
    let isSpoilt = true
    const spoil = (text: string) => (isSpoilt ? text.replace('"heads":{', '"neck":{') : text)
    let opened = 0
    let closed = 0
    function Spoiling(url: string) {
      opened++
      return new Proxy<SocketLike>(new device.platform.WebSocket!(url), {
        get: (socket, name: 'close') => (name === 'close' ? () => (closed++, socket.close()) : socket[name]),
        set(socket, name: 'onmessage', hear: ((event: { data: string }) => void) | null) {
          socket[name] = name === 'onmessage' && hear ? ({ data }: { data: string }) => hear({ data: spoil(data) }) : hear
          return true
        },
      })
    }
    const { client, defects } = clientOf(server, ann, { device, WebSocket: Spoiling as never })
    await clock.until(() => client.connection.get().status === 'waiting')
    expect(defects).toMatchObject([{ error: { name: 'TypeError' }, during: 'coming online' }])
    expect([opened, closed]).toEqual([1, 1])
    isSpoilt = false
    await online(server, client)
    expect(defects).toHaveLength(1)
  })

  it('lets a newer connection of the same device take over', async () => {
    const { server, ann, clock } = await given()
    const first = clientOf(server, ann, { deviceId: 'desk' })
    await online(server, first.client)
    const second = clientOf(server, ann, { deviceId: 'desk' })
    await online(server, second.client)
    await clock.until(() => first.client.connection.get().status === 'stopped')
    expect(first.client.connection.get()).toMatchObject({ reason: 'replaced' })
  })

  it('stops when the session has ended', async () => {
    const { server, ann, clock } = await given()
    const { client } = clientOf(server, ann)
    await online(server, client)
    await server.endSessions(ann.id)
    await clock.advance(60_000)
    expect(client.connection.get()).toEqual({ status: 'stopped', reason: 'signed-out', code: 4403 })
  })

  it('does nothing after close', async () => {
    const { server, ann, clock } = await given()
    const { client } = clientOf(server, ann)
    await online(server, client)
    client.close()
    client.reconnectNow()
    await clock.advance(60_000)
    expect(client.connection.get()).toEqual({ status: 'stopped', reason: 'closed', code: undefined })
  })
})

describe('staying signed in', () => {
  const signedIn = async (accessTtlMs: number) => {
    const { server, ann, ...rest } = await given({ accessTtlMs })
    const { platform } = server.device()
    const store = memorySessionStore(ann.session())
    const counted = { refreshes: 0 }
    const fetch: typeof globalThis.fetch = (input, init) => {
      if ((input as string).endsWith('/auth/refresh')) counted.refreshes++
      return platform.fetch(input, init)
    }
    const auth = createAuth({ url: server.url, platform: { ...platform, fetch }, store })
    await auth.restored
    const client = createChat({ url: server.url, auth, platform: { ...platform, fetch } })
    return { server, ann, auth, client, counted, store, platform, ...rest }
  }

  it('renews the token on the open socket, before it ends', async () => {
    const { server, client, clock, counted } = await signedIn(120_000)
    client.start()
    await online(server, client)
    const states: ConnectionState[] = []
    client.connection.subscribe(() => states.push(client.connection.get()))
    await clock.advance(600_000)
    expect(states).toEqual([])
    expect(counted.refreshes).toBeGreaterThan(4)
    expect(counted.refreshes).toBeLessThan(9)
    client.close()
  })

  it('renews a token that has ended meanwhile, and goes on', async () => {
    const { server, client, clock, ann, chatId } = await signedIn(60_000)
    await clock.advance(300_000)
    client.start()
    await online(server, client)
    const sent = client.chat(chatId).send('still here')
    await clock.until(() => sent.get().status === 'sent')
    expect(server.texts(chatId)).toEqual(['still here'])
    expect(client.account.me.get()?.id).toBe(ann.id)
    client.close()
  })

  it('asks once, however many need a token', async () => {
    const { auth, clock, counted } = await signedIn(60_000)
    await clock.advance(50_000)
    const tokens = Promise.all(Array.from({ length: 10 }, () => auth.getToken()))
    await clock.advance(1_000)
    expect(new Set(await tokens).size).toBe(1)
    expect(counted.refreshes).toBe(1)
  })

  it('asks once for all tabs that share a session', async () => {
    const { server, clock, store, counted, platform, auth } = await signedIn(60_000)
    let others = 0
    const fetch: typeof globalThis.fetch = (input, init) => {
      if ((input as string).endsWith('/auth/refresh')) others++
      return platform.fetch(input, init)
    }
    const other = createAuth({ url: server.url, platform: { ...platform, fetch }, store })
    await other.restored
    await clock.advance(50_000)
    const tokens = Promise.all([auth.getToken(), other.getToken()])
    await clock.advance(1_000)
    expect(new Set(await tokens).size).toBe(1)
    expect(counted.refreshes + others).toBe(1)
  })

  it('forgets a session that is over, and keeps one that cannot be reached', async () => {
    const { server, auth, client, clock, ann } = await signedIn(60_000)
    await clock.advance(50_000)
    server.faults.isDown = true
    const refused = auth.getToken().catch((error: { code: string }) => error.code)
    await clock.advance(1_000)
    expect(await refused).toBe('network')
    expect(auth.session.get()).toBeDefined()
    server.faults.isDown = false
    client.start()
    await online(server, client)
    await server.endSessions(ann.id)
    await clock.until(() => auth.session.get() === undefined)
    expect(client.connection.get()).toMatchObject({ status: 'stopped', reason: 'signed-out' })
    client.close()
  })

  it('takes tokens from a function', async () => {
    const { server, ann, chatId } = await given()
    const { platform } = server.device()
    const session = ann.session()
    let asked = 0
    const auth = { getToken: () => Promise.resolve(asked++ === 0 ? 'stale' : session.accessToken) }
    const client = createChat({ url: server.url, auth, platform })
    client.start()
    await online(server, client)
    const sent = client.chat(chatId).send('hello')
    await server.clock.until(() => sent.get().status === 'sent')
    client.chat(chatId).open()
    await server.clock.until(() => lines(client, chatId).length === 1)
    expect(lines(client, chatId)).toEqual(['hello (sent)'])
    client.close()
  })

  it('signs up, in and out, and comes in as a guest', async () => {
    const { server } = await given()
    const { platform } = server.device()
    const auth = createAuth({ url: server.url, platform })
    const done = async <T>(work: Promise<T>) => {
      let isOver = false
      const watched = work.finally(() => (isOver = true))
      watched.catch(() => {})
      await server.clock.until(() => isOver)
      return await watched
    }
    expect(await done(auth.service())).toMatchObject({ guest: true })
    const account = { email: 'cid@example.com', password: 'correct horse' }
    await done(auth.register({ name: 'Cid', ...account }))
    expect(auth.session.get()?.user).toMatchObject({ name: 'Cid', username: 'cid' })
    await done(auth.logout())
    expect(auth.session.get()).toBeUndefined()
    await expect(done(auth.login({ login: 'cid', password: 'wrong' }))).rejects.toMatchObject({ code: 'bad-credentials', status: 401 })
    await done(auth.login({ login: account.email, password: account.password }))
    expect(auth.session.get()?.user.name).toBe('Cid')
    await done(auth.guest())
    expect(auth.session.get()?.user.name).toMatch(/^Guest \d{4}$/)
  })
})

it('keeps a chat that was opened while the service answered which chats there are', async () => {
  const { server, ann, clock } = await given()
  const cid = server.addPerson('Cid')
  const device = server.device()
  const held: (() => void)[] = []
  function Slow(url: string) {
    const socket = new device.platform.WebSocket!(url)
    return new Proxy(socket, {
      get: (_, name: 'send') => socket[name],
      set(_, name: 'onmessage', listener: (event: { data: string }) => void) {
        const late = (event: { data: string }) =>
          event.data.includes('"heads"') && held.length === 0 ? held.push(() => listener(event)) : listener(event)
        socket[name] = (name === 'onmessage' ? late : listener) as never
        return true
      },
    })
  }
  const { client } = clientOf(server, ann, { device, WebSocket: Slow as never })
  await clock.until(() => held.length === 1)
  const opened = client.chats.openPrivate(cid.id)
  let id = ''
  void opened.then((item) => (id = item.id))
  await clock.until(() => id !== '')
  const handle = client.chat(id).send('Hello')
  held[0]!()
  await clock.until(() => handle.get().status !== 'queued' && handle.get().status !== 'sending')
  expect(handle.get().status).toBe('sent')
  await clock.advance(60_000)
  expect(client.chat(id).item.get()).toMatchObject({ id })
  await cid.send(id, 'Hello to you')
  await clock.until(() => client.chat(id).item.get()?.lastMessage?.text === 'Hello to you')
})
