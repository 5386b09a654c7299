import { useEffect, useState } from 'react'
import type { SessionEntry } from '../../src/client/index.ts'
import { useClient } from '../../src/client/react.ts'
import { timeAgo } from '../i18n/times.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { tell } from '../state/notices.ts'
import { errorText } from '../state/problem-text.ts'
import { Button } from '../ui/button.tsx'
import { keepFocus } from '../ui/keep-focus.ts'
import css from './parts.module.css'

/** Where one is signed in, and how to end that from here. */
export function Sessions() {
  const { t, i18n } = useTranslation()
  const { account } = useClient()
  const [sessions, setSessions] = useState<readonly SessionEntry[]>()
  const [error, setError] = useState<unknown>()

  useEffect(() => {
    const aborted = new AbortController()
    account.sessions({ signal: aborted.signal, limit: 100 }).then(
      ({ items }) => setSessions(items.toSorted((a, b) => Number(b.isCurrent) - Number(a.isCurrent))),
      (refused: unknown) => !aborted.signal.aborted && setError(refused),
    )
    return () => aborted.abort()
  }, [account])

  const nameOf = ({ deviceName }: SessionEntry) => deviceName ?? t('settings.someDevice')

  async function end(session: SessionEntry) {
    try {
      await account.endSession(session.id)
      setSessions((known) => known?.filter(({ id }) => id !== session.id))
      tell(t('settings.sessionEnded', { name: nameOf(session) }))
    } catch (refused) {
      tell(errorText(refused), { isFault: true })
    }
  }

  return (
    <section className={css.section} aria-busy={!sessions && error === undefined}>
      {error !== undefined && <p className={css.fault}>{errorText(error)}</p>}
      <ul ref={keepFocus} className={css.list} aria-label={t('settings.sessions')}>
        {sessions?.map((session) => (
          <li key={session.id} className={css.person}>
            <span className={css.words}>
              <span>{nameOf(session)}</span>
              <span id={`used-${session.id}`} className={css.quiet}>
                {timeAgo(i18n.language, session.lastUsedAt)}
              </span>
            </span>
            {session.isCurrent ? (
              <span className={css.role}>{t('settings.thisSession')}</span>
            ) : (
              <Button
                onClick={() => void end(session)}
                aria-label={t('settings.endSession', { name: nameOf(session) })}
                aria-describedby={`used-${session.id}`}
              >
                {t('settings.end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
