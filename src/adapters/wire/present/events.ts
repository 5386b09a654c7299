import type { ChatEvent, EventOf } from '../../../domain/event.ts'
import type { MessageId, Seq, UserId } from '../../../domain/ids.ts'
import { NO_REACTIONS } from '../../../domain/reaction.ts'
import type { Event } from '../schemas/events.ts'
import { type Audience, presentContent, presentMessage, presentSums, withKey } from './messages.ts'
import { presentUser } from './people.ts'
import { presentRules } from './rules.ts'
import { presentTime, timeOrNull } from './time.ts'

type Common = 'chat_id' | 'seq' | 'at' | 'actor_id' | 'type'

interface Kind<T extends ChatEvent['type']> {
  /** Returns the members of this kind, without the common ones. */
  members(event: EventOf<T>, audience: Audience): Omit<Extract<Event, { type: T }>, Common>
  /** Returns the user who gets a form of their own. All others get the same form, so that an event has at most two. */
  owner?(event: EventOf<T>): UserId
  /** Returns the owner's form out of that of all others, both as JSON: to write one twice costs more than to find a place in it. */
  owned?(json: string, event: EventOf<T>): string
}

/** One form is made for all who receive an event. */
const UNTOLD = { ...NO_REACTIONS, own: undefined }

const user = ({ userId }: { readonly userId: UserId }) => ({ user_id: userId })

const ofMessage = ({ messageId, messageSeq }: { readonly messageId: MessageId; readonly messageSeq: Seq }) => ({
  message_id: messageId,
  message_seq: messageSeq,
})

const kinds: { readonly [T in ChatEvent['type']]: Kind<T> } = {
  'chat.created': {
    members: ({ kind, name, members }) => ({
      kind,
      name: name ?? null,
      members: members.map(({ person, role }) => ({ user: presentUser(person), role })),
    }),
  },
  'chat.renamed': { members: ({ name }) => ({ name }) },
  'chat.data_changed': { members: ({ data }) => ({ data: data ?? null }) },
  'chat.rules_changed': { members: ({ rules }) => ({ rules: presentRules(rules) }) },
  'chat.avatar_changed': { members: ({ avatar }) => ({ avatar: avatar ?? null }) },
  'chat.description_changed': { members: ({ description }) => ({ description: description ?? null }) },
  'chat.deleted': {
    members: () => {
      throw new Error('defect: clients learn of a deleted chat by `chat_gone`, not by an event')
    },
  },
  'member.added': { members: ({ person, role }) => ({ user: presentUser(person), role }) },
  'member.left': { members: user },
  'member.removed': { members: user },
  'member.muted': { members: ({ userId, until }) => ({ user_id: userId, until: timeOrNull(until) }) },
  'member.banned': { members: ({ userId, until }) => ({ user_id: userId, until: timeOrNull(until) }) },
  'member.unbanned': { members: user },
  'member.role_changed': { members: ({ userId, role }) => ({ user_id: userId, role }) },
  'message.sent': {
    members: ({ message, isRead = false, reactions = UNTOLD }, audience) => ({
      message: presentMessage({ message, isRead, reactions }, audience),
    }),
    owner: ({ message }) => message.sender.id,
    owned: (json, { message }) => withKey(json, message),
  },
  'message.edited': {
    members: ({ messageId, messageSeq, text, content, version, editedAt }) => ({
      message_id: messageId,
      message_seq: messageSeq,
      text: text ?? null,
      ...presentContent(content, text === undefined),
      version,
      edited_at: presentTime(editedAt),
    }),
  },
  'message.deleted': {
    members: ({ messageId, messageSeq, deletedAt }) => ({
      message_id: messageId,
      message_seq: messageSeq,
      deleted_at: presentTime(deletedAt),
    }),
  },
  'message.reacted': {
    members: ({ messageId, messageSeq, changes, reactions, reactionsSeq }) => ({
      message_id: messageId,
      message_seq: messageSeq,
      changes: changes.map(({ emoji, on, userIds }) => ({ emoji, on, user_ids: [...userIds] })),
      reactions: presentSums(reactions),
      reactions_seq: reactionsSeq,
    }),
  },
  'message.pinned': { members: ofMessage },
  'message.unpinned': { members: ofMessage },
  'author.erased': { members: user },
  /** Clients count its `seq`. */
  'unknown': { members: () => ({}) },
}

const kindOf = ({ type }: ChatEvent) => kinds[type] as Kind<ChatEvent['type']>

/** Returns the user who gets a form of this event of their own, if there is one. */
export const ownerOf = (event: ChatEvent): UserId | undefined => kindOf(event).owner?.(event)

/** Returns the JSON of an event, or of what contains it, as its owner gets it, out of the JSON that all others get. */
export const ownedJson = (json: string, event: ChatEvent): string => kindOf(event).owned?.(json, event) ?? json

/** Presents an event to a program that is no member: as others see it, and the deletion of the chat as well. */
export const presentAnyEvent = (event: ChatEvent): Event | EventHead =>
  event.type === 'chat.deleted' ? headOf(event) : presentEvent(event, 'others')

type EventHead = ReturnType<typeof headOf>

const headOf = (event: ChatEvent) => ({
  chat_id: event.chatId,
  seq: event.seq,
  at: presentTime(event.at),
  actor_id: event.actorId,
  type: event.type === 'unknown' ? event.kind : event.type,
})

/** Presents an event to its owner or to all others. An event of an unknown kind has the common members alone; clients count its `seq`. */
export function presentEvent(event: ChatEvent, audience: Audience): Event {
  return { ...headOf(event), ...kindOf(event).members(event, audience) } as unknown as Event
}
