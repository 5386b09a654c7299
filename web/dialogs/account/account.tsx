import { ExternalLink, LogOut, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useClient, useStore } from '../../../src/client/react.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { signOut } from '../../state/auth.ts'
import { closeChat } from '../../state/route.ts'
import buttons from '../../ui/button.module.css'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../confirm.tsx'
import { DeleteAccount } from '../delete-account.tsx'
import css from '../parts.module.css'
import { Password } from '../password.tsx'
import { Email } from './email.tsx'
import { Export } from './export.tsx'
import { Factors } from './factors.tsx'
import { KeepAccount } from './keep-account.tsx'

/** The account itself: its password, and the ways out. */
export function AccountPart({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const client = useClient()
  const me = useStore(client.account.me)
  const unsent = useStore(client.outbox).length
  const [isDeleting, setDeleting] = useState(false)
  const [isLeaving, setLeaving] = useState(false)
  const isGuest = me?.kind === 'guest'

  function leave() {
    onClose()
    closeChat()
    void signOut()
  }
  const farewell = {
    title: isGuest ? t('settings.confirmGuestOut') : t('settings.confirmUnsent', { count: unsent }),
    hint: isGuest ? t('settings.confirmGuestOutHint') : t('settings.confirmUnsentHint'),
    yes: t('settings.signOut'),
    run: async () => leave(),
  }
  return (
    <>
      {isGuest && <KeepAccount />}
      {me && !isGuest && (
        <>
          <Email />
          <section className={css.section}>
            <h3>{t('auth.password')}</h3>
            <Password />
          </section>
          <Factors />
        </>
      )}
      <Export />
      <section className={css.section}>
        <a href="/?as=new" target="_blank" rel="noopener" className={buttons.button}>
          <ExternalLink size={17} aria-hidden="true" />
          {t('settings.another')}
        </a>
        <p className={css.quiet}>{t('settings.anotherHint')}</p>
      </section>
      <section className={css.section}>
        <Button onClick={isGuest || unsent > 0 ? () => setLeaving(true) : leave}>
          <LogOut size={17} aria-hidden="true" />
          {t('settings.signOut')}
        </Button>
        {me && (
          <Button look="danger" onClick={() => setDeleting(true)}>
            <Trash2 size={17} aria-hidden="true" />
            {t('settings.deleteAccount')}
          </Button>
        )}
      </section>
      {isLeaving && <Confirm question={farewell} onClose={() => setLeaving(false)} />}
      {isDeleting && <DeleteAccount hasPassword={!isGuest} onClose={() => setDeleting(false)} onDeleted={leave} />}
    </>
  )
}
