import { requireAccepted } from './accepting.ts'
import type { Chat } from './chat.ts'
import { type CheckedContent, checkedMentions, fittingMentions, isSameContent, keptText } from './content.ts'
import { type ChatState, type Decision, happened, look, nothing, timeIn } from './decision.ts'
import { requireUnblocked } from './guard.ts'
import { authorOf } from './identity.ts'
import { type ClientMessageId, type Instant, type MessageId, pairOf, sendKey, type UserId } from './ids.ts'
import { canonical } from './json.ts'
import { type Member, STAFF } from './member.ts'
import { asAuthor, asMember, requireRole } from './membership.ts'
import { type AttachedFile, type Attachment, type Content, type Mention, type Message, PLAIN } from './message.ts'
import { Refusal } from './refusal.ts'
import { requirePace, requirePosting } from './ruling.ts'

/** A message that is not yet committed. The use case sets id, time and digest, since the decision may run again. */
export interface Draft extends Partial<CheckedContent> {
  readonly id: MessageId
  readonly senderId: UserId
  readonly clientMessageId: ClientMessageId
  readonly text: string
  readonly bodyHash: string
  readonly replyTo?: MessageId | undefined
  /** The message that it forwards, or why the sender cannot read it. */
  readonly source?: Message | Refusal | undefined
  /** The sender is no member: the bot of an inlet. */
  readonly isOutside?: boolean | undefined
  readonly at: Instant
}

/** Sends a draft, or returns the message already sent under its idempotency key. Refuses the same key with other content. */
export function post(state: ChatState, draft: Draft): Decision<{ message: Message; replayed: boolean }> {
  const { chat, me } = asAuthor(state, draft)
  const earlier = look(state.earlier, sendKey(draft.senderId, draft.clientMessageId))
  if (earlier) return nothing({ message: sameContent(earlier, draft), replayed: true })
  if (!draft.isOutside) requireAccepted(state, chat, draft.senderId)
  const now = timeIn(chat, draft.at)
  requirePosting(chat, me, now)
  requirePace(state, chat, { me, now })
  if (draft.replyTo && !look(state.messages, draft.replyTo)) throw new Refusal('message-not-found', { messageId: draft.replyTo })
  const { id, clientMessageId, bodyHash, replyTo } = draft
  const seq = chat.headSeq + 1
  const { text, content, kind } = draft.source ? forwarded(draft.source) : written(state, draft, { chat, me })
  const message: Message = {
    id,
    chatId: chat.id,
    seq,
    n: chat.headN + 1,
    sender: authorOf(me.person),
    clientMessageId,
    bodyHash,
    text,
    content,
    kind,
    replyTo,
    version: 1,
    at: now,
    editedAt: undefined,
    deletedAt: undefined,
    changedSeq: seq,
  }
  const appearsTo = chat.kind === 'private' && chat.headN === 0 ? pairOf(chat.key) : undefined
  const sent = { type: 'message.sent' as const, actorId: draft.senderId, message, ...(appearsTo && { appearsTo }) }
  return happened(chat, draft.at, [sent], { message, replayed: false })
}

/** Returns the message that was sent under the draft's key, if there is one. Refuses the same key with other content. */
export function sentBefore(state: ChatState, draft: Draft): Decision<Message | undefined> {
  const earlier = state.chat && look(state.earlier, sendKey(draft.senderId, draft.clientMessageId))
  return nothing(earlier ? sameContent(earlier, draft) : undefined)
}

/** Returns why a draft would be refused in a chat that is new: it has no message to reply to, and no key was used in it. */
export function refusedOutright({ replyTo, source }: Draft): Refusal | undefined {
  if (replyTo) return new Refusal('message-not-found', { messageId: replyTo })
  if (source instanceof Refusal) return source
  return source?.deletedAt === undefined ? undefined : new Refusal('message-deleted', { messageId: source.id })
}

function sameContent(earlier: Message, draft: Draft): Message {
  if (earlier.bodyHash !== draft.bodyHash)
    throw new Refusal('key-reused', { clientMessageId: draft.clientMessageId, messageId: earlier.id })
  return earlier
}

type Written = Pick<Message, 'text' | 'content' | 'kind'>

/** Returns what the sender wrote. Most messages are plain and share one content. */
function written(state: ChatState, draft: Draft, { chat, me }: { readonly chat: Chat; readonly me: Member }): Written {
  const { text, format = PLAIN.format, mentions = [], attachments = [], kind, data } = draft
  const isPlain = format === PLAIN.format && mentions.length + attachments.length === 0 && data === undefined
  if (isPlain) return { text, content: PLAIN, kind }
  const files = attached(state, me.person.id, { attachments, before: PLAIN.attachments })
  requireMentions(chat, me, { mentions, before: PLAIN.mentions })
  return { text, content: { ...PLAIN, format, mentions, attachments: files, data }, kind }
}

/** Returns a copy of what another message says, for a chat in which its mentions concern nobody. The first author stays. */
function forwarded(source: Message | Refusal): Written {
  if (source instanceof Refusal) throw source
  const { text, content, sender, at, deletedAt } = source
  if (deletedAt !== undefined) throw new Refusal('message-deleted', { messageId: source.id })
  const { format, attachments } = content
  return { text, content: { ...PLAIN, format, attachments, forwarded: content.forwarded ?? { sender, at } }, kind: undefined }
}

