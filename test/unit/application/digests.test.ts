import { describe, expect, it } from 'vitest'
import { derivedSeals } from '../../../src/adapters/auth/seals.ts'
import { memoryPorts } from '../../../src/adapters/memory/ports.ts'
import { memoryStore } from '../../../src/adapters/memory/store.ts'
import type { Caller } from '../../../src/application/chat-api.ts'
import { missedBy } from '../../../src/application/notices/missed.ts'
import type { MailFacts } from '../../../src/application/ports/mail.ts'
import { asId, type UserId } from '../../../src/domain/ids.ts'
import { world } from './given.ts'

const HOUR = 3_600_000
const seals = derivedSeals('a secret of at least thirty-two bytes')

/** Anna and two who write to her, on a service that sends mail. */
async function mailed({ canUnsubscribe = true } = {}) {
  const sent: MailFacts['digest'][] = []
  const mail = { canUnsubscribe, send: async (_kind: string, _to: string, facts: unknown) => void sent.push(facts as MailFacts['digest']) }
  const store = memoryStore('epoch')
  const here = world(() => (onCommit) => memoryPorts(store, onCommit), { mail, seals })
  const ports = memoryPorts(store, () => {})
  const add = async (name: string, email: string) => {
    const caller = await here.addPerson({ name })
    await ports.accounts.setEmail(caller.userId, email)
    return caller
  }
  const anna = await add('Anna', 'anna@example.com')
  const [boris, vera] = [await add('Boris', 'boris@example.com'), await add('Vera', 'vera@example.com')]
  let keys = 0
  const write = (from: Caller, to: Caller, text: string) =>
    here.api.sendMessageToUser(from, { userId: to.userId, clientMessageId: asId<never>(`key-${++keys}`), text })
  const look = async () => {
    await here.sendDigests()
    here.settle()
    await here.deliverMails()
    return sent.splice(0)
  }
  return { here, ports, anna, boris, vera, write, look }
}

