import type { ChatItem, Row } from '../../src/client/index.ts'
import { useClient } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { inWords } from '../timeline/format/words.ts'

/** More characters than fit into a line are not drawn: each may carry any number of marks. */
const SHOWN = 200

type Said = Pick<Row, 'text' | 'format' | 'mentions' | 'attachments'>

/** A message in one line, for lists and quotes: its text without marks, else what is attached; undefined if it is deleted. */
export function useMessageWords(item: ChatItem | undefined): (said: Said) => string | undefined {
  const { t } = useTranslation()
  const client = useClient()
  const { items: members } = client.chat(item?.id ?? '').members.get()
  const nameOf = (id: string | undefined) =>
    id === undefined
      ? t('mention.all')
      : id === item?.partner?.id
        ? item.partner.name
        : (members.find(({ person }) => person.id === id)?.person.name ?? undefined)
  const kinds = { image: t('message.photo'), video: t('message.video'), audio: t('message.voice'), file: t('message.file') } as const
  return ({ text, format, mentions, attachments }) => {
    if (text === undefined) return undefined
    const [first] = attachments
    const short = text.slice(0, 2 * SHOWN)
    const words = inWords({ text: short, format, mentions }, nameOf).slice(0, SHOWN)
    return words.trim() === '' && first ? (first.file.kind === 'file' ? first.file.name : kinds[first.file.kind]) : words
  }
}
