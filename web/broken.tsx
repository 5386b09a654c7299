import { useTranslation } from './i18n/use-translation.ts'
import css from './shell/nobody.module.css'
import { Button } from './ui/button.tsx'

/** What is left when the page itself has failed. What was written is kept, and sent after loading anew. */
export function Broken() {
  const { t } = useTranslation()
  return (
    <main className={css.nobody}>
      <img src="/icon.svg" alt="" width={64} height={64} />
      <h1>{t('broken.title')}</h1>
      <p>{t('broken.hint')}</p>
      <Button look="strong" onClick={() => location.reload()}>
        {t('connection.reload')}
      </Button>
    </main>
  )
}
