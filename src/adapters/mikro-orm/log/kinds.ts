import type { Chat, ChatKind } from '../../../domain/chat.ts'
import type { ChatState } from '../../../domain/decision.ts'
import type { ChatEvent, EventOf, EventType, Happenings, KnownEvent } from '../../../domain/event.ts'
import type { FileId, Instant, MessageId, Seq, UserId } from '../../../domain/ids.ts'
import { unawareOf } from '../../../domain/kinds/chats.ts'
import { asEvent, isKnown } from '../../../domain/kinds/kinds.ts'
import type { Role } from '../../../domain/member.ts'
import { type Message, PLAIN } from '../../../domain/message.ts'
import { NO_REACTIONS } from '../../../domain/reaction.ts'
import { isRead } from '../../../domain/receipt.ts'
import { RULES, type Rules } from '../../../domain/rules.ts'
import type { Cells } from '../database/columns.ts'
import type { Row } from '../database/connect.ts'
import { chatColumn, goneWithChat } from '../database/retention.ts'
import { CHANGING, messageCells, messageOf } from '../database/rows.ts'
import { ALL } from '../database/schema.ts'
import { erase, insert, type RowChange, remove, update } from './changes.ts'
import { asWritten, type Kind, type Known, ofUser, type Payload, personIn } from './kind.ts'
import { appeared, joined, members } from './members.ts'
import { bare, pinned, reacted, unpinned } from './reactions.ts'
import { avatarCells, chatCells, dataCells, descriptionCells, nameCells, rulesCells } from './rows.ts'

/** All that is stored of what happens in a chat. */
const kinds: { readonly [T in EventType]: Kind<T> } = {
  'chat.created': {
    payload: ({ kind, name, key, members }) => ({ kind, name, key, members: members.map(({ person, role }) => [person.id, role]) }),
    changes: ({ members, ...event }, state) => {
      const unaware = unawareOf({ members, ...event })
      const rows = members.flatMap(({ person: { id } }) => joined(state.chat!, state, id, unaware.includes(id)))
      return [insert('chats', chatCells(state.chat!)), ...rows]
    },
    people: ({ members }) => (members as readonly [UserId, Role][]).map(([id]) => id),
    read({ kind, name, key, members }, known) {
      const all = (members as readonly [UserId, Role][]).map(([id, role]) => ({ person: personIn(known, id), role }))
      return { kind: kind as ChatKind, name: name as string | undefined, key: key as Chat['key'], members: all }
    },
  },
  'chat.renamed': {
    payload: ({ name }) => ({ name }),
    changes: (_event, { chat }) => [update('chats', { id: chat!.id, ...nameCells(chat!) })],
    read: asWritten,
  },
  'chat.data_changed': {
    payload: () => ({}),
    changes: (_event, { chat }) => [update('chats', { id: chat!.id, ...dataCells(chat!) })],
    tellsChat: true,
    read: (_payload, { data }) => ({ data }),
  },
  'chat.rules_changed': {
    payload: ({ rules }) => ({ rules }),
    changes: (_event, { chat }) => [update('chats', { id: chat!.id, ...rulesCells(chat!) })],
    // What an earlier release wrote knows fewer rules.
    read: ({ rules }) => ({ rules: { ...RULES, ...(rules as Partial<Rules>) } }),
  },
  'chat.description_changed': {
    payload: () => ({}),
    changes: (_event, { chat }) => [update('chats', { id: chat!.id, ...descriptionCells(chat!) })],
    tellsChat: true,
    read: (_payload, { description }) => ({ description }),
  },
  'chat.avatar_changed': {
    payload: ({ avatar }) => ({ avatar: avatar ?? null }),
    changes: (_event, { chat }) => [update('chats', { id: chat!.id, ...avatarCells(chat!) })],
    read: ({ avatar }) => ({ avatar: (avatar as FileId | null) ?? undefined }),
  },
  ...members,
  'message.sent': {
    changes: ({ message, appearsTo, ...event }, state) => {
      const changes = [insert('messages', messageCells(message))]
      if (appearsTo) changes.push(...appearsTo.map((userId) => appeared(event, userId)))
      if (message.content !== PLAIN) changes.push(...mentionRows(message, state), ...linkRows(message))
      return changes
    },
    listedAt: ({ message }) => message.at,
    read(_payload, { lowest, reactions }, row) {
      const message = messageOf(row)
      const known = { seq: message.seq, senderId: message.sender.id }
      return { message, isRead: isRead(known, lowest), reactions: { ...NO_REACTIONS, ...reactions.get(message.seq), own: undefined } }
    },
  },
  'message.edited': {
    payload: ({ messageId, messageSeq, version, editedAt }) => ({ messageId, messageSeq, version, editedAt }),
    changes: (event, state) => [
      ...rewritten(event, state),
      ...(event.isMentioning ? mentionedAnew(event, state) : []),
      ...(event.isAttaching ? linkedAnew(event, state) : []),
    ],
    text: ({ messageId }) => messageId as MessageId,
    read: (payload, { messages }) =>
      ({
        ...payload,
        text: undefined,
        content: PLAIN,
        ...messages.get(payload.messageId as MessageId),
      }) as unknown as Happenings['message.edited'],
  },
  'message.reacted': {
    payload: ({ messageId, messageSeq, changes }) => ({ messageId, messageSeq, changes }),
    changes: reacted,
    reactions: ({ messageSeq }) => messageSeq as Seq,
    read: (payload, { reactions }) => {
      const told = payload as Pick<Happenings['message.reacted'], 'messageId' | 'messageSeq' | 'changes'>
      const { sums, changedSeq } = reactions.get(told.messageSeq) ?? NO_REACTIONS
      return { ...told, reactions: sums, reactionsSeq: changedSeq ?? told.messageSeq }
    },
  },
  'message.pinned': { payload: ofPin, changes: (event) => [pinned(event)], read: asWritten },
  'message.unpinned': { payload: ofPin, changes: (event) => [unpinned(event)], read: asWritten },
  'message.deleted': {
    payload: ({ messageId, messageSeq, deletedAt }) => ({ messageId, messageSeq, deletedAt }),
    changes: (event, state) => [...rewritten(event, state), unmentioned(event), ...bare(event)],
    read: asWritten,
  },
  'author.erased': {
    payload: ofUser,
    changes: ({ chatId, userId, seq, at }) => [erase({ chat_id: chatId, user_id: userId, seq, at })],
    read: asWritten,
  },
  'chat.deleted': {
    changes: ({ chatId, seq, actorId, at }) => [
      ...goneWithChat.map((table) => remove(table, { [chatColumn(table)]: chatId })),
      insert('gone_chats', { chat_id: chatId }),
      insert('deleted_chats', { chat_id: chatId, seq, actor_id: actorId, at }),
    ],
    read: () => ({}),
  },
}

