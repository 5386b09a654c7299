import { z } from 'zod'
import type { ChatId } from '../../domain/ids.ts'
import { limits } from './limits.ts'
import type { ProblemCode } from './problems.ts'
import { MyChat } from './schemas/chats.ts'
import { asChatId, asMessageId, asUserId, between, noted, plain, Seq, seqFrom0, Time, Uuid } from './schemas/common.ts'
import { Event } from './schemas/events.ts'
import { content, edited, forward, Message, Reading, requireChange } from './schemas/messages.ts'
import { ownFrames, sent } from './schemas/own-frames.ts'
import { emoji } from './schemas/reactions.ts'
import { LimitTable, Problem } from './schemas/service.ts'

export interface ClientFrameKind {
  readonly summary: string
  readonly schema: z.ZodType
  /** The `result` of its `ok`. */
  readonly result: z.ZodType
  readonly problems: readonly ProblemCode[]
}

export const Ref = between(1, limits.ref_length)
const ref = noted(Ref.optional(), 'The server answers with exactly one `ok` or `error` with the same `ref`.')

/** The schema of one client frame: its type, its `ref` and its own members. */
const frame = <T extends string, S extends z.ZodRawShape>(type: T, members: S) => z.strictObject({ type: z.literal(type), ref, ...members })

const inChat = { chat_id: asChatId }
const heads = noted(z.record(Uuid, z.int().min(0)), 'The last `seq` of each chat.')
/** The result of a command that has none. */
export const Nothing = z.object({})
export const Position = z.object({ seq: noted(Seq, 'Of the event that holds the present content.') })
const reaction = { ...inChat, message_id: asMessageId, emoji }

const cursors = z
  .record(asChatId as unknown as z.ZodType<ChatId, ChatId>, seqFrom0)
  .refine((given) => Object.keys(given).length <= limits.resume_cursors, { error: `has at most ${limits.resume_cursors}` })

