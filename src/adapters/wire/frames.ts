import { z } from 'zod'
import type { ChatId } from '../../domain/ids.ts'
import { limits } from './limits.ts'
import type { ProblemCode } from './problems.ts'
import { asChatId, asMessageId, asUserId, between, noted, plain, Seq, seqFrom0, Time, Uuid } from './schemas/common.ts'
import { Event } from './schemas/events.ts'
import { content, Message, Reading, text, version } from './schemas/messages.ts'
import { LimitTable, Problem } from './schemas/service.ts'

export interface ClientFrameKind {
  readonly summary: string
  readonly schema: z.ZodType
  /** The `result` of its `ok`. */
  readonly result: z.ZodType
  readonly problems: readonly ProblemCode[]
}

export const Ref = between(1, limits.ref_length)
const ref = noted(Ref.optional(), 'Asks for exactly one `ok` or `error` with the same `ref`.')

/** The shape of one client frame: its type, its `ref` and its own members. */
const frame = <T extends string, S extends z.ZodRawShape>(type: T, members: S) => z.strictObject({ type: z.literal(type), ref, ...members })

const inChat = { chat_id: asChatId }
const heads = noted(z.record(Uuid, z.int().min(0)), 'The last `seq` of each chat.')
/** A command to which there is nothing to say. */
export const Nothing = z.object({})
export const Position = z.object({ seq: noted(Seq, 'Of the event that holds now.') })

const cursors = z
  .record(asChatId as unknown as z.ZodType<ChatId, ChatId>, seqFrom0)
  .refine((given) => Object.keys(given).length <= limits.resume_cursors, { error: `has at most ${limits.resume_cursors}` })

/** Every frame that a client sends, said once. */
export const clientFrames = {
  authorize: {
    summary: 'Say who one is; again at any time to renew',
    schema: frame('authorize', {
      token: plain(),
      device_id: noted(between(1, 128).optional(), 'A newer socket of the same device replaces the older.'),
    }),
    result: z.object({ user_id: Uuid, session_id: Uuid, expires_at: Time }),
    problems: ['unauthenticated', 'token-expired', 'session-ended'],
  },
  resume: {
    summary: 'Go on where one left off; what was missed comes before the answer',
    schema: frame('resume', {
      epoch: noted(plain().max(128).optional(), 'The epoch of which one’s copy is.'),
      cursors: noted(cursors, 'The last `seq` that one has of each chat. A chat that is not named starts at its head.'),
    }),
    result: z.object({
      epoch: z.string(),
      heads,
      reads: z.record(Uuid, z.object({ read_seq: z.int(), read_by_others_seq: z.int().nullable(), unread: z.int().min(0) })),
    }),
    problems: ['already-resumed'],
  },
  send_message: {
    summary: 'Send a message to a chat or to a person, or find out that an earlier attempt arrived',
    schema: z.union([frame('send_message', { ...inChat, ...content }), frame('send_message', { user_id: asUserId, ...content })]),
    result: z.object({ message: Message, replayed: z.boolean() }),
    problems: [
      'chat-not-found',
      'user-not-found',
      'message-not-found',
      'text-empty',
      'text-too-long',
      'chat-with-self',
      'key-reused',
      'too-many-requests',
    ],
  },
  edit_message: {
    summary: 'Change the text of one’s own message',
    schema: frame('edit_message', { ...inChat, message_id: asMessageId, text, version }),
    result: Position,
    problems: ['chat-not-found', 'message-not-found', 'not-allowed', 'text-empty', 'text-too-long', 'message-deleted', 'version-conflict'],
  },
  delete_message: {
    summary: 'Take the text of a message away',
    schema: frame('delete_message', { ...inChat, message_id: asMessageId }),
    result: Position,
    problems: ['chat-not-found', 'message-not-found', 'not-allowed'],
  },
  mark_read: {
    summary: 'Everything up to a message, or a `seq`, is read',
    schema: z.union([frame('mark_read', { ...inChat, message_id: asMessageId }), frame('mark_read', { ...inChat, seq: seqFrom0 })]),
    result: Reading,
    problems: ['chat-not-found', 'message-not-found'],
  },
  typing: {
    summary: 'One is typing, or no longer; repeat it every 3 s',
    schema: frame('typing', { ...inChat, active: z.boolean() }),
    result: Nothing,
    problems: ['chat-not-found'],
  },
  join_chat: {
    summary: 'Put a chat on the screen: typing and presence come from now on',
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
    summary: 'Take a chat off the screen',
    schema: frame('leave_chat', { ...inChat, mute: noted(z.boolean().default(false), 'Nothing of it comes until one joins again.') }),
    result: Nothing,
    problems: ['chat-not-found'],
  },
  fetch: {
    summary: 'Events above a `seq`',
    schema: frame('fetch', { ...inChat, after: seqFrom0, limit: z.int().min(1).max(limits.page_size).default(limits.page_size) }),
    result: z.object({ events: z.array(Event), head: z.int() }),
    problems: ['chat-not-found'],
  },
  ping: {
    summary: 'Ask for a sign of life and the heads',
    schema: frame('ping', {}),
    result: z.object({ heads }),
    problems: [],
  },
} as const satisfies Record<string, ClientFrameKind>

