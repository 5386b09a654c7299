import { useTranslation } from '../i18n/use-translation.ts'
import { openDialog } from '../state/dialog.ts'
import { Button } from '../ui/button.tsx'
import css from './nobody.module.css'

/** No chat is open. */
export function Nobody() {
  const { t } = useTranslation()
  return (
    <div className={css.nobody}>
      <img src="/icon.svg" alt="" width={64} height={64} />
      <h2>{t('nav.pick')}</h2>
      <p>{t('nav.noChatsHint')}</p>
      <Button look="strong" onClick={() => openDialog({ kind: 'new-chat' })}>
        {t('nav.newChat')}
      </Button>
    </div>
  )
}
