import type { Chat } from './chat.ts'
import { type ChatState, wider } from './decision.ts'
import type { Duration, Instant } from './ids.ts'
import { type Member, STAFF } from './member.ts'
import { requireRole } from './membership.ts'
import { invalid, Refusal } from './refusal.ts'
import { atLeast, KEEP_LIMIT, type Rules, type RulesChange, SLOW_LIMIT } from './rules.ts'

const guarded = ['post', 'add', 'invite'] as const

/** Returns the rules after a change by a member of the staff. What the owner alone may do, and how long texts stay, only the owner gives and takes. */
export function changedRules(before: Rules, change: RulesChange, me: Member): Rules {
  const rules = { ...before, ...Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) } as Rules
  if (!Number.isSafeInteger(rules.slowS) || rules.slowS < 0 || rules.slowS > SLOW_LIMIT)
    throw invalid('/rules/slow_s', `is a whole number from 0 to ${SLOW_LIMIT}`)
  if (!Number.isSafeInteger(rules.keepS) || rules.keepS < 0 || rules.keepS > KEEP_LIMIT)
    throw invalid('/rules/keep_s', `is a whole number from 0 to ${KEEP_LIMIT}`)
  const isOwners =
    rules.keepS !== before.keepS || guarded.some((rule) => rules[rule] !== before[rule] && [rules[rule], before[rule]].includes('owner'))
  requireRole(me, isOwners ? atLeast.owner : STAFF)
  return rules
}

export const isSameRules = (one: Rules, other: Rules): boolean =>
  one.slowS === other.slowS && one.keepS === other.keepS && guarded.every((rule) => one[rule] === other[rule])

/** Refuses what a member may not write: whoever is muted, and roles that the rules leave out. */
export function requirePosting({ rules }: Pick<Chat, 'rules'>, me: Member, now: Instant): void {
  if (me.role === 'member' && me.mutedUntil !== undefined && me.mutedUntil > now) throw new Refusal('muted', { until: me.mutedUntil })
  requireRole(me, atLeast[rules.post])
}

/** Refuses a message that comes too early after the sender's last one. `now` is the time that the message would have. */
export function requirePace(
  state: ChatState,
  { rules }: Pick<Chat, 'rules'>,
  { me, now }: { readonly me: Member; readonly now: Instant },
): void {
  if (rules.slowS === 0 || me.role !== 'member') return
  const last = state.lastOf.get(me.person.id)
  if (last === undefined) throw wider({ lastOf: [me.person.id] })
  const retryAfterMs: Duration = last === null ? 0 : last + rules.slowS * 1_000 - now
  if (retryAfterMs > 0) throw new Refusal('slow-mode', { retryAfterMs })
}
