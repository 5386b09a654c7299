import type { Chat } from './chat.ts'
import type { Deed } from './deed.ts'
import type { Happening, KnownEvent } from './event.ts'
import type { ChatId, CreationKey, Instant, PairKey } from './ids.ts'
import { eachPart, type FoundParts, keyIn, mapIn, type NamedParts, namesIn, type PartName, partNames } from './parts.ts'

/** What a store found of one chat for a scope. An entry that does not exist is `null`; what the scope did not name is not in the map. */
export type ChatState = { chat: Chat | null } & FoundParts

/** What a change has to see of a chat. */
export type Scope = { readonly chat: ChatId | PairKey | CreationKey } & NamedParts

/** The events to append, and the answer to the caller. */
export interface Decision<R> {
  readonly events: readonly KnownEvent[]
  readonly result: R
  /** What the audit says of it; written with the events, so a decision without events writes none. */
  readonly deed?: Deed | undefined
}

const stateOf = (chat: Chat | null, map: Parameters<typeof eachPart<Map<string, unknown>>>[0]): ChatState =>
  Object.assign(eachPart(map) as unknown as FoundParts, { chat })

export const emptyState = (): ChatState => stateOf(null, () => new Map())

export const copied = (state: ChatState): ChatState => stateOf(state.chat, (part) => new Map(mapIn(state, part)))

/** Returns what a scope names, and nothing else. `find` says what there is under a key of a part, `null` for nothing. */
export function shown(scope: Scope, chat: Chat | null, find: (part: PartName, key: string) => unknown): ChatState {
  const state: Record<string, unknown> = { ...UNNAMED, chat }
  for (let i = 0; i < partNames.length; i++) {
    const part = partNames[i]!
    const names = namesIn(scope, part)
    if (!names || names.length === 0) continue
    const found = new Map<string, unknown>()
    for (const name of names) {
      const key = keyIn(part, name)
      found.set(key, find(part, key))
    }
    state[part] = found
  }
  return state as unknown as ChatState
}

/** Stands for every part of which nothing was named: a decision sees a dozen of them, and writes into none. */
const NOTHING: Map<string, unknown> = Object.assign(new Map<string, unknown>(), {
  set(): never {
    throw new Error('defect: a part of which nothing was named was written')
  },
})
const UNNAMED = stateOf(null, () => NOTHING)

/** Returns what the state holds for a name. Throws a defect if the scope did not name it. */
export function look<K, V>(map: ReadonlyMap<K, V | null>, key: K): V | null {
  const found = map.get(key)
  if (found === undefined) throw new Error('defect: a decision looked at what its scope did not name')
  return found
}

/** Thrown by a decision that has to see more than its scope names: nothing has happened, and the change is repeated with these names added. */
export interface Wider extends Error {
  readonly wider: NamedParts
}
export const wider = (parts: NamedParts): Wider => Object.assign(new Error('defect: a scope was not widened'), { wider: parts })
export const isWider = (thrown: unknown): thrown is Wider => thrown instanceof Error && 'wider' in thrown

/** The scope with more names. */
export function widened(scope: Scope, parts: NamedParts): Scope {
  const all: Record<string, unknown> = { ...scope }
  for (const part of partNames) {
    const more = namesIn(parts, part)
    if (more) all[part] = [...(namesIn(scope, part) ?? []), ...more]
  }
  return all as unknown as Scope
}

export const nothing = <R>(result: R): Decision<R> => ({ events: [], result })

/** Gives each happening its `seq` and time in the log of the chat. */
export function happened<R>(
  chat: Pick<Chat, 'id' | 'headSeq' | 'headAt'>,
  at: Instant,
  happenings: readonly Happening[],
  result: R,
): Decision<R> {
  const time = timeIn(chat, at)
  return { events: happenings.map((happening, i) => ({ ...happening, chatId: chat.id, seq: chat.headSeq + 1 + i, at: time })), result }
}

/** Returns `now`, or the time of the chat's last event if that is later. */
export const timeIn = (chat: Pick<Chat, 'headAt'>, now: Instant): Instant => Math.max(chat.headAt, now)
