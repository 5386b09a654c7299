import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { openDialog } from '../state/dialog.ts'
import { Button } from '../ui/button.tsx'
import css from './nobody.module.css'

/** No chat is open. Where there is none, the list says what can be done, and this does not repeat it. */
export function Nobody() {
  const { t } = useTranslation()
  const { items, status } = useStore(useClient().chats)
  const isNew = status === 'ready' && items.length === 0
  return (
    <div className={css.nobody}>
      <img src="/icon.svg" alt="" width={64} height={64} />
      <h2>{isNew ? t('app.name') : t('nav.pick')}</h2>
      <p>{isNew ? t('app.tagline') : t('nav.noChatsHint')}</p>
      {!isNew && (
        <Button look="strong" onClick={() => openDialog({ kind: 'new-chat' })}>
          {t('nav.newChat')}
        </Button>
      )}
    </div>
  )
}
