import { ChevronDown, ChevronUp, List, Search, X } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import type { Chat, Message } from '../../src/client/index.ts'
import { isTaken } from '../composer/input-method.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { moveFocus } from '../shell/move-focus.ts'
import { wantedPlace } from '../state/place.ts'
import { errorText } from '../state/problem-text.ts'
import { useLayer } from '../state/use-layer.ts'
import { IconButton } from '../ui/button.tsx'
import { FilterFields } from './filter-fields.tsx'
import { type Filters, noFilters } from './filters.ts'
import { HitList } from './hit-list.tsx'
import css from './search-bar.module.css'
import { type Hits, useHits } from './use-hits.ts'

/** Searches through one chat. What was found is a list until one of it is shown; from there Enter and the arrows go on to the next. */
export default function SearchBar({ chat, onClose }: { readonly chat: Chat; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const [query, setQuery] = useState('')
  const [filters, setFilters] = useState(noFilters)
  const [at, setAt] = useState<number>()
  const [isList, setList] = useState(true)
  const hits = useHits(chat, query, filters)
  const { items } = hits
  useLayer(onClose, false)

  function show(index: number) {
    const hit: Message | undefined = items[index]
    if (!hit) return
    setAt(index)
    setList(false)
    if (index >= items.length - 2) hits.more()
    wantedPlace.set({ chatId: chat.id, seq: hit.seq })
  }
  function again() {
    setAt(undefined)
    setList(true)
  }
  function narrow(next: Filters) {
    setFilters(next)
    again()
  }
  function onKeyDown(event: KeyboardEvent) {
    if (isTaken(event.nativeEvent) || isOfDate(event)) return
    const isInField = event.target instanceof HTMLInputElement && event.target.type === 'search'
    if (event.key === 'Escape') onClose()
    else if (isInField && event.key === 'Enter') show(at === undefined ? 0 : at + (event.shiftKey ? -1 : 1))
    else if (isInField && !isList && event.key === 'ArrowUp') show((at ?? -1) + 1)
    else if (isInField && !isList && event.key === 'ArrowDown') show((at ?? 1) - 1)
    else return moveFocus(event as KeyboardEvent<HTMLElement>)
    event.preventDefault()
    event.stopPropagation()
  }

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
        onChange={(event) => {
          setQuery(event.target.value)
          again()
        }}
      />
      <FilterFields chat={chat} filters={filters} onChange={narrow} />
      <Count hits={hits} at={at} />
      <Steps at={at} count={items.length} onShow={show} />
      <IconButton label={t('search.list')} aria-expanded={isList} disabled={items.length === 0} onClick={() => setList(!isList)}>
        <List size={19} />
      </IconButton>
      <IconButton label={t('search.close')} onClick={onClose}>
        <X size={19} />
      </IconButton>
      {isList && items.length > 0 && <HitList chat={chat} hits={hits} query={query.trim()} onShow={show} />}
    </div>
  )
}

function Count({ hits: { items, hasMore, isAsked, isBusy, error }, at }: { readonly hits: Hits; readonly at: number | undefined }) {
  const { t } = useTranslation()
  const words = error !== undefined ? errorText(error) : items.length === 0 ? t('search.none') : undefined
  const of = `${items.length}${hasMore ? '+' : ''}`
  return (
    <output className={css.count}>
      {isAsked && !isBusy && (words ?? (at === undefined ? of : t('search.count', { at: at + 1, of })))}
    </output>
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

/** In the field of the day, the arrows and Enter are its own. */
const isOfDate = ({ target, key }: KeyboardEvent) => target instanceof HTMLInputElement && target.type === 'date' && key !== 'Escape'
