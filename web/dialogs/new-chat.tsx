import { UsersRound } from 'lucide-react'
import { useState } from 'react'
import type { ChatItem, Person } from '../../src/client/index.ts'
import { useClient, useMe } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { errorText } from '../state/problem-text.ts'
import { openChat } from '../state/route.ts'
import { makeGroup } from '../state/skipped.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Frame } from './frame.tsx'
import { Invitation } from './invitation.tsx'
import css from './parts.module.css'
import { PeopleChoice } from './people-choice.tsx'
import { PeopleSearch } from './people-search.tsx'
import { PersonLine } from './person-line.tsx'

/** Somebody to write to, or several to make a group of. */
export function NewChat({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const client = useClient()
  const [isGroup, setGroup] = useState(false)
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<readonly Person[]>([])
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)

  async function open(make: () => Promise<ChatItem>) {
    setBusy(true)
    try {
      openChat((await make()).id)
      onClose()
    } catch (refused) {
      setError(refused)
      setBusy(false)
    }
  }

  const fault = error !== undefined && (
    <p className={css.fault} role="alert">
      {errorText(error)}
    </p>
  )
  if (isGroup)
    return (
      <Frame title={t('newChat.group')} onClose={onClose}>
        <div className={css.body}>
          <Field
            label={t('newChat.groupName')}
            value={name}
            maxLength={128}
            autoComplete="off"
            onChange={(event) => setName(event.target.value)}
          />
          <PeopleChoice chosen={chosen} onChange={setChosen} />
          {fault}
        </div>
        <footer className={css.foot}>
          <span className={css.grow}>{chosen.length > 0 && t('newChat.chosen', { count: chosen.length })}</span>
          <Button onClick={() => setGroup(false)}>{t('common.cancel')}</Button>
          <Button
            look="strong"
            disabled={isBusy || name.trim() === ''}
            onClick={() => void open(() => makeGroup(client, name.trim(), chosen))}
          >
            {t('newChat.create')}
          </Button>
        </footer>
      </Frame>
    )
  return (
    <Frame title={t('newChat.title')} onClose={onClose}>
      <div className={css.body}>
        <ToGroup onPress={() => setGroup(true)} />
        <PeopleSearch>
          {(person) => (
            <button
              type="button"
              data-stop=""
              className={css.person}
              disabled={isBusy}
              onClick={() => void open(() => client.chats.openPrivate(person.id))}
            >
              <PersonLine person={person} />
            </button>
          )}
        </PeopleSearch>
        {fault}
        <Invitation title={t('newChat.invite')} />
      </div>
    </Frame>
  )
}

/** Guests make no groups. */
function ToGroup({ onPress }: { readonly onPress: () => void }) {
  const { t } = useTranslation()
  if (useMe()?.kind === 'guest') return null
  return (
    <Button onClick={onPress}>
      <UsersRound size={18} aria-hidden="true" />
      {t('newChat.group')}
    </Button>
  )
}
