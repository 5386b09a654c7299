import { wider } from '../../domain/decision.ts'
import { type Opened, open } from '../../domain/group.ts'
import { type ChatId, pairKey, type UserId } from '../../domain/ids.ts'
import type { Data } from '../../domain/message.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Caller } from '../chat-api.ts'
import type { Ports } from '../ports/ports.ts'
import { widely } from '../widely.ts'

interface Pair {
  readonly userId: UserId
  readonly data?: Data | undefined
  /** The caller is about to write: the other one must accept that. */
  readonly isToWrite?: boolean | undefined
  /** Why the chat must not be created. */
  readonly unless?: Refusal | undefined
}

/** The one private chat of two users, created if there is none. */
export async function privateChat(
  { log, clock, newId }: Pick<Ports, 'log' | 'clock' | 'newId'>,
  { userId: creatorId }: Caller,
  { userId, data, unless, isToWrite }: Pair,
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
  const consents = [[userId, creatorId]] as const
  return widely({ log }, { chat: key, people: [creatorId, userId] }, (state) => {
    if (!state.chat && state.consents.size === 0) throw wider({ consents })
    const opened = open(state, { ...opening, isToWrite })
    if (unless && opened.result.isNew) throw unless
    return opened
  })
}
