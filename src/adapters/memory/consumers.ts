import type { Consumer, Consumers, Cursor, CursorAt, DeadRange, Position } from '../../application/ports/consumers.ts'
import type { ChatId, Instant } from '../../domain/ids.ts'
import type { KeptCursor } from './kept.ts'
import { compareText, pageOf } from './page.ts'
import type { MemoryStore } from './store.ts'

/** `clock` is the store's own. */
export function memoryConsumers(store: MemoryStore, clock: () => Instant): Consumers {
  const { consumers, cursors, dead, leases } = store.relay
  const change = changing(store)

  function move({ consumerId, generation, chatId, was }: CursorAt, cursor: Cursor): boolean {
    const key = keyOf(consumerId, chatId)
    const kept = cursors.get(key)
    if (consumers.get(consumerId)?.generation !== generation) return false
    if (kept?.generation === generation && kept.seq !== was) return false
    const { dueIn, attempts = 0, counted = 0, ...rest } = cursor
    cursors.set(key, { ...rest, attempts, counted, generation, dueAt: dueIn === undefined ? undefined : clock() + dueIn })
    return true
  }

  return {
    ...registry(store, clock, change),
    async hold(name, node, length) {
      const lease = leases.get(name)
      if (lease && lease.node !== node && lease.until > clock()) return false
      leases.set(name, { node, until: clock() + length })
      return true
    },
    async release(node) {
      for (const [name, lease] of leases) if (lease.node === node) leases.delete(name)
    },

    ...findingChats(store, clock),

    move: async (at, cursor) => move(at, cursor),
    async bury(at, cursor, range) {
      if (!move(at, cursor)) return false
      dead.set(`${at.consumerId} ${range.chatId} ${range.from}`, { ...range, consumerId: at.consumerId, at: clock(), isDue: false })
      return true
    },
    async rewind(consumerId, chatId, seq) {
      const consumer = consumers.get(consumerId)
      if (!consumer) return
      cursors.set(keyOf(consumerId, chatId), { seq, attempts: 0, counted: 0, generation: consumer.generation, dueAt: undefined })
      change(consumerId, {})
    },

    ...deadRanges(store, change),
    async forget(age) {
      let count = 0
      for (const [chatId, { at }] of store.deletions) {
        if (at >= clock() - age) continue
        count++
        store.deletions.delete(chatId)
        for (const id of consumers.keys()) cursors.delete(keyOf(id, chatId))
        for (const [key, range] of dead) if (range.chatId === chatId) dead.delete(key)
      }
      return count
    },
  }
}

type Change = (id: string, to: Partial<Consumer>) => boolean

/** Changes a consumer from outside, which raises its revision. */
const changing =
  ({ relay: { consumers } }: MemoryStore): Change =>
  (id, to) => {
    const consumer = consumers.get(id)
    if (consumer) consumers.set(id, { ...consumer, ...to, revision: consumer.revision + 1 })
    return consumer !== undefined
  }

function registry(
  { relay: { consumers, cursors, dead, leases } }: MemoryStore,
  clock: () => Instant,
  change: Change,
): Pick<Consumers, 'list' | 'get' | 'add' | 'change' | 'remove' | 'report'> {
  return {
    async list() {
      return [...consumers.values()].sort((a, b) => compareText(a.id, b.id))
    },
    async get(id) {
      return consumers.get(id)
    },
    async add(consumer) {
      if ([...consumers.values()].some(({ name }) => name === consumer.name)) return false
      const now = clock()
      const report = { failingSince: undefined, behind: 0, lastSuccessAt: undefined, lastError: undefined }
      consumers.set(consumer.id, {
        ...consumer,
        from: consumer.from ?? now,
        generation: 0,
        revision: 0,
        state: 'ok',
        createdAt: now,
        report,
      })
      return true
    },
    async change(id, { settings, state, replayFrom }) {
      const consumer = consumers.get(id)
      if (!consumer) return false
      const replay = replayFrom === undefined ? {} : { from: replayFrom, generation: consumer.generation + 1 }
      return change(id, { ...(settings && { settings }), ...(state && { state }), ...replay })
    },
    async remove(id) {
      for (const records of [cursors, dead]) for (const key of records.keys()) if (key.startsWith(`${id} `)) records.delete(key)
      leases.delete(id)
      return consumers.delete(id)
    },
    async report(id, { state, failingFor = 0, succeededAgo, behind, lastError }) {
      const consumer = consumers.get(id)
      if (!consumer || consumer.state === 'off') return
      const { failingSince, lastSuccessAt } = consumer.report
      const report = {
        behind,
        lastError,
        failingSince: state === 'failing' ? (failingSince ?? clock() - failingFor) : undefined,
        lastSuccessAt: succeededAgo === undefined ? lastSuccessAt : clock() - succeededAgo,
      }
      consumers.set(id, { ...consumer, state, report })
    },
  }
}

