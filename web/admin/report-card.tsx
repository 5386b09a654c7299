import { useState } from 'react'
import { type InspectedChat, type Report, resolveReport, type Verdict } from '../../src/client/admin.ts'
import { useClient } from '../../src/client/react.ts'
import { Confirm } from '../dialogs/confirm.tsx'
import parts from '../dialogs/parts.module.css'
import { useTranslation } from '../i18n/use-translation.ts'
import { tell } from '../state/notices.ts'
import { useDeed } from '../state/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Fault } from '../ui/fault.tsx'
import { isolated } from '../ui/isolated.ts'
import css from './admin.module.css'
import { useNamesById } from './use-name.ts'
import { When } from './when.tsx'

interface ReportCardProps {
  readonly report: Report
  /** Where it was written; null if that is gone. */
  readonly chat: InspectedChat | null | undefined
  readonly onResolved: (report: Report) => void
}

/** A report: what was written, who says what is wrong with it, and what can be made of it. */
export function ReportCard({ report, chat, onResolved }: ReportCardProps) {
  const { t } = useTranslation()
  const { userId, reporterId, reason, text, comment, sentAt, action, resolvedAt, resolvedBy } = report
  const nameOf = useNamesById([userId, reporterId, resolvedBy])
  return (
    <li className={css.card}>
      <p className={css.line}>
        <span className={parts.role}>{t(`admin.reports.reason.${reason}`)}</span>
        <span className={parts.quiet}>{placeOf(t, chat)}</span>
      </p>
      <blockquote className={css.quote}>
        <p dir="auto">{text ?? t('admin.reports.noText')}</p>
        <footer className={parts.quiet}>
          {t('admin.reports.author', { name: nameOf(userId) })} · <When at={sentAt} />
        </footer>
      </blockquote>
      {comment !== undefined && (
        <p className={css.comment} dir="auto">
          {comment}
        </p>
      )}
      <p className={parts.quiet}>
        {t('admin.reports.reporter', { name: nameOf(reporterId) })} · <When at={report.at} />
      </p>
      {action !== undefined && (
        <p className={css.line}>
          <span className={parts.role}>{t(`admin.reports.done.${action}`)}</span>
          <span className={parts.quiet}>
            {resolvedBy !== undefined && t('admin.reports.by', { name: nameOf(resolvedBy) })}
            {resolvedAt !== undefined && (
              <>
                {' · '}
                <When at={resolvedAt} />
              </>
            )}
          </span>
        </p>
      )}
      {action === undefined && <Verdicts report={report} chat={chat} author={nameOf(userId)} onResolved={onResolved} />}
    </li>
  )
}

type Translate = ReturnType<typeof useTranslation>['t']
function placeOf(t: Translate, chat: InspectedChat | null | undefined): string {
  if (chat === undefined) return ''
  if (chat === null) return t('admin.reports.goneChat')
  return chat.kind === 'group' ? t('admin.reports.group', { name: isolated(chat.name ?? '') }) : t('admin.reports.private')
}

/** The verdicts. Those that take something away are asked for once more. */
function Verdicts({ report, chat, author, onResolved }: ReportCardProps & { readonly author: string }) {
  const { t } = useTranslation()
  const client = useClient()
  const { error, isBusy, run } = useDeed()
  const [asked, setAsked] = useState<Exclude<Verdict, 'none'>>()
  const resolve = async (verdict: Verdict) => {
    const resolved = await resolveReport(client, report.id, verdict)
    tell(t(`admin.reports.done.${resolved.action ?? verdict}`))
    onResolved(resolved)
  }
  const verdicts = [
    ...(chat === null ? [] : (['delete'] as const)),
    ...(chat?.kind === 'group' ? (['ban'] as const) : []),
    'disable' as const,
  ]
  return (
    <>
      <div className={parts.actions}>
        <Button disabled={isBusy} onClick={() => void run(() => resolve('none'))}>
          {t('admin.reports.verdict.none')}
        </Button>
        {verdicts.map((verdict) => (
          <Button key={verdict} look="danger" onClick={() => setAsked(verdict)}>
            {t(`admin.reports.verdict.${verdict}`)}
          </Button>
        ))}
      </div>
      <Fault error={error} />
      {asked && (
        <Confirm
          question={{
            title: t(`admin.reports.confirm.${asked}`),
            hint: t(`admin.reports.hint.${asked}`, { name: author }),
            yes: t(`admin.reports.verdict.${asked}`),
            run: () => resolve(asked),
          }}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  )
}
