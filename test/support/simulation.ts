import { memoryPeople } from '../../src/adapters/memory/people.ts'
import { memoryStore } from '../../src/adapters/memory/store.ts'
import type { Connection } from '../../src/application/live/connection.ts'
import type { Delivery } from '../../src/application/live/delivery.ts'
import { DETACHED } from '../../src/application/live/detached.ts'
import type { ChatLog } from '../../src/application/ports/log.ts'
import type { Ports } from '../../src/application/ports/ports.ts'
import type { ChatEvent } from '../../src/domain/event.ts'
import type { ChatId, ClientMessageId, Seq, SessionId, UserId } from '../../src/domain/ids.ts'
import { joinersOf, leaverOf } from '../../src/domain/kinds/kinds.ts'
import { isRefusal } from '../../src/domain/refusal.ts'
import { type Application, compose, type OutboundPorts } from '../../src/main/compose.ts'
import { dice, simulatedBus, simulatedPolicy, simulatedPorts } from './simulated.ts'

/** What a world may do differently, to see whether anybody notices. */
export interface Sabotage {
  readonly bus?: 'honest' | 'lying' | 'dead'
  readonly skipsPolls?: boolean
  /** What the store says of whether anything was committed. */
  readonly stamp?: () => string
  readonly log?: (log: ChatLog) => ChatLog
  readonly receipts?: (receipts: Ports['receipts']) => Ports['receipts']
  /** What the store says of seats that are kept. */
  readonly moved?: (moved: Ports['chats']['moved']) => Ports['chats']['moved']
  /** Commits that are told before they are made, and then sometimes fail. */
  readonly tellsFirst?: boolean
  /** What a device says of where it stood. */
  readonly asOf?: (asOf: string) => string
  /** What a device is handed on its way. */
  readonly delivered?: (delivery: Delivery) => Delivery | undefined
}

const NODES = 3
const STEPS = 220
const NAMES = ['ann', 'bob', 'cyd', 'dan'] as const
const GONE = 'gone'

/** One device: holds what it was handed by the rule that every client follows. */
interface Device {
  readonly name: UserId
  readonly cursors: Map<ChatId, Seq>
  readonly copies: Map<ChatId, ChatEvent[]>
  readonly reads: Map<string, Seq>
  readonly faults: string[]
  connection: Connection | undefined
  isLevel: boolean
  /** What it was told of where it stood, and where that was. */
  level: { readonly asOf: string; readonly cursors: ReadonlyMap<ChatId, Seq> } | undefined
  /** It resumed by that: what it has already may come again. */
  isRepeating: boolean
}

export interface World {
  readonly violations: string[]
  readonly counts: Readonly<
    Record<'steps' | 'sends' | 'events' | 'connections' | 'dropped' | 'repeated' | 'whole' | 'partial' | 'taken', number>
  >
}

