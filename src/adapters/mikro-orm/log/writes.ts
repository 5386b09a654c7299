import type { Chat } from '../../../domain/chat.ts'
import type { ChatEvent } from '../../../domain/event.ts'
import type { ChatId, UserId } from '../../../domain/ids.ts'
import type { Member } from '../../../domain/member.ts'
import type { Message } from '../../../domain/message.ts'
import { fold } from '../../../domain/words.ts'
import type { Value } from '../database/connect.ts'
import type { ChatInBatch } from './batch.ts'
import { payloadOf } from './events.ts'

export type Cells = Record<string, Value>

/** What a batch writes, by kind of statement, in the order in which they have to run. All rows are as they are after the batch. */
export interface Writes {
  readonly newChats: Cells[]
  readonly heads: Cells[]
  readonly messages: Cells[]
  readonly events: Cells[]
  /** Members whose rows are written otherwise than by inserting alone. */
  readonly touched: Cells[]
  readonly goneMembers: Cells[]
  readonly newMembers: Cells[]
  readonly roles: Cells[]
  readonly changedMessages: Cells[]
  readonly erased: Cells[]
  readonly changedChats: Cells[]
  readonly goneChats: Cells[]
}

export function writesOf(batch: readonly ChatInBatch[]): Writes {
  const writes: Writes = {
    newChats: [],
    heads: [],
    messages: [],
    events: [],
    touched: [],
    goneMembers: [],
    newMembers: [],
    roles: [],
    changedMessages: [],
    erased: [],
    changedChats: [],
    goneChats: [],
  }
  for (const held of batch) {
    const { was, state, sent, other } = held
    const { chat } = state
    if (!chat) {
      if (was) writes.goneChats.push({ chat_id: was.id })
      continue
    }
    const last = sent.at(-1)
    const lastMessageAt = last === undefined ? null : state.messages.get(last)!.at
    if (was) writes.heads.push(headRow(was, chat, lastMessageAt))
    else writes.newChats.push(chatRow(chat, lastMessageAt ?? chat.createdAt))
    for (const id of sent) writes.messages.push(messageRow(state.messages.get(id)!))
    if (other) writeOther(held, chat, writes)
  }
  return writes
}

function writeOther({ was, state, sent, other }: ChatInBatch, chat: Chat, writes: Writes): void {
  const { events, changed, erased, members, isRenamed } = other!
  for (const event of events) writes.events.push(eventRow(event))
  const isJustSent = new Set(sent)
  for (const id of changed) if (!isJustSent.has(id)) writes.changedMessages.push(changedRow(state.messages.get(id)!))
  for (const { chatId, userId, seq, at } of erased) writes.erased.push({ chat_id: chatId, user_id: userId, seq, at })
  if (was && (isRenamed || was.memberSeq !== chat.memberSeq)) {
    const { id, name, memberSeq, memberCount } = chat
    writes.changedChats.push({ chat_id: id, name: name ?? null, folded_name: folded(name), member_seq: memberSeq, member_n: memberCount })
  }
  for (const [userId, n] of members) {
    const member = state.members.get(userId)
    const names = { chat_id: chat.id, user_id: userId }
    if (was) writes.touched.push(names)
    if (!member) writes.goneMembers.push(names)
    else if (n === undefined) writes.roles.push({ ...names, role: member.role })
    else {
      if (was) writes.goneMembers.push(names)
      writes.newMembers.push(memberRow(chat.id, userId, member, n))
    }
  }
}

const folded = (name: string | undefined): string | null => (name === undefined ? null : fold(name))

const headRow = (was: Chat, { headSeq, headN, headAt }: Chat, lastMessageAt: number | null): Cells => ({
  chat_id: was.id,
  was: was.headSeq,
  head_seq: headSeq,
  head_n: headN,
  head_at: headAt,
  last_message_at: lastMessageAt,
})

const chatRow = (chat: Chat, lastMessageAt: number): Cells => ({
  id: chat.id,
  kind: chat.kind,
  name: chat.name ?? null,
  folded_name: folded(chat.name),
  key: chat.key ?? null,
  created_at: chat.createdAt,
  head_seq: chat.headSeq,
  head_n: chat.headN,
  head_at: chat.headAt,
  member_seq: chat.memberSeq,
  member_n: chat.memberCount,
  last_message_at: lastMessageAt,
})

const messageRow = (message: Message): Cells => ({
  id: message.id,
  chat_id: message.chatId,
  sender_id: message.sender.id,
  at: message.at,
  seq: message.seq,
  n: message.n,
  version: message.version,
  changed_seq: message.changedSeq,
  client_message_id: message.clientMessageId,
  body_hash: message.bodyHash,
  text: message.text ?? null,
  folded: folded(message.text),
  reply_to: message.replyTo ?? null,
  edited_at: message.editedAt ?? null,
  deleted_at: message.deletedAt ?? null,
})

const changedRow = (message: Message): Cells => ({
  id: message.id,
  version: message.version,
  changed_seq: message.changedSeq,
  text: message.text ?? null,
  folded: folded(message.text),
  edited_at: message.editedAt ?? null,
  deleted_at: message.deletedAt ?? null,
})

const eventRow = (event: ChatEvent): Cells => ({
  chat_id: event.chatId,
  seq: event.seq,
  type: event.type,
  actor_id: event.actorId,
  at: event.at,
  payload: payloadOf(event),
})

/** Who joins has read everything, the event of joining included. */
const memberRow = (chatId: ChatId, userId: UserId, { role, joinedSeq, joinedAt }: Member, n: number): Cells => ({
  chat_id: chatId,
  user_id: userId,
  role,
  joined_seq: joinedSeq,
  joined_at: joinedAt,
  read_seq: joinedSeq,
  read_n: n,
  read_at: joinedAt,
})