function findingChats(store: MemoryStore, clock: () => Instant): Pick<Consumers, 'positions' | 'recent' | 'sweep'> {
  const { cursors } = store.relay

  function position(consumer: Consumer, chatId: ChatId): Position | undefined {
    const chat = store.chats.get(chatId)?.state.chat
    const deletion = store.deletions.get(chatId)
    if (!chat && !deletion) return undefined
    const kept = cursors.get(keyOf(consumer.id, chatId))
    const cursor = kept?.generation === consumer.generation ? cursorOf(kept, clock()) : undefined
    return chat
      ? { chatId, head: chat.headSeq, headAt: chat.headAt, deletedBy: undefined, cursor }
      : { chatId, head: deletion!.seq, headAt: deletion!.at, deletedBy: deletion!.actorId, cursor }
  }

  const isBehind = (consumer: Consumer, { head, headAt, cursor }: Position) => (cursor ? cursor.seq < head : headAt >= consumer.from)

  return {
    async positions(consumer, chatIds) {
      return [...new Set(chatIds)].map((chatId) => position(consumer, chatId)).filter((found) => found !== undefined)
    },
    async recent(since) {
      const heads = [...store.chats.values()].map(({ state: { chat } }) => ({ id: chat.id, seq: chat.headSeq, at: chat.headAt }))
      const deleted = [...store.deletions].map(([id, { seq, at }]) => ({ id, seq, at }))
      return new Map([...heads, ...deleted].filter(({ at }) => at >= since).map(({ id, seq }) => [id, seq]))
    },
    async sweep(consumer, after, limit) {
      const all = [...store.chats.keys(), ...store.deletions.keys()].sort()
      const page = all.filter((id) => after === undefined || id > after).slice(0, limit)
      const behind = page.map((id) => position(consumer, id)!).filter((found) => isBehind(consumer, found))
      return { behind, next: page.length === limit ? page.at(-1) : undefined }
    },
  }
}

function deadRanges({ relay: { dead } }: MemoryStore, change: Change): Pick<Consumers, 'dead' | 'revive' | 'revived' | 'settle'> {
  const deadOf = (consumerId: string) =>
    [...dead.values()].filter((range) => range.consumerId === consumerId).sort((a, b) => compareText(a.chatId, b.chatId) || a.from - b.from)

  return {
    async dead(consumerId, window) {
      const ranges = deadOf(consumerId).map(rangeOf)
      return pageOf(ranges, window, {
        position: ({ chatId, from }) => ({ chatId, from }),
        compare: (a, b) => compareText(a.chatId, b.chatId) || a.from - b.from,
      })
    },
    async revive(consumerId) {
      for (const [key, range] of dead) if (range.consumerId === consumerId) dead.set(key, { ...range, isDue: true })
      change(consumerId, {})
    },
    async revived(consumerId, limit) {
      return deadOf(consumerId)
        .filter(({ isDue }) => isDue)
        .slice(0, limit)
        .map(rangeOf)
    },
    async settle(consumerId, { chatId, from }, error) {
      const key = `${consumerId} ${chatId} ${from}`
      const range = dead.get(key)
      if (error === undefined) dead.delete(key)
      else if (range) dead.set(key, { ...range, error, isDue: false })
    },
  }
}

const keyOf = (consumerId: string, chatId: ChatId): string => `${consumerId} ${chatId}`

const rangeOf = ({ chatId, from, to, types, at, error }: DeadRange): DeadRange => ({ chatId, from, to, types, at, error })

const cursorOf = ({ seq, frozen, attempts, counted, error, dueAt }: KeptCursor, now: Instant): Cursor => ({
  seq,
  frozen,
  attempts,
  counted,
  error,
  dueIn: dueAt === undefined ? undefined : Math.max(0, dueAt - now),
})
