import { describe, expect, it } from 'vitest'
import { createAuth, memorySessionStore } from '../../../src/client/index.ts'
import { updateMyChat } from '../../../src/client/order.ts'
import type { OutboxEntry, OutboxStore } from '../../../src/client/types.ts'
import { answered, clientOf, given, lines, online } from './given.ts'

async function scene() {
  const world = await given()
  const { server, ann, bob } = world
  const groupId = await ann.group('Everybody', [bob.id])
  const { client, device, defects } = clientOf(server, ann)
  await online(server, client)
  await world.clock.until(() => client.chats.get().status === 'ready')
  const listed = () => client.chats.get().items.map(({ id }) => id)
  return { ...world, groupId, client, device, defects, listed }
}

describe('an answer that is older than what was told since', () => {
  it.each(['listChats', 'getChat'])('does not undo the own state of a chat: %s', async (call) => {
    const { server, ann, groupId, client, clock, listed } = await scene()
    const other = clientOf(server, ann).client
    await online(server, other)
    server.delay(call, 5_000)
    const load = call === 'listChats' ? () => server.say({ type: 'reset', chat_id: null, epoch: 'another', reason: 'epoch' }) : undefined
    if (load) load()
    else server.say({ type: 'reset', chat_id: groupId, epoch: 'another', reason: 'ahead' })
    await clock.advance(1_000)
    await answered(clock, updateMyChat(other, groupId, { archived: true }))
    await clock.advance(1_000)
    expect(listed()).not.toContain(groupId)
    await clock.advance(10_000)
    expect(listed()).not.toContain(groupId)
    expect(client.chat(groupId).item.get()).toMatchObject({ isArchived: true })
  })

  it.each(['listChats', 'getChat'])('does not bring back a chat that the user was removed from: %s', async (call) => {
    const { server, ann, bob, chatId, clock, client, listed } = await scene()
    const id = await bob.group('Of Bob', [ann.id])
    await clock.until(() => listed().includes(id))
    server.delay(call, 5_000)
    if (call === 'listChats') server.say({ type: 'reset', chat_id: null, epoch: 'another', reason: 'epoch' })
    else server.say({ type: 'reset', chat_id: id, epoch: 'another', reason: 'ahead' })
    await clock.advance(1_000)
    await bob.dismiss(id, ann.id)
    await clock.advance(10_000)
    expect(listed()).not.toContain(id)
    expect(client.chat(id).item.get()).toBeUndefined()
    await bob.add(id, [ann.id])
    await clock.advance(10_000)
    expect(listed()).toContain(id)
    expect(listed()).toContain(chatId)
  })

  it('does not bring back a private chat that the user has left', async () => {
    const { server, bob, chatId, client, clock, listed } = await scene()
    await bob.send(chatId, 'hello')
    await clock.until(() => listed().includes(chatId))
    server.delay('listChats', 5_000)
    server.say({ type: 'reset', chat_id: null, epoch: 'another', reason: 'epoch' })
    await clock.advance(1_000)
    await answered(clock, client.chat(chatId).leave())
    await clock.advance(10_000)
    expect(listed()).not.toContain(chatId)
    await bob.send(chatId, 'again')
    await clock.advance(10_000)
    expect(listed()).toContain(chatId)
  })

  it('does not give a user the name from before', async () => {
    const { server, client, device, clock } = await scene()
    server.delay('getMe', 5_000)
    client.stop()
    client.start()
    void device
    await clock.advance(1_000)
    await answered(clock, client.account.update({ name: 'Anna' }))
    await clock.advance(10_000)
    expect(client.account.me.get()?.name).toBe('Anna')
  })
})

describe('a session', () => {
  async function signedIn() {
    const { server, ann, bob, clock } = await given({ accessTtlMs: 60_000 })
    const store = memorySessionStore(ann.session())
    const auth = createAuth({ url: server.url, platform: server.device().platform, store })
    await auth.restored
    return { server, ann, bob, clock, store, auth }
  }

  it('that the user has left is not brought back by a renewal that was under way', async () => {
    const { server, clock, store, auth } = await signedIn()
    server.delay('refresh', 5_000)
    await clock.advance(40_000)
    const renewal = auth.getToken().catch(() => undefined)
    await clock.advance(1_000)
    await answered(clock, auth.logout())
    await clock.advance(10_000)
    await renewal
    expect([auth.session.get(), store.read()]).toEqual([undefined, undefined])
  })

  it('of another user is not replaced by a renewal of the one before', async () => {
    const { server, clock, store, auth } = await signedIn()
    server.delay('refresh', 5_000)
    await clock.advance(40_000)
    const renewal = auth.getToken().catch(() => undefined)
    await clock.advance(1_000)
    const guest = await answered(clock, auth.guest({ name: 'Guest' }))
    await clock.advance(10_000)
    await renewal
    expect([auth.session.get()?.user.id, (await store.read())?.user.id]).toEqual([guest.user.id, guest.user.id])
    expect(await auth.getToken()).toBe(guest.accessToken)
  })
})

