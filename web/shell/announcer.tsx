import { useEffect, useState } from 'react'
import type { ClientEvents } from '../../src/client/index.ts'
import { useClient } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useWords } from '../state/message-words.ts'
import { Hidden } from '../ui/hidden.tsx'

const BATCH_MS = 1_200

/** Tells a screen reader of what came in: not each by itself, but all that came within a moment. */
export function Announcer({ openId }: { readonly openId: string | undefined }) {
  const client = useClient()
  const { t } = useTranslation()
  const { short } = useWords()
  const [words, setWords] = useState('')

  useEffect(() => {
    let batch: ClientEvents['message'][] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    function say() {
      const here = batch.filter(({ chatId }) => chatId === openId)
      const last = here.at(-1)
      const elsewhere = batch.length - here.length
      const told = last && {
        name: last.message.sender.name ?? t('chat.deletedPerson'),
        text: short(last.message, last.chatId) ?? t('message.deleted'),
      }
      const parts = [
        told && (here.length === 1 ? t('chat.newOne', told) : t('chat.newMany', { ...told, count: here.length })),
        elsewhere > 0 && t('chat.newElsewhere', { count: elsewhere }),
      ]
      batch = []
      timer = undefined
      setWords(parts.filter(Boolean).join('. '))
    }
    const stop = client.on('message', (told) => {
      if (told.isMine) return
      batch.push(told)
      timer ??= setTimeout(say, BATCH_MS)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [client, openId, t, short])

  return (
    <div aria-live="polite" aria-atomic="true" data-testid="announcer">
      <Hidden>{words}</Hidden>
    </div>
  )
}
