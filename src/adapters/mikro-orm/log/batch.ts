import type { Chat } from '../../../domain/chat.ts'
import { type ChatState, type Decision, type Scope, shown } from '../../../domain/decision.ts'
import type { KnownEvent } from '../../../domain/event.ts'
import { evolve } from '../../../domain/evolve.ts'
import type { Instant } from '../../../domain/ids.ts'
import { eachPart, keyIn, mapIn, namesIn, type PartName, partNames } from '../../../domain/parts.ts'
import type { Row } from '../database/connect.ts'
import { deedCells } from '../database/deeds.ts'
import { insert, type RowChange } from './changes.ts'
import { changesOf, listedAt } from './kinds.ts'
import { partOf } from './parts.ts'

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
  /** It was named by id and by key: this one has all. */
  same: ChatInBatch | undefined
  readonly events: KnownEvent[]
  /** In the order of the events. */
  readonly changes: RowChange[]
  /** Rows of the audit. They stay when a later call of the batch deletes the chat. */
  readonly deeds: RowChange[]
  /** Where it stands in lists from now on, if that changes. */
  listedAt: Instant | undefined
}

/** A name that a state says `null` of until what was found is put there. */
export interface Asked {
  readonly chat: ChatInBatch
  readonly name: unknown
  readonly key: string
}

/** All that the calls of a batch name, each once. */
export interface Wanted {
  readonly chats: Map<Scope['chat'], ChatInBatch>
  readonly parts: Readonly<Record<PartName, Asked[]>>
}

export type Outcome = { readonly result: unknown } | { readonly error: unknown }

export function gather(calls: readonly Call[]): Wanted {
  const wanted: Wanted = { chats: new Map(), parts: eachPart(() => []) }
  for (const { scope } of calls) {
    let chat = wanted.chats.get(scope.chat)
    if (!chat) wanted.chats.set(scope.chat, (chat = blank(scope.chat)))
    for (let i = 0; i < partNames.length; i++) {
      const part = partNames[i]!
      const named = namesIn(scope, part)
      if (!named || named.length === 0) continue
      for (const name of named) {
        const key = keyIn(part, name)
        if (isNew(mapIn(chat.state, part), key)) wanted.parts[part].push({ chat, name, key })
      }
    }
  }
  return wanted
}

/** A state whose maps are made when they are first looked at: a batch has one for each of its chats, and most parts of it stay empty. */
const FILLING: object = Object.defineProperties(
  {},
  eachPart((part) => ({
    get(this: { readonly made: Partial<Record<PartName, Map<string, unknown>>> }) {
      return (this.made[part] ??= new Map())
    },
  })),
)
const fillingState = (): ChatState => ({ __proto__: FILLING, chat: null, made: {} }) as unknown as ChatState

const blank = (name: Scope['chat']): ChatInBatch => ({
  name,
  state: fillingState(),
  was: null,
  same: undefined,
  events: [],
  changes: [],
  deeds: [],
  listedAt: undefined,
})

function isNew(map: Map<string, unknown>, key: string): boolean {
  if (map.has(key)) return false
  map.set(key, null)
  return true
}

/** Puts the chats that were found where they were named. To be done before anything else is put there. */
export function putChats({ chats }: Wanted, found: readonly Chat[]): void {
  const first = new Map<Chat, ChatInBatch>()
  for (const chat of found)
    for (const name of [chat.id, chat.key]) {
      const named = name && chats.get(name)
      if (!named) continue
      const before = first.get(chat)
      if (before) unite(before, named)
      else first.set(chat, named)
      named.state.chat = named.was = chat
    }
}

function unite(first: ChatInBatch, second: ChatInBatch): void {
  second.same = first
  for (const part of partNames) for (const key of mapIn(second.state, part).keys()) isNew(mapIn(first.state, part), key)
}

/** Where what was found for a name belongs. */
export const stateOf = (chat: ChatInBatch): ChatState => (chat.same ?? chat).state

/** Puts what was found for a name. */
export function put(part: PartName, { chat, name, key }: Asked, row: Row): void {
  const found = mapIn(stateOf(chat), part)
  found.set(key, partOf(part).value(row, name, found.get(key) ?? null))
}

export interface Decided {
  readonly outcomes: readonly Outcome[]
  /** Chats in which something happened. */
  readonly changed: readonly ChatInBatch[]
  /** Calls for which it was too early: their chat was deleted by a call before them. */
  readonly postponed: ReadonlySet<number>
}

/** Runs each call on exactly what it named, one after the other. A call that throws changes nothing. */
export function decideAll({ chats }: Wanted, calls: readonly Call[]): Decided {
  const postponed = new Set<number>()
  const changed = new Set<ChatInBatch>()
  const outcomes = calls.map(({ scope, decide }, i): Outcome => {
    const named = chats.get(scope.chat)!
    const chat = named.same ?? named
    if (isDeleted(chat)) {
      postponed.add(i)
      return { result: undefined }
    }
    let decision: Decision<unknown>
    try {
      decision = decide(shown(scope, chat.state.chat, (part, key) => mapIn(chat.state, part).get(key) ?? null))
      checkPlaces(chat.state.chat, decision.events)
    } catch (error) {
      return { error }
    }
    for (const event of decision.events) take(chat, event)
    if (decision.events.length > 0) changed.add(chat)
    if (decision.events.length > 0 && decision.deed) chat.deeds.push(insert('audit', deedCells(decision.deed)))
    return { result: decision.result }
  })
  return { outcomes, changed: [...changed], postponed }
}

/** Whether a call of this batch has deleted the chat. */
export const isDeleted = ({ state, events }: ChatInBatch): boolean => events.length > 0 && state.chat === null

function checkPlaces(chat: Chat | null, events: readonly KnownEvent[]): void {
  const head = chat?.headSeq ?? 0
  for (let i = 0; i < events.length; i++) {
    const event = events[i]!
    if (event.seq !== head + 1 + i || event.chatId !== (chat?.id ?? events[0]!.chatId))
      throw new Error('defect: a decision left a hole in the log')
  }
}

/** Of a chat that is deleted nothing is written but its deletion, and of one that was never stored nothing at all. */
function take(chat: ChatInBatch, event: KnownEvent): void {
  const { state, events, changes, was } = chat
  evolve(state, event, 'given')
  events.push(event)
  chat.listedAt = listedAt(event) ?? chat.listedAt
  if (!state.chat) changes.length = 0
  if (state.chat || was) for (const change of changesOf(event, state)) changes.push(change)
}
