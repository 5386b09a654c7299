import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ChatClient, type ChatOptions, createChat, memoryPersist } from '../../src/client/index.ts'
import { type Device, type FakeServer, fakeServer } from '../../src/testing.ts'
import { tries } from '../support/tries.ts'
import { changedSocket } from './client-socket.ts'

// Whole clients against the fake service, over a network that loses, delays and cuts.

type Act =
  | { readonly act: 'send'; readonly who: 0 | 1 }
  | { readonly act: 'edit' | 'delete'; readonly which: number }
  | { readonly act: 'cut' | 'freeze' | 'restart' | 'show' | 'reload' }
  | { readonly act: 'offline' | 'wait'; readonly ms: number }
  | { readonly act: 'lose'; readonly events: number; readonly answers: number }
  | { readonly act: 'older' | 'jump' | 'read' }

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ act: fc.constant('send' as const), who: fc.constantFrom(0 as const, 1 as const) }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constantFrom('edit' as const, 'delete' as const), which: fc.nat() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constantFrom('cut' as const, 'freeze' as const, 'restart' as const, 'show' as const, 'reload' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constantFrom('offline' as const, 'wait' as const), ms: fc.integer({ min: 1, max: 40_000 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('lose' as const),
      events: fc.constantFrom(0, 0.3, 0.8),
      answers: fc.constantFrom(0, 0.3, 0.6),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constantFrom('older' as const, 'jump' as const, 'read' as const) }) },
)

interface Story {
  readonly seed: number
  readonly missedInChat: number
  readonly latency: number
  readonly acts: readonly Act[]
}

const story: fc.Arbitrary<Story> = fc.record({
  seed: fc.nat(),
  missedInChat: fc.constantFrom(3, 500),
  latency: fc.constantFrom(0, 20, 2_000),
  acts: fc.array(act, { minLength: 1, maxLength: 25, size: 'max' }),
})

const ignored = () => {}

type Sabotage = (server: FakeServer, device: Device) => Partial<ChatOptions>

/**
 * Whatever the network does: every message that was sent is in the log once, one's own in the order of sending; and when it is quiet
 * again, both screens show the log, unread counts are right, and nothing is left on its way.
 */
const nothingIsLost = (sabotage: Sabotage = () => ({})) =>
  fc.asyncProperty(story, async ({ seed, missedInChat, latency, acts }) => {
    const server = fakeServer({ seed, missedInChat })
    server.faults.latencyMs = [0, latency]
    const { clock } = server
    const people = [server.addPerson('Ann'), server.addPerson('Bob')] as const
    const chatId = await people[0].privateChat(people[1].id)
    // Until the first message it is the other one's only if opened as well.
    await people[1].privateChat(people[0].id)
    const device = server.device()
    const persist = memoryPersist()
    const sessions = people.map((person) => person.session())
    const start = (which: 0 | 1, own: Device): ChatClient => {
      const client = createChat({
        url: server.url,
        auth: sessions[which]!,
        platform: own.platform,
        persist,
        ...(which === 0 && sabotage(server, own)),
      })
      client.start()
      client.chat(chatId).open()
      return client
    }
    let mine = start(0, device)
    const theirs = start(1, server.device())
    const sent: string[][] = [[], []]

    for (const one of acts) {
      if (one.act === 'send') {
        const text = `${one.who}:${sent[one.who]!.length}`
        sent[one.who]!.push(text)
        ;(one.who === 0 ? mine : theirs).chat(chatId).send(text)
      } else if (one.act === 'edit' || one.act === 'delete') {
        const alive = server.messages(chatId).filter(({ sender, deletedAt }) => sender.id === people[1].id && deletedAt === undefined)
        const id = alive[one.which % Math.max(1, alive.length)]?.id
        if (id && one.act === 'delete') await people[1].remove(chatId, id)
        else if (id) await people[1].edit(chatId, id, `edited ${one.which}`)
      } else if (one.act === 'cut') device.cut()
      else if (one.act === 'freeze') device.freeze()
      else if (one.act === 'show') device.show()
      else if (one.act === 'restart') server.restart()
      else if (one.act === 'wait') await clock.advance(one.ms)
      else if (one.act === 'older') mine.chat(chatId).loadOlder().catch(ignored)
      else if (one.act === 'jump') mine.chat(chatId).jumpTo(1).catch(ignored)
      else if (one.act === 'read') mine.chat(chatId).markRead()
      else if (one.act === 'lose') {
        server.faults.eventLoss = one.events
        server.faults.answerLoss = one.answers
      } else if (one.act === 'offline') {
        device.setOnline(false)
        await clock.advance(one.ms)
        device.setOnline(true)
      } else {
        await clock.advance(1)
        mine.close()
        mine = start(0, device)
      }
      await clock.advance(7)
    }
    server.faults.eventLoss = server.faults.answerLoss = 0
    await clock.advance(180_000)
    for (const client of [mine, theirs]) {
      const chat = client.chat(chatId)
      chat.jumpToLatest().catch(ignored)
      await clock.advance(10_000)
      for (let i = 0; i < 10 && chat.timeline.get().hasOlder; i++) {
        chat.loadOlder().catch(ignored)
        await clock.advance(10_000)
      }
    }

    const log = server.messages(chatId)
    const own = (who: 0 | 1) => log.filter(({ sender }) => sender.id === people[who].id).length
    expect([own(0), own(1)]).toEqual([sent[0]!.length, sent[1]!.length])
    expect(log.filter(({ sender }) => sender.id === people[0].id).map(({ text }) => text)).toEqual(sent[0])
    for (const client of [mine, theirs]) {
      expect(client.outbox.get()).toEqual([])
      const { rows } = client.chat(chatId).timeline.get()
      expect(rows.map(({ id, text, version }) => [id, text, version])).toEqual(
        log.map(({ id, text, version }) => [id, text ?? undefined, version]),
      )
      expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length)
    }
    expect(mine.chats.get().unread).toBe(server.unread(chatId, people[0].id))
    mine.close()
    theirs.close()
  })

const saboteurs: readonly (readonly [string, Sabotage])[] = [
  ['makes a new key for every attempt', (_, device) => ({ platform: { ...device.platform, WebSocket: rekeying(device) } })],
  ['keeps its outbox nowhere', () => ({ persist: memoryPersist() })],
  ['never hears of what it missed', (_, device) => ({ platform: { ...device.platform, WebSocket: deaf(device) } })],
  [
    'takes a dead line for a quiet one',
    (_, device) => ({
      platform: { ...device.platform, later: (ms, work) => (ms === 50_000 ? () => {} : device.platform.later(ms, work)) },
    }),
  ],
]

const rekeying = (device: Device) =>
  changedSocket(device, {
    out: (text) => text.replace(/"client_message_id":"[^"]+"/, () => `"client_message_id":"${device.platform.newId()}"`),
  })
const deaf = (device: Device) =>
  changedSocket(device, { in: (text) => (text.startsWith('{"type":"heads"') ? '{"type":"heads","heads":{}}' : text) })

describe('a client', { retry: 0 }, () => {
  it('loses nothing and doubles nothing, whatever the network does', { timeout: 120_000 }, async () => {
    await expect(fc.assert(nothingIsLost(), { numRuns: tries(150) })).resolves.toBeUndefined()
  })

  it.each(saboteurs)('would notice one that %s', { timeout: 120_000 }, async (_, sabotage) => {
    expect(await fc.check(nothingIsLost(sabotage), { numRuns: 3_000, endOnFailure: true })).toMatchObject({
      failed: true,
      errorInstance: { name: 'AssertionError' },
    })
  })
})
