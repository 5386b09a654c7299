import { useMemo } from 'react'
import type { Chat, Row } from '../../src/client/index.ts'
import { useClient, useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { inWords } from '../timeline/format/words.ts'
import { holder } from './holder.ts'

/** More characters than fit into a line are not drawn. */
const SHOWN = 200

type Said = Pick<Row, 'text' | 'format' | 'mentions' | 'attachments'>

interface Words {
  /** A message in one line, for lists and quotes: its text without marks, else what is attached; undefined if it is deleted. */
  short(said: Said, chatId: string | undefined): string | undefined
  /** The whole text without marks. */
  whole(said: Pick<Said, 'text' | 'format' | 'mentions'>, chatId: string): string
  /** What is attached, in words: the first of it, and how many more. */
  attached(said: Pick<Said, 'attachments'>): string
}

/** Messages as they are shown where they stand as words alone: nothing there says how a text was typed, nor what a spoiler hides. */
export function useWords(): Words {
  const { t } = useTranslation()
  const client = useClient()
  return useMemo(() => {
    const nameIn = (chatId: string | undefined) => (id: string | undefined) => {
      if (id === undefined) return t('mention.all')
      const { item, members } = client.chat(chatId ?? '')
      const { partner } = item.get() ?? {}
      return partner?.id === id ? partner.name : members.get().items.find(({ person }) => person.id === id)?.person.name
    }
    const kinds = { image: t('message.photo'), video: t('message.video'), audio: t('message.voice'), file: t('message.file') } as const
    function attached({ attachments }: Pick<Said, 'attachments'>): string {
      const [first] = attachments
      if (!first) return ''
      const { file, alt, waveform } = first
      const isNamed = file.kind === 'file' || (file.kind === 'audio' && !waveform)
      const words = isNamed ? file.name : alt ? `${kinds[file.kind]}: ${alt}` : kinds[file.kind]
      return attachments.length > 1 ? `${words} ${t('file.andMore', { count: attachments.length - 1 })}` : words
    }
    const whole: Words['whole'] = ({ text = '', ...said }, chatId) => inWords({ text, ...said }, nameIn(chatId))
    return {
      attached,
      whole,
      short({ text, format, mentions, attachments }, chatId) {
        if (text === undefined) return undefined
        // Of a part of it, what a spoiler hides behind its end would be shown.
        const words = inWords({ text, format, mentions }, nameIn(chatId)).slice(0, SHOWN)
        return words.trim() === '' ? attached({ attachments }) : words
      },
    }
  }, [client, t])
}

const nothing = holder(undefined)

/** All that a message says, for those who hear it; undefined if it is deleted. */
export function useSpoken(chat: Chat, row: Row): string | undefined {
  const { whole, attached } = useWords()
  // Its mentions have the names of today.
  useStore(row.mentions.length > 0 ? chat.members : nothing)
  return row.text === undefined ? undefined : [whole(row, chat.id), attached(row)].filter(Boolean).join('. ')
}
