import { useTranslation } from '../i18n/use-translation.ts'
import css from './composer.module.css'

/** What stands in place of the composer where nobody reads what is written. */
export function ReadOnly() {
  const { t } = useTranslation()
  return <p className={css.readOnly}>{t('chat.deletedAccount')}</p>
}
