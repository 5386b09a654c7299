import type { ReactNode } from 'react'
import { useMe } from '../../src/client/react.ts'
import { Frame } from '../dialogs/frame.tsx'
import { Parted } from '../dialogs/parted.tsx'
import css from '../dialogs/parts.module.css'
import { useTranslation } from '../i18n/use-translation.ts'
import { adminAddress } from '../state/route.ts'
import { Audit } from './audit.tsx'
import { Chats } from './chats.tsx'
import { Health } from './health.tsx'
import { Hooks } from './hooks.tsx'
import { People } from './people.tsx'
import { Reports } from './reports.tsx'
import { addWords } from './words.ts'

addWords()

interface AdminProps {
  /** Where to begin. */
  readonly tab: string | undefined
  readonly onClose: () => void
}

const parts: Readonly<Record<string, ReactNode>> = {
  reports: <Reports />,
  people: <People />,
  chats: <Chats />,
  hooks: <Hooks />,
  audit: <Audit />,
  health: <Health />,
}

/** What those see who run the service. It comes in a file of its own. */
export default function Admin({ tab, onClose }: AdminProps) {
  const { t } = useTranslation()
  const me = useMe()
  if (me?.isAdmin === false)
    return (
      <Frame title={t('admin.title')} onClose={onClose} address={adminAddress()}>
        <div className={css.body}>
          <p className={css.empty}>{t('admin.staffOnly')}</p>
        </div>
      </Frame>
    )
  if (!me) return null
  return (
    <Parted
      title={t('admin.title')}
      nameOf={(part) => t(`admin.tab.${part}` as 'admin.tab.reports')}
      parts={parts}
      begin={tab}
      addressOf={adminAddress}
      onClose={onClose}
    />
  )
}
