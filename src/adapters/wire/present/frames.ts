import type { Joined, Resumed } from '../../../application/live/connection.ts'
import type { Delivery } from '../../../application/live/delivery.ts'
import { toMinute } from '../../../domain/identity.ts'
import type { ChatId, Duration, Instant, Seq, SessionId, UserId } from '../../../domain/ids.ts'
import type { ResultOf, ServerFrameOf } from '../frames.ts'
import type { Limits } from '../limits.ts'
import { presentMyChat } from './chats.ts'
import { presentEvent } from './events.ts'
import { type Audience } from './messages.ts'
import { presentUser } from './people.ts'
import { presentTime } from './time.ts'

type Presenters = {
  readonly [T in Delivery['type']]: (delivery: Extract<Delivery, { type: T }>, audience: Audience) => ServerFrameOf<T>
}

const presenters: Presenters = {
  event: ({ event }, audience) => ({ type: 'event', event: presentEvent(event, audience) }),
  receipt: ({ chatId, userId, readSeq, at, unread, unreadMentions }) => ({
    type: 'receipt',
    chat_id: chatId,
    user_id: userId ?? null,
    read_seq: readSeq,
    at: presentTime(at),
    unread: unread ?? null,
    unread_mentions: unreadMentions ?? null,
  }),
  typing: ({ chatId, userIds }) => ({ type: 'typing', chat_id: chatId, user_ids: [...userIds] }),
  presence: ({ userId, online, lastSeenAt }) => ({
    type: 'presence',
    user_id: userId,
    online,
    last_seen_at: lastSeenAt === undefined ? null : presentTime(toMinute(lastSeenAt)),
  }),
  user: ({ person }) => ({ type: 'user', user: presentUser(person) }),
  limited: ({ chatId, from, to, newest }, audience) => ({
    type: 'limited',
    chat_id: chatId,
    from,
    to,
    newest: newest.map((event) => presentEvent(event, audience)),
  }),
  notice: ({ notice: { kind, sessionId, deviceName, network, at } }) => ({
    type: 'notice',
    kind,
    session_id: sessionId,
    device_name: deviceName ?? null,
    network,
    at: presentTime(at),
  }),
  reset: ({ chatId, epoch, reason }) => ({ type: 'reset', chat_id: chatId ?? null, epoch, reason }),
  my_chat: ({ chatId, me }) => ({ type: 'my_chat', chat_id: chatId, me: presentMyChat(me) }),
  notices: ({ chatId, level, mutedUntil, quiet }) => ({
    type: 'notices',
    chat_id: chatId ?? null,
    level: level ?? null,
    muted_until: mutedUntil === undefined ? null : presentTime(mutedUntil),
    quiet: quiet ? { ...quiet } : null,
  }),
  blocked: ({ userId, isBlocked }) => ({ type: 'blocked', user_id: userId, blocked: isBlocked }),
  chat_gone: ({ chatId, reason }) => ({ type: 'chat_gone', chat_id: chatId, reason }),
}

/** Returns the frame of a delivery. Only events differ by audience: see `ownerOf`. */
export const presentDelivery = (delivery: Delivery, audience: Audience): ServerFrameOf<Delivery['type']> =>
  presenters[delivery.type](delivery as never, audience)

export const presentHello = (socket: {
  readonly connectionId: string
  readonly epoch: string
  readonly heartbeatMs: Duration
  readonly now: Instant
  readonly limits: Limits
  readonly userId: string | undefined
}): ServerFrameOf<'hello'> => ({
  type: 'hello',
  connection_id: socket.connectionId,
  epoch: socket.epoch,
  heartbeat_ms: socket.heartbeatMs,
  server_time: presentTime(socket.now),
  limits: socket.limits,
  user_id: socket.userId ?? null,
})

export const presentAuthorized = (known: {
  readonly userId: UserId
  readonly sessionId: SessionId
  readonly expiresAt: Instant
}): ResultOf<'authorize'> => ({
  user_id: known.userId,
  session_id: known.sessionId,
  expires_at: presentTime(known.expiresAt),
})

export const presentHeads = (heads: ReadonlyMap<ChatId, Seq>): ResultOf<'ping'> => ({ heads: Object.fromEntries(heads) })

export const presentResumed = ({
  standings,
  heads,
  own,
  blocked,
}: Resumed): Pick<ResultOf<'resume'>, 'heads' | 'reads' | 'my' | 'blocked'> => ({
  ...presentHeads(heads),
  reads: Object.fromEntries(
    standings.map(({ chatId, readSeq, readByOthers, unread, unreadMentions }) => [
      chatId,
      { read_seq: readSeq, read_by_others_seq: readByOthers ?? null, unread, unread_mentions: unreadMentions },
    ]),
  ),
  blocked: [...blocked],
  my: Object.fromEntries(own.map(({ chatId, me }) => [chatId, presentMyChat(me)])),
})

export const presentJoined = ({ head, readers, online, typing }: Joined): ResultOf<'join_chat'> => ({
  head,
  readers: readers.map(({ userId, readSeq }) => ({ user_id: userId, read_seq: readSeq })),
  online: [...online],
  typing: [...typing],
})
