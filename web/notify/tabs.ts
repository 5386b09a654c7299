/** Tabs of one browser know of each other by locks, which end with the tab that holds them, however it ends. */
const SPEAKER = 'windi:speaker'
const VISIBLE = 'windi:visible'
const lookedAt = (chatId: string) => `windi:looking ${chatId}`

/** Holds a lock, shared with other tabs, until the returned function is called. */
function hold(name: string, mode: LockMode, held?: () => void): () => void {
  let release = () => {}
  const over = new AbortController()
  const until = new Promise<void>((resolve) => (release = resolve))
  navigator.locks
    ?.request(name, { mode, signal: over.signal }, () => {
      held?.()
      return until
    })
    .catch(() => undefined)
  return () => {
    over.abort()
    release()
  }
}

/** One tab speaks for all of them: the oldest. Calls back when it is this one. */
export const becomeSpeaker = (speak: () => void): (() => void) => hold(SPEAKER, 'exclusive', speak)
export const beVisible = (): (() => void) => hold(VISIBLE, 'shared')
export const lookAt = (chatId: string): (() => void) => hold(lookedAt(chatId), 'shared')

export interface Attention {
  /** Some tab is in sight. */
  readonly isVisible: boolean
  /** In some tab the user looks at this chat. */
  readonly isLookedAt: boolean
}

export async function attentionTo(chatId: string): Promise<Attention> {
  const { held = [] } = (await navigator.locks?.query()) ?? {}
  const names = new Set(held.map(({ name }) => name))
  return { isVisible: names.has(VISIBLE), isLookedAt: names.has(lookedAt(chatId)) }
}
