import { listDeeds } from '../../src/client/admin.ts'
import { useClient } from '../../src/client/react.ts'
import { Paged } from '../dialogs/paged.tsx'
import css from '../dialogs/parts.module.css'
import { useTranslation } from '../i18n/use-translation.ts'
import { usePages } from '../state/use-pages.ts'
import { DeedLine } from './deed-line.tsx'

const PAGE = 30

/** What staff, back ends and the command line did, newest first. */
export function Audit() {
  const { t } = useTranslation()
  const client = useClient()
  const pages = usePages('all', (options) => listDeeds(client, { ...options, limit: PAGE }))
  return (
    <section className={css.section}>
      <h3>{t('admin.tab.audit')}</h3>
      <Paged pages={pages} label={t('admin.tab.audit')} empty={t('admin.audit.none')}>
        {(deed) => <DeedLine key={deed.id} deed={deed} />}
      </Paged>
    </section>
  )
}
