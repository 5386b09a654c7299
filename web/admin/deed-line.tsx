import i18next from 'i18next'
import type { Deed } from '../../src/client/admin.ts'
import parts from '../dialogs/parts.module.css'
import { useTranslation } from '../i18n/use-translation.ts'
import css from './admin.module.css'
import { useNamesById } from './use-name.ts'
import { When } from './when.tsx'

/** A row of the audit in words. */
export function DeedLine({ deed: { name, at, actorId, keyId, userId, chatId, facts } }: { readonly deed: Deed }) {
  const { t } = useTranslation()
  const nameOf = useNamesById([actorId, userId])
  const by = keyId !== undefined ? t('admin.audit.aKey') : actorId === undefined ? t('admin.audit.commandLine') : nameOf(actorId)
  return (
    <li className={css.card}>
      <p className={css.line}>
        <span className={parts.name}>{deedWords(name)}</span>
        <span className={parts.quiet}>
          <When at={at} />
        </span>
      </p>
      <p className={parts.quiet}>
        {[t('admin.audit.by', { name: by }), userId !== undefined && t('admin.audit.about', { name: nameOf(userId) }), verdictOf(facts)]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {chatId !== undefined && <p className={`${parts.quiet} ${css.line}`}>{t('admin.audit.chat', { id: chatId })}</p>}
    </li>
  )
}

/** A later version may do what there are no words for here. */
function deedWords(name: string): string {
  const key = `admin.audit.deed.${name.replace('.', '-')}`
  return i18next.exists(key) ? (i18next.t as (key: string) => string)(key) : name
}

function verdictOf({ action }: Deed['facts']): string | undefined {
  const key = `admin.reports.verdict.${String(action)}`
  return typeof action === 'string' && i18next.exists(key) ? (i18next.t as (key: string) => string)(key) : undefined
}
