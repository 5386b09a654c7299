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
  const attachedWords = useAttachedWords()
  return ({ text, format, mentions, attachments }) => {
    if (text === undefined) return undefined
    const short = text.slice(0, 2 * SHOWN)
    const words = inWords({ text: short, format, mentions }, nameOf).slice(0, SHOWN)
    return words.trim() === '' ? attachedWords({ attachments }) : words
  }
}

/** What is attached, in words: the first of it, and how many more. */
export function useAttachedWords(): (said: Pick<Said, 'attachments'>) => string {
  const { t } = useTranslation()
  const kinds = { image: t('message.photo'), video: t('message.video'), audio: t('message.voice'), file: t('message.file') } as const
  return ({ attachments }) => {
    const [first] = attachments
    if (!first) return ''
    const { file, alt, waveform } = first
    const isNamed = file.kind === 'file' || (file.kind === 'audio' && !waveform)
    const words = isNamed ? file.name : alt ? `${kinds[file.kind]}: ${alt}` : kinds[file.kind]
    return attachments.length > 1 ? `${words} ${t('file.andMore', { count: attachments.length - 1 })}` : words
  }
}
