import { UNANSWERED } from '../../../domain/guard.ts'

/**
 * Whether one user has blocked the other: operands that are ids. No `exists`: Postgres might look through all blocks of a user to make a hash
 * table of them.
 */
export const hasBlocked = (one: string, other: string): string =>
  `coalesce((select 1 from {blocks} kb where kb.user_id = ${one} and kb.blocked_id = ${other}), 0) = 1`
/** Whether there is a block between the two. */
export const areApart = (one: string, other: string): string => `(${hasBlocked(one, other)} or ${hasBlocked(other, one)})`

/** Whether a chat, by its alias, is a group or a private chat in which both have written. */
export const isAnswered = (chat: string): string => `(${chat}.guard & ${UNANSWERED}) = 0`

/** Where many chats of a person would be looked through, those of the other are. */
const MANY_CHATS = 100
/** No `exists`, for the same reason. */
const shared = (one: string, other: string) => `coalesce((select 1 from {members} kx where kx.user_id = ${one}
  and (select 1 from {members} ky where ky.chat_id = kx.chat_id and ky.user_id = ${other}) = 1
  and (select 1 from {chats} kc where kc.id = kx.chat_id and ${isAnswered('kc')}) = 1 limit 1), 0) = 1`
/** Whether two users share a group, or have both written in their private chat. */
export const areKnown = (one: string, other: string): string =>
  `case when (select count(*) from (select 1 from {members} kx where kx.user_id = ${one} limit ${MANY_CHATS}) as theirs) < ${MANY_CHATS}
  then ${shared(one, other)} else ${shared(other, one)} end`

/** Written by this service alone, always in the same form. */
const HIDES = `coalesce(u.privacy, '') like '%"lastSeen":"nobody"%'`

/** `last_seen_at` and `is_blocked` of a user `u` for a viewer. `isKnown`: a condition under which the two know each other. */
export const seenBy = (viewer: string, isKnown: string): string =>
  `case when u.last_seen_at is not null and not ${areApart(viewer, 'u.id')} and not ${HIDES} and (${isKnown}) then u.last_seen_at end as last_seen_at,
  case when ${hasBlocked(viewer, 'u.id')} then 1 else 0 end as is_blocked`
