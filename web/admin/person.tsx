import { type Account, deleteAccount, endAccountSessions, listDeeds, updateAccount } from '../../src/client/admin.ts'
import { useClient, useMe } from '../../src/client/react.ts'
import { type Question } from '../dialogs/confirm.tsx'
import { Frame } from '../dialogs/frame.tsx'
import { Paged } from '../dialogs/paged.tsx'
import parts from '../dialogs/parts.module.css'
import { dayName } from '../i18n/times.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { tell } from '../state/notices.ts'
import { useNameOf } from '../state/titles.ts'
import { useNow } from '../state/use-now.ts'
import { usePages } from '../state/use-pages.ts'
import { Avatar } from '../ui/avatar.tsx'
import { isolated } from '../ui/isolated.ts'
import { Asking } from './asking.tsx'
import { DeedLine } from './deed-line.tsx'
import { ExportOf } from './export-of.tsx'
import { Names } from './names.tsx'
import { Recovery } from './recovery.tsx'

interface PersonProps {
  readonly account: Account
  readonly onChange: (account: Account) => void
  readonly onGone: (id: string) => void
  readonly onClose: () => void
}

/** One account, and what staff can do about it. */
export function Person({ account, onChange, onGone, onClose }: PersonProps) {
  const { t, i18n } = useTranslation()
  const isMe = useMe()?.id === account.id
  const now = useNow()
  const name = useNameOf()(account)
  const since = (at: number) => dayName(i18n.language, at, now)
  const { username, email, createdAt, disabledAt } = account
  return (
    <Frame title={t('person.title')} onClose={onClose}>
      <div className={parts.body}>
        <div className={parts.portrait}>
          <Avatar id={account.id} name={account.name} size={88} />
          <bdi className={parts.name}>{name}</bdi>
          {username && <span className={parts.quiet}>@{username}</span>}
          {email && <span className={parts.quiet}>{email}</span>}
          <span className={parts.quiet}>{t('admin.people.since', { when: since(createdAt) })}</span>
          {disabledAt !== undefined && <span className={parts.role}>{t('admin.people.disabledSince', { when: since(disabledAt) })}</span>}
        </div>
        {isMe && <p className={parts.quiet}>{t('admin.people.you')}</p>}
        {account.kind === 'system' && <p className={parts.quiet}>{t('admin.people.system')}</p>}
        {!isMe && account.kind !== 'system' && <Deeds account={account} name={name} onChange={onChange} onGone={onGone} />}
        <Trace account={account} />
      </div>
    </Frame>
  )
}

interface DeedsProps extends Pick<PersonProps, 'account' | 'onChange' | 'onGone'> {
  readonly name: string
}

function Deeds({ account, name, onChange, onGone }: DeedsProps) {
  const { t } = useTranslation()
  const client = useClient()
  const { id, kind, disabledAt } = account
  const setDisabled = async (isDisabled: boolean) => {
    onChange(await updateAccount(client, id, { isDisabled }))
    tell(t(isDisabled ? 'admin.people.nowDisabled' : 'admin.people.nowEnabled'))
  }
  const disabling: Question = {
    title: t('admin.people.confirmDisable'),
    hint: t('admin.people.confirmDisableHint', { name: isolated(name) }),
    yes: t('admin.people.disable'),
    run: () => setDisabled(true),
  }
  const deleting: Question = {
    title: t('admin.people.confirmDelete'),
    hint: t('admin.people.confirmDeleteHint', { name: isolated(name) }),
    yes: t('admin.people.deleteForEver'),
    async run() {
      await deleteAccount(client, id)
      tell(t('admin.people.nowDeleted'))
      onGone(id)
    },
  }
  const endSessions = async () => {
    await endAccountSessions(client, id)
    tell(t('admin.people.ended'))
  }
  return (
    <>
      <Names key={`${account.name} ${account.username}`} account={account} onChange={onChange} />
      <section className={parts.section}>
        <h3>{t('admin.people.access')}</h3>
        {disabledAt === undefined ? (
          <Asking look="danger" question={disabling}>
            {t('admin.people.disable')}
          </Asking>
        ) : (
          <Asking run={() => setDisabled(false)}>{t('admin.people.enable')}</Asking>
        )}
        <Asking run={endSessions}>{t('admin.people.endSessions')}</Asking>
        {kind === 'person' && <Recovery userId={id} />}
      </section>
      <section className={parts.section}>
        <h3>{t('admin.people.data')}</h3>
        <ExportOf userId={id} />
        <Asking look="danger" question={deleting}>
          {t('admin.people.delete')}
        </Asking>
      </section>
    </>
  )
}

/** What was done about the account, read anew when it has changed. */
function Trace({ account: { id, name, username, disabledAt } }: Pick<PersonProps, 'account'>) {
  const { t } = useTranslation()
  const client = useClient()
  const key = [id, name, username, disabledAt].join()
  const pages = usePages(key, (options) => listDeeds(client, { ...options, userId: id, limit: 10 }))
  return (
    <section className={parts.section}>
      <h3>{t('admin.audit.ofPerson')}</h3>
      <Paged pages={pages} label={t('admin.audit.ofPerson')} empty={t('admin.audit.none')}>
        {(deed) => <DeedLine key={deed.id} deed={deed} />}
      </Paged>
    </section>
  )
}
