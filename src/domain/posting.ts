import { type ChatState, type Decision, happened, look, nothing, timeIn } from './decision.ts'
import { authorOf } from './identity.ts'
import { type ClientMessageId, type Instant, type MessageId, sendKey, type UserId } from './ids.ts'
import { asMember } from './membership.ts'
import type { Message } from './message.ts'
import { Refusal } from './refusal.ts'

/** A message that is not yet committed. The use case sets id, time and digest, since the decision may run again. */
export interface Draft {
  readonly id: MessageId
  readonly senderId: UserId
  readonly clientMessageId: ClientMessageId
  readonly text: string
  readonly bodyHash: string
  readonly replyTo?: MessageId | undefined
  readonly at: Instant
}

/** Sends a draft, or returns the message already sent under its idempotency key. Refuses the same key with other content. */
export function post(state: ChatState, draft: Draft): Decision<{ message: Message; replayed: boolean }> {
  const { chat, me } = asMember(state, draft.senderId)
  const earlier = look(state.earlier, sendKey(draft.senderId, draft.clientMessageId))
  if (earlier) return nothing({ message: sameContent(earlier, draft), replayed: true })
  if (draft.replyTo && !look(state.messages, draft.replyTo)) throw new Refusal('message-not-found', { messageId: draft.replyTo })
  const { id, clientMessageId, text, bodyHash, replyTo } = draft
  const seq = chat.headSeq + 1
  const message: Message = {
    id,
    chatId: chat.id,
    seq,
    n: chat.headN + 1,
    sender: authorOf(me.person),
    clientMessageId,
    bodyHash,
    text,
    replyTo,
    version: 1,
    at: timeIn(chat, draft.at),
    editedAt: undefined,
    deletedAt: undefined,
    changedSeq: seq,
  }
  return happened(chat, draft.at, [{ type: 'message.sent', actorId: draft.senderId, message }], { message, replayed: false })
}

function sameContent(earlier: Message, draft: Draft): Message {
  if (earlier.bodyHash !== draft.bodyHash)
    throw new Refusal('key-reused', { clientMessageId: draft.clientMessageId, messageId: earlier.id })
  return earlier
}

export interface Edit {
  readonly editorId: UserId
  readonly messageId: MessageId
  readonly text: string
  /** The version that the editor saw. The edit is refused if the message has another version. */
  readonly version?: number | undefined
  readonly at: Instant
}

/** Edits a message of the caller. The same text changes nothing, so that a repeated edit does not conflict with itself. */
export function edit(state: ChatState, command: Edit): Decision<Message> {
  const { chat, me } = asMember(state, command.editorId)
  const message = present(state, command.messageId)
  if (message.sender.id !== me.person.id) throw new Refusal('not-allowed', { requires: ['author'] })
  if (message.deletedAt !== undefined) throw new Refusal('message-deleted', { messageId: message.id })
  if (command.text === message.text) return nothing(message)
  if (command.version !== undefined && command.version !== message.version)
    throw new Refusal('version-conflict', { version: message.version })
  const editedAt = timeIn(chat, command.at)
  const version = message.version + 1
  return happened(
    chat,
    command.at,
    [
      {
        type: 'message.edited',
        actorId: me.person.id,
        messageId: message.id,
        messageSeq: message.seq,
        text: command.text,
        version,
        editedAt,
      },
    ],
    { ...message, text: command.text, version, editedAt, changedSeq: chat.headSeq + 1 },
  )
}

export interface Deletion {
  readonly deleterId: UserId
  readonly messageId: MessageId
  readonly at: Instant
}

/** Deletes the text; the message keeps its place in the log. Deleting again changes nothing. */
export function remove(state: ChatState, command: Deletion): Decision<Message> {
  const { chat, me } = asMember(state, command.deleterId)
  const message = present(state, command.messageId)
  if (message.sender.id !== me.person.id && me.role === 'member')
    throw new Refusal('not-allowed', { requires: ['author', 'owner', 'admin'] })
  if (message.deletedAt !== undefined) return nothing(message)
  const deletedAt = timeIn(chat, command.at)
  return happened(
    chat,
    command.at,
    [{ type: 'message.deleted', actorId: me.person.id, messageId: message.id, messageSeq: message.seq, deletedAt }],
    { ...message, text: undefined, deletedAt, changedSeq: chat.headSeq + 1 },
  )
}

function present(state: ChatState, messageId: MessageId): Message {
  const message = look(state.messages, messageId)
  if (!message) throw new Refusal('message-not-found', { messageId })
  return message
}
