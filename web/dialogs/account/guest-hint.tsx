import { useMe } from '../../../src/client/react.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import css from '../parts.module.css'
import { KeepAccount } from './keep-account.tsx'

/** A guest sees first how the account is kept. */
export function GuestHint() {
  const { t } = useTranslation()
  if (useMe()?.kind !== 'guest') return null
  return (
    <>
      <KeepAccount />
      <p className={css.quiet}>{t('safety.guestFinds')}</p>
    </>
  )
}