/** Every frame that a client sends. */
export const clientFrames = {
  authorize: {
    summary: 'Authenticate; repeat at any time to renew',
    schema: frame('authorize', {
      token: plain(),
      act_as: noted(plain().max(1_024).optional(), 'With a key: the user to act as, an id or `ext:` and the percent-encoded external id.'),
      device_id: noted(between(1, 128).optional(), 'A newer socket of the same user and device replaces the older one.'),
    }),
    result: z.object({ user_id: Uuid, session_id: Uuid, expires_at: Time }),
    problems: ['unauthenticated', 'token-expired', 'session-ended', 'person-disabled', 'not-allowed', 'user-not-found'],
  },
  resume: {
    summary: 'Receive what was missed since your cursors, then live events',
    schema: frame('resume', {
      epoch: noted(plain().max(128).optional(), 'The epoch of your copy.'),
      as_of: noted(
        plain().max(256).optional(),
        'The last `as_of` at which you were level in every chat that `cursors` does not name. Such a chat starts where it stood then.',
      ),
      cursors: noted(cursors.default({}), 'The last `seq` that you have applied, by chat. A chat that is not named starts at its head.'),
    }),
    result: z.object({
      epoch: z.string(),
      as_of: noted(z.string(), 'Where you stand now, for a later `resume`.'),
      whole: noted(z.boolean(), 'Whether every chat of yours is named. Else only those in which anything moved since `as_of`.'),
      heads,
      reads: z.record(
        Uuid,
        z.object({ read_seq: z.int(), read_by_others_seq: z.int().nullable(), unread: z.int().min(0), unread_mentions: z.int().min(0) }),
      ),
      blocked: noted(z.array(Uuid), 'Users whom you have blocked: what they write in groups does not count as unread.'),
      my: noted(
        z.record(Uuid, MyChat),
        'Your own states of chats: where they are not the default, or, in an answer that is not whole, where they changed since `as_of`.',
      ),
    }),
    problems: ['already-resumed'],
  },
  send_message: {
    summary: 'Send a message to a chat or a user, or get the one stored under this key',
    schema: z.union([
      frame('send_message', { ...inChat, ...content }),
      frame('send_message', { user_id: asUserId, ...content }),
      frame('send_message', { ...inChat, ...forward }),
      frame('send_message', { user_id: asUserId, ...forward }),
    ]),
    result: z.object({ message: Message, replayed: z.boolean() }),
    problems: [
      'not-accepted',
      'chat-not-found',
      'user-not-found',
      'message-not-found',
      'text-empty',
      'text-too-long',
      'file-not-found',
      'not-allowed',
      'message-deleted',
      'chat-with-self',
      'refused',
      'key-reused',
      'too-many-requests',
    ],
  },
  edit_message: {
    summary: 'Edit your message',
    schema: frame('edit_message', { ...inChat, message_id: asMessageId, ...edited }).check(requireChange),
    result: Position,
    problems: [
      'chat-not-found',
      'message-not-found',
      'file-not-found',
      'not-allowed',
      'text-empty',
      'text-too-long',
      'refused',
      'message-deleted',
      'version-conflict',
    ],
  },
  delete_message: {
    summary: 'Delete a message; its place stays',
    schema: frame('delete_message', { ...inChat, message_id: asMessageId }),
    result: Position,
    problems: ['chat-not-found', 'message-not-found', 'not-allowed'],
  },
  add_reaction: {
    summary: 'React to a message',
    schema: frame('add_reaction', reaction),
    result: Position,
    problems: [
      'not-accepted',
      'chat-not-found',
      'message-not-found',
      'message-deleted',
      'not-an-emoji',
      'reactions-full',
      'too-many-requests',
    ],
  },
  remove_reaction: {
    summary: 'Remove your reaction to a message',
    schema: frame('remove_reaction', reaction),
    result: Position,
    problems: ['chat-not-found', 'message-not-found', 'message-deleted', 'not-an-emoji', 'too-many-requests'],
  },
  mark_read: {
    summary: 'Mark as read up to a message or `seq`',
    schema: z.union([frame('mark_read', { ...inChat, message_id: asMessageId }), frame('mark_read', { ...inChat, seq: seqFrom0 })]),
    result: Reading,
    problems: ['chat-not-found', 'message-not-found'],
  },
  typing: {
    summary: 'Start or stop typing; repeat every 3 s',
    schema: frame('typing', { ...inChat, active: z.boolean() }),
    result: Nothing,
    problems: ['chat-not-found'],
  },
  join_chat: {
    summary: 'Subscribe to typing and presence of a chat',
    schema: frame('join_chat', inChat),
    result: z.object({
      head: z.int(),
      readers: z.array(z.object({ user_id: Uuid, read_seq: z.int() })),
      online: z.array(Uuid),
      typing: z.array(Uuid),
    }),
    problems: ['chat-not-found'],
  },
  leave_chat: {
    summary: 'Unsubscribe from typing and presence of a chat',
    schema: frame('leave_chat', {
      ...inChat,
      mute: noted(z.boolean().default(false), 'Receive nothing of this chat until you join it again.'),
    }),
    result: Nothing,
    problems: ['chat-not-found'],
  },
  fetch: {
    summary: 'Get the events above a `seq`',
    schema: frame('fetch', { ...inChat, after: seqFrom0, limit: z.int().min(1).max(limits.page_size).default(limits.page_size) }),
    result: z.object({ events: z.array(Event), head: z.int() }),
    problems: ['chat-not-found'],
  },
  ping: {
    summary: 'Check the connection, get the heads',
    schema: frame('ping', {}),
    result: z.object({ heads }),
    problems: [],
  },
} as const satisfies Record<string, ClientFrameKind>

export type ClientFrames = typeof clientFrames
export type ClientFrameType = keyof ClientFrames
export type FrameOf<T extends ClientFrameType> = z.output<ClientFrames[T]['schema']>
export type ClientFrame = { [T in ClientFrameType]: FrameOf<T> }[ClientFrameType]
/** A frame before parsing, as a client writes it. */
export type FrameInput<T extends ClientFrameType> = z.input<ClientFrames[T]['schema']>
export type ResultOf<T extends ClientFrameType> = z.output<ClientFrames[T]['result']>

