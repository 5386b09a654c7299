import type { ChatLog, OnCommit } from '../../application/ports/log.ts'
import { type ChatState, emptyState, type Scope, shown } from '../../domain/decision.ts'
import type { ChatEvent } from '../../domain/event.ts'
import { evolve } from '../../domain/evolve.ts'
import { isKey, type Seq, type UserId } from '../../domain/ids.ts'
import { unawareOf } from '../../domain/kinds/chats.ts'
import { joinersOf, leaverOf } from '../../domain/kinds/kinds.ts'
import { type Message, PLAIN } from '../../domain/message.ts'
import { mapIn, type PartName, type ValueIn } from '../../domain/parts.ts'
import { isRead } from '../../domain/receipt.ts'
import { nameless, textless, unreact } from './bare.ts'
import { consentIn } from './consents.ts'
import { relink, shownFile } from './links.ts'
import { partition } from './page.ts'
import { type ChatRecord, lowestMarks, type MemoryStore, named, type OwnRecord, withNames } from './store.ts'
import { reactionsTo } from './views.ts'

/** Decides and commits within the call itself, so that changes happen in the order in which they were asked for. */
export function memoryLog(store: MemoryStore, onCommit: OnCommit = () => {}): ChatLog {
  return {
    async change(scope, decide) {
      const { events, result, deed } = decide(found(store, scope))
      if (events.length > 0) {
        commit(store, events)
        if (deed) store.accounts.deeds.push(deed)
        onCommit(events)
      }
      return result
    },
    async read(chatId, after, limit) {
      const record = store.chats.get(chatId)
      const start = Math.max(0, after)
      return (record?.events ?? []).slice(start, start + limit).map((event) => asNow(store, record!, event))
    },
    eraseTexts: async () => 0,
    eraseTraces: async () => {},
  }
}

function found(store: MemoryStore, scope: Scope): ChatState {
  const chatId = isKey(scope.chat) ? store.chatByKey.get(scope.chat) : scope.chat
  const record = chatId && store.chats.get(chatId)
  return shown(scope, record ? record.state.chat : null, (part, key) => {
    const one = find[part] as (store: MemoryStore, all: Map<string, unknown> | undefined, key: string, of: typeof record) => unknown
    return one(store, record ? mapIn(record.state, part) : undefined, key, record)
  })
}

const message = (store: MemoryStore, all: ReadonlyMap<string, Message | null> | undefined, key: string): Message | null => {
  const found = all?.get(key)
  return found ? withNames(store, found) : null
}

const asKept = <K extends string, V>(_: MemoryStore, all: ReadonlyMap<K, V | null> | undefined, key: K): V | null => all?.get(key) ?? null

/** How each part is found, with current names, from the same part of the whole chat, if the chat exists. */
const find: {
  readonly [P in PartName]: (
    store: MemoryStore,
    all: ChatState[P] | undefined,
    key: Parameters<ChatState[P]['get']>[0],
    record: ChatRecord | undefined,
  ) => ValueIn<P> | null
} = {
  members(store, all, id) {
    const found = all?.get(id)
    return found ? { ...found, person: named(store, id) } : null
  },
  earlier: message,
  messages: message,
  files(store, _, id) {
    const file = store.files.get(id)
    return file ? { ownerId: file.ownerId, file: shownFile(file) } : null
  },
  sums: asKept,
  own: asKept,
  reactors: asKept,
  pins: asKept,
  lastOf: asKept,
  mutes: asKept,
  bans: asKept,
  invitations: asKept,
  requests: asKept,
  outsiders: asKept,
  erasures(_store, _all, key, record) {
    const [userId, after] = key.split(' ')
    const later = record?.events.slice(Number(after)) ?? []
    return later.some(({ type, actorId }) => type === 'author.erased' && actorId === userId) || null
  },
  consents(store, _, key) {
    const [userId, ofId] = key.split(' ') as [UserId, UserId]
    return store.people.has(userId) && !store.people.get(userId)!.deletion ? consentIn(store, userId, ofId) : null
  },
  people: (store, _, id) => (store.people.has(id) && !store.people.get(id)!.deletion ? named(store, id) : null),
}

function commit(store: MemoryStore, events: readonly ChatEvent[]): void {
  const { chatId } = events[0]!
  const record = store.chats.get(chatId) ?? blank()
  const head = record.state.chat?.headSeq ?? 0
  if (events.some((event, i) => event.seq !== head + 1 + i || event.chatId !== chatId))
    throw new Error('defect: a decision left a hole in the log')
  for (const event of events.map(nameless)) {
    evolve(record.state, event, 'given')
    record.events.push(textless(event))
    keepOrder(store, record, event)
  }
}

/** Of somebody who is not to see a private chat before its first message. */
const UNSEEN: OwnRecord = { pinnedAt: undefined, archivedN: undefined, hiddenN: 0, isMarkedUnread: false, at: 0 }

const blank = (): ChatRecord => ({
  state: emptyState() as ChatRecord['state'],
  events: [],
  sent: [],
  deleted: [],
  sentBy: new Map(),
  mentions: new Map(),
  marks: new Map(),
  own: new Map(),
  shown: new Map(),
  passedSeq: 0,
})

