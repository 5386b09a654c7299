import { Smile } from 'lucide-react'
import { type Dispatch, type KeyboardEvent, type RefObject, type SetStateAction, useEffect, useId, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Chat, Row } from '../../src/client/index.ts'
import { AttachButton } from '../files/attach-button.tsx'
import { Tray } from '../files/tray.tsx'
import type { Attach } from '../files/use-attaching.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { looks } from '../state/looks.ts'
import { hasTouch } from '../state/pointer.ts'
import { useNameOf } from '../state/titles.ts'
import { IconButton } from '../ui/button.tsx'
import { late } from '../ui/late.tsx'
import css from './composer.module.css'
import { directionOf } from './direction.ts'
import { isTaken } from './input-method.ts'
import { putMarks } from './marks.ts'
import { MentionList } from './mention-list.tsx'
import { afterChange } from './mentions.ts'
import { ModeBar } from './mode-bar.tsx'
import { SendButton } from './send-button.tsx'
import { useEmojiList } from './use-emoji-list.ts'
import { useGrowing } from './use-growing.ts'
import { type Nameable, useMentionList } from './use-mention-list.ts'
import { useWriting } from './use-writing.ts'

const EmojiPicker = late(() => import('./emoji-picker.tsx'))
const Recorder = late(() => import('../files/recorder.tsx'))

interface ComposerProps {
  readonly chat: Chat
  /** The message whose text is being changed. */
  readonly edited: Row | undefined
  readonly onEdit: Dispatch<SetStateAction<Row | undefined>>
  readonly onSent: () => void
  readonly onAttach: Attach
}

/** Browsers look for the direction of a longer text in all of it, with every key: seconds for 700,000 characters. */
const LONG = 10_000

/** Where a message is written. An empty, invisible or overlong text is not sent. */
export function Composer(props: ComposerProps) {
  const { chat, edited, onEdit, onAttach } = props
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const id = useId()
  const writing = useWriting(props)
  const { text, mentions, isSaving, mode, write, leave, files } = writing
  const [isRecording, setRecording] = useState(false)
  const naming = useMentionList(chat, text)
  const spelling = useEmojiList(text)
  const { list, move, close } = naming.list ? naming : spelling
  const [isPicking, setPicking] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const smile = useRef<HTMLButtonElement>(null)
  useGrowing(field, text)
  useFieldFocus(field, chat, mode?.kind === 'edit' ? `edit ${mode.row.key}` : mode?.messageId)

  function submit() {
    if (!writing.canSend) return
    field.current?.focus()
    writing.submit()
  }

  /** Puts something in place of a range. At once: whatever is typed next belongs behind it. */
  function insert(words: string, [start, end]: readonly [number, number], named?: { readonly userId?: string | undefined }) {
    const next = text.slice(0, start) + words + text.slice(end)
    const place = start + words.length
    const moved = afterChange(text, next, mentions)
    // The space behind a name is not of it.
    const all = named ? [...moved, { ...named, start, end: place - 1 }].toSorted((a, b) => a.start - b.start) : moved
    flushSync(() => {
      write(next, all)
      setPicking(false)
    })
    field.current?.focus()
    field.current?.setSelectionRange(place, place)
    caretAt(place)
  }
  function caretAt(place: number) {
    naming.at(place)
    spelling.at(place)
  }

  function name({ person, emoji }: Nameable) {
    if (!list) return
    if (emoji !== undefined) return insert(`${emoji} `, list.range)
    const words = `@${person ? nameOf(person) : t('mention.all')} `
    insert(words, list.range, person ? { userId: person.id } : {})
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (isTaken(event.nativeEvent)) return
    if (list && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) move(event.key === 'ArrowDown' ? 1 : -1)
    else if (list && (event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey) name(list.options[list.active]!)
    else if (list && event.key === 'Escape') close()
    else if (event.key === 'Enter' && sends(event)) submit()
    else if (event.key === 'Escape' && mode) leave()
    else if (event.key === 'ArrowUp' && text === '' && !mode && isBare(event)) {
      const own = chat.timeline.get().rows.findLast((row) => row.isMine && row.id !== undefined && row.text !== undefined)
      if (!own) return
      onEdit(own)
    } else if (putMarks(event)) event.stopPropagation()
    else return
    event.preventDefault()
  }

  const selection = (): readonly [number, number] => [
    field.current?.selectionStart ?? text.length,
    field.current?.selectionEnd ?? text.length,
  ]
  return (
    <div className={css.composer}>
      {mode && <ModeBar chat={chat} mode={mode} onCancel={leave} />}
      {files.length > 0 && <Tray files={files} onChange={writing.setFiles} />}
      {list && <MentionList id={id} {...list} onPick={name} />}
      {isRecording ? (
        <Recorder onDone={writing.sendVoice} onClose={() => setRecording(false)} />
      ) : (
        <div className={css.box}>
          <AttachButton onAttach={onAttach} disabled={edited !== undefined} />
          <textarea
            ref={field}
            className={css.field}
            rows={1}
            aria-label={edited ? t('composer.placeholderEdit') : t('composer.label')}
            aria-controls={list && id}
            aria-activedescendant={list && `${id}-${list.active}`}
            aria-autocomplete="list"
            placeholder={edited ? t('composer.placeholderEdit') : t('composer.placeholder')}
            value={text}
            readOnly={isSaving}
            aria-busy={isSaving}
            dir={text.length > LONG ? directionOf(text) : 'auto'}
            enterKeyHint={hasTouch() ? 'enter' : 'send'}
            onChange={({ target }) => {
              write(target.value)
              caretAt(target.selectionStart)
            }}
            onSelect={(event) => caretAt(event.currentTarget.selectionStart)}
            onKeyDown={onKeyDown}
            onBlur={() => chat.setTyping(false)}
          />
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
          <SendButton chat={chat} writing={writing} isEdit={edited !== undefined} onSend={submit} onRecord={() => setRecording(true)} />
        </div>
      )}
      <Limits {...writing} />
      {isPicking && <EmojiPicker anchor={smile} onPick={(emoji) => insert(emoji, selection())} onClose={() => setPicking(false)} />}
    </div>
  )
}

/** The field has the focus when there is something new to write in it; unasked only where no keyboard would cover the screen. */
function useFieldFocus(field: RefObject<HTMLTextAreaElement | null>, chat: Chat, target: string | undefined): void {
  const before = useRef(target)
  useEffect(() => {
    if (target && target !== before.current) field.current?.focus()
    before.current = target
  }, [field, target])
  useEffect(() => {
    if (!hasTouch()) field.current?.focus()
    return () => chat.setTyping(false)
  }, [field, chat])
}

const isBare = ({ ctrlKey, metaKey, altKey }: KeyboardEvent) => !ctrlKey && !metaKey && !altKey

/** Enter sends, and with Shift begins a line; where Enter begins a line, Ctrl Enter sends. */
function sends({ shiftKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey) return true
  return !shiftKey && !hasTouch() && looks.get().enter === 'send'
}

/** Who has fewer characters left than this is told how many. */
const FEW = 300

/** Why a text cannot be sent, or how much longer it may be. */
function Limits({ text, left, isUnseen }: Pick<ReturnType<typeof useWriting>, 'text' | 'left' | 'isUnseen'>) {
  const { t } = useTranslation()
  if (left >= FEW && !(isUnseen && text.trim() !== '')) return null
  return (
    <p className={left < 0 || isUnseen ? css.over : css.left} role="status">
      {isUnseen ? t('composer.unseen') : left < 0 ? t('composer.tooLong', { count: -left }) : t('composer.left', { count: left })}
    </p>
  )
}
