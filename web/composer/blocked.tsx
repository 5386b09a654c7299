import type { Person } from '../../src/client/index.ts'
import { useClient } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { setBlocked } from '../state/blocks.ts'
import { useNameOf } from '../state/titles.ts'
import { Button } from '../ui/button.tsx'
import { isolated } from '../ui/isolated.ts'
import css from './composer.module.css'

/** What stands in place of the composer where the user has blocked the other: why, and the way back. */
export function Blocked({ person }: { readonly person: Person }) {
  const { t } = useTranslation()
  const client = useClient()
  const name = useNameOf()(person)
  return (
    <div className={css.instead}>
      <p role="status">{t('consent.blockedHere', { name: isolated(name) })}</p>
      <Button onClick={() => void setBlocked(client, person, false)}>{t('consent.unblock')}</Button>
    </div>
  )
}
