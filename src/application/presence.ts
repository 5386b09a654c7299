import type { Millis, UserId } from '../domain/ids.ts'

/** For how long another process is believed that somebody is connected to it, unless it says so again. */
export const BELIEVED_FOR: Millis = 60_000
const BOUND = 100_000

/** Who is connected, here and elsewhere. */
export interface Presence {
  isOnline(userId: UserId): boolean
  /** Another process says that somebody came or went. */
  hear(said: { readonly userId: UserId; readonly node: string; readonly online: boolean }, now: Millis): void
  /** Forgets what has not been said again for too long; answers who went offline by it. */
  sweep(now: Millis): readonly UserId[]
}

export function presence(isHere: (userId: UserId) => boolean): Presence {
  const elsewhere = new Map<UserId, Map<string, Millis>>()
  const isOnline = (userId: UserId) => isHere(userId) || elsewhere.has(userId)

  function leave(userId: UserId, node: string): void {
    const nodes = elsewhere.get(userId)
    if (nodes?.delete(node) && nodes.size === 0) elsewhere.delete(userId)
  }

  return {
    isOnline,
    hear({ userId, node, online }, now) {
      if (!online) leave(userId, node)
      else if (elsewhere.has(userId) || elsewhere.size < BOUND)
        elsewhere.set(userId, (elsewhere.get(userId) ?? new Map<string, Millis>()).set(node, now + BELIEVED_FOR))
    },
    sweep(now) {
      const gone: UserId[] = []
      for (const [userId, nodes] of elsewhere) {
        for (const [node, until] of nodes) if (until <= now) nodes.delete(node)
        if (nodes.size > 0) continue
        elsewhere.delete(userId)
        if (!isHere(userId)) gone.push(userId)
      }
      return gone
    },
  }
}
