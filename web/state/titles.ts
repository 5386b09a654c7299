import type { ChatItem, Sender } from '../../src/client/index.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useLatest } from './renamed.ts'

/** What a chat is called: a group by its name, a private chat by its partner's. */
export function useTitle(item: Pick<ChatItem, 'kind' | 'name' | 'partner'> | undefined): string {
  const nameOf = useNameOf()
  if (!item) return ''
  return nameOf(item.kind === 'group' ? item : item.partner)
}

export function useNameOf(): (person: (Pick<Sender, 'name'> & { readonly id?: string }) | undefined) => string {
  const { t } = useTranslation()
  const latest = useLatest()
  return (person) => (person && latest(person).name) ?? t('chat.deletedPerson')
}

/** The same, and “You” for oneself. */
export function useAuthorOf(): (person: Pick<Sender, 'id' | 'name'>) => string {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const me = useStore(useClient().account.me)
  return (person) => (person.id === me?.id ? t('nav.you') : nameOf(person))
}
