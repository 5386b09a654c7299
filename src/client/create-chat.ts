import type { Message as WireMessage } from '../adapters/wire/schemas/messages.ts'
import type { Me as WireMe } from '../adapters/wire/schemas/people.ts'
import type { Message } from '../domain/message.ts'
import { account } from './calls/account.ts'
import { createAuth, memorySessionStore } from './calls/auth.ts'
import { signedCalls } from './calls/http.ts'
import { readPage } from './calls/pages.ts'
import { people } from './calls/people.ts'
import { localError, localProblem } from './calls/problem.ts'
import { readMe, readMessage, showMessage } from './calls/read-wire.ts'
import { copies } from './copy/copies.ts'
import { know } from './copy/timeline.ts'
import { OUTBOX_LIMITS, outbox } from './outbox/outbox.ts'
import { rowMaker } from './outbox/rows.ts'
import { events } from './platform/events.ts'
import { indexedDbPersist, memoryPersist } from './platform/persist.ts'
import { defaultPlatform, type Platform } from './platform/platform.ts'
import { cell, derived } from './platform/store.ts'
import { connection } from './socket/connection.ts'
import { sync } from './socket/sync.ts'
import type { Auth, ChatClient, ChatOptions, Me, OutboxEntry, Persist, Row } from './types.ts'
import { type OpenChat, openChat } from './views/chat.ts'
import { chatList } from './views/chats.ts'

/**
 * A client of one person at one service. Nothing happens before `start`.
 *
 * @example
 * const auth = createAuth({ url: 'https://chat.example.org' })
 * await auth.login({ login: 'ann', password: 'correct horse battery' })
 * const chat = createChat({ url: 'https://chat.example.org', auth })
 * chat.start()
 */
