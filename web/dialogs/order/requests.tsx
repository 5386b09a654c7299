import { useState } from 'react'
import type { Chat, ChatItem } from '../../../src/client/index.ts'
import { acceptRequest, declineRequest, type JoinRequest, listRequests } from '../../../src/client/order.ts'
import { useClient } from '../../../src/client/react.ts'
import { timeAgo } from '../../i18n/times.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { tell } from '../../state/notices.ts'
import { codeOf, errorText } from '../../state/problem-text.ts'
import { useNameOf } from '../../state/titles.ts'
import { useMoves } from '../../state/use-moves.ts'
import { useNow } from '../../state/use-now.ts'
import { usePages } from '../../state/use-pages.ts'
import { Button } from '../../ui/button.tsx'
import { isolated } from '../../ui/isolated.ts'
import { Paged } from '../paged.tsx'
import css from '../parts.module.css'
import { PersonLine } from '../person-line.tsx'

const PAGE = 20

/** Who asks to be let into a group, for those who decide. Nothing tells that somebody asks: the list is read again each minute. */
export function Requests({ chat, item: { memberCount } }: { readonly chat: Chat; readonly item: ChatItem }) {
  const { t } = useTranslation()
  const client = useClient()
  const now = useNow()
  const latest = `${memberCount} ${useMoves(chat)} ${now}`
  const [read, setRead] = useState(latest)
  const pages = usePages(`${chat.id} ${read}`, (options) => listRequests(client, chat.id, { ...options, limit: PAGE }))
  const { items = [], error, hasMore, change } = pages
  // Whoever has gone on to further pages is not taken back to the first one.
  if (read !== latest && items.length <= PAGE && document.visibilityState === 'visible') setRead(latest)

  async function decide(userId: string, how: typeof acceptRequest) {
    try {
      await how(client, chat.id, userId)
    } catch (refused) {
      tell(errorText(refused), { isFault: true })
      if (codeOf(refused) !== 'request-not-found') return
    }
    change((known) => known.filter(({ person }) => person.id !== userId))
  }
  if (error === undefined && items.length === 0 && !hasMore) return null
  return (
    <section className={css.section}>
      <h3 aria-live="polite">
        {items.length === 0 ? t('order.requestsList') : t('order.requests', { shown: hasMore ? `${items.length}+` : items.length })}
      </h3>
      <p className={css.quiet}>{t('order.requestsHint')}</p>
      <Paged pages={pages} label={t('order.requestsList')}>
        {(request) => (
          <Line
            key={request.person.id}
            request={request}
            onAccept={() => decide(request.person.id, acceptRequest)}
            onDecline={() => decide(request.person.id, declineRequest)}
          />
        )}
      </Paged>
    </section>
  )
}

interface LineProps {
  readonly request: JoinRequest
  readonly onAccept: () => Promise<void>
  readonly onDecline: () => Promise<void>
}

function Line({ request: { person, at }, onAccept, onDecline }: LineProps) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const [isBusy, setBusy] = useState(false)
  const name = isolated(useNameOf()(person))
  const answer = async (decide: () => Promise<void>) => {
    if (isBusy) return
    setBusy(true)
    await decide()
    setBusy(false)
  }
  return (
    <li className={css.decided} aria-busy={isBusy}>
      <div className={css.person}>
        <PersonLine person={person} note={timeAgo(i18n.language, at, now)} />
      </div>
      <div className={css.answers}>
        <Button look="strong" aria-label={t('order.acceptNamed', { name })} onClick={() => void answer(onAccept)}>
          {t('order.accept')}
        </Button>
        <Button aria-label={t('order.declineNamed', { name })} onClick={() => void answer(onDecline)}>
          {t('order.decline')}
        </Button>
      </div>
    </li>
  )
}
