import { useEffect, useState } from 'react'
import type { Reactor } from '../../src/client/index.ts'
import { useClient } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { errorText } from '../state/problem-text.ts'
import { Button } from '../ui/button.tsx'
import { Frame } from './frame.tsx'
import css from './parts.module.css'
import { PersonLine } from './person-line.tsx'

interface ReactorsProps {
  readonly chatId: string
  readonly messageId: string
  readonly onClose: () => void
}

/** Who has reacted to a message, and how. */
export function Reactors({ chatId, messageId, onClose }: ReactorsProps) {
  const { t } = useTranslation()
  const chat = useClient().chat(chatId)
  const [all, setAll] = useState<readonly Reactor[]>([])
  const [next, setNext] = useState<string>()
  const [error, setError] = useState<unknown>()

  async function load(cursor?: string, signal?: AbortSignal) {
    const page = await chat.reactionsOf(messageId, { cursor, signal, limit: 100 })
    setAll((before) => (cursor === undefined ? page.items : [...before, ...page.items]))
    setNext(page.next)
  }
  useEffect(() => {
    const aborted = new AbortController()
    load(undefined, aborted.signal).catch((refused: unknown) => !aborted.signal.aborted && setError(refused))
    return () => aborted.abort()
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [chat, messageId])

  return (
    <Frame title={t('reaction.label')} onClose={onClose}>
      <div className={css.body}>
        {error !== undefined && <p className={css.fault}>{errorText(error)}</p>}
        <ul className={css.list}>
          {all.map(({ person, emoji }) => (
            <li key={`${person.id} ${emoji}`} className={css.person}>
              <PersonLine person={person} />
              <span className={css.reaction}>{emoji}</span>
            </li>
          ))}
        </ul>
        {next !== undefined && <Button onClick={() => void load(next).catch(setError)}>{t('group.more')}</Button>}
      </div>
    </Frame>
  )
}
