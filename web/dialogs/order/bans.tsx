import type { Chat, ChatItem } from '../../../src/client/index.ts'
import { type Ban, listBans, unbanUser } from '../../../src/client/order.ts'
import { useClient } from '../../../src/client/react.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { tell } from '../../state/notices.ts'
import { errorText } from '../../state/problem-text.ts'
import { useWhen } from '../../state/rules.ts'
import { useNameOf } from '../../state/titles.ts'
import { useMoves } from '../../state/use-moves.ts'
import { usePages } from '../../state/use-pages.ts'
import { Button } from '../../ui/button.tsx'
import { isolated } from '../../ui/isolated.ts'
import { Paged } from '../paged.tsx'
import css from '../parts.module.css'
import { PersonLine } from '../person-line.tsx'

const PAGE = 20

/** Who may not come into a group: read again when members come or go, and when the log tells what nothing else shows. */
export function Bans({ chat, item: { memberCount } }: { readonly chat: Chat; readonly item: ChatItem }) {
  const { t } = useTranslation()
  const client = useClient()
  const key = `${chat.id} ${memberCount} ${useMoves(chat)}`
  const pages = usePages(key, (options) => listBans(client, chat.id, { ...options, limit: PAGE }))

  const lift = (userId: string) =>
    void unbanUser(client, chat.id, userId).then(
      () => pages.change((known) => known.filter(({ person }) => person.id !== userId)),
      (error: unknown) => tell(errorText(error), { isFault: true }),
    )
  if (pages.error === undefined && (pages.items ?? []).length === 0 && !pages.hasMore) return null
  return (
    <section className={css.section}>
      <h3>{t('order.banned')}</h3>
      <Paged pages={pages} label={t('order.banned')}>
        {(ban) => <Line key={ban.person.id} ban={ban} onLift={() => lift(ban.person.id)} />}
      </Paged>
    </section>
  )
}

function Line({ ban: { person, until, reason }, onLift }: { readonly ban: Ban; readonly onLift: () => void }) {
  const { t } = useTranslation()
  const when = useWhen()
  const name = useNameOf()(person)
  const note = [reason, until !== undefined && t('order.until', { when: when(until) })].filter(Boolean).join(' · ')
  return (
    <li className={css.decided}>
      <div className={css.person}>
        <PersonLine person={person} note={note || undefined} />
      </div>
      <div className={css.answers}>
        <Button aria-label={t('order.unbanNamed', { name: isolated(name) })} onClick={onLift}>
          {t('order.unban')}
        </Button>
      </div>
    </li>
  )
}
