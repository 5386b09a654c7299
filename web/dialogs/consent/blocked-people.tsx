import type { Person } from '../../../src/client/index.ts'
import { listBlocks } from '../../../src/client/order.ts'
import { useClient, useStore } from '../../../src/client/react.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { setBlocked } from '../../state/blocks.ts'
import { useNameOf } from '../../state/titles.ts'
import { usePages } from '../../state/use-pages.ts'
import { Button } from '../../ui/button.tsx'
import { isolated } from '../../ui/isolated.ts'
import { Paged } from '../paged.tsx'
import css from '../parts.module.css'
import { PersonLine } from '../person-line.tsx'

/** Whom the user has blocked, the latest first; read anew when that changes on any device. */
export function BlockedPeople() {
  const { t } = useTranslation()
  const client = useClient()
  const pages = usePages(useStore(client.people.blocked).join(), ({ cursor, signal }) => listBlocks(client, cursor, { signal }))
  return (
    <section className={css.section}>
      <h3>{t('consent.blockedPeople')}</h3>
      <Paged pages={pages} label={t('consent.blockedPeople')} empty={t('consent.nobodyBlocked')}>
        {(person) => <Line key={person.id} person={person} />}
      </Paged>
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
