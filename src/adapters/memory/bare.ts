import type { ChatEvent } from '../../domain/event.ts'
import { authorOf, unnamed } from '../../domain/identity.ts'
import type { UserId } from '../../domain/ids.ts'
import { type Message, PLAIN } from '../../domain/message.ts'
import { unnaming } from '../../domain/reaction.ts'
import type { ChatRecord } from './store.ts'

/** Names are looked up when they are shown: of people, what is kept has the ids alone. */
export function nameless(event: ChatEvent): ChatEvent {
  switch (event.type) {
    case 'chat.created':
      return { ...event, members: event.members.map((member) => ({ ...member, person: unnamed(member.person.id) })) }
    case 'member.added':
      return { ...event, person: unnamed(event.person.id) }
    case 'message.sent':
      return { ...event, message: namelessMessage(event.message) }
    default:
      return event
  }
}

function namelessMessage(message: Message): Message {
  const { sender, content } = message
  const { forwarded } = content
  const bare = { ...message, sender: authorOf(unnamed(sender.id)) }
  return forwarded
    ? { ...bare, content: { ...content, forwarded: { ...forwarded, sender: authorOf(unnamed(forwarded.sender.id)) } } }
    : bare
}

/** An event of the log without texts, which are told as they are now: they stand in the message, until it or its author is deleted. */
export function textless(event: ChatEvent): ChatEvent {
  switch (event.type) {
    case 'message.sent':
      return { ...event, message: { ...event.message, text: undefined, content: PLAIN, bodyHash: '' } }
    case 'message.edited':
      return { ...event, text: undefined, content: PLAIN }
    case 'message.reacted':
      return { ...event, reactions: [], reactionsSeq: event.messageSeq }
    case 'chat.data_changed':
      return { ...event, data: undefined }
    case 'chat.description_changed':
      return { ...event, description: undefined }
    case 'member.banned':
      return { ...event, reason: undefined }
    default:
      return event
  }
}

/** Nothing tells any more with what an erased user has reacted, nor to what. */
export function unreact({ state, events }: ChatRecord, userId: UserId): void {
  for (const held of [state.own, state.reactors] as Map<string, unknown>[])
    for (const [name, value] of held) if (value === null) held.delete(name)
  for (const [i, told] of events.entries())
    if (told.type === 'message.reacted') events[i] = { ...told, changes: unnaming(told.changes, userId) }
}
