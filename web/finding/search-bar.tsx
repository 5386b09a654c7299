import { ChevronDown, ChevronUp, List, Search, X } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import type { Chat, Message } from '../../src/client/index.ts'
import { useStore } from '../../src/client/react.ts'
import { isTaken } from '../composer/input-method.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { moveFocus } from '../shell/move-focus.ts'
import { wantedPlace } from '../state/place.ts'
import { errorText } from '../state/problem-text.ts'
import { useNameOf } from '../state/titles.ts'
import { useLayer } from '../state/use-layer.ts'
import { IconButton } from '../ui/button.tsx'
import { HitList } from './hit-list.tsx'
import css from './search-bar.module.css'
import { useHits } from './use-hits.ts'

/** Searches through one chat. What was found is a list until one of it is shown; from there Enter and the arrows go on to the next. */
export default function SearchBar({ chat, onClose }: { readonly chat: Chat; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const [query, setQuery] = useState('')
  const [senderId, setSenderId] = useState<string>()
  const [at, setAt] = useState<number>()
  const [isList, setList] = useState(true)
  const hits = useHits(chat, query, senderId)
  const { items, isAsked, isBusy, error } = hits
  useLayer(onClose, false)

  function show(index: number) {
    const hit: Message | undefined = items[index]
    if (!hit) return
    setAt(index)
    setList(false)
    if (index >= items.length - 2) hits.more()
    wantedPlace.set({ chatId: chat.id, seq: hit.seq })
  }
  function ask(next: string) {
    setQuery(next)
    setAt(undefined)
    setList(true)
  }
  function onKeyDown(event: KeyboardEvent) {
    if (isTaken(event.nativeEvent)) return
    const isInField = event.target instanceof HTMLInputElement
    if (event.key === 'Escape') onClose()
    else if (isInField && event.key === 'Enter') show(at === undefined ? 0 : at + (event.shiftKey ? -1 : 1))
    else if (isInField && !isList && event.key === 'ArrowUp') show((at ?? -1) + 1)
    else if (isInField && !isList && event.key === 'ArrowDown') show((at ?? 1) - 1)
    else return moveFocus(event as KeyboardEvent<HTMLElement>)
    event.preventDefault()
    event.stopPropagation()
  }

  const words = error !== undefined ? errorText(error) : items.length === 0 ? t('search.none') : undefined
  const count = { at: at === undefined ? '–' : at + 1, of: `${items.length}${hits.hasMore ? '+' : ''}` }
  return (
    <div role="search" className={css.bar} onKeyDown={onKeyDown}>
      <Search size={18} aria-hidden="true" className={css.lens} />
      <input
        type="search"
        className={css.field}
        aria-label={t('search.field')}
        placeholder={t('search.placeholder')}
        enterKeyHint="search"
        autoComplete="off"
        // It is opened to type in it.
        autoFocus
        value={query}
        onChange={(event) => ask(event.target.value)}
      />
      <From chat={chat} value={senderId} onChange={setSenderId} />
      <output className={css.count}>{isAsked && !isBusy && (words ?? t('search.count', count))}</output>
      <Steps at={at} count={items.length} onShow={show} />
      <IconButton label={t('search.list')} aria-expanded={isList} disabled={items.length === 0} onClick={() => setList(!isList)}>
        <List size={19} />
      </IconButton>
      <IconButton label={t('search.close')} onClick={onClose}>
        <X size={19} />
      </IconButton>
      {isList && items.length > 0 && <HitList hits={hits} query={query.trim()} onShow={show} />}
    </div>
  )
}

interface StepsProps {
  readonly at: number | undefined
  readonly count: number
  readonly onShow: (index: number) => void
}

/** To the hit before, which is older, and to the one after. */
function Steps({ at, count, onShow }: StepsProps) {
  const { t } = useTranslation()
  return (
    <>
      <IconButton label={t('search.older')} disabled={count === 0 || at === count - 1} onClick={() => onShow((at ?? -1) + 1)}>
        <ChevronUp size={19} />
      </IconButton>
      <IconButton label={t('search.newer')} disabled={at === undefined || at === 0} onClick={() => onShow((at ?? 1) - 1)}>
        <ChevronDown size={19} />
      </IconButton>
    </>
  )
}

interface FromProps {
  readonly chat: Chat
  readonly value: string | undefined
  readonly onChange: (senderId: string | undefined) => void
}

/** Whose messages are searched. */
function From({ chat, value, onChange }: FromProps) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const { items } = useStore(chat.members)
  if (items.length < 2) return null
  return (
    <select
      className={css.from}
      aria-label={t('search.from')}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value || undefined)}
    >
      <option value="">{t('search.anyone')}</option>
      {items.map(({ person }) => (
        <option key={person.id} value={person.id}>
          {nameOf(person)}
        </option>
      ))}
    </select>
  )
}
