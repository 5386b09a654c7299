import { memoryChats } from '../../src/adapters/memory/chats.ts'
import { memoryConsumers } from '../../src/adapters/memory/consumers.ts'
import { memoryLog } from '../../src/adapters/memory/log.ts'
import { memoryPeople } from '../../src/adapters/memory/people.ts'
import { memoryStore } from '../../src/adapters/memory/store.ts'
import type { Consumers } from '../../src/application/ports/consumers.ts'
import type { OnCommit } from '../../src/application/ports/log.ts'
import type { Outcome, Range, Sink } from '../../src/application/ports/sink.ts'
import { type Relay, relay } from '../../src/application/relay/relay.ts'
import { alter } from '../../src/domain/altering.ts'
import { disband, open } from '../../src/domain/group.ts'
import type { ChatId, ClientMessageId, MessageId, UserId } from '../../src/domain/ids.ts'
import { post } from '../../src/domain/posting.ts'
import { dice, simulatedBus } from './simulated.ts'

/** What a world may do differently, to see whether it is noticed. */
export interface RelaySabotage {
  readonly consumers?: (consumers: Consumers) => Consumers
  readonly sink?: (sink: Sink, consumers: Consumers) => Sink
}

const NODES = 3
const STEPS = 500
const SKEW = 600_000
const ANN = 'ann' as UserId

interface Request {
  readonly hook: string
  readonly chatId: ChatId
  readonly from: number
  readonly to: number
  readonly seqs: readonly number[]
  readonly node: Node
}
interface Node {
  relay: Relay
  onCommit: OnCommit
  clock: () => number
  isDead: boolean
}

/** What a receiver has seen of one chat. */
interface Seen {
  readonly acknowledged: Set<number>
  inFlight: Request | undefined
  /** The range of the last request, unless it was acknowledged to a process that lives. */
  open: string | undefined
}

