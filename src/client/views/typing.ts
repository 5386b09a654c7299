import type { Platform } from '../platform/platform.ts'

const REPEATED = 3_000
/** Without a change of the draft for so long the user is thinking, or gone. */
const IDLE = 5_000

/** Sends that the user is typing: at once, again while it goes on, and when it is over. */
export function typingSender({ now, later }: Pick<Platform, 'now' | 'later'>, tell: (isActive: boolean) => void) {
  let toldAt: number | undefined
  let cancel = () => {}

  function end(isTold: boolean): void {
    cancel()
    if (toldAt === undefined) return
    toldAt = undefined
    if (isTold) tell(false)
  }

  return {
    set(isActive: boolean): void {
      if (!isActive) return end(true)
      cancel()
      cancel = later(IDLE, () => end(true))
      if (toldAt !== undefined && now() - toldAt < REPEATED) return
      toldAt = now()
      tell(true)
    },
    /** The message says it. */
    sent: () => end(false),
  }
}
