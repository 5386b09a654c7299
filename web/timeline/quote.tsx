import type { Chat } from '../../src/client/index.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useWords } from '../state/message-words.ts'
import { useSenderName } from '../state/people.ts'
import { useNameOf } from '../state/titles.ts'
import { useMessage } from '../state/use-message.ts'
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
  const senderName = useSenderName(chat)
  const { short } = useWords()
  const quoted = useMessage(chat, messageId)
  return (
    <button type="button" className={css.quote} title={t('message.quoted')} onClick={() => onShow(messageId)}>
      <bdi className={css.name}>{quoted ? nameOf({ name: senderName(quoted.sender) }) : '…'}</bdi>
      <bdi className={css.text}>{quoted ? (short(quoted, chat.id) ?? t('message.deleted')) : '…'}</bdi>
    </button>
  )
}