/** Undefined for a kind that a newer version has written. */
const kindOf = (type: string): Kind<EventType> | undefined => (isKnown(type) ? (kinds[type] as Kind<EventType>) : undefined)

/** A row of `events`; undefined for an event without one. */
export function eventCells(event: KnownEvent): Cells | undefined {
  const { payload } = kindOf(event.type)!
  if (!payload) return undefined
  const { chatId, seq, type, actorId, at } = event
  return { chat_id: chatId, seq, type, actor_id: actorId, at, payload: JSON.stringify(payload(event)) }
}

/** All rows that an event changes, its own included, from the state after it. */
export function changesOf(event: KnownEvent, state: ChatState): readonly RowChange[] {
  const changes = kindOf(event.type)!.changes(event, state)
  const cells = eventCells(event)
  return cells ? [{ does: 'insert', table: 'events', cells }, ...changes] : changes
}

export const listedAt = (event: KnownEvent): Instant | undefined => kindOf(event.type)!.listedAt?.(event)

/** Users and messages that an event of the log refers to. */
export const peopleOf = (type: string, payload: Payload): readonly UserId[] => kindOf(type)?.people?.(payload) ?? []
export const reactionsOf = (type: string, payload: Payload): Seq | undefined => kindOf(type)?.reactions?.(payload)
export const textOf = (type: string, payload: Payload): MessageId | undefined => kindOf(type)?.text?.(payload)

export const tellsChat = (type: string): boolean => kindOf(type)?.tellsChat ?? false

/** The event of a row. One of an unknown kind has the members that all have in common. */
export function eventOf(row: Row, chatId: Chat['id'], payload: Payload, known: Known): ChatEvent {
  const { type, actor_id, seq, at } = row as unknown as { type: EventType; actor_id: UserId; seq: number; at: number }
  return asEvent({ type, actorId: actor_id, ...kindOf(type)?.read(payload, known, row), chatId, seq, at })
}

function ofPin({ messageId, messageSeq }: Happenings['message.pinned']): Payload {
  return { messageId, messageSeq }
}
function rewritten({ chatId, messageId }: EventOf<'message.edited' | 'message.deleted'>, { messages }: ChatState): RowChange[] {
  const cells = messageCells(messages.get(messageId)!)
  return [update('messages', { id: messageId, chat_id: chatId, ...Object.fromEntries(CHANGING.map((name) => [name, cells[name]])) })]
}

/** One row for each member whom a message mentions, the sender excluded, and one for all members. */
function mentionRows({ chatId, seq, id, sender, at, content }: Message, { members }: ChatState): RowChange[] {
  const named = content.mentions.map((mention) => (mention.kind === 'all' ? ALL : mention.userId))
  return [...new Set(named)]
    .filter((userId) => userId === ALL || (userId !== sender.id && members.get(userId)))
    .map((userId) => insert('mentions', { chat_id: chatId, user_id: userId, seq, message_id: id, sender_id: sender.id, at }))
}
const unmentioned = ({ chatId, messageSeq }: EventOf<'message.edited' | 'message.deleted'>): RowChange =>
  remove('mentions', { chat_id: chatId, seq: messageSeq })
const mentionedAnew = (event: EventOf<'message.edited'>, state: ChatState): RowChange[] => [
  unmentioned(event),
  ...mentionRows(state.messages.get(event.messageId)!, state),
]

/** One row for each file of a message. Triggers tell which files no message has. */
const linkRows = ({ chatId, seq, id, sender, content }: Message): RowChange[] =>
  content.attachments.map(({ file }, place) =>
    insert('file_links', {
      chat_id: chatId,
      message_seq: seq,
      file_id: file.id,
      place,
      kind: file.kind,
      message_id: id,
      sender_id: sender.id,
    }),
  )
const linkedAnew = ({ chatId, messageSeq, messageId }: EventOf<'message.edited'>, { messages }: ChatState): RowChange[] => [
  remove('file_links', { chat_id: chatId, message_seq: messageSeq }),
  ...linkRows(messages.get(messageId)!),
]
