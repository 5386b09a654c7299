import { useState } from 'react'
import { listReports, type Report } from '../../src/client/admin.ts'
import { useClient } from '../../src/client/react.ts'
import { Paged } from '../dialogs/paged.tsx'
import css from '../dialogs/parts.module.css'
import { useTranslation } from '../i18n/use-translation.ts'
import { usePages } from '../state/use-pages.ts'
import { Choice } from '../ui/choice.tsx'
import { ReportCard } from './report-card.tsx'
import { useInspected } from './use-inspected.ts'

const PAGE = 20
const states = ['open', 'resolved'] as const
type State = (typeof states)[number]

/** What members have reported, newest first. */
export function Reports() {
  const { t } = useTranslation()
  const client = useClient()
  const [state, setState] = useState<State>('open')
  const pages = usePages(state, (options) => listReports(client, { ...options, state, limit: PAGE }))
  const chats = useInspected((pages.items ?? []).map(({ chatId }) => chatId))
  // Those of the other state stay in sight no longer than their heading.
  const shown = pages.items?.filter(({ action }) => (action === undefined) === (state === 'open'))
  const leave = (resolved: Report) => pages.change((known) => known.filter(({ id }) => id !== resolved.id))
  return (
    <section className={css.section}>
      <h3>{t('admin.tab.reports')}</h3>
      <Choice
        label={t('admin.show')}
        value={state}
        options={states.map((value) => ({ value, text: t(`admin.reports.${value}`) }))}
        onChoose={setState}
      />
      <Paged
        pages={{ ...pages, items: shown }}
        label={t(`admin.reports.${state}`)}
        empty={pages.isBusy ? undefined : t(state === 'open' ? 'admin.reports.noneOpen' : 'admin.reports.noneResolved')}
      >
        {(report) => <ReportCard key={report.id} report={report} chat={chats.get(report.chatId)} onResolved={leave} />}
      </Paged>
    </section>
  )
}
