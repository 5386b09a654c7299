import type { ChatEvent, EventOf, EventType, KnownEvent, UnknownEvent } from '../event.ts'
import type { UserId } from '../ids.ts'
import { chats } from './chats.ts'
import { type Kind, same } from './kind.ts'
import { members } from './members.ts'
import { messages } from './messages.ts'

/** Every kind of event. An unknown one moves the head of the log and changes nothing else. */
const kinds: { readonly [T in ChatEvent['type']]: Kind<EventOf<T>> } = {
  ...chats,
  ...members,
  ...messages,
  unknown: { evolve() {}, audience: same, endsTyping: false },
}

export const kindOf = ({ type }: ChatEvent): Kind<ChatEvent> => kinds[type] as Kind<ChatEvent>

export const isKnown = (type: string): type is EventType => type !== 'unknown' && Object.hasOwn(kinds, type)

/** An event as another process or a log has written it: of a kind that this version does not know, only the common members are kept. */
export function asEvent(
  written: Pick<KnownEvent, 'chatId' | 'seq' | 'at' | 'actorId'> & { readonly type: string },
): KnownEvent | UnknownEvent {
  const { type, actorId, chatId, seq, at } = written
  return isKnown(type) ? (written as KnownEvent) : { type: 'unknown', kind: type, actorId, chatId, seq, at }
}

const nobody: readonly UserId[] = []

/** Who is a member from this event on. */
export function joinersOf(event: ChatEvent): readonly UserId[] {
  const { audience } = kindOf(event)
  return audience.change === 'joins' ? audience.who(event) : nobody
}

/** To whom the chat appears by this event: they have not been told of it before. */
export function appearsTo(event: ChatEvent): readonly UserId[] {
  return kindOf(event).appearsTo?.(event) ?? joinersOf(event)
}

/** To whom the chat appears because they join it. All to whom an event of joining appears do. */
export function newcomersOf(event: ChatEvent): readonly UserId[] {
  return kindOf(event).audience.change === 'joins' ? appearsTo(event) : nobody
}

/** To whom the chat appears although they were members before. */
export function discoverersOf(event: ChatEvent): readonly UserId[] {
  return kindOf(event).audience.change === 'joins' ? nobody : appearsTo(event)
}

/** Who is no longer a member after this event. */
export function leaverOf(event: ChatEvent): UserId | undefined {
  const { audience } = kindOf(event)
  return audience.change === 'leaves' ? audience.who(event) : undefined
}

export function changesMembers(event: ChatEvent): boolean {
  const { change } = kindOf(event).audience
  return change === 'joins' || change === 'leaves'
}
