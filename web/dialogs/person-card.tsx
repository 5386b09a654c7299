import { MessageCircle } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Person } from '../../src/client/index.ts'
import { useClient, useIsBlocked, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { notePictures } from '../state/pictures.ts'
import { usePresenceWords } from '../state/presence.ts'
import { errorText } from '../state/problem-text.ts'
import { useLatest } from '../state/renamed.ts'
import { openChat } from '../state/route.ts'
import { useNameOf } from '../state/titles.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { BlockButton } from './consent/block-button.tsx'
import { Frame } from './frame.tsx'
import css from './parts.module.css'

interface PersonCardProps {
  readonly userId: string
  /** The chat in which the name was pressed. */
  readonly chatId: string | undefined
  readonly onClose: () => void
}

/** Who somebody is, and what can be done with them. */
export function PersonCard({ userId, chatId, onClose }: PersonCardProps) {
  const { t } = useTranslation()
  const client = useClient()
  const members = useStore(client.chat(chatId ?? '').members)
  const [fetched, setFetched] = useState<Person>()
  const [error, setError] = useState<unknown>()
  const isMe = useStore(client.account.me)?.id === userId
  const member = members.items.find(({ person: one }) => one.id === userId)?.person
  const read = fetched ?? member
  const latest = useLatest()
  const person = read && latest(read)
  const heard = member?.name
  const name = useNameOf()(person)
  useEffect(() => {
    if (read) notePictures([read])
  }, [read])
  const words = usePresenceWords(person)
  const isBlocked = useIsBlocked(userId)
  useEffect(() => {
    const aborted = new AbortController()
    const { signal } = aborted
    client.people.get(userId, { signal }).then(setFetched, (refused: unknown) => !signal.aborted && setError(refused))
    return () => aborted.abort()
    // Asked once more under another name.
  }, [client, userId, heard])

  async function write() {
    try {
      openChat((await client.chats.openPrivate(userId)).id)
      onClose()
    } catch (refused) {
      setError(refused)
    }
  }

  return (
    <Frame title={t('person.title')} onClose={onClose}>
      <div className={css.body}>
        <div className={css.portrait}>
          <Avatar id={userId} name={person?.name} size={88} />
          <bdi className={css.name}>{person ? name : '…'}</bdi>
          {person?.username && <span className={css.quiet}>@{person.username}</span>}
          <span className={css.quiet}>{isMe ? t('person.you') : isBlocked ? t('consent.blocked') : words}</span>
        </div>
        {error !== undefined && (
          <p className={css.fault} role="alert">
            {errorText(error)}
          </p>
        )}
        {!isMe && person?.name !== undefined && (
          <div className={css.deeds}>
            {!isBlocked && (
              <Button look="strong" onClick={() => void write()}>
                <MessageCircle size={17} aria-hidden="true" />
                {t('group.write')}
              </Button>
            )}
            <BlockButton userId={userId} />
          </div>
        )}
      </div>
    </Frame>
  )
}
