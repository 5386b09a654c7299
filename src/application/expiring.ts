import { expire, keptSince } from '../domain/expiring.ts'
import type { ChatId, Count, Duration, Instant } from '../domain/ids.ts'
import type { OldChat } from './ports/expiries.ts'
import type { Ports } from './ports/ports.ts'

const CHATS_AT_ONCE = 500
const TEXTS_AT_ONCE = 100

type Needs = Pick<Ports, 'log' | 'expiries' | 'clock' | 'newId'>

/**
 * Deletes the texts whose time is over, some of a chat at a time, so that others have a turn, and returns how many. `keepMs`: how long all
 * chats keep them; undefined: as long as each chat does. Several processes may do it at the same time.
 */
export const expireTexts = (ports: Needs, keepMs: Duration | undefined) => async (): Promise<Count> => {
  const now = ports.clock()
  const which = keepMs === undefined ? 'with rules' : 'all'
  let count = 0
  let chats: readonly OldChat[] = []
  do {
    chats = await ports.expiries.chats(chats.at(-1)?.chatId, which, CHATS_AT_ONCE)
    for (const { chatId, rules, firstAt } of chats) {
      const since = keptSince({ rules }, keepMs, now)
      if (since !== undefined && firstAt !== undefined && firstAt < since) count += await expireIn(ports, { chatId, since, keepMs, now })
    }
  } while (chats.length === CHATS_AT_ONCE)
  return count
}

interface Pass {
  readonly chatId: ChatId
  readonly since: Instant
  readonly keepMs: Duration | undefined
  readonly now: Instant
}

async function expireIn({ log, expiries, newId }: Needs, { chatId, since, keepMs, now: at }: Pass): Promise<Count> {
  for (let all = 0; ; ) {
    const some = await expiries.first(chatId, TEXTS_AT_ONCE)
    const old = some.filter((message) => message.at < since)
    const messageIds = old.filter(({ isDeleted }) => !isDeleted).map(({ id }) => id)
    const change = { messageIds, keepMs, deed: { id: newId() }, at }
    const gone = messageIds.length === 0 ? 0 : await log.change({ chat: chatId, messages: messageIds }, (state) => expire(state, change))
    all += gone
    // Fewer: the rule was changed meanwhile, or somebody else has deleted some. The next pass looks again.
    if (old.length === 0 || gone < messageIds.length) return all
    await expiries.pass(chatId, old.at(-1)!.seq)
    if (old.length < TEXTS_AT_ONCE) return all
  }
}