export interface ServerFrameKind {
  readonly summary: string
  readonly schema: z.ZodType
}

const range = { from: Seq, to: Seq }

/** Every frame that the server sends. */
export const serverFrames = {
  hello: {
    summary: 'First frame: limits, epoch and heartbeat',
    schema: sent('hello', {
      connection_id: z.string(),
      epoch: z.string(),
      heartbeat_ms: z.int(),
      server_time: Time,
      limits: LimitTable,
      user_id: noted(Uuid.nullable(), 'The user that the header of the upgrade authenticated.'),
    }),
  },
  ok: {
    summary: 'Command succeeded; its change is committed',
    schema: sent('ok', { ref: z.string(), result: noted(z.record(z.string(), z.unknown()), 'Depends on the type of the command.') }),
  },
  error: {
    summary: 'Command or unreadable frame was refused',
    schema: sent('error', { ref: z.string().nullable(), problem: Problem }),
  },
  event: { summary: 'An event of one of your chats, in order, once', schema: sent('event', { event: Event }) },
  skip: { summary: 'Numbers hidden from this user', schema: sent('skip', { chat_id: Uuid, ...range }) },
  receipt: {
    summary: 'A member’s read position moved',
    schema: sent('receipt', {
      chat_id: Uuid,
      user_id: noted(Uuid.nullable(), 'Null in large chats: all other members have read up to `read_seq`.'),
      read_seq: Seq,
      at: Time,
      unread: noted(z.int().min(0).nullable(), 'Null except on the reader’s own devices.'),
      unread_mentions: noted(z.int().min(0).nullable(), 'Null except on the reader’s own devices.'),
    }),
  },
  typing: { summary: 'All users who are typing in a chat, except you', schema: sent('typing', { chat_id: Uuid, user_ids: z.array(Uuid) }) },
  presence: {
    summary: 'A user went online or offline',
    schema: sent('presence', { user_id: Uuid, online: z.boolean(), last_seen_at: Time.nullable() }),
  },
  heads: {
    summary: 'Every heartbeat: the heads that changed in the last two',
    schema: sent('heads', {
      heads,
      as_of: noted(z.string().nullable(), 'Where you stand now, for a later `resume`; null before the first one.'),
    }),
  },
  limited: {
    summary: 'Too much missed: the newest now, the rest by `listEvents`',
    schema: sent('limited', { chat_id: Uuid, ...range, newest: z.array(Event) }),
  },
  reset: {
    summary: 'Discard your local copy, keep the outbox',
    schema: sent('reset', {
      chat_id: noted(Uuid.nullable(), 'Null: all chats.'),
      epoch: z.string(),
      reason: z.enum(['epoch', 'ahead']),
    }),
  },
  gap: { summary: 'You read too slowly; queued frames of this chat were dropped', schema: sent('gap', { chat_id: Uuid, ...range }) },
  my_chat: { summary: 'Your own state of a chat was changed', schema: sent('my_chat', { chat_id: Uuid, me: MyChat }) },
  chat_gone: {
    summary: 'You no longer have this chat',
    schema: sent('chat_gone', { chat_id: Uuid, reason: z.enum(['left', 'removed', 'deleted', 'not-found']) }),
  },
  ...ownFrames,
  reconnect: { summary: 'This process is shutting down; reconnect to another one', schema: sent('reconnect', { after_ms: z.int() }) },
} as const satisfies Record<string, ServerFrameKind>

export type ServerFrames = typeof serverFrames
export type ServerFrameType = keyof ServerFrames
export type ServerFrameOf<T extends ServerFrameType> = z.output<ServerFrames[T]['schema']>
export type ServerFrame = { [T in ServerFrameType]: ServerFrameOf<T> }[ServerFrameType]
