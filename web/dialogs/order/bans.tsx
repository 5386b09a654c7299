import { useEffect, useState } from 'react'
import type { Chat, ChatItem } from '../../../src/client/index.ts'
import { type Ban, listBans, unbanUser } from '../../../src/client/order.ts'
import { useClient } from '../../../src/client/react.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { tell } from '../../state/notices.ts'
import { errorText } from '../../state/problem-text.ts'
import { Button } from '../../ui/button.tsx'
import css from '../parts.module.css'
import { PersonLine } from '../person-line.tsx'

const LIMIT = 100

/** Who may not come into a group. Whoever is banned leaves it, so the list is read anew with the number of members. */
export function Bans({ chat, item: { memberCount } }: { readonly chat: Chat; readonly item: ChatItem }) {
  const { t } = useTranslation()
  const client = useClient()
  const [all, setAll] = useState<readonly Ban[]>([])
  useEffect(() => {
    const aborted = new AbortController()
    listBans(client, chat.id, { limit: LIMIT, signal: aborted.signal }).then(
      ({ items }) => setAll(items),
      () => undefined,
    )
    return () => aborted.abort()
  }, [client, chat, memberCount])

  const lift = (userId: string) =>
    void unbanUser(client, chat.id, userId).then(
      () => setAll((known) => known.filter(({ person }) => person.id !== userId)),
      (error: unknown) => tell(errorText(error), { isFault: true }),
    )
  if (all.length === 0) return null
  return (
    <section className={css.section}>
      <h3>{t('order.banned')}</h3>
      <ul className={css.list}>
        {all.map(({ person, reason }) => (
          <li key={person.id} className={css.person}>
            <PersonLine person={person} note={reason} />
            <Button onClick={() => lift(person.id)}>{t('order.unban')}</Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
