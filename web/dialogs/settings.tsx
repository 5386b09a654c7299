import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { LanguageChoice } from '../session/language-choice.tsx'
import { hasTouch } from '../state/pointer.ts'
import { settingsAddress } from '../state/route.ts'
import { AccountPart } from './account/account.tsx'
import { GuestHint } from './account/guest-hint.tsx'
import { Appearance } from './appearance.tsx'
import { PrivacyPart } from './consent/privacy.tsx'
import { Invitation } from './invitation.tsx'
import { Keys } from './keys.tsx'
import { Notifications } from './notifications.tsx'
import { Parted } from './parted.tsx'
import css from './parts.module.css'
import { Profile } from './profile.tsx'
import { Sessions } from './sessions.tsx'

interface SettingsProps {
  /** Where to begin. */
  readonly tab: string | undefined
  readonly onClose: () => void
}

export function Settings({ tab, onClose }: SettingsProps) {
  const { t } = useTranslation()
  const parts: Readonly<Record<string, ReactNode>> = {
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
        <LanguageChoice />
      </section>
    ),
    privacy: <PrivacyPart />,
    devices: <Sessions />,
    ...(!hasTouch() && { keyboard: <Keys /> }),
    account: <AccountPart onClose={onClose} />,
  }

  return (
    <Parted
      title={t('settings.title')}
      nameOf={(part) => t(`settings.tab.${part}` as 'settings.tab.profile')}
      parts={parts}
      begin={tab}
      addressOf={settingsAddress}
      above={<GuestHint />}
      onClose={onClose}
    />
  )
}
