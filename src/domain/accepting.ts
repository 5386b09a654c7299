import type { Chat } from './chat.ts'
import { accepts, consentKey } from './consent.ts'
import { type ChatState, look, wider } from './decision.ts'
import { hasWritten, requireUnblocked } from './guard.ts'
import { pairOf, type UserId } from './ids.ts'
import { Refusal } from './refusal.ts'

/** Whether a user may be added to a group by another one. Users who do not exist are refused elsewhere. */
export function mayAdd({ consents }: ChatState, userId: UserId, adderId: UserId): boolean {
  const consent = userId === adderId ? undefined : look(consents, consentKey([userId, adderId]))
  return !consent || accepts(consent, 'add')
}

/**
 * Refuses with `not-accepted` what a member sends to a private chat if there is a block, or if the other one has not written and does not
 * accept it. Asks for what else it has to see for that.
 */
export function requireAccepted(state: ChatState, chat: Chat, senderId: UserId): void {
  if (chat.kind !== 'private' || chat.guard === 0) return
  requireUnblocked(chat)
  const partnerId = pairOf(chat.key)?.find((id) => id !== senderId)
  if (!partnerId) return
  const pair = [partnerId, senderId] as const
  if (!state.consents.has(consentKey(pair))) throw wider({ consents: [pair] })
  requireConsent(state, pair, hasWritten(chat, partnerId))
}

/** The same for a chat that does not exist yet. */
export function requireConsent(state: ChatState, pair: readonly [UserId, UserId], isAnswer = false): void {
  const consent = look(state.consents, consentKey(pair))
  if (!consent) return
  if (isAnswer ? consent.isBlocked : !accepts(consent, 'write')) throw new Refusal('not-accepted')
}
