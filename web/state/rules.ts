import type { ChatItem, Role } from '../../src/client/index.ts'
import { clockTime, dayName, dayOf } from '../i18n/times.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useNow } from './use-now.ts'

const RANK: Readonly<Record<Role, number>> = { member: 0, admin: 1, owner: 2 }

/** Whether the rules of a group let a role do something; a service of an earlier version has none. */
export const may = ({ rules, role }: Pick<ChatItem, 'rules' | 'role'>, deed: 'post' | 'add' | 'invite'): boolean =>
  RANK[role] >= RANK[rules?.[deed] ?? (deed === 'post' ? 'member' : 'admin')]

/** Why the user cannot write in a chat for now; undefined if they can. */
export function useSilence(item: ChatItem | undefined): string | undefined {
  const { t } = useTranslation()
  const now = useNow()
  const when = useWhen()
  if (!item || item.kind === 'private') return undefined
  if (item.role === 'member' && item.mutedUntil !== undefined && item.mutedUntil > now)
    return t('order.muted', { when: when(item.mutedUntil) })
  return may(item, 'post') ? undefined : t(`order.onlyBy_${item.rules?.post === 'owner' ? 'owner' : 'admin'}`)
}

/** A moment that is still to come: today by the clock alone. */
export function useWhen(): (at: number) => string {
  const { i18n } = useTranslation()
  const now = useNow()
  return (at) => {
    const time = clockTime(i18n.language, at)
    return dayOf(at) === dayOf(now) ? time : `${dayName(i18n.language, at, now)}, ${time}`
  }
}
