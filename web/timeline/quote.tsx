import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Chat, Message, Row } from '../../src/client/index.ts'
import { useStore } from '../../src/client/react.ts'
import { useNameOf } from '../state/titles.ts'
import css from './quote.module.css'

interface QuoteProps {
  readonly chat: Chat
  readonly messageId: string
  readonly onShow: (messageId: string) => void
}

/** What a message answers, in a line; pressing it goes there. */
export function Quote({ chat, messageId, onShow }: QuoteProps) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const quoted = useQuoted(chat, messageId)
  return (
    <button type="button" className={css.quote} title={t('message.quoted')} onClick={() => onShow(messageId)}>
      <span className={css.name}>{quoted ? nameOf(quoted.sender) : '…'}</span>
      <span className={css.text}>{quoted ? (quoted.text ?? t('message.deleted')) : '…'}</span>
    </button>
  )
}

/** From the timeline when it is there, which keeps up with edits; else asked for once. */
function useQuoted(chat: Chat, messageId: string): Row | Message | undefined {
  const { rows } = useStore(chat.timeline)
  const here = rows.find(({ id }) => id === messageId)
  const [fetched, setFetched] = useState<Message>()
  const isHere = here !== undefined
  useEffect(() => {
    if (isHere) return
    const aborted = new AbortController()
    chat.message(messageId, { signal: aborted.signal }).then(setFetched, () => undefined)
    return () => aborted.abort()
  }, [chat, messageId, isHere])
  return here ?? fetched
}
