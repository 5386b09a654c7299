import type { ChatEvent } from '../../../src/domain/event.ts'
import type { ChatId } from '../../../src/domain/ids.ts'

/** What was committed, as the world has seen it. */
export interface Truth {
  readonly events: Map<ChatId, readonly ChatEvent[]>
  readonly deletions: Map<ChatId, ChatEvent>
}
export interface Asked {
  readonly id: string
  readonly types: readonly string[] | undefined
}
export interface Request {
  readonly hook: string
  readonly epoch: string
  readonly chatId: ChatId
  readonly from: number
  readonly to: number
  readonly seqs: readonly number[]
  readonly by: { readonly isDead: boolean }
}

/** What a receiver has seen of one chat. */
interface Seen {
  readonly acknowledged: Set<number>
  inFlight: Request | undefined
  /** The range of the last request, unless it was acknowledged to a process that lives. */
  open: string | undefined
}

/** Receivers of several hooks, and what is wrong with what they get. */
export function receivers(hooks: readonly Asked[], violations: string[]) {
  let truth: Truth = { events: new Map(), deletions: new Map() }
  let seen = new Map<string, Seen>()
  let epoch = 'epoch 1'

  /** The events of a chat that a hook asks for. */
  function wanted(hook: string, chatId: ChatId): number[] {
    const { types } = hooks.find(({ id }) => id === hook)!
    return (truth.events.get(chatId) ?? []).filter(({ type }) => types?.includes(type) ?? true).map(({ seq }) => seq)
  }

  function missing(): string[] {
    const found: string[] = []
    for (const { id, types } of hooks)
      for (const chatId of truth.events.keys()) {
        const got = seen.get(`${id} ${chatId}`)?.acknowledged ?? new Set()
        const deletion = truth.deletions.get(chatId)
        if (deletion && !types && !got.has(deletion.seq)) found.push(`${id} ${chatId}: the deletion was never delivered`)
        const lost = deletion ? [] : wanted(id, chatId).filter((seq) => !got.has(seq))
        if (lost.length > 0) found.push(`${id} ${chatId}: never delivered ${lost.join()}`)
      }
    return found
  }

  return {
    missing,
    isDeleted: (chatId: ChatId) => truth.deletions.has(chatId),
    committed(events: readonly ChatEvent[]) {
      for (const event of events)
        if (event.type === 'chat.deleted') truth.deletions.set(event.chatId, event)
        else truth.events.set(event.chatId, [...(truth.events.get(event.chatId) ?? []), event])
    },
    /** A request begins. Returns how it ends. */
    begun(request: Request): (outcome: 'acknowledged' | 'failed' | 'unheard') => void {
      const { hook, chatId, from, to, seqs } = request
      const key = `${hook} ${chatId}`
      const at: Seen = seen.get(key) ?? { acknowledged: new Set<number>(), inFlight: undefined, open: undefined }
      seen.set(key, at)
      if (at.inFlight && !at.inFlight.by.isDead)
        violations.push(`${key}: ${from}-${to} while ${at.inFlight.from}-${at.inFlight.to} is under way`)
      const range = `${from}-${to}: ${seqs.join()}`
      const isGone = truth.deletions.has(chatId)
      if (at.open !== undefined && at.open !== range && !isGone) violations.push(`${key}: ${range} after ${at.open} had failed`)
      at.open = range
      const before = wanted(hook, chatId).filter((seq) => seq < from && !at.acknowledged.has(seq))
      if (before.length > 0 && !isGone) violations.push(`${key}: ${from}-${to} before ${before.join()}`)
      if (request.epoch !== epoch) violations.push(`${key}: ${from}-${to} of ${request.epoch}, which is over`)
      at.inFlight = request
      return (outcome) => {
        if (outcome !== 'failed') for (const seq of seqs) at.acknowledged.add(seq)
        if (outcome === 'unheard') return
        at.inFlight = undefined
        if (outcome === 'acknowledged') at.open = undefined
      }
    },
    /** What is returned forgets everything since, as a restored store does. */
    copy() {
      const kept = {
        events: [...truth.events].map(([id, events]) => [id, [...events]] as const),
        deletions: [...truth.deletions],
        seen: [...seen].map(([key, { acknowledged, open }]) => [key, { acknowledged: new Set(acknowledged), open }] as const),
      }
      return () => {
        truth = { events: new Map(kept.events), deletions: new Map(kept.deletions) }
        seen = new Map(kept.seen.map(([key, at]) => [key, { ...at, inFlight: undefined }]))
        epoch = 'epoch 2'
      }
    },
  }
}
export type Receivers = ReturnType<typeof receivers>