describe('a tab whose session is not that of the store any more', () => {
  it('goes on with its own, and leaves that of the store alone', async () => {
    const { server, ann, bob, clock } = await given({ accessTtlMs: 60_000 })
    const store = memorySessionStore(ann.session())
    const auth = createAuth({ url: server.url, platform: server.device().platform, store })
    await auth.restored
    const others = bob.session()
    await store.write(others)
    await clock.advance(40_000)
    const token = await answered(clock, auth.getToken())
    expect(auth.session.get()).toMatchObject({ user: { id: ann.id }, accessToken: token })
    expect(store.read()).toEqual(others)
  })
})

describe('what is missing', () => {
  it('is asked for again where the service could not say', async () => {
    const { server, bob, groupId, client, clock } = await scene()
    server.faults.eventLoss = 1
    await bob.send(groupId, 'lost')
    await clock.advance(100)
    server.faults.eventLoss = 0
    server.refuse('fetch', 'overloaded', { times: 3 })
    server.say({ type: 'gap', chat_id: groupId, from: 2, to: 2 })
    await clock.advance(20_000)
    expect(client.chat(groupId).item.get()?.lastMessage?.text).toBe('lost')
  })
})

describe('in another epoch', () => {
  it('a chat that there is no longer is gone', async () => {
    const { server, ann, bob, clock, client, device, listed } = await scene()
    const id = await bob.group('Of Bob', [ann.id])
    await clock.until(() => listed().includes(id))
    device.setOnline(false)
    await bob.dismiss(id, ann.id)
    server.newEpoch()
    device.setOnline(true)
    await online(server, client)
    await clock.advance(10_000)
    expect(listed()).not.toContain(id)
    expect(client.chat(id).item.get()).toBeUndefined()
  })
})

describe('a service that drains', () => {
  it('while the client comes online does not bring back a client that was stopped', async () => {
    const { server, ann, clock } = await given()
    server.faults.latencyMs = [400, 400]
    const { client } = clientOf(server, ann)
    await clock.until(() => client.connection.get().status === 'connecting')
    for (let i = 0; i < 40 && client.connection.get().status !== 'online'; i++) {
      server.say({ type: 'reconnect', after_ms: 60_000 })
      await clock.advance(100)
    }
    await online(server, client)
    server.restart(4409)
    await clock.until(() => client.connection.get().status === 'stopped')
    await clock.advance(120_000)
    expect(client.connection.get()).toMatchObject({ status: 'stopped', reason: 'replaced' })
  })
})

describe('an outbox that is shared', () => {
  const shared = (slow: () => Promise<void> = async () => {}) => {
    const entries = new Map<string, OutboxEntry>()
    return (): OutboxStore => ({
      sharedAs: 'outbox of ann',
      async load() {
        const all = [...entries.values()]
        await slow()
        return all
      },
      put: async (entry) => void entries.set(entry.key, entry),
      remove: async ({ key }) => void entries.delete(key),
    })
  }

  it('has one channel, however often its client is started and stopped', async () => {
    const { server, ann } = await given()
    const device = server.device()
    const { channel } = device.platform
    let open = 0
    const platform = {
      ...device.platform,
      channel(name: string) {
        const made = channel(name)
        open++
        return {
          ...made,
          close() {
            open--
            made.close()
          },
        }
      },
    }
    const { client } = clientOf(server, ann, { device: { ...device, platform }, persist: shared() })
    await online(server, client)
    for (let i = 0; i < 3; i++) {
      client.stop()
      client.start()
    }
    await online(server, client)
    await server.clock.advance(1_000)
    expect(open).toBe(1)
    client.close()
    await server.clock.advance(1_000)
    expect(open).toBe(0)
  })

  it('does not send what was taken back while it was being read', async () => {
    const { server, ann, chatId, clock } = await given()
    const reads: (() => void)[] = []
    let isSlow = false
    const persist = shared(() => (isSlow ? new Promise<void>((go) => reads.push(go)) : Promise.resolve()))
    const first = clientOf(server, ann, { persist })
    await online(server, first.client)
    const second = clientOf(server, ann, { persist, device: server.device(first.device) })
    await online(server, second.client)
    first.device.setOnline(false)
    const handle = second.client.chat(chatId).send('taken back')
    await clock.advance(100)
    isSlow = true
    first.client.close()
    await clock.advance(100)
    expect(reads).toHaveLength(1)
    expect(handle.cancel()).toBe(true)
    for (const go of reads) go()
    await clock.advance(5_000)
    expect([server.texts(chatId), second.client.outbox.get()]).toEqual([[], []])
    expect(lines(second.client, chatId)).toEqual([])
  })
})
