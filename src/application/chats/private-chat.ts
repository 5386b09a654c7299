import { type Opened, open } from '../../domain/group.ts'
import { type ChatId, type MessageId, pairKey, type UserId } from '../../domain/ids.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Caller } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'

interface Pair {
  readonly userId: UserId
  /** A message of the chat. If given, the chat must exist. */
  readonly replyTo?: MessageId | undefined
}

/** The one private chat of two users, created if there is none. */
export async function privateChat(
  { log, clock, newId }: Pick<Ports, 'log' | 'clock' | 'newId'>,
  { userId: creatorId }: Caller,
  { userId, replyTo }: Pair,
): Promise<Opened> {
  if (userId === creatorId) throw new Refusal('chat-with-self')
  const key = pairKey(creatorId, userId)
  const opening = { id: newId() as ChatId, key, kind: 'private' as const, name: undefined, creatorId, otherIds: [userId], at: clock() }
  return log.change({ chat: key, people: [creatorId, userId] }, (state) => {
    const opened = open(state, opening)
    if (replyTo && opened.result.isNew) throw new Refusal('message-not-found', { messageId: replyTo })
    return opened
  })
}
