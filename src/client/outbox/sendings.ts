import { type Cell, cell, derived } from '../platform/store.ts'
import type { OutboxEntry, SendHandle, SendState, Store } from '../types.ts'
import { handleOf } from './handle.ts'

/** One message on its way. */
export interface Sending {
  entry: OutboxEntry
  readonly state: Cell<SendState>
  readonly handle: SendHandle
  /** It is safe in the store: it may be sent. */
  isStored: boolean
  attempts: number
  /** It may have arrived, although no answer said so. */
  isUncertain: boolean
  notBefore: number
}

export interface Sendings {
  /** In the order of sending. */
  readonly all: Store<readonly Sending[]>
  inChat(chatId: string): readonly Sending[]
  find(chatId: string, key: string): Sending | undefined
  /** Whether it is still on its way: the same key may stand for a later attempt by now. */
  isHere(sending: Sending): boolean
  add(entry: OutboxEntry, isStored: boolean): Sending
  drop(sending: Sending): void
  changed(chatId: string): void
  /** Grows with each entry. */
  nextOrder(time: number): number
}

interface Needs {
  changed(chatId: string): void
  retry(sending: Sending): void
  cancel(sending: Sending): boolean
  readonly closed: AbortSignal
}

const none: readonly Sending[] = []

/** All messages on their way. */
export function sendings(needs: Needs): Sendings {
  const kept = new Map<string, Sending>()
  const all = derived<readonly Sending[]>(() => [...kept.values()].sort((a, b) => a.entry.order - b.entry.order))
  const byChat = derived<ReadonlyMap<string, readonly Sending[]>>(() => {
    const chats = new Map<string, Sending[]>()
    for (const one of all.get()) chats.set(one.entry.chatId, [...(chats.get(one.entry.chatId) ?? []), one])
    return chats
  })
  let lastOrder = 0

  return {
    all,
    inChat: (chatId) => byChat.get().get(chatId) ?? none,
    find: (chatId, key) => kept.get(idOf({ chatId, key })),
    isHere: (sending) => kept.get(idOf(sending.entry)) === sending,
    add(entry, isStored) {
      const state = cell<SendState>(entry.problem ? { status: 'failed', problem: entry.problem } : { status: 'queued' })
      const retry = () => needs.retry(sending)
      const cancel = () => needs.cancel(sending)
      const handle = handleOf(entry, state, { retry, cancel, closed: needs.closed })
      const sending: Sending = { entry, state, handle, isStored, attempts: 0, isUncertain: false, notBefore: 0 }
      kept.set(idOf(entry), sending)
      lastOrder = Math.max(lastOrder, entry.order)
      return sending
    },
    drop: ({ entry }) => void kept.delete(idOf(entry)),
    changed(chatId) {
      all.changed()
      byChat.changed()
      needs.changed(chatId)
    },
    nextOrder: (time) => Math.max(time, lastOrder + 1),
  }
}

/** A key belongs to one chat. */
const idOf = ({ chatId, key }: Pick<OutboxEntry, 'chatId' | 'key'>): string => `${chatId} ${key}`