/** In chats of so many members, everybody may mention all. */
export const ALL_LIMIT = 20

const mentionsAll = (mentions: readonly Mention[]): boolean => mentions.some(({ kind }) => kind === 'all')

/** Refuses a mention of all that was not there before, of members who may not mention all. */
function requireMentions(chat: Chat, me: Member, { mentions, before }: Readonly<Record<'mentions' | 'before', readonly Mention[]>>): void {
  if (chat.memberCount > ALL_LIMIT && mentionsAll(mentions) && !mentionsAll(before)) requireRole(me, STAFF)
}

interface Attaching {
  readonly attachments: readonly AttachedFile[]
  readonly before: readonly Attachment[]
}

/** Returns the files of a message: those that it has already, and uploads of the sender. */
function attached({ files }: ChatState, senderId: UserId, { attachments, before }: Attaching): readonly Attachment[] {
  const known = new Map(before.map(({ file }) => [file.id, file]))
  for (const { fileId } of attachments) {
    const owned = known.has(fileId) ? null : look(files, fileId)
    if (owned?.ownerId === senderId) known.set(fileId, owned.file)
  }
  const missing = attachments.filter(({ fileId }) => !known.has(fileId)).map(({ fileId }) => fileId)
  if (missing.length > 0) throw new Refusal('file-not-found', { fileIds: missing })
  return attachments.map(({ fileId, ...showing }) => ({ file: known.get(fileId)!, ...showing }))
}

type Changes = { readonly [M in Exclude<keyof CheckedContent, 'kind'>]?: CheckedContent[M] | undefined }

/** What an edit changes. What is left out stays; but mentions that are left out go with a text that is new. */
export interface Edit extends Changes {
  readonly editorId: UserId
  readonly messageId: MessageId
  /** The version that the editor saw. The edit is refused if the message has another version. */
  readonly version?: number | undefined
  /** What the editor sent, if the host's code made another text of it. */
  readonly asked?: Asked | undefined
  readonly at: Instant
}

/** A text of an editor's that the host's code was shown. */
export interface Asked {
  readonly text: string
  /** Digest of the text and of the message. */
  readonly hash: string
}

/** Whether a message says already what the host's code was shown: the text is its own, or that of its last edit. */
const isRepeated = ({ text, editHash }: Message, asked: Asked): boolean => asked.text === text || asked.hash === editHash

/** Returns the message that an edit has changed already, if it has. */
export function editedBefore(state: ChatState, command: Edit & { readonly asked: Asked }): Decision<Message | undefined> {
  const message = look(state.messages, command.messageId)
  return message?.text !== undefined && isRepeated(message, command.asked) ? edit(state, command) : nothing(undefined)
}

/** Edits a message of the caller. The same content changes nothing, so that a repeated edit does not conflict with itself. */
export function edit(state: ChatState, command: Edit): Decision<Message> {
  const { chat, me } = asMember(state, command.editorId)
  const message = present(state, command.messageId)
  if (message.sender.id !== me.person.id) throw new Refusal('not-allowed', { requires: ['author'] })
  if (message.content.forwarded) throw new Refusal('not-allowed', { requires: [] })
  if (message.deletedAt !== undefined) throw new Refusal('message-deleted', { messageId: message.id })
  const before = message.content
  const isSame = command.asked !== undefined && isRepeated(message, command.asked)
  const { text, content } = changed(state, message, isSame ? { ...command, text: message.text } : command)
  if (text === message.text && isSameContent(content, before)) return nothing(message)
  requirePosting(chat, me, timeIn(chat, command.at))
  requireMentions(chat, me, { mentions: content.mentions, before: before.mentions })
  if (command.version !== undefined && command.version !== message.version)
    throw new Refusal('version-conflict', { version: message.version })
  requireUnblocked(chat)
  const editedAt = timeIn(chat, command.at)
  const version = message.version + 1
  const editHash = text === message.text ? message.editHash : command.asked?.hash
  const now = { text, content, version, editedAt, editHash }
  const isMentioning = canonical(content.mentions) !== canonical(before.mentions)
  const isAttaching = canonical(content.attachments) !== canonical(before.attachments)
  const about = { actorId: me.person.id, messageId: message.id, messageSeq: message.seq }
  return happened(chat, command.at, [{ type: 'message.edited', ...about, ...now, isMentioning, isAttaching }], {
    ...message,
    ...now,
    changedSeq: chat.headSeq + 1,
  })
}

/** Returns text and content after an edit. */
function changed(state: ChatState, message: Message, command: Edit): { readonly text: string; readonly content: Content } {
  const before = message.content
  const attachments = command.attachments
    ? attached(state, message.sender.id, { attachments: command.attachments, before: before.attachments })
    : before.attachments
  const text = keptText(command.text ?? message.text!, attachments.length > 0)
  const stay = text === message.text ? before.mentions : PLAIN.mentions
  const fit = command.asked ? fittingMentions : checkedMentions
  const mentions = command.mentions ? fit(command.mentions, text) : stay
  return { text, content: { ...before, format: command.format ?? before.format, mentions, attachments, data: command.data ?? before.data } }
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
    { ...message, text: undefined, content: PLAIN, editHash: undefined, deletedAt, changedSeq: chat.headSeq + 1 },
  )
}

function present(state: ChatState, messageId: MessageId): Message {
  const message = look(state.messages, messageId)
  if (!message) throw new Refusal('message-not-found', { messageId })
  return message
}
