import { execFile } from 'node:child_process'
import { randomUUID, randomUUIDv7 } from 'node:crypto'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { memory, memoryPorts } from '../../../src/adapters/memory/ports.ts'
import { memoryStore } from '../../../src/adapters/memory/store.ts'
import type { Caller } from '../../../src/application/chat-api.ts'
import type { Delivery } from '../../../src/application/live/delivery.ts'
import { asId, type SessionId } from '../../../src/domain/ids.ts'
import { embed, type OpenStore } from '../../../src/main/embed.ts'
import { database } from '../../../src/mikro-orm.ts'
import { eventually, handClock } from '../../support/waiting.ts'

const say = (text: string) => ({ clientMessageId: asId<never>(text), text })
const texts = (heard: readonly Delivery[]) =>
  heard.flatMap((delivery) => (delivery.type === 'event' && delivery.event.type === 'message.sent' ? delivery.event.message.text : []))

describe('a chat in one’s own program', () => {
  it.concurrent.each([
    ['as addPerson answers them', (caller: Caller) => caller],
    ['by an id alone', ({ userId }: Caller) => ({ userId, sessionId: asId<SessionId>(randomUUID()) })],
  ])('repairs what the bus loses, again and again, for people %s', async (_, as) => {
    const store = memoryStore('epoch')
    const [here, there] = [embed((onCommit) => memoryPorts(store, onCommit)), embed((onCommit) => memoryPorts(store, onCommit))]
    const [anna, boris] = [await there.addPerson({ name: 'Анна' }), await here.addPerson({ name: 'Борис' })]
    const heard: Delivery[] = []
    await here.listen(as(boris), (delivery) => heard.push(delivery))
    for (const text of ['one', 'two']) {
      await there.api.sendMessageToUser(anna, { userId: boris.userId, ...say(text) })
      await eventually(() => expect(texts(heard).at(-1)).toBe(text))
    }
    expect(texts(heard)).toEqual(['one', 'two'])
    await Promise.all([here.close(), there.close()])
  })

  it.concurrent('forgets who types and does not say so again', async () => {
    const clock = handClock()
    const chat = embed(memory(), { clock: clock.now })
    const [anna, boris] = [await chat.addPerson({ name: 'Анна' }), await chat.addPerson({ name: 'Борис' })]
    await chat.api.openPrivateChat(anna, { userId: boris.userId })
    const { view } = await chat.api.openPrivateChat(boris, { userId: anna.userId })
    const heard: Delivery[] = []
    const [listening, typing] = [await chat.listen(boris, (delivery) => heard.push(delivery)), await chat.listen(anna, () => {})]
    await listening.join(view.chat.id)
    await typing.typing(view.chat.id, true)
    expect(heard.at(-1)).toMatchObject({ type: 'typing', userIds: [anna.userId] })
    clock.advance(6_001)
    await eventually(() => expect(heard.at(-1)).toMatchObject({ type: 'typing', userIds: [] }))
    await chat.close()
  })

  it('listens for nobody when listening fails', async () => {
    const failing: OpenStore = (onCommit) => {
      const ports = memory()(onCommit)
      return { ...ports, chats: { ...ports.chats, standings: () => Promise.reject(new Error('no answer')) } }
    }
    const chat = embed(failing)
    const anna = await chat.addPerson({ name: 'Анна' })
    for (let i = 0; i < 3; i++) await expect(chat.listen(anna, () => {})).rejects.toThrow('no answer')
    expect(chat.hub.connectionsOf(anna.userId)).toBe(0)
    await chat.close()
  })

  it('gives up on a username after a bounded number of tries, where every one is taken', async () => {
    let tries = 0
    const chat = embed((onCommit) => {
      const ports = memory()(onCommit)
      const add = async () => (tries++, 'username-taken' as const)
      return { ...ports, people: { ...ports.people, add } }
    })
    await expect(chat.addPerson({ name: 'Анна' })).rejects.toMatchObject({ code: 'username-taken' })
    expect(tries).toBeGreaterThan(50)
    expect(tries).toBeLessThan(200)
    tries = 0
    await expect(chat.addPerson({ name: 'Анна', username: 'anna' })).rejects.toMatchObject({ code: 'username-taken' })
    expect(tries).toBe(1)
    await chat.close()
  })

  it('finds a username for more people of one name than four digits tell apart', { timeout: 60_000 }, async () => {
    let last = 0
    const chat = embed(memory(), { random: () => (last = (last + 0.000_099_7) % 1) })
    const callers = new Set<string>()
    for (let i = 0; i <= 10_001; i++) callers.add((await chat.addPerson({ name: 'Анна' })).userId)
    expect(callers.size).toBe(10_002)
    await chat.close()
  })

  it.each(['memory', 'SQLite'])('adds an id once, however often and when, and none of a deleted user (%s)', async (kind) => {
    const chat = embed(kind === 'memory' ? memory() : await database('sqlite::memory:'))
    const id = randomUUIDv7()
    const callers = await Promise.all(Array.from({ length: 5 }, () => chat.addPerson({ id, name: 'Анна' })))
    expect(new Set(callers.map(({ userId }) => userId))).toEqual(new Set([id]))
    expect((await chat.api.findUsers(await chat.addPerson({ name: 'Борис' }), {}, { limit: 10 })).items).toHaveLength(1)
    await chat.api.deleteMe(callers[0]!, { password: '' })
    await expect(chat.addPerson({ id, name: 'Анна' })).rejects.toMatchObject({ code: 'user-not-found' })
    await chat.close()
  })

  it('keeps no program alive', async () => {
    const source = (path: string) => JSON.stringify(new URL(`../../../src/${path}`, import.meta.url))
    const script = `import { embed } from ${source('index.ts')}
      import { memory } from ${source('memory.ts')}
      const chat = embed(memory())
      await chat.listen(await chat.addPerson({ name: 'Анна' }), () => {})
      console.log('listens')`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { timeout: 15_000 })
    expect(stdout).toBe('listens\n')
  })
})
