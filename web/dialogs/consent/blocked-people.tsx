import { useCallback, useEffect, useState } from 'react'
import type { Person } from '../../../src/client/index.ts'
import { listBlocks } from '../../../src/client/order.ts'
import { useClient, useStore } from '../../../src/client/react.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { setBlocked } from '../../state/blocks.ts'
import { errorText } from '../../state/problem-text.ts'
import { useNameOf } from '../../state/titles.ts'
import { Button } from '../../ui/button.tsx'
import { isolated } from '../../ui/isolated.ts'
import css from '../parts.module.css'
import { PersonLine } from '../person-line.tsx'

/** Whom the user has blocked, the latest first; read anew when that changes on any device. */
export function BlockedPeople() {
  const { t } = useTranslation()
  const client = useClient()
  const blocked = useStore(client.people.blocked)
  const [all, setAll] = useState<readonly Person[]>()
  const [next, setNext] = useState<string>()
  const [error, setError] = useState<unknown>()

  const load = useCallback(
    async (cursor?: string, signal?: AbortSignal) => {
      try {
        const page = await listBlocks(client, cursor, { signal })
        setAll((known) => (cursor === undefined ? page.items : [...(known ?? []), ...page.items]))
        setNext(page.next)
        setError(undefined)
      } catch (refused) {
        if (signal?.aborted !== true) setError(refused)
      }
    },
    [client],
  )
  useEffect(() => {
    const aborted = new AbortController()
    void load(undefined, aborted.signal)
    return () => aborted.abort()
  }, [load, blocked])

  return (
    <section className={css.section} aria-busy={!all && error === undefined}>
      <h3>{t('consent.blockedPeople')}</h3>
      {error !== undefined && <p className={css.fault}>{errorText(error)}</p>}
      {all?.length === 0 && <p className={css.quiet}>{t('consent.nobodyBlocked')}</p>}
      <ul className={css.list}>
        {all?.map((person) => (
          <Line key={person.id} person={person} />
        ))}
      </ul>
      {next !== undefined && <Button onClick={() => void load(next)}>{t('group.more')}</Button>}
    </section>
  )
}

function Line({ person }: { readonly person: Person }) {
  const { t } = useTranslation()
  const client = useClient()
  const name = useNameOf()(person)
  return (
    <li className={css.person}>
      <PersonLine person={person} />
      <Button aria-label={t('consent.unblockNamed', { name: isolated(name) })} onClick={() => void setBlocked(client, person, false)}>
        {t('consent.unblock')}
      </Button>
    </li>
  )
}
