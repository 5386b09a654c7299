import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { invitationOf } from '../state/route.ts'
import css from './parts.module.css'
import { SharedLink } from './shared-link.tsx'

/** The address by which others find oneself: to be copied, or picked by hand. */
export function Invitation({ title }: { readonly title: string }) {
  const { t } = useTranslation()
  const me = useStore(useClient().account.me)
  if (!me?.username) return null
  return (
    <section className={css.section}>
      <h3>{title}</h3>
      <SharedLink url={invitationOf(me.username)} hint={t('settings.inviteHint')} testId="invitation" />
    </section>
  )
}
