import { ExternalLink, LogOut, Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { LanguageChoice } from '../session/language-choice.tsx'
import { signOut } from '../state/auth.ts'
import { hasTouch } from '../state/pointer.ts'
import { closeChat } from '../state/route.ts'
import buttons from '../ui/button.module.css'
import { Button } from '../ui/button.tsx'
import { Appearance } from './appearance.tsx'
import { Confirm } from './confirm.tsx'
import { DeleteAccount } from './delete-account.tsx'
import { Frame } from './frame.tsx'
import { Invitation } from './invitation.tsx'
import { Keys } from './keys.tsx'
import { Notifications } from './notifications.tsx'
import css from './parts.module.css'
import { Password } from './password.tsx'
import { Profile } from './profile.tsx'
import { Sessions } from './sessions.tsx'
import { SettingsTabs } from './settings-tabs.tsx'

interface SettingsProps {
  /** Where to begin. */
  readonly tab: string | undefined
  readonly onClose: () => void
}

export function Settings({ tab, onClose }: SettingsProps) {
  const { t } = useTranslation()
  const [isDeleting, setDeleting] = useState(false)
  const [isLeaving, setLeaving] = useState(false)
  const client = useClient()
  const me = useStore(client.account.me)
  const unsent = useStore(client.outbox).length
  const isGuest = me !== undefined && me.email === undefined

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

  const tabs: Readonly<Record<string, ReactNode>> = {
    profile: (
      <>
        <Profile />
        <Invitation title={t('settings.invite')} />
      </>
    ),
    notifications: <Notifications />,
    appearance: <Appearance />,
    language: (
      <section className={css.section}>
        <h3>{t('settings.language')}</h3>
        <LanguageChoice />
      </section>
    ),
    devices: <Sessions />,
    ...(!hasTouch() && { keyboard: <Keys /> }),
    account: (
      <>
        <section className={css.section}>
          <a href="/?as=new" target="_blank" rel="noopener" className={buttons.button}>
            <ExternalLink size={17} aria-hidden="true" />
            {t('settings.another')}
          </a>
          <p className={css.quiet}>{t('settings.anotherHint')}</p>
        </section>
        <section className={css.section}>
          {me && !isGuest && <Password />}
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
      </>
    ),
  }

  return (
    <Frame title={t('settings.title')} onClose={onClose} isWide>
      <SettingsTabs tabs={tabs} first={tab} />
      {isLeaving && <Confirm question={farewell} onClose={() => setLeaving(false)} />}
      {isDeleting && <DeleteAccount hasPassword={!isGuest} onClose={() => setDeleting(false)} onDeleted={leave} />}
    </Frame>
  )
}
