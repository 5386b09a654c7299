import { useEffect, useState } from 'react'
import type { Chat } from '../../src/client/index.ts'
import { leaveForGood } from '../../src/client/order.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { errorText } from '../state/problem-text.ts'
import { Button } from '../ui/button.tsx'
import { Frame } from './frame.tsx'
import css from './parts.module.css'
import { PersonLine } from './person-line.tsx'

const RANK = { owner: 0, admin: 1, member: 2 } as const

/** A group has an owner: who leaves it as such says who is next. */
export function Successor({ chat, title, onClose }: { readonly chat: Chat; readonly title: string; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const client = useClient()
  const me = useStore(client.account.me)
  const { items, hasMore, status } = useStore(chat.members)
  const others = items.filter(({ person }) => person.id !== me?.id).toSorted((a, b) => RANK[a.role] - RANK[b.role])
  const [picked, setPicked] = useState<string>()
  const chosen = picked ?? others[0]?.person.id
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  useEffect(() => {
    if (chat.members.get().status === 'idle') chat.loadMembers().catch(setError)
  }, [chat])

  async function leave(isForGood = false) {
    if (chosen === undefined) return
    setBusy(true)
    try {
      await chat.changeRole(chosen, 'owner')
      await (isForGood ? leaveForGood(client, chat.id) : chat.leave())
      onClose()
    } catch (refused) {
      setError(refused)
      setBusy(false)
    }
  }

  return (
    <Frame title={t('group.confirmLeave', { name: title })} onClose={onClose} isAlert>
      <div className={css.body}>
        <p className={css.quiet}>
          {t('group.successorHint')} {t('consent.stayOutHint')}
        </p>
        <fieldset className={css.choices} aria-busy={status === 'loading'} aria-label={t('group.successor')}>
          {others.map(({ person, role }) => (
            <label key={person.id} className={css.person}>
              <input
                type="radio"
                name="successor"
                className={css.check}
                checked={person.id === chosen}
                onChange={() => setPicked(person.id)}
              />
              <PersonLine person={person} />
              {role !== 'member' && <span className={css.role}>{t(`group.role.${role}`)}</span>}
            </label>
          ))}
        </fieldset>
        {hasMore && <Button onClick={() => void chat.loadMembers().catch(setError)}>{t('group.more')}</Button>}
        {error !== undefined && (
          <p className={css.fault} role="alert">
            {errorText(error)}
          </p>
        )}
      </div>
      <footer className={css.foot}>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button look="danger" disabled={isBusy || chosen === undefined} onClick={() => void leave(true)}>
          {t('consent.leaveForGood')}
        </Button>
        <Button look="danger" disabled={isBusy || chosen === undefined} onClick={() => void leave()}>
          {t('group.leave')}
        </Button>
      </footer>
    </Frame>
  )
}
