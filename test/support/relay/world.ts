import { alter } from '../../../src/domain/altering.ts'
import type { ChatEvent } from '../../../src/domain/event.ts'
import { disband, open } from '../../../src/domain/group.ts'
import type { ChatId, ClientMessageId, MessageId, UserId } from '../../../src/domain/ids.ts'
import { post } from '../../../src/domain/posting.ts'
import { dice } from '../simulated.ts'
import { type Process, processes, type RelaySabotage } from './processes.ts'
import { receivers } from './receiver.ts'
import { schedule } from './schedule.ts'
import type { RelayPlace } from './stores.ts'

const HOOKS = [
  { id: '00000000-0000-7000-8000-00000000000a', types: undefined, batch: 1 },
  { id: '00000000-0000-7000-8000-00000000000b', types: ['message.sent'], batch: 5 },
] as const
const ANN = '00000000-0000-7000-8000-0000000000aa' as UserId
const CHATS = 3

/** Whether a request is refused: the receivers are as they please, or out of order every third time, or they are dead. */
export type Mood = 'moody' | 'third' | 'dead' | 'good'

/** Several processes on one store, kills anywhere, receivers that fail. */
export async function relayWorld(place: RelayPlace, seed: number, sabotage: RelaySabotage = {}) {
  const chances = dice(seed)
  const { below, pick, chance } = chances
  const violations: string[] = []
  const time = schedule(chances)
  const seen = receivers(HOOKS, violations)
  let [ids, requests, mood] = [0, 0, (seed % 2 === 0 ? 'third' : 'moody') as Mood]
  /** As a UUIDv7 of this time. */
  const idAt = (ms: number) => {
    const hex = ms.toString(16).padStart(12, '0')
    return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${String(++ids).padStart(12, '0')}`
  }
  const moods: { readonly [M in Mood]: () => boolean } = {
    moody: () => chance(0.4),
    third: () => requests % 3 === 0,
    dead: () => true,
    good: () => false,
  }
  const isBad = () => {
    requests++
    return moods[mood]()
  }

  let deed: Process
  const store = { is: await place.begin(time.now, (events) => committed(events)) }
  const { start, requests: count } = processes({
    dice: chances,
    time,
    receivers: seen,
    store: () => store.is,
    sabotage,
    newId: () => idAt(time.now()),
    isBad,
  })
  const all = Array.from({ length: 2 + below(3) }, start)

  /** Sometimes a process dies before it has told anybody. */
  function committed(events: readonly ChatEvent[]): void {
    seen.committed(events)
    if (chance(0.1)) kill(deed)
    else deed.onCommit(events)
  }

  function kill(victim: Process): void {
    victim.isDead = true
    const at = all.indexOf(victim)
    if (at >= 0) all[at] = start()
  }

  const chats: ChatId[] = []
  /** Something happens in a chat, in one of the processes, by its clock. */
  async function happen(): Promise<void> {
    deed = pick(all)
    const at = deed.clock()
    const { log } = store.is
    if (chats.length < CHATS) {
      const id = idAt(at) as ChatId
      chats.push(id)
      const opening = { id, key: undefined, kind: 'group', name: 'G', creatorId: ANN, otherIds: [], at } as const
      await log.change({ chat: id, members: [ANN], people: [ANN] }, (state) => open(state, opening as never))
      return
    }
    const chat = pick(chats)
    if (seen.isDeleted(chat)) return
    if (chance(0.02)) return log.change({ chat, members: [ANN] }, (state) => disband(state, { ownerId: ANN, at }))
    if (chance(0.3)) {
      await log.change({ chat, members: [ANN] }, (state) => alter(state, { editorId: ANN, name: `n ${++ids}`, at }))
      return
    }
    const key = `key ${++ids}` as ClientMessageId
    const draft = { id: idAt(at) as MessageId, senderId: ANN, clientMessageId: key, text: key, bodyHash: key, at }
    await log.change({ chat, members: [ANN], earlier: [[ANN, key]] }, (state) => post(state, draft as never))
  }

  await store.is.people.add({
    id: ANN,
    username: 'ann',
    name: 'Ann',
    email: undefined,
    passwordHash: undefined,
    createdAt: time.now(),
  })
  for (const { id, types, batch } of HOOKS)
    await store.is.consumers.add({ id, kind: 'hook', name: id, settings: { batch, ...(types && { types }) }, lag: 0, from: 0 })

  const tick = (one: Process) => one.relay.tick().catch(() => undefined)
  return {
    dice: chances,
    time,
    happen,
    kill,
    tick,
    processes: all,
    missing: seen.missing,
    requests: count,
    violations,
    consumers: () => store.is.consumers,
    hooks: HOOKS.map(({ id }) => id),
    be: (next: Mood) => void (mood = next),
    /** Ends all processes, puts the store back to where it was when it was copied, and starts others. */
    async copy() {
      const [restore, forget, length] = [await store.is.copy(), seen.copy(), chats.length]
      return async () => {
        for (const one of all) one.isDead = true
        time.flush()
        await time.settled()
        store.is = await restore()
        forget()
        chats.length = Math.min(length, chats.length)
        for (const i of all.keys()) all[i] = start()
      }
    },
    close: () => store.is.close(),
  }
}
export type RelayWorld = Awaited<ReturnType<typeof relayWorld>>
