import type { ChatState } from '../decision.ts'
import type { EventOf, EventType } from '../event.ts'
import type { UserId } from '../ids.ts'

/** What a kind of event means for who is in the chat. */
export type Audience<E> =
  | { readonly change: 'none' }
  /** These users are members from this event on. */
  | { readonly change: 'joins'; readonly who: (event: E) => readonly UserId[] }
  /** This user is no longer a member after it. */
  | { readonly change: 'leaves'; readonly who: (event: E) => UserId; readonly how: 'left' | 'removed' }
  /** Nobody is: the chat is deleted. */
  | { readonly change: 'ends' }

/** What every layer needs to know of a kind of event, except how it is stored and sent. */
export interface Kind<E> {
  /** Changes the state, except the head of the log. */
  readonly evolve: (state: ChatState, event: E) => void
  readonly audience: Audience<E>
  /** To whom the chat appears by it. Without it: to those who join. */
  readonly appearsTo?: (event: E) => readonly UserId[]
  /** Whether the actor has finished typing. */
  readonly endsTyping: boolean
}

/** A row for every kind of event whose name begins with a theme. */
export type Kinds<Theme extends string> = { readonly [T in Extract<EventType, `${Theme}.${string}`>]: Kind<EventOf<T>> }

export const same = { change: 'none' } as const

/** The chat that an event belongs to. */
export function chatOf({ chat }: ChatState): NonNullable<ChatState['chat']> {
  if (!chat) throw new Error('defect: something happened in a chat that does not exist')
  return chat
}
