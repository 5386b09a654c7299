import { describe, expect, it } from 'vitest'
import { inProcessBuses } from '../../../src/adapters/bus/in-process.ts'
import { memoryPorts } from '../../../src/adapters/memory/ports.ts'
import { memoryStore } from '../../../src/adapters/memory/store.ts'
import type { Caller } from '../../../src/application/chat-api.ts'
import type { Delivery } from '../../../src/application/live/delivery.ts'
import type { Consents } from '../../../src/application/ports/consents.ts'
import { asId, type ChatId } from '../../../src/domain/ids.ts'
import { embed } from '../../../src/main/embed.ts'
import { eventually } from '../../support/waiting.ts'

let keys = 0
const said = () => ({ clientMessageId: asId<never>(`key-${++keys}`), text: 'hello' })

interface Scene {
  readonly isTwo: boolean
  /** What lies about whom users are apart from. */
  readonly lying?: (consents: Consents) => Consents
}

/** Anna and Boris in a group and, on one process or two, with the group and their private chat on screen. */
async function scene({ isTwo, lying = (consents) => consents }: Scene) {
  const store = memoryStore('epoch')
  const connect = inProcessBuses()
  const one = () =>
    embed(
      (onCommit) => {
        const ports = memoryPorts(store, onCommit)
        return { ...ports, consents: lying(ports.consents), close: async () => {} }
      },
      { bus: connect() },
    )
  const first = one()
  const second = isTwo ? one() : first
  const [anna, boris] = [await first.addPerson({ name: 'Anna' }), await first.addPerson({ name: 'Boris' })]
  const { view: group } = await first.api.createGroup(anna, { name: 'Group', memberIds: [boris.userId] })
  const { view: private_ } = await first.api.openPrivateChat(anna, { userId: boris.userId })
  for (const who of [anna, boris]) await first.api.sendMessage(who, { chatId: private_.chat.id, ...said() })
  const open = async (at: typeof first, who: Caller) => {
    const handed: Delivery[] = []
    const connection = at.hub.open({ ...who, deliver: (one) => void handed.push(one), end() {} })
    await connection.resume({ cursors: new Map() })
    const heard = () =>
      handed.flatMap((one) =>
        one.type === 'presence' && one.online ? ['presence'] : one.type === 'typing' && one.userIds.length > 0 ? ['typing'] : [],
      )
    return { connection, handed, heard, join: (chatId: ChatId) => connection.join(chatId) }
  }
  return { first, second, anna, boris, chats: [group.chat.id, private_.chat.id] as const, open }
}

/** What the two hear of each other when both come, look at both chats, and type in them; and what is shown where they look. */
async function noticed({ first, second, anna, boris, chats, open }: Awaited<ReturnType<typeof scene>>) {
  const here = await open(first, anna)
  for (const chatId of chats) await here.join(chatId)
  const there = await open(second, boris)
  const online: unknown[] = []
  for (const chatId of chats) online.push(...(await there.join(chatId)).online.filter((id) => id !== boris.userId))
  for (const chatId of chats) for (const one of [here, there]) await one.connection.typing(chatId, true)
  // A message goes the same way, behind all of that.
  await first.api.sendMessage(anna, { chatId: chats[0], ...said() })
  const isThrough = ({ handed }: typeof here) => handed.some((one) => one.type === 'event' && one.event.chatId === chats[0])
  await eventually(() => expect([here, there].every(isThrough)).toBe(true))
  const again = []
  for (const chatId of chats) again.push(...(await there.join(chatId)).typing)
  return [...here.heard(), ...there.heard(), ...(online.length > 0 ? ['online'] : []), ...again.map(() => 'typing')]
}

describe.each([false, true])('on two processes: %s', (isTwo) => {
  it('who know each other notice each other', async () => {
    const at = await scene({ isTwo })
    expect(new Set(await noticed(at))).toEqual(new Set(['presence', 'typing', 'online']))
  })

  it.each(['anna', 'boris'] as const)('nobody notices anything across a block of %s', async (blocker) => {
    const at = await scene({ isTwo })
    const blocked = blocker === 'anna' ? at.boris : at.anna
    await at.second.api.blockUser(at[blocker], blocked.userId)
    expect(await noticed(at)).toEqual([])
  })

  it('a block takes back that somebody is online, and tells the blocker’s own devices', async () => {
    const at = await scene({ isTwo })
    const here = await at.open(at.first, at.anna)
    await here.join(at.chats[0])
    await at.open(at.second, at.boris)
    await eventually(() => expect(here.heard()).toContain('presence'))
    await at.second.api.blockUser(at.anna, at.boris.userId)
    await eventually(() =>
      expect(here.handed.filter(({ type }) => type === 'presence').at(-1)).toMatchObject({ online: false, lastSeenAt: undefined }),
    )
    expect(here.handed.filter(({ type }) => type === 'blocked')).toEqual([{ type: 'blocked', userId: at.boris.userId, isBlocked: true }])
  })

  it('nobody notices who lets nobody', async () => {
    const at = await scene({ isTwo })
    for (const who of [at.anna, at.boris]) await at.first.api.updateMe(who, { privacy: { lastSeen: 'nobody' } })
    expect((await noticed(at)).filter((what) => what !== 'typing')).toEqual([])
  })

  const BLIND: Consents['circles'] = async (ids) => new Map(ids.map((id) => [id, { blocked: [], blockedBy: [], isHidden: false }]))
  const half =
    (consents: Consents): Consents['circles'] =>
    async (ids) =>
      new Map([...(await consents.circles(ids))].map(([id, circle]) => [id, { ...circle, blockedBy: [] }]))
  it.each([
    ['knows of no blocks', (consents: Consents) => ({ ...consents, circles: BLIND })],
    ['knows only whom a user has blocked', (consents: Consents) => ({ ...consents, circles: half(consents) })],
  ])('would notice a store that %s', async (_, lying) => {
    const at = await scene({ isTwo, lying })
    await at.second.api.blockUser(at.anna, at.boris.userId)
    await at.first.api.blockUser(at.boris, at.anna.userId)
    await at.second.api.unblockUser(at.boris, at.anna.userId)
    expect(await noticed(at)).not.toEqual([])
  })
})

describe('strangers', () => {
  it('do not notice each other in a private chat until both have written', async () => {
    const chat = embed((onCommit) => ({ ...memoryPorts(memoryStore('epoch'), onCommit), close: async () => {} }))
    const [anna, boris] = [await chat.addPerson({ name: 'Anna' }), await chat.addPerson({ name: 'Boris' })]
    const { view } = await chat.api.openPrivateChat(anna, { userId: boris.userId })
    const chatId = view.chat.id
    const handed: Delivery[] = []
    const here = await chat.listen(anna, (one) => void handed.push(one))
    await chat.listen(boris, () => {})
    expect((await here.join(chatId)).online).not.toContain(boris.userId)
    await chat.api.sendMessage(anna, { chatId, ...said() })
    expect((await here.join(chatId)).online).not.toContain(boris.userId)
    expect(handed.filter(({ type }) => type === 'presence')).toEqual([])
    await chat.api.sendMessage(boris, { chatId, ...said() })
    await eventually(() => expect(handed.filter(({ type }) => type === 'presence')).toMatchObject([{ userId: boris.userId, online: true }]))
    expect((await here.join(chatId)).online).toContain(boris.userId)
    await chat.close()
  })
})
