import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryPorts } from '../../src/adapters/memory/ports.ts'
import { memoryStore } from '../../src/adapters/memory/store.ts'
import { isQuiet, PUSH_CONSUMERS, pushing } from '../../src/application/notices/pushing.ts'
import type { Consumer } from '../../src/application/ports/consumers.ts'
import type { Ports } from '../../src/application/ports/ports.ts'
import type { ChatId, ClientMessageId, UserId } from '../../src/domain/ids.ts'
import { tries } from '../support/tries.ts'
import { world } from '../unit/application/given.ts'

type Needs = Pick<Ports, 'notices' | 'chats'>
type Told = object

const CHATS = 2
const chosen = fc.nat({ max: CHATS - 1 })
const deed = fc.oneof(
  fc.record({ is: fc.constant('send' as const), chat: chosen }),
  fc.record({ is: fc.constant('read' as const), chat: chosen }),
  fc.record({ is: fc.constantFrom('mute' as const, 'archive' as const), chat: chosen, on: fc.boolean() }),
  fc.record({ is: fc.constant('quiet' as const), on: fc.boolean() }),
  fc.record({ is: fc.constant('deliver' as const) }),
)

/** What is known of a chat, on paper. */
interface Paper {
  readonly id: ChatId
  sent: number
  read: number
  delivered: number
  shown: number
  isMuted: boolean
}

/** Anna with one device, in groups in which Boris writes. */
async function stage(change: (needs: Needs) => Needs) {
  const store = memoryStore('epoch')
  const here = world(() => (onCommit) => memoryPorts(store, onCommit))
  const [anna, boris] = [await here.addPerson({ name: 'Anna' }), await here.addPerson({ name: 'Boris' })]
  const make = (i: number) => here.api.createGroup(boris, { name: `${i}`, memberIds: [anna.userId] })
  const chats: Paper[] = []
  for (let i = 0; i < CHATS; i++) {
    const { view } = await make(i)
    const { headSeq } = view.chat
    chats.push({ id: view.chat.id, sent: headSeq, read: headSeq, delivered: headSeq, shown: 0, isMuted: false })
  }
  const ports = memoryPorts(store, () => {})
  const told: Told[] = []
  const push = {
    key: '',
    fault: () => undefined,
    isQuiet: () => true,
    async send(_device: unknown, payload: object) {
      told.push(payload)
      return 'sent' as const
    },
  }
  const { sink, clear } = pushing({ ...change(ports), push, clock: here.clock.now })
  const device = { id: 'phone', kind: 'web', endpoint: 'https://push', keys: { p256dh: '', auth: '' }, content: 'none' } as const
  await ports.notices.keepDevice({ ...device, level: undefined, userId: anna.userId, sessionId: anna.sessionId }, here.clock.now())
  return { here, anna, boris, chats, told, sink, clear, log: ports.log }
}

/**
 * A device is told of every message that was neither read nor muted, nor sent in the quiet part of a day, when it was time to tell; with the
 * number of unread messages of all chats that are not muted; and once of each chat that it was told of, when it was read elsewhere.
 */
