import { ArrowUp, Check, Smile } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Chat, Row } from '../../src/client/index.ts'
import { keepDraft, useDraft } from '../state/drafts.ts'
import { tell } from '../state/notices.ts'
import { errorText } from '../state/problem-text.ts'
import { IconButton } from '../ui/button.tsx'
import { late } from '../ui/late.tsx'
import css from './composer.module.css'
import { ModeBar } from './mode-bar.tsx'
import { useGrowing } from './use-growing.ts'

const EmojiPicker = late(() => import('./emoji-picker.tsx'))

/** What is written now: an answer, or a change; otherwise something new. */
export type Mode = { readonly kind: 'reply' | 'edit'; readonly row: Row }

interface ComposerProps {
  readonly chat: Chat
  readonly mode: Mode | undefined
  readonly onMode: (mode: Mode | undefined) => void
  readonly onSent: () => void
}

const LIMIT = 4_096
const NEARLY = 3_800

/** Where one writes. Nothing but an empty or an overlong text keeps one from sending. */
export function Composer({ chat, mode, onMode, onSent }: ComposerProps) {
  const { t } = useTranslation()
  const draft = useDraft(chat.id)
  const [change, setChange] = useState('')
  const [isPicking, setPicking] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const smile = useRef<HTMLButtonElement>(null)
  const edited = mode?.kind === 'edit' ? mode.row : undefined
  const text = edited ? change : draft
  const length = Array.from(text.trim()).length
  const canSend = length > 0 && length <= LIMIT
  useGrowing(field, text)

  useEffect(() => {
    if (edited) setChange(edited.text ?? '')
    if (mode) field.current?.focus()
  }, [mode, edited])
  useEffect(() => {
    if (matchMedia('(hover: hover)').matches) field.current?.focus()
    return () => chat.setTyping(false)
  }, [chat])

  function write(next: string) {
    if (edited) return setChange(next)
    keepDraft(chat.id, next)
    chat.setTyping(next.trim() !== '')
  }

  function send() {
    if (!canSend) return
    if (edited) save(edited)
    else {
      chat.send(text, { replyTo: mode?.row.id })
      write('')
      onSent()
    }
    onMode(undefined)
    field.current?.focus()
  }

  function save({ id, text: before, version }: Row) {
    if (id === undefined || change.trim() === before) return
    chat.edit(id, change, { version }).catch((error: unknown) => tell(errorText(error), { isFault: true }))
  }

  function insert(emoji: string) {
    const { selectionStart = text.length, selectionEnd = text.length } = field.current ?? {}
    write(text.slice(0, selectionStart) + emoji + text.slice(selectionEnd))
    setPicking(false)
    const place = selectionStart + emoji.length
    requestAnimationFrame(() => {
      field.current?.focus()
      field.current?.setSelectionRange(place, place)
    })
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey) send()
    else if (event.key === 'Escape' && mode) onMode(undefined)
    else if (event.key === 'ArrowUp' && text === '' && !mode) {
      const own = chat.timeline.get().rows.findLast((row) => row.isMine && row.id !== undefined && row.text !== undefined)
      if (!own) return
      onMode({ kind: 'edit', row: own })
    } else return
    event.preventDefault()
  }

  return (
    <div className={css.composer}>
      {mode && <ModeBar mode={mode} onCancel={() => onMode(undefined)} />}
      <div className={css.box}>
        <IconButton
          ref={smile}
          label={t('composer.emoji')}
          aria-expanded={isPicking}
          aria-haspopup="dialog"
          onClick={() => setPicking(!isPicking)}
        >
          <Smile size={21} />
        </IconButton>
        <textarea
          ref={field}
          className={css.field}
          rows={1}
          aria-label={edited ? t('composer.placeholderEdit') : t('composer.label')}
          placeholder={edited ? t('composer.placeholderEdit') : t('composer.placeholder')}
          value={text}
          dir="auto"
          enterKeyHint="send"
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => chat.setTyping(false)}
        />
        <IconButton label={edited ? t('composer.save') : t('composer.send')} className={css.send} disabled={!canSend} onClick={send}>
          {edited ? <Check size={20} strokeWidth={2.5} /> : <ArrowUp size={20} strokeWidth={2.5} />}
        </IconButton>
      </div>
      {length > NEARLY && (
        <p className={length > LIMIT ? css.over : css.left} role="status">
          {length > LIMIT ? t('composer.tooLong', { count: length - LIMIT }) : t('composer.left', { count: LIMIT - length })}
        </p>
      )}
      {isPicking && <EmojiPicker anchor={smile} onPick={insert} onClose={() => setPicking(false)} />}
    </div>
  )
}
