import { ArrowUp, Check, Smile } from 'lucide-react'
import { type Dispatch, type KeyboardEvent, type SetStateAction, useEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { type Chat, type Row, TEXT_LIMIT, textLength } from '../../src/client/index.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { draftOf, forgetDraft, keepDraft, useDraft, useUserId } from '../state/drafts.ts'
import { looks } from '../state/looks.ts'
import { tell } from '../state/notices.ts'
import { hasTouch } from '../state/pointer.ts'
import { errorText, problemText } from '../state/problem-text.ts'
import { isVisible } from '../state/visible.ts'
import { Busy } from '../ui/busy.tsx'
import { IconButton } from '../ui/button.tsx'
import { late } from '../ui/late.tsx'
import css from './composer.module.css'
import { directionOf } from './direction.ts'
import { isTaken } from './input-method.ts'
import type { Mode } from './mode.ts'
import { ModeBar } from './mode-bar.tsx'
import { useGrowing } from './use-growing.ts'

const EmojiPicker = late(() => import('./emoji-picker.tsx'))

interface ComposerProps {
  readonly chat: Chat
  /** The message whose text is being changed. */
  readonly edited: Row | undefined
  readonly onEdit: Dispatch<SetStateAction<Row | undefined>>
  readonly onSent: () => void
}

/** Browsers look for the direction of a longer text in all of it, with every key: seconds for 700,000 characters. */
const LONG = 10_000

/** Who has fewer characters left than this is told how many. */
const FEW = 300

/** Where a message is written. An empty, invisible or overlong text is not sent; what is not sent or saved stays here. */
export function Composer({ chat, edited, onEdit, onSent }: ComposerProps) {
  const { t } = useTranslation()
  const userId = useUserId()
  const id = edited?.id ?? chat.id
  const draft = useDraft(id)
  const text = draft?.text ?? edited?.text ?? ''
  const mode = modeOf(edited, draft?.replyTo)
  /** The edit that is under way; once it has failed, `edited` is another one. */
  const [saving, setSaving] = useState<Row>()
  const [isPicking, setPicking] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const smile = useRef<HTMLButtonElement>(null)
  const target = edited ? `edit ${edited.key}` : draft?.replyTo
  const isSaving = edited !== undefined && edited === saving
  const left = TEXT_LIMIT - textLength(text)
  const isUnseen = text !== '' && !isVisible(text)
  const canSend = text !== '' && !isUnseen && left >= 0 && !isSaving
  useGrowing(field, text)

  const before = useRef(target)
  useEffect(() => {
    if (target && target !== before.current) field.current?.focus()
    before.current = target
  }, [target])
  useEffect(() => {
    if (!hasTouch()) field.current?.focus()
    return () => chat.setTyping(false)
  }, [chat])

  function write(next: string) {
    // The emptied text of an edit is another one than the message has.
    if (next === '' && !edited && draft?.replyTo === undefined) forgetDraft(userId, id)
    else keepDraft(userId, id, { ...draft, text: next })
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
    const sent = chat.send(text, { replyTo: draft?.replyTo }).get()
    if (sent.status === 'failed') return tell(`${t('message.state.failed')}. ${problemText(sent.problem)}`, { isFault: true })
    forgetDraft(userId, id)
    chat.setTyping(false)
    onSent()
  }

  /** Meanwhile the user may be writing something else, or elsewhere: nothing but this edit is ended or forgotten. */
  async function save(row: Row) {
    setSaving(row)
    try {
      await chat.edit(id, text, { version: row.version })
      if (draftOf(userId, id)?.text === text) forgetDraft(userId, id)
      onEdit((now) => (now === row ? undefined : now))
    } catch (error) {
      tell(`${t('composer.notSaved')}. ${errorText(error)}`, { isFault: true })
      // Who was told of another version sees it, and may replace it.
      const newest = chat.timeline.get().rows.find(({ key }) => key === row.key)
      onEdit((now) => (now === row ? { ...(newest ?? row) } : now))
    }
  }

  function leave() {
    if (!edited) return text === '' ? forgetDraft(userId, id) : keepDraft(userId, id, { text })
    if (!isSaving) forgetDraft(userId, id)
    onEdit(undefined)
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
    if (isTaken(event.nativeEvent)) return
    if (event.key === 'Enter' && sends(event)) submit()
    else if (event.key === 'Escape' && mode) leave()
    else if (event.key === 'ArrowUp' && text === '' && !mode) {
      const own = chat.timeline.get().rows.findLast((row) => row.isMine && row.id !== undefined && row.text !== undefined)
      if (!own) return
      onEdit(own)
    } else return
    event.preventDefault()
  }

  return (
    <div className={css.composer}>
      {mode && <ModeBar chat={chat} mode={mode} onCancel={leave} />}
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
          dir={text.length > LONG ? directionOf(text) : 'auto'}
          enterKeyHint={hasTouch() ? 'enter' : 'send'}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => chat.setTyping(false)}
        />
        <IconButton label={edited ? t('composer.save') : t('composer.send')} className={css.send} disabled={!canSend} onClick={submit}>
          <SendIcon isEdit={edited !== undefined} isSaving={isSaving} />
        </IconButton>
      </div>
      {(left < FEW || (isUnseen && text.trim() !== '')) && (
        <p className={left < 0 || isUnseen ? css.over : css.left} role="status">
          {isUnseen ? t('composer.unseen') : left < 0 ? t('composer.tooLong', { count: -left }) : t('composer.left', { count: left })}
        </p>
      )}
      {isPicking && <EmojiPicker anchor={smile} onPick={insert} onClose={() => setPicking(false)} />}
    </div>
  )
}

/** Enter sends, and with Shift begins a line; where Enter begins a line, Ctrl Enter sends. */
function sends({ shiftKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey) return true
  return !shiftKey && !hasTouch() && looks.get().enter === 'send'
}

function modeOf(edited: Row | undefined, replyTo: string | undefined): Mode | undefined {
  if (edited) return { kind: 'edit', row: edited }
  return replyTo === undefined ? undefined : { kind: 'reply', messageId: replyTo }
}

function SendIcon({ isEdit, isSaving }: { readonly isEdit: boolean; readonly isSaving: boolean }) {
  if (isSaving) return <Busy size={20} />
  return isEdit ? <Check size={20} strokeWidth={2.5} /> : <ArrowUp size={20} strokeWidth={2.5} />
}
