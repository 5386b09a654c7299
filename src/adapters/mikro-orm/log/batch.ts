import type { Chat } from '../../../domain/chat.ts'
import type { ChatState, Decision, Scope } from '../../../domain/decision.ts'
import type { ChatEvent, EventOf } from '../../../domain/event.ts'
import { evolve } from '../../../domain/evolve.ts'
import { type ClientMessageId, type MessageId, sendKey, type UserId } from '../../../domain/ids.ts'
import { joinersOf, leaverOf } from '../../../domain/kinds/kinds.ts'

/** A change that waits to be carried out with others. */
export interface Call {
  readonly scope: Scope
  readonly decide: (state: ChatState) => Decision<unknown>
}

/** One chat in a batch: what its calls named, as it is after those that have decided, and what that leaves to be written. */
export interface ChatInBatch {
  readonly name: Scope['chat']
  readonly state: ChatState
  /** As it was read. */
  was: Chat | null
  /** It was named by id and by key: all is in this one. */
  same: ChatInBatch | undefined
  readonly events: ChatEvent[]
  readonly sent: MessageId[]
  /** Undefined where messages were sent and nothing else happened. */
  other: Changes | undefined
}

export interface Changes {
  readonly events: ChatEvent[]
  /** Messages that were there before or came with the batch, and are not as they were sent. */
  readonly changed: Set<MessageId>
  readonly erased: EventOf<'author.erased'>[]
  /** Members whose rows change; of those who came, how many messages there were. */
  readonly members: Map<UserId, number | undefined>
  isRenamed: boolean
  isDeleted: boolean
}

/** All that the calls of a batch name, each once; every state says `null` until what was found is put there. */
export interface Wanted {
  readonly chats: Map<Scope['chat'], ChatInBatch>
  readonly members: { readonly held: ChatInBatch; readonly userId: UserId }[]
  readonly keys: { readonly held: ChatInBatch; readonly senderId: UserId; readonly clientMessageId: ClientMessageId }[]
  readonly messages: { readonly held: ChatInBatch; readonly messageId: MessageId }[]
  readonly people: { readonly held: ChatInBatch; readonly userId: UserId }[]
}

export type Outcome = { readonly result: unknown } | { readonly error: unknown }

export function gather(calls: readonly Call[]): Wanted {
  const wanted: Wanted = { chats: new Map(), members: [], keys: [], messages: [], people: [] }
  for (const { scope } of calls) {
    let held = wanted.chats.get(scope.chat)
    if (!held) wanted.chats.set(scope.chat, (held = blank(scope.chat)))
    const { members, earlier, messages, people } = held.state
    for (const userId of scope.members ?? []) if (isNew(members, userId)) wanted.members.push({ held, userId })
    for (const [senderId, clientMessageId] of scope.keys ?? [])
      if (isNew(earlier, sendKey(senderId, clientMessageId))) wanted.keys.push({ held, senderId, clientMessageId })
    for (const messageId of scope.messages ?? []) if (isNew(messages, messageId)) wanted.messages.push({ held, messageId })
    for (const userId of scope.people ?? []) if (isNew(people, userId)) wanted.people.push({ held, userId })
  }
  return wanted
}

const blank = (name: Scope['chat']): ChatInBatch => ({
  name,
  state: { chat: null, members: new Map(), earlier: new Map(), messages: new Map(), people: new Map() },
  was: null,
  same: undefined,
  events: [],
  sent: [],
  other: undefined,
})

const nothingElse = (): Changes => ({ events: [], changed: new Set(), erased: [], members: new Map(), isRenamed: false, isDeleted: false })

function isNew<K, V>(map: Map<K, V | null>, key: K): boolean {
  if (map.has(key)) return false
  map.set(key, null)
  return true
}

/** Puts the chats that were found where they were named. To be done before anything else is put there. */
export function putChats({ chats }: Wanted, found: readonly Chat[]): void {
  const first = new Map<Chat, ChatInBatch>()
  for (const chat of found)
    for (const name of [chat.id, chat.key]) {
      const held = name && chats.get(name)
      if (!held) continue
      const before = first.get(chat)
      if (before) unite(before, held)
      else first.set(chat, held)
      held.state.chat = held.was = chat
    }
}

function unite(first: ChatInBatch, second: ChatInBatch): void {
  second.same = first
  for (const map of ['members', 'earlier', 'messages', 'people'] as const)
    for (const name of second.state[map].keys()) isNew(first.state[map] as Map<unknown, unknown>, name)
}

/** Where what was found for a name of `held` belongs. */
export const stateOf = (held: ChatInBatch): ChatState => (held.same ?? held).state

export interface Decided {
  readonly outcomes: readonly Outcome[]
  /** Chats in which something happened. */
  readonly held: readonly ChatInBatch[]
  /** Calls for which it was too early: their chat was deleted by a call before them. */
  readonly postponed: ReadonlySet<number>
}

/** Runs each call on exactly what it named, one after the other. A call that throws changes nothing. */
export function decideAll({ chats }: Wanted, calls: readonly Call[]): Decided {
  const postponed = new Set<number>()
  const happened = new Set<ChatInBatch>()
  const outcomes = calls.map(({ scope, decide }, i): Outcome => {
    const named = chats.get(scope.chat)!
    const held = named.same ?? named
    if (held.other?.isDeleted) {
      postponed.add(i)
      return { result: undefined }
    }
    let decision: Decision<unknown>
    try {
      decision = decide(shown(scope, held.state))
      checkPlaces(held.state.chat, decision.events)
    } catch (error) {
      return { error }
    }
    for (const event of decision.events) take(held, event)
    if (decision.events.length > 0) happened.add(held)
    return { result: decision.result }
  })
  return { outcomes, held: [...happened], postponed }
}

const shown = (scope: Scope, all: ChatState): ChatState => ({
  chat: all.chat,
  members: part(all.members, scope.members),
  earlier: part(
    all.earlier,
    scope.keys?.map(([senderId, key]) => sendKey(senderId, key)),
  ),
  messages: part(all.messages, scope.messages),
  people: part(all.people, scope.people),
})

function part<K, V>(all: ReadonlyMap<K, V | null>, names: readonly K[] | undefined): Map<K, V | null> {
  const map = new Map<K, V | null>()
  if (names) for (const name of names) map.set(name, all.get(name) ?? null)
  return map
}

function checkPlaces(chat: Chat | null, events: readonly ChatEvent[]): void {
  const head = chat?.headSeq ?? 0
  for (const [i, event] of events.entries())
    if (event.seq !== head + 1 + i || event.chatId !== (chat?.id ?? events[0]!.chatId))
      throw new Error('defect: a decision left a hole in the log')
}

function take(held: ChatInBatch, event: ChatEvent): void {
  evolve(held.state, event, 'given')
  held.events.push(event)
  if (event.type === 'message.sent') {
    held.sent.push(event.message.id)
    return
  }
  const other = (held.other ??= nothingElse())
  if (event.type === 'chat.deleted') {
    other.isDeleted = true
    return
  }
  other.events.push(event)
  for (const userId of joinersOf(event)) other.members.set(userId, held.state.chat!.headN)
  const leaver = leaverOf(event)
  if (leaver !== undefined) other.members.set(leaver, undefined)
  if (event.type === 'member.role_changed' && !other.members.has(event.userId)) other.members.set(event.userId, undefined)
  if (event.type === 'message.edited' || event.type === 'message.deleted') other.changed.add(event.messageId)
  if (event.type === 'author.erased') other.erased.push(event)
  if (event.type === 'chat.renamed') other.isRenamed = true
}
