import type { Chat } from '../../src/client/index.ts'
import { useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useMessageWords } from '../state/message-words.ts'
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
  const wordsOf = useMessageWords(useStore(chat.item))
  const quoted = useMessage(chat, messageId)
  return (
    <button type="button" className={css.quote} title={t('message.quoted')} onClick={() => onShow(messageId)}>
      <bdi className={css.name}>{quoted ? nameOf(quoted.sender) : '…'}</bdi>
      <bdi className={css.text}>{quoted ? (wordsOf(quoted) ?? t('message.deleted')) : '…'}</bdi>
    </button>
  )
}
