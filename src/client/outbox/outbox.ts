import type { Problem as WireProblem } from '../../adapters/wire/schemas/service.ts'
import type { Message } from '../../domain/message.ts'
import { isPassing, isProblem, isUncertain, localProblem } from '../calls/problem.ts'
import { showMessage } from '../calls/read-wire.ts'
import { fullJitter } from '../platform/backoff.ts'
import type { Emit } from '../platform/events.ts'
import type { Channel, Platform } from '../platform/platform.ts'
import { type Cell, cell, derived } from '../platform/store.ts'
import type { OutboxEntry, OutboxLimits, OutboxStore, Persist, SendHandle, SendState, Store } from '../types.ts'
import { handleOf } from './handle.ts'
import { unfit } from './unfit.ts'

/** One message on its way. */
export interface Sending {
  entry: OutboxEntry
  readonly state: Cell<SendState>
  readonly handle: SendHandle
  /** Safe in the store: it may leave. */
  isStored: boolean
  attempts: number
  /** It may have arrived, although nobody said so. */
  isUncertain: boolean
  notBefore: number
}

export interface Outbox {
  /** In the order of sending. */
  readonly all: Store<readonly Sending[]>
  inChat(chatId: string): readonly Sending[]
  find(chatId: string, key: string): Sending | undefined
  open(userId: string): Promise<void>
  /** A key that is waiting already stands for the same message. */
  add(draft: {
    readonly chatId: string
    readonly text: string
    readonly replyTo: string | undefined
    readonly key: string | undefined
  }): SendHandle
  /** The log has it, whoever said so. */
  arrived(message: Message): void
  /** Nothing of this chat can be sent any more. */
  refuse(chatId: string, problem: WireProblem): void
  /** There may be a way to send again; after an outage it is tried at once. */
  pump(isNew?: boolean): void
  close(): void
}

interface Needs {
  readonly platform: Pick<Platform, 'now' | 'later' | 'random' | 'newId' | 'lock' | 'channel'>
  readonly persist: Persist
  readonly limits: OutboxLimits
  readonly emit: Emit
  canSend(): boolean
  post(entry: OutboxEntry): Promise<Message>
  /** To be told of before the entry goes. */
  accepted(message: Message): void
  changed(chatId: string): void
}

type News =
  | { readonly type: 'put'; readonly entry: OutboxEntry }
  | { readonly type: 'at'; readonly id: string; readonly status: 'queued' | 'sending' }
  | { readonly type: 'sent'; readonly id: string; readonly message: Message }
  | { readonly type: 'cancelled'; readonly id: string }

export const OUTBOX_LIMITS: OutboxLimits = { count: 500, bytes: 1_048_576, ageMs: 7 * 86_400_000 }
/** Chats that are sent to at the same time. */
const AT_ONCE = 8

