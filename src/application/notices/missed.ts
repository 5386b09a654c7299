import type { Count, Instant, UserId } from '../../domain/ids.ts'
import type { ChatNotices } from '../ports/notices.ts'
import type { Ports } from '../ports/ports.ts'
import type { ChatView, MessageView } from '../ports/views.ts'

/** Chats that are looked at, those with the latest messages. */
const CHATS = 100
/** Messages that are looked at for one of somebody who is not blocked. */
const MESSAGES = 50

export interface Missed {
  readonly messages: Count
  readonly chats: Count
}

type Needs = Pick<Ports, 'chats' | 'notices' | 'consents' | 'clock'>

/**
 * What a user has not read in chats in which somebody wrote since whom the user has not blocked, and which are neither muted, nor archived,
 * nor set to tell of nothing.
 */
export async function missedBy(needs: Needs, userId: UserId, since: Instant): Promise<Missed | undefined> {
  const { chats, notices, clock } = needs
  const now = clock()
  const [{ items }, own] = await Promise.all([chats.list(userId, { archived: false }, { limit: CHATS }), notices.ofChats(userId)])
  const isLate = (at: number | undefined) => at !== undefined && at >= since
  const isWanted = ({ level, mutedUntil = 0 }: Partial<ChatNotices> = {}) => level !== 'none' && mutedUntil <= now
  const missed = items.filter(
    ({ chat, unread, lastMessage }) => unread > 0 && isLate(lastMessage?.message.at) && isWanted(own.get(chat.id)),
  )
  const counts = (await heard(needs, missed, { userId, since })).map(({ unread }) => unread)
  return counts.length === 0 ? undefined : { chats: counts.length, messages: counts.reduce((sum, count) => sum + count, 0) }
}

/** Those of the chats in which somebody wrote since whom the user listens to. Only chats in which the latest message does not say so are looked into. */
async function heard(
  { chats, consents }: Needs,
  missed: readonly ChatView[],
  { userId, since }: { readonly userId: UserId; readonly since: Instant },
): Promise<readonly ChatView[]> {
  if (missed.length === 0) return missed
  const { blocked } = (await consents.circles([userId])).get(userId)!
  const counts = (view: MessageView | undefined) =>
    view !== undefined && view.message.at >= since && view.message.sender.id !== userId && !blocked.includes(view.message.sender.id)
  const isHeard = async ({ chat, lastMessage }: ChatView) => {
    if (blocked.length === 0 || counts(lastMessage)) return true
    return (await chats.messages(userId, chat.id, { kind: 'newest' }, {}, MESSAGES, false))?.items.some(counts) ?? false
  }
  const are = await Promise.all(missed.map(isHeard))
  return missed.filter((_, i) => are[i])
}

const label = (userId: UserId): string => `unsubscribe digest ${userId}`

/** What the address in a digest holds: with it, its recipient gets no more of them, and that is all it can do. */
export const unsubscribeSecret = ({ seals }: Pick<Ports, 'seals'>, userId: UserId): string => seals.macs(label(userId))[0]

/** Digests are compared: the time that it takes says nothing about the secret. */
export const isUnsubscribeSecret = ({ seals, digest }: Pick<Ports, 'seals' | 'digest'>, userId: UserId, secret: string): boolean =>
  seals.macs(label(userId)).map(digest).includes(digest(secret))