const pushesAreExact = (change: (needs: Needs) => Needs = (needs) => needs) =>
  fc.asyncProperty(fc.array(deed, { maxLength: 30, size: 'max' }), async (deeds) => {
    const { here, anna, boris, chats, told, sink, clear, log } = await stage(change)
    let [key, isInQuiet] = [0, false]
    const badge = () => chats.reduce((sum, { sent, read, isMuted }) => sum + (isMuted ? 0 : sent - read), 0)
    const day = { from: '00:00', to: '24:00', zone: 'UTC' }

    async function deliver(chat: Paper): Promise<object[]> {
      const expected: object[] = []
      for (const event of await log.read(chat.id, chat.delivered, 100)) {
        chat.delivered = event.seq
        const range = {
          consumer: PUSH_CONSUMERS[0] as Consumer,
          epoch: '',
          chatId: chat.id,
          from: event.seq,
          to: event.seq,
          events: [event],
        }
        await sink.deliver(range, undefined)
        if (event.seq <= chat.read || chat.isMuted || isInQuiet) continue
        chat.shown = event.seq
        expected.push({ type: 'message', chatId: chat.id, seq: event.seq, badge: badge(), title: undefined, body: undefined })
      }
      return expected
    }

    async function delivered(): Promise<object[]> {
      const expected: object[] = []
      for (const chat of chats) expected.push(...(await deliver(chat)))
      await clear()
      for (const chat of chats) {
        if (chat.shown === 0 || chat.read < chat.shown) continue
        expected.push({ type: 'read', chatId: chat.id, readSeq: chat.read, badge: badge() })
        chat.shown = 0
      }
      return expected
    }

    for (const what of deeds) {
      if (what.is === 'deliver') {
        const expected = await delivered()
        expect(new Set(told.splice(0).map((one) => JSON.stringify(one)))).toEqual(new Set(expected.map((one) => JSON.stringify(one))))
        continue
      }
      if (what.is === 'quiet') {
        isInQuiet = what.on
        await here.api.updateMe(anna, { notices: { quiet: what.on ? day : null } })
        continue
      }
      const chat = chats[what.chat]!
      const { id: chatId } = chat
      if (what.is === 'send') {
        await here.api.sendMessage(boris, { chatId, clientMessageId: `k${++key}` as ClientMessageId, text: 'tea' })
        chat.sent++
      } else if (what.is === 'read') {
        chat.read = chat.sent
        await here.api.markRead(anna, { chatId, seq: chat.sent })
      } else if (what.is === 'mute') {
        chat.isMuted = what.on
        const mutedUntil = what.on ? here.clock.now() + 1e9 : undefined
        await here.api.setNotices(anna, { chatId, level: undefined, mutedUntil })
      } else await here.api.updateMyChat(anna, { chatId, archived: what.on })
    }
  })

const saboteurs: readonly (readonly [string, (needs: Needs) => Needs])[] = [
  [
    'does not look what was read',
    ({ chats, notices }) => ({ chats, notices: { ...notices, reached: (place, at) => notices.reached({ ...place, seq: 1e6 }, at) } }),
  ],
  ['counts muted chats', ({ chats, notices }) => ({ chats, notices: { ...notices, ofChats: async () => new Map() } })],
  [
    'remembers how much was unread',
    ({ chats, notices }) => {
      const known = new Map<UserId, ReturnType<typeof chats.standings>>()
      const standings = (userId: UserId) => known.get(userId) ?? known.set(userId, chats.standings(userId)).get(userId)!
      return { notices, chats: { ...chats, standings } }
    },
  ],
  ['tells again what was read', ({ chats, notices }) => ({ chats, notices: { ...notices, cleared: async () => true } })],
]

describe('notifications', () => {
  it('are of what is unread when they are sent, and are closed once', async () => {
    await expect(fc.assert(pushesAreExact(), { numRuns: tries(200) })).resolves.toBeUndefined()
  })

  it.each(saboteurs)('would be noticed from a process that %s', async (_, change) => {
    expect(await fc.check(pushesAreExact(change), { numRuns: 300 })).toMatchObject({ failed: true })
  })

  const at = (time: string) => Date.parse(`2030-01-15T${time}:00Z`)
  it.each([
    ['22:00', '07:00', 'UTC', '23:30', true],
    ['22:00', '07:00', 'UTC', '06:59', true],
    ['22:00', '07:00', 'UTC', '07:00', false],
    ['22:00', '07:00', 'Asia/Tokyo', '14:00', true],
    ['12:00', '13:00', 'Europe/Berlin', '11:30', true],
    ['12:00', '13:00', 'Europe/Berlin', '12:30', false],
  ])('are silent from %s to %s in %s: at %s UTC %s', (from, to, zone, time, expected) => {
    expect(isQuiet({ from, to, zone }, at(time))).toBe(expected)
  })
})