export function createChat(options: ChatOptions): ChatClient {
  const { url, deviceId, outbox: outboxLimits } = options
  const given = { ...(options.fetch && { fetch: options.fetch }), ...(options.WebSocket && { WebSocket: options.WebSocket }) }
  const platform: Platform = { ...defaultPlatform(), ...options.platform, ...given }
  const auth = 'accessToken' in options.auth ? createAuth({ url, platform, store: memorySessionStore(options.auth) }) : options.auth
  const { emit, on } = events()
  const me = cell<Me | undefined>(undefined)
  let myId = ''
  let known = (): void => {}
  const ready = new Promise<void>((resolve) => (known = resolve))
  const getToken = auth.getToken.bind(auth)
  const signed = signedCalls({ url, fetch: platform.fetch, later: platform.later }, getToken)
  let isClosed = false
  const call: typeof signed = (operation, request) =>
    isClosed ? Promise.reject(localError('closed', 'This client is closed')) : signed(operation, request)
  const chats = new Map<string, OpenChat>()
  const all = copies()
  const crowd = people(call)
  const rows = rowMaker(() => me.get() ?? (myId ? { id: myId, username: undefined, name: undefined } : undefined))
  const isUp = () => line.state.get().status === 'online'
  let isStarted = false

  const line = connection({
    url,
    deviceId,
    platform,
    getToken,
    known: become,
    resumeFrom: () => level.resumeFrom(),
    resumed: (result) => level.resumed(result),
    heard: (frame) => (frame.type === 'presence' ? crowd.heard(frame) : level.heard(frame)),
    defect: (error, during) => emit('defect', { error, during }),
  })

  const level = sync({
    copies: all,
    call,
    ask: line.ask,
    platform,
    emit,
    me: () => myId,
    arrived: (message) => sending.arrived(message),
    gone: (chatId) => sending.refuse(chatId, localProblem('chat-not-found', 'The chat is no longer one’s own')),
    allReset: () => void list.reload(),
  })

  const sending = outbox({
    platform,
    persist: safe(options.persist ?? defaultPersist(url)),
    limits: { ...OUTBOX_LIMITS, ...outboxLimits },
    emit,
    /** Over HTTP where a socket is refused: one that is only slow to open is waited for. */
    canSend() {
      const state = line.state.get()
      return state.status === 'online' || ((state.status === 'connecting' || state.status === 'waiting') && state.attempt > 1)
    },
    post,
    accepted(message) {
      const copy = all.find(message.chatId)
      if (copy && (copy.timeline.spans.length > 0 || all.isRecording())) know(copy.timeline, message)
    },
    changed: (chatId) => all.touch(all.at(chatId), 'timeline', 'item'),
  })

  const list = chatList({ copies: all, sync: level, call, rows, platform, me: () => myId, itemOf: (id) => chat(id).item, ready })
  const unsent = derived<readonly Row[]>(() => sending.all.get().flatMap((one) => rows.ofSending(one) ?? []))

  all.watch((_copy, aspect) => {
    if (aspect === 'item') list.changed()
    if (aspect === 'timeline') unsent.changed()
  })
  line.state.subscribe(connectionChanged)

  async function post({ chatId, key, text, replyTo }: OutboxEntry): Promise<Message> {
    const content = { client_message_id: key, text, ...(replyTo !== undefined && { reply_to: replyTo as never }) }
    if (isUp()) return readMessage((await line.ask('send_message', { chat_id: chatId, ...content })).message)
    return readMessage(await call<WireMessage>('sendMessage', { params: { chat_id: chatId }, body: content }))
  }

  function become(userId: string): void {
    if (myId === userId) return
    myId = userId
    known()
    sending.open(userId).catch((error: unknown) => emit('defect', { error, during: 'opening the outbox' }))
  }

  /** Who one is, and what one is called. */
  async function identify(): Promise<void> {
    const session = isAuth(auth) ? await auth.restored : undefined
    if (session) {
      me.set(session.user)
      become(session.user.id)
    }
    const told = readMe(await call<WireMe>('getMe'))
    me.set(told)
    become(told.id)
  }

  function connectionChanged(): void {
    const state = line.state.get()
    if (state.status === 'online') {
      level.catchUpAll()
      if (!me.get()) identify().catch(() => {})
      for (const one of chats.values()) one.online()
      list.repair()
    } else {
      crowd.unknown()
      for (const copy of all.all()) {
        if (copy.typing.length === 0) continue
        copy.typing = []
        all.touch(copy, 'typing', 'item')
      }
    }
    sending.pump(state.status === 'online')
    emit('connection', state)
  }

  function chat(id: string) {
    const open = chats.get(id)
    if (open) return open.chat
    const { ask, tell } = line
    const { present } = crowd
    const needs = { copies: all, sync: level, outbox: sending, call, ask, tell, platform, rows, me: () => myId, isUp, ready, present }
    const made = openChat(all.at(id), needs)
    chats.set(id, made)
    return made.chat
  }

  function safe(persist: Persist): Persist {
    return async (userId) => {
      try {
        return await persist(userId)
      } catch (error) {
        emit('defect', { error, during: 'opening the outbox' })
        return await memoryPersist()(userId)
      }
    }
  }

  return {
    connection: line.state,
    account: account(me, call),
    chats: list,
    chat,
    people: crowd,
    outbox: unsent,
    on,
    async search(query, { signal, senderId, ...rest } = {}) {
      const found = await call<{ items: WireMessage[]; next: string | null }>('searchMessages', {
        query: { query, sender_id: senderId, ...rest },
        signal,
      })
      return readPage(found, (message) => showMessage(readMessage(message)))
    },
    start() {
      if (isStarted) return
      isStarted = true
      identify().catch(() => {})
      line.start()
      void list.reload()
      if (isAuth(auth)) watchSession(auth)
    },
    reconnectNow: () => line.reconnectNow(),
    close() {
      isClosed = true
      line.stop('closed')
      sending.close()
    },
  }

  /** Who signs out stops the connection that is theirs. */
  function watchSession({ session }: Auth): void {
    session.subscribe(() => {
      if (session.get()?.user.id !== myId && myId !== '') line.stop('signed-out')
    })
  }
}

const defaultPersist = (url: string): Persist =>
  typeof indexedDB === 'undefined' ? memoryPersist() : indexedDbPersist(url === '' ? globalThis.location.origin : url)

const isAuth = (source: object): source is Auth => 'restored' in source