/** Keeps what is to be sent, and sends it: first in, first out in each chat, stored before the first byte leaves, by one tab for all. */
export function outbox(needs: Needs): Outbox {
  const { platform, limits, emit } = needs
  const { now, later, random, newId } = platform
  const sendings = new Map<string, Sending>()
  const all = derived<readonly Sending[]>(() => [...sendings.values()].sort((a, b) => a.entry.order - b.entry.order))
  const encoder = new TextEncoder()
  let store: OutboxStore | undefined
  let channel: Channel | undefined
  let isSender = false
  let isClosed = false
  let pausedUntil = 0
  let lastOrder = 0
  let cancelTimer = () => {}
  let release = () => {}

  function changed(chatId: string): void {
    all.changed()
    needs.changed(chatId)
  }

  /** The same key may stand for a later attempt by now. */
  const isHere = (sending: Sending) => sendings.get(idOf(sending.entry)) === sending
  const tell = (news: News) => channel?.post(news)
  const safe = (work: Promise<unknown>, during: string) => work.catch((error: unknown) => emit('defect', { error, during }))

  function track(entry: OutboxEntry, isStored: boolean): Sending {
    const state = cell<SendState>(entry.problem ? { status: 'failed', problem: entry.problem } : { status: 'queued' })
    const sending: Sending = {
      entry,
      state,
      isStored,
      attempts: 0,
      isUncertain: false,
      notBefore: 0,
      handle: handleOf(entry, state, { retry: () => retry(sending), cancel: () => cancel(sending) }),
    }
    sendings.set(idOf(entry), sending)
    lastOrder = Math.max(lastOrder, entry.order)
    return sending
  }

  function put(sending: Sending): void {
    const { entry } = sending
    if (!store) return
    const stored = () => {
      if (!isHere(sending)) return void safe(store!.remove(entry), 'taking back a message')
      sending.isStored = true
      tell({ type: 'put', entry })
      pump()
    }
    store.put(entry).then(stored, (error: unknown) => {
      // Without a store that works, a message that leaves is better than one that never does.
      emit('defect', { error, during: 'storing a message' })
      stored()
    })
  }

  function forget(sending: Sending): void {
    sendings.delete(idOf(sending.entry))
    if (store) void safe(store.remove(sending.entry), 'forgetting a message')
  }

  function fail(sending: Sending, problem: WireProblem): void {
    const { chatId, key } = sending.entry
    sending.entry = { ...sending.entry, problem }
    sending.state.set({ status: 'failed', problem })
    put(sending)
    changed(chatId)
    emit('refused', { chatId, key, problem })
  }

  function done(sending: Sending, message: Message): void {
    const { key, chatId } = sending.entry
    if (!isHere(sending)) return
    needs.accepted(message)
    forget(sending)
    const shown = showMessage(message)
    sending.state.set({ status: 'sent', message: shown })
    changed(chatId)
    emit('sent', { chatId, key, message: shown })
  }

  function cancel(sending: Sending): boolean {
    const { status } = sending.state.get()
    if (status !== 'failed' && (status !== 'queued' || sending.isUncertain)) return false
    forget(sending)
    sending.state.set({ status: 'cancelled' })
    tell({ type: 'cancelled', id: idOf(sending.entry) })
    changed(sending.entry.chatId)
    return true
  }

  function retry(sending: Sending): void {
    if (sending.state.get().status !== 'failed' || !isHere(sending)) return
    sending.entry = { ...sending.entry, problem: undefined, at: now() }
    sending.notBefore = 0
    sending.state.set({ status: 'queued' })
    put(sending)
    changed(sending.entry.chatId)
  }

  function pump(isNew = false): void {
    if (!isSender || isClosed) return
    cancelTimer()
    const time = now()
    const seen = new Set<string>()
    let next = Number.POSITIVE_INFINITY
    let inWork = all.get().filter(({ state }) => state.get().status === 'sending').length
    for (const sending of all.get()) {
      const { chatId, at } = sending.entry
      const { status } = sending.state.get()
      if (status === 'failed') continue
      if (status === 'queued' && time - at > limits.ageMs) {
        fail(sending, localProblem('outbox-expired', 'The message has waited too long'))
        continue
      }
      if (seen.has(chatId)) continue
      seen.add(chatId)
      if (status !== 'queued' || !sending.isStored) continue
      if (isNew) sending.notBefore = 0
      const due = Math.max(sending.notBefore, pausedUntil)
      if (due > time) next = Math.min(next, due)
      else if (inWork < AT_ONCE && needs.canSend()) {
        inWork++
        void attempt(sending)
      }
    }
    if (next < Number.POSITIVE_INFINITY) cancelTimer = later(next - time, pump)
  }

  async function attempt(sending: Sending): Promise<void> {
    const id = idOf(sending.entry)
    sending.state.set({ status: 'sending' })
    tell({ type: 'at', id, status: 'sending' })
    changed(sending.entry.chatId)
    try {
      const message = await needs.post(sending.entry)
      if (!isHere(sending)) return
      tell({ type: 'sent', id, message })
      done(sending, message)
    } catch (error) {
      if (!isHere(sending)) return
      if (isProblem(error) && !isPassing(error)) fail(sending, error.problem)
      else postpone(sending, error)
    } finally {
      pump()
    }
  }

  function postpone(sending: Sending, error: unknown): void {
    const asked = isProblem(error) ? error.problem.retry_after_ms : undefined
    if (!isProblem(error)) emit('defect', { error, during: 'sending a message' })
    sending.isUncertain ||= isUncertain(error)
    sending.notBefore = now() + (asked ?? fullJitter(++sending.attempts, random))
    if (asked !== undefined) pausedUntil = sending.notBefore
    sending.state.set({ status: 'queued' })
    tell({ type: 'at', id: idOf(sending.entry), status: 'queued' })
    changed(sending.entry.chatId)
  }

  function hear(news: News): void {
    if (news.type === 'put') {
      const known = sendings.get(idOf(news.entry))
      if (!known) track(news.entry, true)
      else {
        known.entry = news.entry
        const { problem } = news.entry
        if (problem) known.state.set({ status: 'failed', problem })
        else if (known.state.get().status === 'failed') known.state.set({ status: 'queued' })
      }
      changed(news.entry.chatId)
      return pump()
    }
    const known = sendings.get(news.id)
    if (!known) return
    if (news.type === 'sent') return done(known, news.message)
    if (news.type === 'at') known.state.set({ status: news.status })
    else {
      sendings.delete(news.id)
      known.state.set({ status: 'cancelled' })
    }
    changed(known.entry.chatId)
  }

  async function open(userId: string): Promise<void> {
    if (store || isClosed) return
    const opened = await needs.persist(userId)
    store = opened
    if (opened.sharedAs !== undefined) {
      channel = platform.channel(opened.sharedAs)
      channel.listen((news) => hear(news as News))
    }
    for (const sending of all.get()) if (!sending.isStored) put(sending)
    await load()
    if (opened.sharedAs === undefined) return lead()
    void safe(
      platform.lock(`${opened.sharedAs} sender`, async () => {
        if (isClosed) return
        await load()
        await new Promise<void>((resolve) => {
          release = resolve
          lead()
        })
      }),
      'taking turns to send',
    )
  }

  function lead(): void {
    isSender = true
    for (const sending of all.get()) {
      if (sending.state.get().status !== 'sending') continue
      sending.isUncertain = true
      sending.state.set({ status: 'queued' })
      changed(sending.entry.chatId)
    }
    pump()
  }

  /** What an earlier run, or another tab, has left. It may have been on its way. */
  async function load(): Promise<void> {
    for (const entry of (await store?.load()) ?? []) {
      if (sendings.has(idOf(entry))) continue
      track(entry, true).isUncertain = true
      changed(entry.chatId)
    }
  }

  return {
    all,
    inChat: (chatId) => all.get().filter(({ entry }) => entry.chatId === chatId),
    find: (chatId, key) => sendings.get(idOf({ chatId, key })),
    open,
    add({ chatId, text, replyTo, key = newId() }) {
      const time = now()
      const draft: OutboxEntry = { key, chatId, text, replyTo, at: time, order: Math.max(time, lastOrder + 1), problem: undefined }
      const waiting = sendings.get(idOf(draft))
      if (waiting && waiting.entry.text === text.trim() && waiting.entry.replyTo === replyTo) return waiting.handle
      const problem = waiting ? localProblem('key-reused', 'This key belongs to another message') : (unfit(text) ?? tooMuch(text))
      if (problem) {
        emit('refused', { chatId, key, problem })
        return handleOf(draft, cell<SendState>({ status: 'failed', problem }), { retry: () => {}, cancel: () => true })
      }
      const sending = track({ ...draft, text: text.trim() }, false)
      put(sending)
      changed(chatId)
      return sending.handle
    },
    arrived(message) {
      const sending = sendings.get(idOf({ chatId: message.chatId, key: message.clientMessageId }))
      // Another text under this key is another message: the service will say so.
      if (!sending || (message.version === 1 && message.text !== undefined && message.text !== sending.entry.text)) return
      done(sending, message)
      pump()
    },
    refuse(chatId, problem) {
      for (const sending of all.get()) if (sending.entry.chatId === chatId && !sending.entry.problem) fail(sending, problem)
    },
    pump,
    close() {
      isClosed = true
      isSender = false
      cancelTimer()
      release()
      channel?.close()
    },
  }

  function tooMuch(text: string): WireProblem | undefined {
    const bytes = (some: string) => encoder.encode(some).length
    const kept = all.get().reduce((sum, { entry }) => sum + bytes(entry.text), 0)
    const isFull = sendings.size >= limits.count || kept + bytes(text) > limits.bytes
    return isFull ? localProblem('outbox-full', 'Too much is waiting to be sent') : undefined
  }
}

/** A key belongs to one chat. */
const idOf = ({ chatId, key }: Pick<OutboxEntry, 'chatId' | 'key'>): string => `${chatId} ${key}`
