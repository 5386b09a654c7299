import type { Chat, ChatKind, Guard } from './chat.ts'
import { pairOf, type UserId } from './ids.ts'
import { Refusal } from './refusal.ts'

/** A block between the two members of a private chat. */
export const BLOCKED: Guard = 1
/** In a private chat: the user with the lower id, or the other one, has not written yet. */
const LOWER_SILENT: Guard = 2
const HIGHER_SILENT: Guard = 4
/** Not both have written. */
export const UNANSWERED: Guard = LOWER_SILENT | HIGHER_SILENT

/** Whether not both members of a private chat have written. */
export const isUnanswered = (guard: Guard): boolean => (guard & UNANSWERED) !== 0

/** The guard of a chat that is new. */
export const newGuard = (kind: ChatKind): Guard => (kind === 'private' ? UNANSWERED : 0)

const silenceOf = ({ key }: Pick<Chat, 'key'>, userId: UserId): Guard => {
  const [lower, higher] = pairOf(key) ?? []
  return userId === lower ? LOWER_SILENT : userId === higher ? HIGHER_SILENT : 0
}

/** Whether a member of a private chat has written in it. */
export const hasWritten = (chat: Pick<Chat, 'key' | 'guard'>, userId: UserId): boolean => (chat.guard & silenceOf(chat, userId)) === 0

/** The guard once a user has written. */
export const spoken = (chat: Pick<Chat, 'key' | 'guard'>, userId: UserId): Guard =>
  (chat.guard & UNANSWERED) === 0 ? chat.guard : chat.guard & ~silenceOf(chat, userId)

/** Refuses what the one would send the other while there is a block between them. */
export function requireUnblocked({ kind, guard }: Pick<Chat, 'kind' | 'guard'>): void {
  if (kind === 'private' && (guard & BLOCKED) !== 0) throw new Refusal('not-accepted')
}
