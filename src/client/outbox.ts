import type { Problem as WireProblem } from '../adapters/wire/schemas/service.ts'
import { checkedText, type Message } from '../domain/message.ts'
import { isRefusal } from '../domain/refusal.ts'
import { fullJitter } from './backoff.ts'
import type { Emit } from './events.ts'
import type { Channel, Platform } from './platform.ts'
import { isPassing, isProblem, isUncertain, localProblem } from './problem.ts'
import { showMessage } from './read-wire.ts'
import { type Cell, cell, derived } from './store.ts'
import type { OutboxEntry, OutboxLimits, OutboxStore, Persist, SendHandle, SendState, Store } from './types.ts'

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
  add(draft: { readonly chatId: string; readonly text: string; readonly replyTo: string | undefined }): SendHandle
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
  | { readonly type: 'at'; readonly key: string; readonly status: 'queued' | 'sending' }
  | { readonly type: 'sent'; readonly key: string; readonly message: Message }
  | { readonly type: 'cancelled'; readonly key: string }

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
    sendings.set(entry.key, sending)
    lastOrder = Math.max(lastOrder, entry.order)
    return sending
  }

  function put(sending: Sending): void {
    const { entry } = sending
    if (!store) return
    const stored = () => {
      if (sendings.get(entry.key) !== sending) return void safe(store!.remove(entry), 'taking back a message')
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
    sendings.delete(sending.entry.key)
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
    if (!sendings.has(key)) return
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
    tell({ type: 'cancelled', key: sending.entry.key })
    changed(sending.entry.chatId)
    return true
  }

  function retry(sending: Sending): void {
    if (sending.state.get().status !== 'failed' || !sendings.has(sending.entry.key)) return
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
    const { key, chatId } = sending.entry
    sending.state.set({ status: 'sending' })
    tell({ type: 'at', key, status: 'sending' })
    changed(chatId)
    try {
      const message = await needs.post(sending.entry)
      if (!sendings.has(key)) return
      tell({ type: 'sent', key, message })
      done(sending, message)
    } catch (error) {
      if (!sendings.has(key)) return
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
    tell({ type: 'at', key: sending.entry.key, status: 'queued' })
    changed(sending.entry.chatId)
  }

  function hear(news: News): void {
    if (news.type === 'put') {
      const known = sendings.get(news.entry.key)
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
    const known = sendings.get(news.key)
    if (!known) return
    if (news.type === 'sent') return done(known, news.message)
    if (news.type === 'at') known.state.set({ status: news.status })
    else {
      sendings.delete(news.key)
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
      if (sendings.has(entry.key)) continue
      track(entry, true).isUncertain = true
      changed(entry.chatId)
    }
  }

  return {
    all,
    inChat: (chatId) => all.get().filter(({ entry }) => entry.chatId === chatId),
    find: (chatId, key) => (sendings.get(key)?.entry.chatId === chatId ? sendings.get(key) : undefined),
    open,
    add({ chatId, text, replyTo }) {
      const key = newId()
      const time = now()
      const draft: OutboxEntry = { key, chatId, text, replyTo, at: time, order: Math.max(time, lastOrder + 1), problem: undefined }
      const problem = unfit(text) ?? tooMuch(text)
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
      const sending = sendings.get(message.clientMessageId)
      if (sending?.entry.chatId !== message.chatId) return
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

/** What the service would refuse is not even tried. */
function unfit(text: string): WireProblem | undefined {
  try {
    checkedText(text)
    return undefined
  } catch (error) {
    if (!isRefusal(error)) throw error
    return {
      type: `/problems/${error.code}`,
      title: error.message,
      status: 422,
      code: error.code,
      request_id: '',
      ...error.facts,
    } as WireProblem
  }
}

function handleOf({ key, chatId }: OutboxEntry, state: Cell<SendState>, act: Pick<SendHandle, 'retry' | 'cancel'>): SendHandle {
  const isSettled = () => ['sent', 'failed', 'cancelled'].includes(state.get().status)
  return {
    ...act,
    key,
    chatId,
    get: state.get,
    subscribe: state.subscribe,
    settled: ({ signal } = {}) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error)
        if (isSettled()) return resolve(state.get())
        const end = () => {
          unsubscribe()
          signal?.removeEventListener('abort', abort)
        }
        const abort = () => {
          end()
          reject(signal?.reason as Error)
        }
        const unsubscribe = state.subscribe(() => {
          if (!isSettled()) return
          end()
          resolve(state.get())
        })
        signal?.addEventListener('abort', abort)
      }),
  }
}
