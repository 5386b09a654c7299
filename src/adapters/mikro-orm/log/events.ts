import type { Chat } from '../../../domain/chat.ts'
import type { ChatEvent, Happening, Happenings } from '../../../domain/event.ts'
import type { Person } from '../../../domain/identity.ts'
import type { ChatId, MessageId, UserId } from '../../../domain/ids.ts'
import { asEvent } from '../../../domain/kinds/kinds.ts'
import type { Member, Role } from '../../../domain/member.ts'
import type { Message } from '../../../domain/message.ts'
import type { Row } from '../database/connect.ts'
import { messageOf } from '../database/rows.ts'

/** What a row of `events` says beside its columns. Names of people are not in it, nor are texts: they are read as they are now. */
export function payloadOf(event: ChatEvent): string {
  switch (event.type) {
    case 'chat.created': {
      const { kind, name, key, members } = event
      return JSON.stringify({ kind, name, key, members: members.map(({ person, role }) => [person.id, role]) })
    }
    case 'chat.renamed':
      return JSON.stringify({ name: event.name })
    case 'member.added':
      return JSON.stringify({ userId: event.person.id, role: event.role })
    case 'member.left':
    case 'member.removed':
    case 'author.erased':
      return JSON.stringify({ userId: event.userId })
    case 'member.role_changed':
      return JSON.stringify({ userId: event.userId, role: event.role })
    case 'message.edited': {
      const { messageId, messageSeq, version, editedAt } = event
      return JSON.stringify({ messageId, messageSeq, version, editedAt })
    }
    case 'message.deleted': {
      const { messageId, messageSeq, deletedAt } = event
      return JSON.stringify({ messageId, messageSeq, deletedAt })
    }
    case 'message.sent':
    case 'chat.deleted':
    case 'unknown':
      throw new Error(`defect: ${event.type} has no row among the events`)
  }
}

export type Payload = Readonly<Record<string, unknown>>

/** Who is mentioned in a row by id alone. */
export function mentioned(type: string, payload: Payload): readonly UserId[] {
  if (type === 'chat.created') return (payload.members as [UserId, Role][]).map(([userId]) => userId)
  return type === 'member.added' ? [payload.userId as UserId] : []
}

export interface Known {
  readonly people: ReadonlyMap<UserId, Person>
  readonly messages: ReadonlyMap<MessageId, Pick<Message, 'text' | 'version' | 'editedAt'>>
}

/** The event of a row, with names and texts as they are now. */
export function eventOf(chatId: ChatId, row: Row, payload: Payload, { people, messages }: Known): ChatEvent {
  const { type, seq, at, actor_id } = row as { type: Happening['type']; seq: number; at: number; actor_id: UserId }
  const person = (id: UserId): Person => people.get(id) ?? { id, username: undefined, name: undefined, lastSeenAt: undefined }
  const rest = (): object => {
    if (type === 'message.sent') return { message: messageOf(row) }
    if (type === 'chat.created') {
      const { kind, name, key, members } = payload as unknown as Chat & { members: [UserId, Role][] }
      const all: Happenings['chat.created'] = { kind, name, key, members: members.map(([id, role]) => ({ person: person(id), role })) }
      return all
    }
    if (type === 'member.added') return { person: person(payload.userId as UserId), role: payload.role }
    if (type === 'message.edited') return { ...payload, text: undefined, ...messages.get(payload.messageId as MessageId) }
    return payload
  }
  return asEvent({ type, actorId: actor_id, ...rest(), chatId, seq, at })
}

const given = <T>(value: unknown): T | undefined => (value === null ? undefined : (value as T))

/** Columns of a user `u`: what the log tells of people. */
export const NAMED = 'u.username, u.name'
export const namedOf = (row: Row, id: UserId): Person => ({
  id,
  username: given(row.username),
  name: given(row.name),
  lastSeenAt: undefined,
})

/** Of a member and a user. */
export const memberOf = (row: Row, userId: UserId): Member => ({
  person: namedOf(row, userId),
  role: row.role as Role,
  joinedSeq: row.joined_seq as number,
  joinedAt: row.joined_at as number,
})

export const CHAT = 'id, kind, name, key, created_at, head_seq, head_n, head_at, member_seq, member_n'
export const chatOf = (row: Row): Chat => ({
  id: row.id as ChatId,
  kind: row.kind as Chat['kind'],
  name: given(row.name),
  key: given(row.key),
  createdAt: row.created_at as number,
  headSeq: row.head_seq as number,
  headN: row.head_n as number,
  headAt: row.head_at as number,
  memberSeq: row.member_seq as number,
  memberCount: row.member_n as number,
})
