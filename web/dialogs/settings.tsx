import { type ReactNode, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { LanguageChoice } from '../session/language-choice.tsx'
import { renameLayer } from '../state/layers.ts'
import { hasTouch } from '../state/pointer.ts'
import { settingsAddress } from '../state/route.ts'
import { AccountPart } from './account/account.tsx'
import { GuestHint } from './account/guest-hint.tsx'
import { Appearance } from './appearance.tsx'
import { PrivacyPart } from './consent/privacy.tsx'
import { Frame } from './frame.tsx'
import { Invitation } from './invitation.tsx'
import { Keys } from './keys.tsx'
import { Notifications } from './notifications.tsx'
import css from './parts.module.css'
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
  const tabs: Readonly<Record<string, ReactNode>> = {
    profile: (
      <>
        <GuestHint />
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
    privacy: <PrivacyPart />,
    devices: <Sessions />,
    ...(!hasTouch() && { keyboard: <Keys /> }),
    account: <AccountPart onClose={onClose} />,
  }

  const [chosen, setChosen] = useState(tab !== undefined && Object.hasOwn(tabs, tab) ? tab : 'profile')
  const choose = (next: string) => {
    setChosen(next)
    renameLayer(settingsAddress(next))
  }
  return (
    <Frame title={t('settings.title')} onClose={onClose} isWide address={settingsAddress(chosen)}>
      <SettingsTabs tabs={tabs} chosen={chosen} onChoose={choose} />
    </Frame>
  )
}
