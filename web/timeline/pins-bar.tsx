import { Pin as PinIcon } from 'lucide-react'
import { useState } from 'react'
import type { Chat } from '../../src/client/index.ts'
import { usePins } from '../../src/client/react/content.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useNames } from '../state/people.ts'
import { wantedPlace } from '../state/place.ts'
import { inWords } from './format/words.ts'
import css from './pins-bar.module.css'

/** What is pinned, the newest first; pressing it goes there, and turns to the one before. */
export function PinsBar({ chat }: { readonly chat: Chat }) {
  const { t } = useTranslation()
  const { items } = usePins(chat.id)
  const [turned, setTurned] = useState(0)
  const nameOf = useNames(chat, [])
  const at = items.length === 0 ? 0 : turned % items.length
  const message = items[at]?.message
  if (message?.text === undefined) return null
  const words = inWords({ ...message, text: message.text }, (id) => (id === undefined ? t('mention.all') : nameOf(id)))

  return (
    <button
      type="button"
      className={css.bar}
      title={t('pins.next')}
      onClick={() => {
        wantedPlace.set({ chatId: chat.id, seq: message.seq })
        setTurned(at + 1)
      }}
    >
      <PinIcon size={17} aria-hidden="true" />
      <span className={css.words}>
        <strong>
          {t('pins.title')}
          {items.length > 1 && <span className={css.count}> {t('pins.count', { at: at + 1, of: items.length })}</span>}
        </strong>
        <bdi>{words || t('message.attachment')}</bdi>
      </span>
    </button>
  )
}
