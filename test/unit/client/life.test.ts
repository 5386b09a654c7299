import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createAuth, createChat, isProblem, memoryPersist, type TokenReason } from '../../../src/client/index.ts'
import { nodeWebSocket } from '../../../src/client/socket/node-web-socket.ts'
import { clientOf, given, lines, online } from './given.ts'

const code = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return isProblem(error) ? error.code : error
  }
}

/** Timers of a platform that can be counted. */
function counted<P extends { later(ms: number, callback: () => void): () => void }>(platform: P) {
  const running = new Set<object>()
  const later: P['later'] = (ms, callback) => {
    const own = {}
    running.add(own)
    const cancel = platform.later(ms, () => {
      running.delete(own)
      callback()
    })
    return () => {
      running.delete(own)
      cancel()
    }
  }
  return { platform: { ...platform, later }, running }
}

describe('a client', () => {
  it('is started and stopped as often as one likes, as StrictMode does', async () => {
    const { server, ann, bob, chatId, clock } = await given()
    const { client } = clientOf(server, ann)
    client.stop()
    client.start()()
    client.start()
    await online(server, client)
    client.chat(chatId).open()
    await clock.until(() => client.chat(chatId).timeline.get().status === 'ready')

    const stop = client.start()
    stop()
    expect(client.connection.get()).toEqual({ status: 'idle' })
    client.chat(chatId).send('while it stood still')
    await bob.send(chatId, 'meanwhile')
    await clock.advance(60_000)
    expect(server.texts(chatId)).toEqual(['meanwhile'])
    client.start()
    await clock.until(() => client.outbox.get().length === 0 && client.chats.get().unread === 1)
    expect(lines(client, chatId)).toEqual(['meanwhile', 'while it stood still (sent)'])
  })

  it('is at its end when it is closed, and says so', async () => {
    const { server, ann, chatId } = await given()
    const { client } = clientOf(server, ann)
    await online(server, client)
    server.delay('findUsers', 30_000)
    server.delay('sendMessage', 30_000)
    const handle = client.chat(chatId).send('for the next run')
    const settled = handle.settled()
    const asked = client.people.find('bob').catch((error: unknown) => (error as { code: string }).code)
    await Promise.resolve()
    client.close()
    expect((await settled).status).toMatch(/queued|sending/)
    expect((await handle.settled()).status).toMatch(/queued|sending/)
    expect(await asked).toBe('closed')
    expect(client.connection.get()).toMatchObject({ status: 'stopped', reason: 'closed' })
    expect(code(() => client.start())).toBe('closed')
    await expect(client.chats.load(chatId)).rejects.toMatchObject({ code: 'closed' })
  })

  it('leaves no timer behind, whatever it was doing', async () => {
    const { server, ann, bob, chatId, clock } = await given()
    const device = server.device()
    const { platform, running } = counted(device.platform)
    const client = createChat({ url: server.url, auth: ann.session(), platform, persist: memoryPersist() })
    client.start()
    await online(server, client)
    const chat = client.chat(chatId)
    chat.open()
    chat.setTyping(true)
    await bob.send(chatId, 'Hello')
    server.delay('listMessages', 5_000)
    void chat.jumpTo(1).catch(() => {})
    chat.send('on its way')
    await clock.advance(3)
    client.stop()
    await clock.advance(60_000)
    expect(running.size).toBe(0)
    client.start()
    await online(server, client)
    server.faults.isDown = true
    device.cut()
    await clock.advance(400)
    client.close()
    await clock.advance(60_000)
    expect(running.size).toBe(0)
  })

  it('reports where no socket can be opened, and sends all the same', async () => {
    const { server, ann, chatId, clock } = await given()
    const Refused = function Refused() {
      throw new DOMException('An insecure WebSocket connection may not be initiated from a page loaded over HTTPS.', 'SecurityError')
    }
    const { client, defects } = clientOf(server, ann, { WebSocket: Refused as never })
    await clock.until(() => client.connection.get().status === 'stopped')
    expect(client.connection.get()).toMatchObject({ reason: 'unsupported' })
    expect(defects).toMatchObject([{ during: 'opening a socket', error: { name: 'SecurityError' } }])
    const handle = client.chat(chatId).send('by HTTP')
    await clock.until(() => handle.get().status === 'sent')
    expect(server.texts(chatId)).toEqual(['by HTTP'])
  })

  it('takes the socket of ws in a Node that has none', async () => {
    expect(await nodeWebSocket()).toBe(WebSocket)
  })

  it('is made where there is no page, as on a server that renders', () => {
    expect(createChat({ url: '', auth: { getToken: async () => 'token' } }).connection.get()).toEqual({ status: 'idle' })
  })

  it.each([
    [{ url: 'chat.example.org' }, /`url` must be/],
    [{ url: undefined }, /`url` must be/],
    [{ auth: {} }, /`auth` must be/],
    [{ auth: { accessToken: 'a', refreshToken: 'b', sessionId: 'c', accessExpiresAt: 1, refreshExpiresAt: 1 } }, /a whole session \(user/],
    [{ deviceId: '' }, /`deviceId` must have/],
    [{ outbox: { count: 0 } }, /limits of `outbox`/],
  ])('says at once what is wrong with %j', (wrong, words) => {
    const options = { url: 'https://chat.example', auth: { getToken: async () => 'token' }, ...wrong }
    expect(() => createChat(options as never)).toThrow(words)
  })

  it('takes a stored session in which something is missing for none', async () => {
    const store = { read: () => ({ accessToken: 'old', refreshToken: 'old' }) as never, write: () => {} }
    expect(await createAuth({ url: 'https://chat.example', store }).restored).toBeUndefined()
  })
})

describe('tokens of an application', () => {
  it('are kept until they expire or are refused, and asked for with the reason', async () => {
    const { server, ann, chatId, clock } = await given({ accessTtlMs: 60_000 })
    const asked: TokenReason[] = []
    const getToken = async ({ reason }: { reason: TokenReason }) => {
      asked.push(reason)
      return ann.session().accessToken
    }
    const { client } = clientOf(server, ann, { auth: { getToken } })
    await online(server, client)
    const loading = [client.chats.load(chatId), client.people.find('bob'), client.chats.load(chatId)]
    await clock.advance(1_000)
    await Promise.all(loading)
    expect(asked).toEqual(['first'])
    await clock.advance(50_000)
    expect(asked).toEqual(['first', 'expired'])
    await server.endSessions(ann.id)
    await clock.advance(1_000)
    expect(asked.slice(2)).toContain('refused')
  })

  it('that cannot be had are reported, each time, and asked for again', async () => {
    const { server, ann, clock } = await given()
    let failures = 2
    const getToken = async () => {
      if (failures-- > 0) throw new Error('our own server is down')
      return ann.session().accessToken
    }
    const { client, defects } = clientOf(server, ann, { auth: { getToken } })
    await clock.until(() => client.connection.get().status === 'online')
    expect(defects.length).toBeGreaterThan(0)
    for (const defect of defects) expect(defect).toMatchObject({ during: 'getting a token', error: { message: 'our own server is down' } })
  })
})