export type ClientFrames = typeof clientFrames
export type ClientFrameType = keyof ClientFrames
export type FrameOf<T extends ClientFrameType> = z.output<ClientFrames[T]['schema']>
export type ClientFrame = { [T in ClientFrameType]: FrameOf<T> }[ClientFrameType]
/** A frame as a client writes it. */
export type FrameInput<T extends ClientFrameType> = z.input<ClientFrames[T]['schema']>
export type ResultOf<T extends ClientFrameType> = z.output<ClientFrames[T]['result']>

export interface ServerFrameKind {
  readonly summary: string
  readonly schema: z.ZodType
}

const told = <T extends string, S extends z.ZodRawShape>(type: T, members: S) => z.object({ type: z.literal(type), ...members })
const range = { from: Seq, to: Seq }

/** Every frame that the server sends, said once. */
export const serverFrames = {
  hello: {
    summary: 'The first frame',
    schema: told('hello', {
      connection_id: z.string(),
      epoch: z.string(),
      heartbeat_ms: z.int(),
      server_time: Time,
      limits: LimitTable,
      user_id: noted(Uuid.nullable(), 'Who was known by the header of the upgrade.'),
    }),
  },
  ok: {
    summary: 'A command was carried out; where it changes something, that is committed',
    schema: told('ok', { ref: z.string(), result: noted(z.record(z.string(), z.unknown()), 'By the type of the command.') }),
  },
  error: {
    summary: 'A command, or a frame that was none, was refused',
    schema: told('error', { ref: z.string().nullable(), problem: Problem }),
  },
  event: { summary: 'What happened in a chat of one’s own: in order, without repeats', schema: told('event', { event: Event }) },
  skip: { summary: 'Numbers that this viewer is not shown', schema: told('skip', { chat_id: Uuid, ...range }) },
  receipt: {
    summary: 'A member has read further',
    schema: told('receipt', {
      chat_id: Uuid,
      user_id: noted(Uuid.nullable(), 'Null in large chats: everybody but oneself has read up to `read_seq`.'),
      read_seq: Seq,
      at: Time,
      unread: noted(z.int().min(0).nullable(), 'Only to the reader’s own devices.'),
    }),
  },
  typing: { summary: 'Who is typing, all of them, without oneself', schema: told('typing', { chat_id: Uuid, user_ids: z.array(Uuid) }) },
  presence: {
    summary: 'Somebody came or went',
    schema: told('presence', { user_id: Uuid, online: z.boolean(), last_seen_at: Time.nullable() }),
  },
  heads: { summary: 'Every heartbeat: the heads that changed of late', schema: told('heads', { heads }) },
  limited: {
    summary: 'Too much was missed: the newest now, the rest by `listEvents`',
    schema: told('limited', { chat_id: Uuid, ...range, newest: z.array(Event) }),
  },
  reset: {
    summary: 'Forget the copy, keep the outbox; it starts at the head',
    schema: told('reset', {
      chat_id: noted(Uuid.nullable(), 'Null: of all chats.'),
      epoch: z.string(),
      reason: z.enum(['epoch', 'ahead']),
    }),
  },
  gap: { summary: 'One was too slow: what was queued of this chat was dropped', schema: told('gap', { chat_id: Uuid, ...range }) },
  chat_gone: {
    summary: 'A chat is no longer one’s own',
    schema: told('chat_gone', { chat_id: Uuid, reason: z.enum(['left', 'removed', 'deleted', 'not-found']) }),
  },
  reconnect: { summary: 'This process is shutting down', schema: told('reconnect', { after_ms: z.int() }) },
} as const satisfies Record<string, ServerFrameKind>

export type ServerFrames = typeof serverFrames
export type ServerFrameType = keyof ServerFrames
export type ServerFrameOf<T extends ServerFrameType> = z.output<ServerFrames[T]['schema']>
export type ServerFrame = { [T in ServerFrameType]: ServerFrameOf<T> }[ServerFrameType]
