import { describe, expect, it } from 'vitest'
import { inProcessBuses } from '../../../src/adapters/bus/in-process.ts'
import { memoryPorts } from '../../../src/adapters/memory/ports.ts'
import { memoryStore } from '../../../src/adapters/memory/store.ts'
import type { Bus } from '../../../src/application/ports/bus.ts'
import { asId, type ChatId, type Seq } from '../../../src/domain/ids.ts'
import { eventually } from '../../support/waiting.ts'
import { type Device, world } from './given.ts'

const silent: Bus = { publish() {}, listen() {}, follow() {}, unfollow() {}, close: async () => {} }

/** Two processes on one store. */
function processes(connect: () => Bus = inProcessBuses()) {
  const store = memoryStore('epoch')
  const one = () => world(() => (onCommit) => ({ ...memoryPorts(store, onCommit), close: async () => {} }), { bus: connect() })
  return [one(), one()] as const
}

let keys = 0
const said = (text: string) => ({ clientMessageId: asId<never>(`key-${++keys}`), text })
const told = ({ handed }: Device) => handed.map((one) => (one.type === 'event' ? `${one.event.seq} ${one.event.type}` : one.type))
const BOTH = ['1 chat.created', '2 message.sent']

describe('a private chat', () => {
  it('is told to the other one with its first message, in this process and in another', async () => {
    const [here, there] = processes()
    const [anna, boris] = [await here.addPerson({ name: 'Anna' }), await here.addPerson({ name: 'Boris' })]
    const devices = [await here.resumed(boris), await there.resumed(boris)]
    const own = await there.resumed(anna)
    const { view } = await here.api.openPrivateChat(anna, { userId: boris.userId })
    for (const process of [here, there]) await process.hub.poll()
    await eventually(() => expect(told(own)).toEqual(['1 chat.created']))
    expect(devices.map(told)).toEqual([[], []])
    const late = await there.resumed(boris)
    expect(late.connection.heads().size).toBe(0)
    await expect(late.connection.join(view.chat.id)).rejects.toMatchObject({ code: 'chat-not-found' })
    await here.api.sendMessage(anna, { chatId: view.chat.id, ...said('hello') })
    for (const device of [...devices, late, own]) await eventually(() => expect(told(device)).toEqual(BOTH))
    await there.api.sendMessage(boris, { chatId: view.chat.id, ...said('hello yourself') })
    for (const device of [...devices, late, own]) await eventually(() => expect(told(device)).toEqual([...BOTH, '3 message.sent']))
  })

  it('is found by the poll where the bus has lost it', async () => {
    const [here, there] = processes(() => silent)
    const [anna, boris] = [await here.addPerson({ name: 'Anna' }), await here.addPerson({ name: 'Boris' })]
    const device = await there.resumed(boris)
    await here.api.sendMessageToUser(anna, { userId: boris.userId, ...said('hello') })
    await there.hub.poll()
    await eventually(() => expect(told(device)).toEqual(BOTH))
  })

  it('appears to the other one who opens it as well, on all devices, the creation first', async () => {
    const [here, there] = processes()
    const [anna, boris] = [await here.addPerson({ name: 'Anna' }), await here.addPerson({ name: 'Boris' })]
    const devices = [await here.resumed(boris), await there.resumed(boris)]
    await here.api.openPrivateChat(anna, { userId: boris.userId })
    for (let i = 0; i < 2; i++) {
      const { view, isNew } = await here.api.openPrivateChat(boris, { userId: anna.userId })
      expect([isNew, view.me.isHidden]).toEqual([false, false])
    }
    for (const device of devices) await eventually(() => expect(told(device)).toEqual(['1 chat.created']))
    expect((await here.api.listChats(boris, {}, { limit: 5 })).items).toHaveLength(1)
  })

  it('is told whole to who resumes since a time between its creation and its first message', async () => {
    const [here] = processes()
    const [anna, boris] = [await here.addPerson({ name: 'Anna' }), await here.addPerson({ name: 'Boris' })]
    const { view } = await here.api.openPrivateChat(anna, { userId: boris.userId })
    here.clock.advance(60_000)
    const before = await here.resumed(boris)
    const asOf = before.connection.asOf()!
    before.connection.close()
    here.clock.advance(60_000)
    await here.api.sendMessage(anna, { chatId: view.chat.id, ...said('hello') })
    const device = here.device(boris)
    const resumed = await device.connection.resume({ asOf, cursors: new Map<ChatId, Seq>() })
    expect(told(device)).toEqual(BOTH)
    expect(resumed.standings.map(({ chatId, unread }) => [chatId, unread])).toEqual([[view.chat.id, 1]])
  })
})
