import { Sparkles } from 'lucide-react'
import { useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { isOutdated } from '../state/worker.ts'
import css from './update-offer.module.css'

/** A newer page is there: it is taken when the user wants it. Drafts and unsent messages stay. */
export function UpdateOffer() {
  const { t } = useTranslation()
  if (!useStore(isOutdated)) return null
  return (
    <div className={css.offer} role="status">
      <Sparkles size={17} aria-hidden="true" />
      <span className={css.words}>{t('update.ready')}</span>
      <button type="button" onClick={() => location.reload()}>
        {t('update.reload')}
      </button>
    </div>
  )
}
