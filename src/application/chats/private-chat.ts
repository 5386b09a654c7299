import { type Opened, open } from '../../domain/group.ts'
import { type ChatId, pairKey, type UserId } from '../../domain/ids.ts'
import type { Data } from '../../domain/message.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Caller } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'

interface Pair {
  readonly userId: UserId
  readonly data?: Data | undefined
  /** Why the chat must not be created. */
  readonly unless?: Refusal | undefined
}

/** The one private chat of two users, created if there is none. */
export async function privateChat(
  { log, clock, newId }: Pick<Ports, 'log' | 'clock' | 'newId'>,
  { userId: creatorId }: Caller,
  { userId, data, unless }: Pair,
): Promise<Opened> {
  if (userId === creatorId) throw new Refusal('chat-with-self')
  const key = pairKey(creatorId, userId)
  const opening = {
    id: newId() as ChatId,
    key,
    kind: 'private' as const,
    name: undefined,
    creatorId,
    otherIds: [userId],
    data,
    at: clock(),
  }
  return log.change({ chat: key, people: [creatorId, userId] }, (state) => {
    const opened = open(state, opening)
    if (unless && opened.result.isNew) throw unless
    return opened
  })
}