/** Several processes on one store, a bus that lies, devices that come and go: one seeded run, and what went wrong in it. */
export async function simulate(seed: number, sabotage: Sabotage = {}): Promise<World> {
  const { below, pick, chance, roll } = dice(seed)
  const store = memoryStore('epoch')
  const counts = { steps: 0, sends: 0, events: 0, connections: 0, dropped: 0, repeated: 0, whole: 0, partial: 0, taken: 0 }
  const violations: string[] = []
  const paused: (() => void)[] = []
  const due: (() => void)[] = []
  const carried: (() => void)[] = []
  const acknowledged = new Map<string, { chatId: ChatId; seq: Seq }>()
  let now = 1_000_000
  let ids = 0
  let commits = 0
  let isOver = false

  const pause = () => (isOver ? Promise.resolve() : new Promise<void>((go) => paused.push(go)))
  const slowly = <A extends unknown[], R>(read: (...given: A) => Promise<R>) => {
    return async (...given: A): Promise<R> => {
      await pause()
      const answer = await read(...given)
      await pause()
      return answer
    }
  }
  const take = (from: (() => void)[]) => from.splice(below(from.length), 1)[0]?.()

  const busOf = simulatedBus({
    copies() {
      const copies = sabotage.bus === 'dead' ? 0 : sabotage.bus === 'honest' ? 1 : pick([0, 1, 1, 1, 2])
      counts[copies === 0 ? 'dropped' : 'repeated'] += copies === 1 ? 0 : 1
      return copies
    },
    carry: (deliver) => void carried.push(deliver),
  })

  function node(): Application {
    const honest = simulatedPorts(store, {
      bus: busOf(),
      clock: () => now,
      newId: () => `id-${++ids}`,
      random: roll,
      later: (run) => void due.push(run),
    })
    const { chats, receipts } = honest
    const counted: Ports['receipts'] = {
      ...receipts,
      advance: (mark) => receipts.advance(mark).finally(() => commits++),
    }
    const ports: OutboundPorts = {
      ...honest,
      log(onCommit) {
        const log = honest.log((events) => {
          commits++
          if (!sabotage.tellsFirst) onCommit(events)
        })
        const slow: ChatLog = {
          change: (scope, decide) =>
            log.change(scope, (state) => {
              const decision = decide(state)
              if (!sabotage.tellsFirst || decision.events.length === 0) return decision
              onCommit(decision.events)
              if (chance(0.2)) throw new Error('the commit failed')
              return decision
            }),
          read: slowly(log.read),
          eraseTexts: slowly(log.eraseTexts),
          eraseTraces: slowly(log.eraseTraces),
        }
        return sabotage.log?.(slow) ?? slow
      },
      receipts: sabotage.receipts?.(counted) ?? counted,
      commits: { stamp: slowly(async () => sabotage.stamp?.() ?? `${commits}`) },
      chats: {
        ...chats,
        standings: slowly(chats.standings),
        standing: slowly(chats.standing),
        heads: slowly(chats.heads),
        places: slowly(chats.places),
        joinedSince(userIds, since) {
          if (since === 0) counts.taken--
          return slowly(chats.joinedSince)(userIds, since)
        },
        moved: slowly(sabotage.moved?.(chats.moved) ?? chats.moved),
      },
    }
    return compose(ports, simulatedPolicy, { detached: { ...DETACHED, fromChats: 1 } })
  }

  const people = memoryPeople(store)
  for (const name of NAMES)
    await people.add({ id: name as string as UserId, username: name, name, email: undefined, passwordHash: undefined, createdAt: now })
  const nodes = Array.from({ length: NODES }, node)
  const devices: Device[] = [...NAMES, 'ann'].map((name) => ({
    name: name as UserId,
    cursors: new Map(),
    copies: new Map(),
    reads: new Map(),
    faults: [],
    connection: undefined,
    isLevel: false,
    level: undefined,
    isRepeating: false,
  }))

  const caller = (name: UserId) => ({ userId: name, sessionId: `session-${name}` as SessionId })
  const groups: ChatId[] = []
  for (const creator of ['ann', 'bob'] as UserId[]) {
    const made = nodes[0]!.api.createGroup(caller(creator), { name: 'Group', memberIds: (['ann', 'bob', 'cyd'] as UserId[]).slice(0, 2) })
    groups.push((await made).view.chat.id)
  }

  const eventsOf = (chatId: ChatId) => store.chats.get(chatId)?.events ?? []
  /** Whether somebody is a member once the log has come to this event. A chat that is gone cannot say. */
  function wasMember(chatId: ChatId, userId: UserId, seq: Seq): boolean {
    const events = eventsOf(chatId).slice(0, seq)
    const isIn = (is: boolean, event: ChatEvent) => (joinersOf(event).includes(userId) ? true : leaverOf(event) === userId ? false : is)
    return events.length === 0 || events.reduce(isIn, false)
  }
  /** Whoever is told that they have left or were removed finds that in the log, after what they have. */
  function hasCause({ name, cursors }: Device, { chatId, reason }: Extract<Delivery, { type: 'chat_gone' }>): boolean {
    if (reason === 'deleted') return !store.chats.has(chatId)
    if (reason === 'not-found' || !store.chats.has(chatId)) return true
    return eventsOf(chatId)
      .slice(cursors.get(chatId) ?? 0)
      .some((event) => leaverOf(event) === name)
  }

  function receive(device: Device, given: Delivery): void {
    const delivery = sabotage.delivered ? sabotage.delivered(given) : given
    if (!delivery) return
    if (delivery.type === 'chat_gone') {
      if (!hasCause(device, delivery)) device.faults.push(`${device.name} lost a chat without a cause: ${delivery.reason}`)
      device.cursors.delete(delivery.chatId)
      device.copies.delete(delivery.chatId)
      return
    }
    if (delivery.type === 'reset') return void device.faults.push(`${device.name} was reset: ${delivery.reason}`)
    if (delivery.type === 'receipt' && delivery.userId) {
      const name = `${delivery.chatId} ${delivery.userId}`
      const position = device.cursors.get(delivery.chatId)
      // While it resumes, a device learns of positions with the answer.
      if (position === undefined && device.isLevel)
        device.faults.push(`a receipt of ${delivery.userId} in a chat that ${device.name} does not have`)
      if (position !== undefined && !wasMember(delivery.chatId, delivery.userId, position))
        device.faults.push(`a receipt of ${delivery.userId}, who is no member at ${position}`)
      if (delivery.readSeq < (device.reads.get(name) ?? 0)) device.faults.push(`a receipt went back to ${delivery.readSeq}`)
      if (delivery.readSeq > (store.chats.get(delivery.chatId)?.events.length ?? delivery.readSeq))
        device.faults.push('a receipt was ahead of the log')
      device.reads.set(name, delivery.readSeq)
    }
    if (delivery.type !== 'event') return
    counts.events++
    const { event } = delivery
    const { chatId, seq } = event
    const last = device.cursors.get(chatId)
    if (last !== undefined && seq <= last && device.isRepeating) return
    if (last !== undefined && seq !== last + 1) device.faults.push(`${device.name} was at ${last} and was handed ${seq}`)
    const record = store.chats.get(chatId)
    if (record && record.events[seq - 1]?.type !== event.type) device.faults.push(`${device.name} was handed what is not in the log`)
    device.cursors.set(chatId, seq)
    device.copies.set(chatId, [...(device.copies.get(chatId) ?? []), event])
  }

  function connect(device: Device): void {
    counts.connections++
    device.isLevel = false
    device.reads.clear()
    let isOpen = true
    const connection = pick(nodes).hub.open({
      userId: device.name,
      sessionId: caller(device.name).sessionId,
      deviceId: `${devices.indexOf(device)}`,
      deliver: (delivery) => isOpen && receive(device, delivery),
      end(why) {
        if (isOpen) device.faults.push(`${device.name} was sent away from the latest connection: ${why}`)
      },
    })
    device.connection = {
      ...connection,
      asOf: () => connection.asOf(),
      close() {
        isOpen = false
        connection.close()
      },
    }
    const promised = [...acknowledged.values()]
    const { level } = device
    const cursors = new Map([...device.cursors].filter(([chatId, last]) => level?.cursors.get(chatId) !== last))
    device.isRepeating = level !== undefined
    const resumed = connection.resume({ epoch: 'epoch', asOf: level?.asOf, cursors })
    void resumed.then(
      (state) => {
        counts.taken++
        if (!isOpen) return
        const { heads, isWhole } = state
        if (isWhole)
          for (const chatId of device.cursors.keys())
            if (!heads.has(chatId)) receive(device, { type: 'chat_gone', chatId, reason: 'not-found' })
        counts[isWhole ? 'whole' : 'partial']++
        device.isLevel = true
        for (const { chatId, seq } of promised)
          if (store.chats.has(chatId) && (heads.get(chatId) ?? device.cursors.get(chatId) ?? seq) < seq)
            device.faults.push(`${device.name} was level at ${heads.get(chatId)} before ${seq}`)
        for (const [chatId, head] of heads) if (!device.cursors.has(chatId)) device.cursors.set(chatId, head)
      },
      () => undefined,
    )
  }

  function disconnect(device: Device): void {
    const asOf = device.connection?.asOf()
    const isKept = device.isLevel && asOf !== undefined && chance(0.7)
    device.level = isKept ? { asOf: sabotage.asOf?.(asOf) ?? asOf, cursors: new Map(device.cursors) } : device.level && { ...device.level }
    device.connection?.close()
    device.connection = undefined
  }

  const attempt = async (call: Promise<unknown>) => {
    await call.catch((thrown) => {
      if (!isRefusal(thrown) && !(sabotage.tellsFirst && String(thrown).includes('commit'))) violations.push(`defect: ${String(thrown)}`)
    })
  }

  function send(): void {
    counts.sends++
    const name = pick(NAMES) as string as UserId
    const chatId = pick(groups)
    const key = `${name}-${below(60)}` as ClientMessageId
    const sending = pick(nodes).api.sendMessage(caller(name), { chatId, clientMessageId: key, text: key })
    void attempt(
      sending.then(({ view: { message } }) => {
        const name = `${chatId} ${message.sender.id} ${key}`
        const earlier = acknowledged.get(name)
        if (earlier && earlier.seq !== message.seq) violations.push(`${key} was acknowledged as ${earlier.seq} and as ${message.seq}`)
        acknowledged.set(name, { chatId, seq: message.seq })
      }),
    )
  }

  function changeMembers(): void {
    const chatId = pick(groups)
    const owner = caller(groups.indexOf(chatId) === 0 ? ('ann' as UserId) : ('bob' as UserId))
    const other = pick(NAMES) as string as UserId
    const { api } = pick(nodes)
    if (chance(0.5)) void attempt(api.addMembers(owner, { chatId, userIds: [other] }))
    else void attempt(api.removeMembers(chance(0.3) ? caller(other) : owner, { chatId, userIds: [other] }))
  }

  function read(): void {
    const chatId = pick(groups)
    void attempt(pick(nodes).api.markRead(caller(pick(NAMES) as string as UserId), { chatId, seq: below(80) }))
  }

  const settled = () => new Promise<void>((done) => setImmediate(done))
  const poll = () =>
    sabotage.skipsPolls
      ? undefined
      : pick(nodes)
          .hub.poll()
          .catch(() => undefined)

  /** Much later: nothing that was under way takes so long. What the bus carries may have been lost. */
  async function passTime(): Promise<void> {
    while (paused.length + due.length > 0) {
      while (paused.length > 0) take(paused)
      while (due.length > 0) take(due)
      await settled()
    }
    now += 60_000 + below(60_000)
  }

  for (let step = 0; step < STEPS; step++) {
    counts.steps++
    now += below(40)
    if (chance(0.05)) await passTime()
    const what = below(20)
    if (what < 7) for (let i = below(6); i >= 0; i--) take(paused)
    else if (what < 11) for (let i = below(4); i >= 0; i--) take(carried)
    else if (what < 14) send()
    else if (what < 15) changeMembers()
    else if (what < 16) read()
    else if (what < 17) void poll()
    else if (what < 18) take(due)
    else {
      const device = pick(devices)
      if (device.connection) disconnect(device)
      else connect(device)
    }
    await settled()
  }

  for (const device of devices) if (!device.connection) connect(device)
  isOver = true
  for (let round = 0; round < 8; round++) {
    now += 1_000
    while (paused.length + carried.length + due.length > 0) {
      while (paused.length > 0) take(paused)
      while (carried.length > 0) take(carried)
      while (due.length > 0) take(due)
      await settled()
    }
    if (!sabotage.skipsPolls) for (const { hub } of nodes) await hub.poll().catch((error: Error) => violations.push(error.message))
    await settled()
  }

  for (const device of devices) {
    violations.push(...device.faults)
    if (!device.isLevel) violations.push(`${device.name} never became level`)
    for (const chatId of groups) {
      const record = store.chats.get(chatId)
      const isMember = Boolean(record?.state.members.get(device.name))
      const cursor = device.cursors.get(chatId) ?? GONE
      if (isMember && cursor !== record!.events.length) violations.push(`${device.name} stands at ${cursor} of ${record!.events.length}`)
      if (!isMember && cursor !== GONE) violations.push(`${device.name} was removed and still has the chat`)
    }
  }
  for (const [name, { chatId, seq }] of acknowledged) {
    const record = store.chats.get(chatId)
    if (!record) continue
    const found = record.events[seq - 1]
    const key = found?.type === 'message.sent' && `${chatId} ${found.message.sender.id} ${found.message.clientMessageId}`
    if (key !== name) violations.push(`${name} was acknowledged and is not in the log`)
    const twins = record.sent.filter(({ sender, clientMessageId }) => `${chatId} ${sender.id} ${clientMessageId}` === name)
    if (twins.length !== 1) violations.push(`${name} is in the log ${twins.length} times`)
  }
  return { violations, counts }
}
