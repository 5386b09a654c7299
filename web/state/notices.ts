import { holder } from './holder.ts'

export interface Notice {
  readonly id: number
  readonly text: string
  readonly isFault: boolean
}

const SHOWN_MS = 4_000
let last = 0

/** What has just happened, in a word, for a moment. A newer one replaces it. */
export const notice = holder<Notice | undefined>(undefined)

export function tell(text: string, { isFault = false } = {}): void {
  const id = ++last
  notice.set({ id, text, isFault })
  setTimeout(() => notice.get()?.id === id && notice.set(undefined), SHOWN_MS)
}
