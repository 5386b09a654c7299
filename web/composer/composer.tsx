import { ArrowUp, Check, Smile } from 'lucide-react'
import { type Dispatch, type KeyboardEvent, type SetStateAction, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { type Chat, type Row, TEXT_LIMIT, textLength } from '../../src/client/index.ts'
import { draftOf, forgetDraft, keepDraft, useDraft } from '../state/drafts.ts'
import { tell } from '../state/notices.ts'
import { errorText, problemText } from '../state/problem-text.ts'
import { Busy } from '../ui/busy.tsx'
import { IconButton } from '../ui/button.tsx'
import { late } from '../ui/late.tsx'
import css from './composer.module.css'
import type { Mode } from './mode.ts'
import { ModeBar } from './mode-bar.tsx'
import { useGrowing } from './use-growing.ts'

const EmojiPicker = late(() => import('./emoji-picker.tsx'))

interface ComposerProps {
  readonly chat: Chat
  readonly mode: Mode | undefined
  readonly onMode: Dispatch<SetStateAction<Mode | undefined>>
  readonly onSent: () => void
}

/** Who has fewer characters left than this is told how many. */
const FEW = 300

/** Where one writes. Nothing but an empty or an overlong text keeps one from sending, and what is not sent or saved stays here. */
export function Composer({ chat, mode, onMode, onSent }: ComposerProps) {
  const { t } = useTranslation()
  const edited = mode?.kind === 'edit' ? mode.row : undefined
  const id = edited?.id ?? chat.id
  const text = useDraft(id) ?? edited?.text ?? ''
  /** The edit that is under way; once it has failed, the mode is another one. */
  const [saving, setSaving] = useState<Mode>()
  const [isPicking, setPicking] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const smile = useRef<HTMLButtonElement>(null)
  const target = mode && `${mode.kind} ${mode.row.key}`
  const isSaving = mode !== undefined && mode === saving
  const length = textLength(text)
  const left = TEXT_LIMIT - length
  const canSend = length > 0 && left >= 0 && !isSaving
  useGrowing(field, text)

  useEffect(() => {
    if (target) field.current?.focus()
  }, [target])
  useEffect(() => {
    if (matchMedia('(hover: hover)').matches) field.current?.focus()
    return () => chat.setTyping(false)
  }, [chat])

  function write(next: string) {
    keepDraft(id, next)
    if (!edited) chat.setTyping(next.trim() !== '')
  }

  function submit() {
    if (!canSend) return
    field.current?.focus()
    if (!edited) send()
    else if (text.trim() === edited.text) leave()
    else void save(edited)
  }

  function send() {
    const sent = chat.send(text, { replyTo: mode?.row.id }).get()
    if (sent.status === 'failed') return tell(`${t('message.state.failed')}. ${problemText(sent.problem)}`, { isFault: true })
    forgetDraft(id)
    chat.setTyping(false)
    onSent()
    onMode(undefined)
  }

  /** Meanwhile one may be writing something else, or elsewhere: nothing but this edit is ended or forgotten. */
  async function save({ key, version }: Row) {
    setSaving(mode)
    try {
      await chat.edit(id, text, { version })
      if (draftOf(id) === text) forgetDraft(id)
      onMode((now) => (now === mode ? undefined : now))
    } catch (error) {
      tell(`${t('composer.notSaved')}. ${errorText(error)}`, { isFault: true })
      // Who was told of another version sees it, and may replace it.
      const newest = chat.timeline.get().rows.find((row) => row.key === key)
      onMode((now) => (now && now === mode ? { ...now, row: newest ?? now.row } : now))
    }
  }

  function leave() {
    if (edited && !isSaving) forgetDraft(id)
    onMode(undefined)
  }

  function insert(emoji: string) {
    const { selectionStart = text.length, selectionEnd = text.length } = field.current ?? {}
    // At once: whatever is typed next belongs behind the emoji.
    flushSync(() => {
      write(text.slice(0, selectionStart) + emoji + text.slice(selectionEnd))
      setPicking(false)
    })
    const place = selectionStart + emoji.length
    field.current?.focus()
    field.current?.setSelectionRange(place, place)
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter' && !event.shiftKey) submit()
    else if (event.key === 'Escape' && mode) leave()
    else if (event.key === 'ArrowUp' && text === '' && !mode) {
      const own = chat.timeline.get().rows.findLast((row) => row.isMine && row.id !== undefined && row.text !== undefined)
      if (!own) return
      onMode({ kind: 'edit', row: own })
    } else return
    event.preventDefault()
  }

  return (
    <div className={css.composer}>
      {mode && <ModeBar mode={mode} onCancel={leave} />}
      <div className={css.box}>
        <IconButton
          ref={smile}
          label={t('composer.emoji')}
          aria-expanded={isPicking}
          aria-haspopup="dialog"
          disabled={isSaving}
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
          readOnly={isSaving}
          aria-busy={isSaving}
          dir="auto"
          enterKeyHint="send"
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => chat.setTyping(false)}
        />
        <IconButton label={edited ? t('composer.save') : t('composer.send')} className={css.send} disabled={!canSend} onClick={submit}>
          <SendIcon isEdit={edited !== undefined} isSaving={isSaving} />
        </IconButton>
      </div>
      {left < FEW && (
        <p className={left < 0 ? css.over : css.left} role="status">
          {left < 0 ? t('composer.tooLong', { count: -left }) : t('composer.left', { count: left })}
        </p>
      )}
      {isPicking && <EmojiPicker anchor={smile} onPick={insert} onClose={() => setPicking(false)} />}
    </div>
  )
}

function SendIcon({ isEdit, isSaving }: { readonly isEdit: boolean; readonly isSaving: boolean }) {
  if (isSaving) return <Busy size={20} />
  return isEdit ? <Check size={20} strokeWidth={2.5} /> : <ArrowUp size={20} strokeWidth={2.5} />
}
