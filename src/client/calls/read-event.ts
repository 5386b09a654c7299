import type { Event } from '../../adapters/wire/schemas/events.ts'
import { millis, perhaps, readContent, readMessage, readPerson, readReactions, readRules } from './read-wire.ts'

type WireEvent<T extends Event['type']> = Extract<Event, { type: T }>

const aboutUser = ({ user_id }: { readonly user_id: string }) => ({ userId: user_id })
const aboutUserUntil = ({ user_id, until }: { readonly user_id: string; readonly until: string | null }) => ({
  userId: user_id,
  until: perhaps(until),
})
const aboutMessage = ({ message_id, message_seq }: { readonly message_id: string; readonly message_seq: number }) => ({
  messageId: message_id,
  messageSeq: message_seq,
})

/** How the members of each kind of event are read from the wire. A kind that is left out does not compile. */
const readers = {
  'chat.created': ({ members }: WireEvent<'chat.created'>) => ({
    members: members.map(({ user, role }) => ({ person: readPerson(user), role })),
  }),
  'chat.renamed': ({ name }: WireEvent<'chat.renamed'>) => ({ name }),
  'chat.data_changed': ({ data }: WireEvent<'chat.data_changed'>) => ({ data: data ?? undefined }),
  'chat.rules_changed': ({ rules }: WireEvent<'chat.rules_changed'>) => ({ rules: readRules(rules) }),
  'chat.avatar_changed': ({ avatar }: WireEvent<'chat.avatar_changed'>) => ({ avatar: avatar ?? undefined }),
  'chat.description_changed': ({ description }: WireEvent<'chat.description_changed'>) => ({ description: description ?? undefined }),
  'member.added': ({ user, role }: WireEvent<'member.added'>) => ({ person: readPerson(user), role }),
  'member.left': aboutUser,
  'member.removed': aboutUser,
  'member.muted': aboutUserUntil,
  'member.banned': aboutUserUntil,
  'member.unbanned': aboutUser,
  'member.role_changed': (event: WireEvent<'member.role_changed'>) => ({ ...aboutUser(event), role: event.role }),
  'message.sent': ({ message }: WireEvent<'message.sent'>) => ({ message: readMessage(message) }),
  'message.edited': (event: WireEvent<'message.edited'>) => ({
    ...aboutMessage(event),
    text: event.text ?? undefined,
    ...readContent(event),
    version: event.version,
    editedAt: millis(event.edited_at),
  }),
  'message.deleted': (event: WireEvent<'message.deleted'>) => ({ ...aboutMessage(event), deletedAt: millis(event.deleted_at) }),
  'message.reacted': (event: WireEvent<'message.reacted'>, me: string) => ({
    ...aboutMessage(event),
    ...readReactions(event),
    /** What it says of the user. */
    mine: event.changes.filter(({ user_ids }) => user_ids.includes(me)).map(({ emoji, on }) => ({ emoji, on })),
  }),
  'message.pinned': aboutMessage,
  'message.unpinned': aboutMessage,
  'author.erased': aboutUser,
} as const satisfies { readonly [T in Event['type']]: (event: WireEvent<T>, me: string) => object }

/** A kind of event that this client knows. */
export type Kind = Event['type']
export type EventOf<T extends Kind> = { readonly type: T; readonly seq: number; readonly at: number } & ReturnType<(typeof readers)[T]>
export type ChatEvent = { [T in Kind]: EventOf<T> }[Kind]

/** Undefined for a kind of event that this version does not know: its `seq` counts all the same. */
export function readEvent(event: Event, me: string): ChatEvent | undefined {
  const { type, seq } = event
  if (!Object.hasOwn(readers, type)) return undefined
  return { type, seq, at: millis(event.at), ...readers[type](event as never, me) } as ChatEvent
}

/**
 * The events of a page that follows `after`, each with its number. A log has no holes: an entry without an event, as old services send
 * for kinds that they do not know, is the number after the one before it.
 */
export function numbered(page: readonly (Event | null)[], after: number): readonly Event[] {
  let last = after
  return page.map((event) => {
    last = event?.seq ?? last + 1
    return event ?? ({ seq: last, type: '' } as unknown as Event)
  })
}