describe('mails about missed messages', () => {
  it('are off at first, and say how much was missed and nothing else', async () => {
    const { here, anna, boris, vera, write, look } = await mailed()
    await write(boris, anna, 'a secret text')
    await write(boris, anna, 'another')
    await write(vera, anna, 'a third')
    here.clock.advance(9 * HOUR)
    expect(await look()).toEqual([])
    expect((await here.api.getMe(anna)).notices.digest).toBe(false)
    expect((await here.api.updateMe(anna, { notices: { digest: true } })).notices).toMatchObject({ level: 'all', digest: true })
    expect(await look()).toEqual([{ messages: 3, chats: 2, userId: anna.userId, secret: expect.any(String) }])
  })

  it('come once a day, about what is new, to whoever was away for eight hours', async () => {
    const { here, anna, boris, write, look } = await mailed()
    await here.api.updateMe(anna, { notices: { digest: true } })
    const { view } = await write(boris, anna, 'one')
    here.clock.advance(7 * HOUR)
    expect(await look()).toEqual([])
    here.clock.advance(2 * HOUR)
    expect(await look()).toMatchObject([{ messages: 1 }])
    await write(boris, anna, 'two')
    here.clock.advance(2 * HOUR)
    expect(await look()).toEqual([])
    here.clock.advance(21 * HOUR)
    expect(await look()).toEqual([])
    here.clock.advance(2 * HOUR)
    expect(await look()).toMatchObject([{ messages: 2 }])
    here.clock.advance(25 * HOUR)
    expect(await look()).toEqual([])
    await write(boris, anna, 'three')
    await here.api.markRead(anna, { chatId: view.message.chatId, seq: 4 })
    here.clock.advance(9 * HOUR)
    expect(await look()).toEqual([])
  })

  it('come after eight hours and after a day to the millisecond, to each user by itself', async () => {
    const { here, anna, boris, vera, write, look } = await mailed()
    for (const who of [anna, vera]) await here.api.updateMe(who, { notices: { digest: true } })
    for (const who of [anna, vera]) await write(boris, who, 'one')
    here.clock.advance(8 * HOUR - 1)
    expect(await look()).toEqual([])
    here.clock.advance(1)
    expect(await look()).toHaveLength(2)
    for (const who of [anna, vera]) await write(boris, who, 'two')
    here.clock.advance(24 * HOUR - 1)
    expect(await look()).toEqual([])
    here.clock.advance(1)
    expect(await look()).toHaveLength(2)
  })

  it('come once, however many processes look for them at once', async () => {
    const { here, anna, boris, write } = await mailed()
    await here.api.updateMe(anna, { notices: { digest: true } })
    await write(boris, anna, 'one')
    here.clock.advance(9 * HOUR)
    const counts = await Promise.all([here.sendDigests(), here.sendDigests(), here.sendDigests()])
    expect(counts.toSorted((a, b) => a - b)).toEqual([0, 0, 1])
  })

  it('leave out chats that are muted, archived or set to tell of nothing', async () => {
    const { here, ports, anna, boris, write, look } = await mailed()
    await here.api.updateMe(anna, { notices: { digest: true } })
    const { view } = await write(boris, anna, 'one')
    const { chatId } = view.message
    here.clock.advance(9 * HOUR)
    await here.api.setNotices(anna, { chatId, level: undefined, mutedUntil: here.clock.now() + HOUR })
    expect(await look()).toEqual([])
    await here.api.setNotices(anna, { chatId, level: undefined, mutedUntil: here.clock.now() })
    expect(await missedBy({ ...ports, clock: here.clock.now }, anna.userId, 0)).toEqual({ messages: 1, chats: 1 })
    await here.api.setNotices(anna, { chatId, level: 'none', mutedUntil: undefined })
    expect(await look()).toEqual([])
    await here.api.setNotices(anna, { chatId, level: undefined, mutedUntil: undefined })
    await here.api.updateMyChat(anna, { chatId, archived: true })
    expect(await look()).toEqual([])
    await here.api.updateMyChat(anna, { chatId, archived: false })
    expect(await look()).toHaveLength(1)
  })

  it('come of nothing that a blocked user has written', async () => {
    const { here, anna, boris, vera, look } = await mailed()
    await here.api.updateMe(anna, { notices: { digest: true } })
    const { view } = await here.api.createGroup(vera, { name: 'Both', memberIds: [anna.userId, boris.userId] })
    const say = (from: Caller, text: string) =>
      here.api.sendMessage(from, { chatId: view.chat.id, clientMessageId: asId<never>(text), text })
    await say(vera, 'one')
    here.clock.advance(9 * HOUR)
    expect(await look()).toMatchObject([{ messages: 1 }])
    await here.api.blockUser(anna, boris.userId)
    here.clock.advance(25 * HOUR)
    await say(boris, 'two')
    expect(await look()).toEqual([])
    await say(vera, 'three')
    await say(boris, 'four')
    expect(await look()).toMatchObject([{ messages: 2 }])
    await here.api.unblockUser(anna, boris.userId)
    here.clock.advance(25 * HOUR)
    await say(boris, 'five')
    expect(await look()).toMatchObject([{ chats: 1 }])
  })

  it('read what is set for all chats of a user at once', async () => {
    const { here, ports, anna, boris, vera, write } = await mailed()
    for (const from of [boris, vera]) await write(from, anna, 'one')
    const asked: string[] = []
    const watched = <T extends object>(name: string, port: T): T =>
      new Proxy(port, {
        get: (of, call) => {
          asked.push(`${name}.${String(call)}`)
          return Reflect.get(of, call) as unknown
        },
      })
    const needs = {
      chats: watched('chats', ports.chats),
      notices: watched('notices', ports.notices),
      consents: watched('consents', ports.consents),
      clock: here.clock.now,
    }
    expect(await missedBy(needs, anna.userId, 0)).toEqual({ messages: 2, chats: 2 })
    expect(asked).toEqual(['chats.list', 'notices.ofChats', 'consents.circles'])
  })

  it('look into chats alone whose latest message is by somebody who is blocked, without counting', async () => {
    const { here, ports, anna, boris, vera } = await mailed()
    const { view } = await here.api.createGroup(vera, { name: 'Both', memberIds: [anna.userId, boris.userId] })
    const say = (from: Caller, text: string) =>
      here.api.sendMessage(from, { chatId: view.chat.id, clientMessageId: asId<never>(text), text })
    await say(vera, 'one')
    here.clock.advance(HOUR)
    await say(boris, 'two')
    await ports.consents.block(anna.userId, boris.userId, 0)
    const asked: unknown[][] = []
    const messages = async (...given: Parameters<typeof ports.chats.messages>) => {
      asked.push(given)
      return ports.chats.messages(...given)
    }
    expect(
      await missedBy({ ...ports, chats: { ...ports.chats, messages }, clock: here.clock.now }, anna.userId, here.clock.now()),
    ).toBeUndefined()
    expect(asked.map(([, , ...rest]) => rest)).toEqual([[{ kind: 'newest' }, {}, 50, false]])
    const left = { ...ports.chats, messages: async () => undefined }
    expect(await missedBy({ ...ports, chats: left, clock: here.clock.now }, anna.userId, here.clock.now())).toBeUndefined()
  })

  it('end with the address in one of them, and with no other', async () => {
    const { here, anna, boris, write, look } = await mailed()
    await here.api.updateMe(anna, { notices: { digest: true, level: 'mentions' } })
    await write(boris, anna, 'one')
    here.clock.advance(9 * HOUR)
    const [{ secret } = { secret: '' }] = await look()
    const unsubscribe = (userId: UserId, given: string) => here.api.unsubscribe({ address: '192.0.2.1' }, { userId, secret: given })
    await expect(unsubscribe(anna.userId, 'made up')).rejects.toMatchObject({ code: 'not-found' })
    await expect(unsubscribe(boris.userId, secret)).rejects.toMatchObject({ code: 'not-found' })
    for (const _ of ['once', 'again']) await unsubscribe(anna.userId, secret)
    expect((await here.api.getMe(anna)).notices).toEqual({ level: 'mentions', quiet: undefined, digest: false })
    here.clock.advance(25 * HOUR)
    await write(boris, anna, 'two')
    here.clock.advance(9 * HOUR)
    expect(await look()).toEqual([])
  })

  it('are not offered where nobody could unsubscribe', async () => {
    const { here, ports, anna, boris, write } = await mailed({ canUnsubscribe: false })
    await expect(here.api.updateMe(anna, { notices: { digest: true } })).rejects.toMatchObject({ code: 'invalid' })
    expect((await here.api.getMe(anna)).notices.digest).toBeUndefined()
    await ports.notices.setOfUser(anna.userId, { level: 'all', quiet: undefined, digest: true })
    await write(boris, anna, 'one')
    here.clock.advance(9 * HOUR)
    expect(await here.sendDigests()).toBe(0)
  })
})