/** Brings up to date what is found by other names than those of the state: by place, by person, by key. */
function keepOrder(store: MemoryStore, record: ChatRecord, event: ChatEvent): void {
  const { chatId, seq, at } = event
  if (event.type === 'chat.created') {
    store.chats.set(chatId, record)
    if (event.key) store.chatByKey.set(event.key, chatId)
    for (const id of unawareOf(event)) {
      record.own.set(id, UNSEEN)
      record.shown.set(id, undefined)
    }
  }
  for (const id of joinersOf(event)) {
    record.marks.set(id, [{ readSeq: seq, at }])
    store.chatsOf.set(id, (store.chatsOf.get(id) ?? new Set()).add(chatId))
  }
  const leaver = leaverOf(event)
  if (leaver) forget(store, record, leaver, event)
  if (event.type === 'message.sent') {
    const { message } = event
    for (const id of record.shown.keys()) record.shown.set(id, record.shown.get(id) ?? at)
    record.sent.push(message)
    relink(store, { to: message, at })
    const own = record.sentBy.get(message.sender.id) ?? []
    own.push(seq)
    record.sentBy.set(message.sender.id, own)
    if (message.content !== PLAIN) mention(record, message)
  }
  if (event.type === 'message.edited' || event.type === 'message.deleted') {
    const message = record.state.messages.get(event.messageId)!
    relink(store, { from: record.sent[message.n - 1]!, to: message, at })
    renew(record, message)
    if (event.type === 'message.edited' && event.isMentioning) mention(record, message)
  }
  if (event.type === 'author.erased') {
    for (const message of record.sent)
      if (message.sender.id === event.userId) {
        relink(store, { from: message, at })
        renew(record, record.state.messages.get(message.id)!)
      }
    unname(record, event.userId)
    unreact(record, event.userId)
  }
  if (event.type === 'chat.deleted') {
    for (const id of record.marks.keys()) forget(store, record, id, event)
    store.deletions.set(chatId, { seq, actorId: event.actorId, at })
    store.chats.delete(chatId)
    for (const message of record.sent) relink(store, { from: message, at })
    const [created] = record.events
    if (created?.type === 'chat.created' && created.key) store.chatByKey.delete(created.key)
  }
}

function forget(store: MemoryStore, record: ChatRecord, id: UserId, { chatId }: ChatEvent): void {
  record.marks.delete(id)
  record.own.delete(id)
  store.chatsOf.get(id)?.delete(chatId)
}

/** A message has become another one. */
function renew(record: ChatRecord, message: Message): void {
  const wasDeleted = record.sent[message.n - 1]!.deletedAt !== undefined
  record.sent[message.n - 1] = message
  if (message.deletedAt === undefined || wasDeleted) return
  record.mentions.delete(message.seq)
  const place = (seqs: readonly Seq[]) => partition(seqs, (seq) => seq < message.seq)
  record.deleted.splice(place(record.deleted), 0, message.seq)
  const own = record.sentBy.get(message.sender.id)!
  own.splice(place(own), 1)
}

/** Notes whom a message concerns from now on. */
function mention({ mentions, state }: ChatRecord, { seq, sender, content }: Message): void {
  const named = content.mentions.flatMap((one) => (one.kind === 'user' && one.userId !== sender.id ? [one.userId] : []))
  const users = new Set(named.filter((id) => state.members.get(id)))
  const isAll = content.mentions.some(({ kind }) => kind === 'all')
  if (users.size > 0 || isAll) mentions.set(seq, { senderId: sender.id, users, isAll })
  else mentions.delete(seq)
}

/** No message mentions the user any more. */
function unname({ mentions }: ChatRecord, userId: UserId): void {
  for (const [seq, { users, ...concern }] of mentions) {
    if (!users.has(userId)) continue
    const others = new Set([...users].filter((id) => id !== userId))
    if (others.size > 0 || concern.isAll) mentions.set(seq, { ...concern, users: others })
    else mentions.delete(seq)
  }
}

/** An event with texts and names as they are now. */
function asNow(store: MemoryStore, record: ChatRecord, event: ChatEvent): ChatEvent {
  const { sent, state } = record
  switch (event.type) {
    case 'chat.created':
      return { ...event, members: event.members.map(({ person, role }) => ({ person: named(store, person.id), role })) }
    case 'member.added':
      return { ...event, person: named(store, event.person.id) }
    case 'message.sent': {
      const message = sent[event.message.n - 1]!
      const known = isRead({ seq: event.seq, senderId: message.sender.id }, lowestMarks(record))
      return { ...event, isRead: known, message: withNames(store, message), reactions: reactionsTo(store, message, undefined) }
    }
    case 'message.edited': {
      const { text, content, version, editedAt } = state.messages.get(event.messageId)!
      return { ...event, text, content, version, editedAt: editedAt! }
    }
    case 'chat.data_changed':
      return { ...event, data: state.chat.data }
    case 'chat.description_changed':
      return { ...event, description: state.chat.description }
    case 'member.banned': {
      const { reason: _, ...told } = event
      return told
    }
    case 'message.reacted': {
      const { sums: reactions, changedSeq } = state.sums.get(event.messageId) ?? { sums: [], changedSeq: event.messageSeq }
      return { ...event, reactions, reactionsSeq: changedSeq }
    }
    default:
      return event
  }
}
