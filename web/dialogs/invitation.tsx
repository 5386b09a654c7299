import { Link2 } from 'lucide-react'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { tell } from '../state/notices.ts'
import { invitationOf } from '../state/route.ts'
import { Button } from '../ui/button.tsx'
import { copyText } from '../ui/copy.ts'
import css from './parts.module.css'

/** The address by which others find oneself: to be copied, or picked by hand. */
export function Invitation({ title }: { readonly title: string }) {
  const { t } = useTranslation()
  const me = useStore(useClient().account.me)
  if (!me?.username) return null
  const link = invitationOf(me.username)
  return (
    <section className={css.section}>
      <h3>{title}</h3>
      <div className={css.invitation}>
        <span className={css.link} data-testid="invitation">
          {link}
        </span>
        <Button onClick={() => void copyText(link).then((isCopied) => isCopied && tell(t('settings.copied')))}>
          <Link2 size={17} aria-hidden="true" />
          {t('settings.copy')}
        </Button>
      </div>
      <p className={css.quiet}>{t('settings.inviteHint')}</p>
    </section>
  )
}
