import type { ChatId, Instant, Seq } from '../domain/ids.ts'
import type { ChatLog } from './ports/log.ts'

const NEAR = 8

/**
 * Returns the last event of a chat before this time, 0 if there is none, or no log any more. Times in a log never go down: it looks at the
 * last few at once, then from the end, each time twice as far, and then between.
 */
export async function lastBefore({ read }: Pick<ChatLog, 'read'>, chatId: ChatId, at: Instant, head: Seq): Promise<Seq> {
  const isBefore = async (seq: Seq) => {
    const [event] = await read(chatId, seq - 1, 1)
    return event !== undefined && event.at < at
  }
  const near = await read(chatId, Math.max(0, head - NEAR), NEAR)
  const found = near.findLast((event) => event.at < at && event.seq <= head)
  if (found || head <= NEAR) return found?.seq ?? 0
  let [low, high] = [0, head - NEAR]
  for (let step = 2 * NEAR; high > low; step *= 2) {
    const seq = Math.max(1, head - step + 1)
    if (await isBefore(seq)) low = seq
    else high = seq - 1
    if (low > 0) break
  }
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (await isBefore(middle)) low = middle
    else high = middle - 1
  }
  return low
}
