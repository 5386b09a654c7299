import type { Message as WireMessage } from '../../adapters/wire/schemas/messages.ts'
import { people } from '../calls/people.ts'
import { localProblem } from '../calls/problem.ts'
import { readMessage } from '../calls/read-wire.ts'
import { type Copies, copies } from '../copy/copies.ts'
import { know } from '../copy/timeline.ts'
import { wireEntry } from '../outbox/content.ts'
import { type Outbox, outbox } from '../outbox/outbox.ts'
import { rowMaker } from '../outbox/rows.ts'
import { indexedDbPersist, memoryPersist } from '../platform/persist.ts'
import { cell, derived } from '../platform/store.ts'
import { type Connection, connection } from '../socket/connection.ts'
import { absence } from '../sync/absence.ts'
import { type Sync, sync } from '../sync/sync.ts'
import type { Message, OutboxEntry, Persist, Row } from '../types.ts'
import { type OpenChat, openChat } from '../views/chat.ts'
import { chatList } from '../views/chats.ts'
import type { Context } from './context.ts'
import type { User } from './user.ts'

export type Parts = ReturnType<typeof clientParts>

/** Puts the parts of a client together. */
export function clientParts(context: Context, user: User) {
  const { options, platform, timers, emit, call } = context
  const blocked = cell<readonly string[]>([])
  const known = copies(blocked)
  const crowd = people(call, blocked)
  const rows = rowMaker(
    () => user.me.get() ?? (user.id() ? { id: user.id(), username: undefined, name: undefined } : undefined),
    (chatId) => known.find(chatId)?.wishes,
  )
  const shared = { copies: known, call, rows, emit, me: user.id, ready: user.ready, platform: { ...platform, later: timers.later } }
  const away = absence(platform.now)
  const link: Connection = connection({
    ...context,
    url: options.url,
    deviceId: options.deviceId,
    authorized: (userId) => user.become(userId) || link.stop('signed-out'),
    resumeFrom() {
      away.resumes()
      return level.resumeFrom()
    },
    resumed: (result) => level.resumed(result),
    receive(frame) {
      away.heard()
      level.receive(frame)
    },
    report: (error, during) => emit('error', { error, during }),
  })
  const { request, send } = link
  const level: Sync = sync({
    ...shared,
    request,
    shown: user.shown,
    arrived: (message) => sending.arrived(message),
    gone: (chatId) => sending.refuse(chatId, localProblem('chat-not-found', 'The chat is no longer yours')),
    allReset: () => void list.reload(),
    present: crowd.update,
    absent: (userIds) => absent(userIds),
  })
  const sending: Outbox = clientOutbox(context, { link, copies: known, changed: () => unsent.changed() })
  const unsent = derived<readonly Row[]>(() => sending.all.get().flatMap((one) => rows.ofSending(one) ?? []))
  const isUp = () => link.state.get().status === 'online'
  const { chats, chat, absent } = openChats({
    ...shared,
    sync: level,
    outbox: sending,
    request,
    send,
    isUp,
    present: crowd.present,
    absent: crowd.absent,
  })
  const list = chatList({ ...shared, sync: level, itemOf: (id) => chat(id).item })
  known.watch((copy, aspect) => aspect === 'item' && list.changed(copy))
  return { away, link, level, sending, list, unsent, crowd, chats, chat, copies: known }
}

/** The chats that were asked for by id. */
function openChats(needs: Parameters<typeof openChat>[1]) {
  const chats = new Map<string, OpenChat>()
  /** Who is in another chat on screen is still heard of. */
  function absent(userIds: readonly string[]): void {
    const watched = new Set([...chats.values()].flatMap((open) => open.watched()))
    needs.absent(userIds.filter((id) => !watched.has(id)))
  }
  return {
    chats,
    absent,
    chat(id: string) {
      const made = chats.get(id) ?? openChat(needs.copies.at(id), { ...needs, absent })
      chats.set(id, made)
      return made.chat
    },
  }
}

interface OutboxNeeds {
  readonly link: Connection
  readonly copies: Copies
  changed(): void
}

function clientOutbox({ options, platform, emit, over, call }: Context, { link, copies: known, changed }: OutboxNeeds): Outbox {
  async function post(entry: OutboxEntry): Promise<Message> {
    const { chatId } = entry
    const content = wireEntry(entry)
    if (link.state.get().status === 'online')
      return readMessage((await link.request('send_message', { chat_id: chatId, ...content })).message)
    return readMessage(await call<WireMessage>('sendMessage', { params: { chat_id: chatId }, body: content }))
  }

  return outbox({
    platform,
    persist: safely(options.persist ?? defaultPersist(options.url), (error) => emit('error', { error, during: 'opening the outbox' })),
    limits: options.outbox,
    emit,
    closed: over.signal,
    canSend: () => canSend(link),
    post,
    accepted(message) {
      const copy = known.find(message.chatId)
      if (copy && (copy.timeline.spans.length > 0 || known.isRecording())) know(copy.timeline, message)
    },
    changed(chatId) {
      changed()
      known.touch(known.at(chatId), 'timeline', 'item')
    },
  })
}

/** Whether to send: over HTTP where a socket is refused; one that is only slow to open is waited for. */
function canSend(link: Connection): boolean {
  const state = link.state.get()
  if (state.status === 'stopped') return state.reason === 'unsupported'
  return state.status === 'online' || ((state.status === 'connecting' || state.status === 'waiting') && state.attempt > 1)
}

/** Memory in place of a store that cannot be opened. */
const safely =
  (persist: Persist, report: (error: unknown) => void): Persist =>
  async (userId) => {
    try {
      return await persist(userId)
    } catch (error) {
      report(error)
      return await memoryPersist()(userId)
    }
  }

const defaultPersist =
  (url: string): Persist =>
  (userId) =>
    typeof indexedDB === 'undefined' ? memoryPersist()(userId) : indexedDbPersist(url === '' ? globalThis.location.origin : url)(userId)
