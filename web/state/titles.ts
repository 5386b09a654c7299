import type { ChatItem, Sender } from '../../src/client/index.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'

/** What a chat is called: a group by its name, a private chat by its partner's. */
export function useTitle(item: Pick<ChatItem, 'kind' | 'name' | 'partner'> | undefined): string {
  const { t } = useTranslation()
  if (!item) return ''
  return (item.kind === 'group' ? item.name : item.partner?.name) ?? t('chat.deletedPerson')
}

export function useNameOf(): (person: Pick<Sender, 'name'> | undefined) => string {
  const { t } = useTranslation()
  return (person) => person?.name ?? t('chat.deletedPerson')
}

/** The same, and “You” for oneself. */
export function useAuthorOf(): (person: Pick<Sender, 'id' | 'name'>) => string {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const me = useStore(useClient().account.me)
  return (person) => (person.id === me?.id ? t('nav.you') : nameOf(person))
}
