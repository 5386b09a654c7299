import { useState } from 'react'
import { type Account, findAccounts } from '../../src/client/admin.ts'
import { useClient } from '../../src/client/react.ts'
import { Paged } from '../dialogs/paged.tsx'
import parts from '../dialogs/parts.module.css'
import { useTranslation } from '../i18n/use-translation.ts'
import { noteFetched } from '../state/people.ts'
import { useNameOf } from '../state/titles.ts'
import { usePages } from '../state/use-pages.ts'
import { isSearchable } from '../state/use-search.ts'
import { useSettled } from '../state/use-settled.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import { isolated } from '../ui/isolated.ts'
import css from './admin.module.css'
import { Person } from './person.tsx'

const PAGE = 30
const states = ['all', 'active', 'disabled'] as const
type State = (typeof states)[number]

/** Everyone who has an account, by name. */
export function People() {
  const { t } = useTranslation()
  const client = useClient()
  const [typed, setTyped] = useState('')
  const [state, setState] = useState<State>('all')
  const [open, setOpen] = useState<Account>()
  const settled = useSettled(typed.trim())
  const query = isSearchable(settled) ? settled : undefined
  const pages = usePages(`${state} ${query ?? ''}`, (options) =>
    findAccounts(client, { ...options, query, state: state === 'all' ? undefined : state, limit: PAGE }),
  )
  const change = (account: Account) => {
    noteFetched(account)
    setOpen(account)
    pages.change((known) => known.map((one) => (one.id === account.id ? account : one)))
  }
  const gone = (id: string) => {
    setOpen(undefined)
    pages.change((known) => known.filter((one) => one.id !== id))
  }
  return (
    <section className={parts.section}>
      <h3>{t('admin.tab.people')}</h3>
      <Field
        label={t('admin.people.find')}
        type="search"
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <Choice
        label={t('admin.show')}
        value={state}
        options={states.map((value) => ({ value, text: t(`admin.people.${value}`) }))}
        onChoose={setState}
      />
      <Paged pages={pages} label={t('admin.tab.people')} empty={t('admin.people.none')}>
        {(account) => <Line key={account.id} account={account} onOpen={() => setOpen(account)} />}
      </Paged>
      {open && <Person account={open} onChange={change} onGone={gone} onClose={() => setOpen(undefined)} />}
    </section>
  )
}

function Line({ account, onOpen }: { readonly account: Account; readonly onOpen: () => void }) {
  const { t } = useTranslation()
  const name = useNameOf()(account)
  const { id, username, email } = account
  return (
    <li className={css.person}>
      <Avatar id={id} name={account.name} size={42} />
      <div className={css.about}>
        <bdi className={parts.name}>{name}</bdi>
        <p className={parts.quiet}>{[username && `@${username}`, email].filter(Boolean).join(' · ')}</p>
        <Marks account={account} />
      </div>
      <Button aria-label={t('admin.people.open', { name: isolated(name) })} onClick={onOpen}>
        {t('admin.people.manage')}
      </Button>
    </li>
  )
}

/** What sets somebody apart, in words. */
function Marks({ account: { isAdmin, kind, disabledAt } }: { readonly account: Account }) {
  const { t } = useTranslation()
  const marks = [
    isAdmin && t('admin.people.staff'),
    (kind === 'bot' || kind === 'guest') && t(`admin.people.${kind}`),
    disabledAt !== undefined && t('admin.people.isDisabled'),
  ].filter((mark) => mark !== false)
  if (marks.length === 0) return null
  return (
    <p className={css.marks}>
      {marks.map((mark) => (
        <span key={mark} className={parts.role}>
          {mark}
        </span>
      ))}
    </p>
  )
}