/** Several processes with wrong clocks on one store, a bus that lies, kills anywhere, a receiver that fails: one seeded run, and what was wrong. */
export async function relayWorld(seed: number, sabotage: RelaySabotage = {}): Promise<{ violations: string[]; requests: number }> {
  const { below, pick, chance, roll } = dice(seed)
  const store = memoryStore('epoch')
  const violations: string[] = []
  const paused: (() => void)[] = []
  const carried: (() => void)[] = []
  const due: { at: number; run: () => void }[] = []
  let [now, ids, requests, isOver] = [100_000_000, 0, 0, false]
  const kept = memoryConsumers(store, () => now)
  const consumers = sabotage.consumers?.(kept) ?? kept
  const id = (kind: string) => `${kind}-${String(++ids).padStart(6, '0')}`
  const seen = new Map<string, Seen>()
  const busOf = simulatedBus({ copies: () => pick([0, 1, 1, 2]), carry: (deliver) => void carried.push(deliver) })

  const pause = () => (isOver ? Promise.resolve() : new Promise<void>((go) => paused.push(go)))
  /** Calls take time, and those of a process that was killed never answer. */
  const slowly = <T extends object>(port: T, node: Node): T =>
    Object.fromEntries(
      Object.entries(port).map(([name, call]) => [
        name,
        typeof call !== 'function'
          ? call
          : async (...given: unknown[]) => {
              await pause()
              if (node.isDead) return new Promise(() => {})
              const answer: unknown = await (call as (...given: unknown[]) => unknown)(...given)
              await pause()
              return node.isDead ? new Promise(() => {}) : answer
            },
      ]),
    ) as T

  function begun(request: Request): Seen {
    const { hook, chatId, from, to, seqs } = request
    const key = `${hook} ${chatId}`
    const at = seen.get(key) ?? { acknowledged: new Set<number>(), inFlight: undefined, open: undefined }
    seen.set(key, at)
    if (at.inFlight && !at.inFlight.node.isDead)
      violations.push(`${key}: ${from}-${to} while ${at.inFlight.from}-${at.inFlight.to} is under way`)
    const id = `${from}-${to}: ${seqs.join()}`
    if (at.open !== undefined && at.open !== id && store.chats.has(chatId)) violations.push(`${key}: ${id} after ${at.open} had failed`)
    at.open = id
    const missing = wanted(hook, chatId).filter((seq) => seq < from && !at.acknowledged.has(seq))
    const isGone = !store.chats.has(chatId)
    if (missing.length > 0 && !isGone) violations.push(`${key}: ${from}-${to} before ${missing.join()}`)
    at.inFlight = request
    return at
  }

  /** The events of a chat that a hook asks for. */
  function wanted(hook: string, chatId: ChatId): number[] {
    const { settings, from } = store.relay.consumers.get(hook)!
    const events = store.chats.get(chatId)?.events ?? []
    return events.filter(({ type, at }) => at >= from && (settings.types?.includes(type) ?? true)).map(({ seq }) => seq)
  }

  const sinkOf = (node: Node): Sink => ({
    givesUp: true,
    async deliver(range: Range): Promise<Outcome> {
      requests++
      const { chatId, from, to, events, consumer } = range
      const seqs = events.map(({ seq }) => seq)
      const at = begun({ hook: consumer.id, chatId, from, to, seqs, node })
      await pause()
      if (node.isDead && chance(0.5)) return new Promise(() => {})
      const isBad = !isOver && chance(0.4)
      if (!isBad) for (const seq of seqs) at.acknowledged.add(seq)
      await pause()
      if (node.isDead) return new Promise(() => {})
      at.inFlight = undefined
      if (!isBad) at.open = undefined
      return isBad ? { is: 'again', error: '500' } : { is: 'done' }
    },
  })

  function node(): Node {
    const skew = below(2 * SKEW) - SKEW
    const began = now
    const clock = () => now + skew
    const self: Node = { relay: undefined as never, onCommit: () => {}, clock, isDead: false }
    const honest = slowly(consumers, self)
    const sink = sabotage.sink?.(sinkOf(self), honest) ?? sinkOf(self)
    const bus = busOf()
    self.relay = relay({
      log: slowly(memoryLog(store), self),
      consumers: honest,
      chats: memoryChats(store),
      bus,
      clock,
      random: roll,
      newId: () => id('node'),
      elapsed: () => now - began,
      later: (run, wait) => void due.push({ at: now + wait, run: () => !self.isDead && run() }),
      sinks: () => sink,
    })
    bus.listen((_, message) => !self.isDead && (message.type === 'behind' || message.type === 'consumers') && self.relay.receive(message))
    self.onCommit = (events) => self.relay.committed(events)
    return self
  }

  const nodes = Array.from({ length: NODES }, node)
  await memoryPeople(store).add({
    id: ANN,
    username: 'ann',
    name: 'Ann',
    email: undefined,
    passwordHash: undefined,
    createdAt: now,
  })
  const chats: ChatId[] = []

  /** Something happens in a chat, in one of the processes, by its clock; sometimes it dies before it has told anybody. */
  async function happen(): Promise<void> {
    const at = pick(nodes)
    const log = memoryLog(store, (events) => (chance(0.1) ? kill(at) : at.onCommit(events)))
    if (chats.length < 3) {
      const opening = {
        id: id('chat') as ChatId,
        key: undefined,
        kind: 'group',
        name: 'G',
        creatorId: ANN,
        otherIds: [],
        at: at.clock(),
      } as const
      chats.push(opening.id)
      await log.change({ chat: opening.id, members: [ANN], people: [ANN] }, (state) => open(state, opening as never))
      return
    }
    const chat = pick(chats)
    if (!store.chats.has(chat)) return
    if (chance(0.02)) return log.change({ chat, members: [ANN] }, (state) => disband(state, { ownerId: ANN, at: at.clock() }))
    if (chance(0.3)) {
      await log.change({ chat, members: [ANN] }, (state) => alter(state, { editorId: ANN, name: id('n'), at: at.clock() }))
      return
    }
    const key = id('key') as ClientMessageId
    const draft = { id: id('message') as MessageId, senderId: ANN, clientMessageId: key, text: key, bodyHash: key, at: at.clock() }
    await log.change({ chat, members: [ANN], earlier: [[ANN, key]] }, (state) => post(state, draft as never))
  }

  function kill(victim: Node): void {
    victim.isDead = true
    nodes[nodes.indexOf(victim)] = node()
  }

  const settled = () => new Promise<void>((done) => setImmediate(done))
  const take = (from: (() => void)[]) => from.splice(below(from.length), 1)[0]?.()
  function pass(ms: number): void {
    now += ms
    for (const item of due.splice(0))
      if (item.at <= now) item.run()
      else due.push(item)
  }

  await kept.add({ id: 'all', kind: 'hook', name: 'all', settings: { batch: 1 }, lag: 0, from: 0 })
  await kept.add({ id: 'some', kind: 'hook', name: 'some', settings: { batch: 5, types: ['message.sent'] }, lag: 0, from: 0 })
  for (let step = 0; step < STEPS; step++) {
    const what = below(20)
    if (what < 5) await happen()
    else if (what < 12) for (let i = below(12); i >= 0; i--) take(paused)
    else if (what < 14) for (let i = below(4); i >= 0; i--) take(carried)
    else if (what < 17)
      void pick(nodes)
        .relay.tick()
        .catch(() => undefined)
    else if (what < 18 && chance(0.6)) kill(pick(nodes))
    pass(chance(0.1) ? below(40_000) : below(1_000))
    await settled()
  }

  isOver = true
  for (let round = 0; round < 200; round++) {
    for (const item of paused.splice(0)) item()
    for (const item of carried.splice(0)) item()
    await Promise.all(nodes.map(({ relay: each }) => each.tick()))
    for (let i = 0; i < 3; i++) await settled()
    pass(10_000)
  }

  for (const hook of ['all', 'some'])
    for (const chatId of chats) {
      const got = seen.get(`${hook} ${chatId}`)?.acknowledged ?? new Set()
      const missing = wanted(hook, chatId).filter((seq) => !got.has(seq))
      if (missing.length > 0) violations.push(`${hook} ${chatId}: never delivered ${missing.join()}`)
      const deletion = store.deletions.get(chatId)
      if (deletion && hook === 'all' && !got.has(deletion.seq)) violations.push(`${hook} ${chatId}: the deletion was never delivered`)
    }
  return { violations, requests }
}
