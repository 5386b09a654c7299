import type { ChatId, Duration } from '../../domain/ids.ts'
import type { Consumer, Consumers, Position } from '../ports/consumers.ts'

const PAGE = 1_000
/** All chats are looked through once in this time. */
const ROUND: Duration = 600_000

/** Looks through all chats for those in which a consumer is behind: quickly at first, and then slowly, again and again. */
export interface Sweep {
  /** Returns what the next pages hold, as long as it is their time; `found` returns whether there is room for more. */
  run(consumer: Consumer, now: Duration, found: (position: Position) => boolean): Promise<void>
  /** Begins again, quickly. */
  restart(): void
}

export function sweeping({ sweep, positions }: Pick<Consumers, 'sweep' | 'positions'>): Sweep {
  let after: ChatId | undefined
  let isQuick = true
  let pages = 0
  let [every, nextAt] = [0, 0]
  let isRunning = false
  let round = 0

  /** Returns whether the round goes on at once. */
  async function page(consumer: Consumer, now: Duration, found: (position: Position) => boolean): Promise<boolean> {
    const { chatIds } = consumer.settings
    const begun = round
    const result = chatIds ? { behind: await positions(consumer, chatIds), next: undefined } : await sweep(consumer, after, PAGE)
    if (begun !== round) return false
    for (const position of result.behind) if (!found(position)) return false
    pages++
    after = result.next
    if (after !== undefined) {
      nextAt = now + every
      return isQuick
    }
    every = ROUND / pages
    pages = 0
    isQuick = false
    nextAt = now + every
    return false
  }

  return {
    restart() {
      round++
      after = undefined
      isQuick = true
      pages = 0
      nextAt = 0
    },
    async run(consumer, now, found) {
      if (isRunning || now < nextAt) return
      isRunning = true
      try {
        while (await page(consumer, now, found));
      } finally {
        isRunning = false
      }
    },
  }
}
