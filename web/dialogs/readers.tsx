import { useEffect, useState } from 'react'
import type { Reader } from '../../src/client/index.ts'
import { useClient } from '../../src/client/react.ts'
import { clockTime, dayName } from '../i18n/times.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { errorText } from '../state/problem-text.ts'
import { Frame } from './frame.tsx'
import css from './parts.module.css'
import { PersonLine } from './person-line.tsx'

interface ReadersProps {
  readonly chatId: string
  readonly messageId: string
  readonly onClose: () => void
}

/** Who has read a message, and when. */
export function Readers({ chatId, messageId, onClose }: ReadersProps) {
  const { t, i18n } = useTranslation()
  const chat = useClient().chat(chatId)
  const [readers, setReaders] = useState<readonly Reader[]>()
  const [error, setError] = useState<unknown>()
  useEffect(() => {
    const aborted = new AbortController()
    chat.readersOf(messageId, { signal: aborted.signal, limit: 100 }).then(
      ({ items }) => setReaders(items),
      (refused: unknown) => !aborted.signal.aborted && setError(refused),
    )
    return () => aborted.abort()
  }, [chat, messageId])
  const when = (at: number) => `${dayName(i18n.language, at)}, ${clockTime(i18n.language, at)}`
  return (
    <Frame title={t('readers.title')} onClose={onClose}>
      <div className={css.body} aria-busy={!readers && !error}>
        {error !== undefined && <p className={css.fault}>{errorText(error)}</p>}
        {readers?.length === 0 && <p className={css.empty}>{t('readers.none')}</p>}
        <ul className={css.list}>
          {readers?.map(({ person, readAt }) => (
            <li key={person.id} className={css.person}>
              <PersonLine person={person} note={when(readAt)} />
            </li>
          ))}
        </ul>
      </div>
    </Frame>
  )
}
