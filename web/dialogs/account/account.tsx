import { ExternalLink, LogOut, ShieldCheck, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useClient, useStore } from '../../../src/client/react.ts'
import { useTranslation } from '../../i18n/use-translation.ts'
import { signOut } from '../../state/auth.ts'
import { openDialog } from '../../state/dialog.ts'
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
  /** The user of another system has the password there. */
  const isElsewhere = me?.externalId !== undefined

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
      {isElsewhere && <Elsewhere />}
      {me && !isGuest && !isElsewhere && (
        <>
          <Email />
          <section className={css.section}>
            <h3>{t('auth.password')}</h3>
            <Password />
          </section>
          <Factors />
        </>
      )}
      {me?.isAdmin && <ToAdministration />}
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
        {me && !isElsewhere && (
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

/** Another system has the password of the user. */
function Elsewhere() {
  const { t } = useTranslation()
  return (
    <section className={css.section}>
      <h3>{t('settings.tab.account')}</h3>
      <p>{t('safety.elsewhere')}</p>
    </section>
  )
}

function ToAdministration() {
  const { t } = useTranslation()
  return (
    <section className={css.section}>
      <Button onClick={() => openDialog({ kind: 'admin' })}>
        <ShieldCheck size={17} aria-hidden="true" />
        {t('nav.admin')}
      </Button>
    </section>
  )
}
