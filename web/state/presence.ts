import type { Person } from '../../src/client/index.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { timeAgo } from '../i18n/times.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useNow } from './use-now.ts'

export const useOnline = (userId: string | undefined): boolean => {
  const presence = useStore(useClient().people.presence)
  return userId !== undefined && presence.get(userId)?.isOnline === true
}

/** “online”, “last seen 5 minutes ago”, or nothing when that is not known. */
export function usePresenceWords(person: Person | undefined): string | undefined {
  const { t, i18n } = useTranslation()
  const known = useStore(useClient().people.presence).get(person?.id ?? '')
  const now = useNow()
  if (known?.isOnline) return t('chat.online')
  const lastSeenAt = known?.lastSeenAt ?? person?.lastSeenAt
  return lastSeenAt === undefined ? undefined : t('chat.lastSeen', { when: timeAgo(i18n.language, lastSeenAt, now) })
}
